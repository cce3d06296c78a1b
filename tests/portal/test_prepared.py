"""A prepared query finds what the queryset finds: the same objects, in the same order, as far as one looks."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
    second_factor,
)

from allmende.accounts.backends import user_by_number
from allmende.accounts.models import User
from allmende.accounts.sessions import session_by_key
from allmende.forum.models import Concern, Participant, Statement, Voices
from allmende.forum.queries.concerns import concern_by_slug
from allmende.forum.queries.votes import (
    participant_by_region,
    participant_by_user,
    result_by_voices,
    statement_by_number,
)
from allmende.forum.services import request_result
from allmende.portal.prepared import Prepared, PreparedRows, fetch, slot, slots
from allmende.registry.models import Mandate
from allmende.registry.queries.organisations import mandates_by_user

pytestmark = pytest.mark.django_db


def contents(found: Iterable[models.Model], *around: models.Model) -> list[dict[str, Any]]:
    """All that was read, with the objects beside it but not back to those it is ``around``."""
    return [
        {name: value for name, value in vars(one).items() if name != "_state"}
        | {"database": one._state.db, "is new": one._state.adding}
        | {
            name: contents([beside], one, *around) if beside else None
            for name, beside in one._state.fields_cache.items()
            if beside not in around
        }
        for one in found
    ]


def test_people_with_and_without_a_second_factor() -> None:
    alice, bob = second_factor(UserFactory()), UserFactory()
    users = User.objects.with_second_factor()
    for user in (alice, bob):
        assert contents(user_by_number(number=user.pk)) == contents(users.filter(pk=user.pk))
    assert [user_by_number(number=user.pk)[0].found_second_factor for user in (alice, bob)] == [
        True,
        False,
    ]
    assert user_by_number(number=bob.pk + 1) == []


def test_sessions_that_have_not_expired(client: Client) -> None:
    client.force_login(UserFactory())
    key, now = client.session.session_key, timezone.now()
    assert contents(session_by_key(key=key, now=now)) == contents(Session.objects.all())
    assert session_by_key(key=key, now=now + timedelta(days=1_000)) == []


def test_mandates_of_today() -> None:
    first = MandateFactory()
    MandateFactory(user=first.user, organisation__name="Aalheim")
    MandateFactory()
    MandateFactory(user=first.user, until=timezone.localdate() - timedelta(days=1))
    today = timezone.localdate()
    mandates = (
        Mandate.objects.of(first.user)
        .select_related("organisation__region")
        .order_by("organisation__name", "pk")
    )
    found = mandates_by_user(user=first.user.pk, today=today)
    assert (len(found), contents(found)) == (2, contents(mandates))
    assert len(mandates_by_user(user=first.user.pk, today=today - timedelta(days=1))) == 3


def test_concerns_with_and_without_owner() -> None:
    into = ConcernFactory()
    for concern in (into, ConcernFactory(owner=None, merged_into=into)):
        one = Concern.objects.select_related("owner", "ministry", "merged_into")
        assert contents(concern_by_slug(slug=concern.slug)) == contents(one.filter(pk=concern.pk))
    assert concern_by_slug(slug="keines") == []


def test_participants_and_statements() -> None:
    participant = ParticipantFactory()
    statements = [StatementFactory(concern=participant.concern, author=participant)]
    statements.append(StatementFactory(concern=participant.concern, author=None))
    for statement in statements:
        one = Statement.objects.select_related("author__region").filter(pk=statement.pk)
        assert contents(statement_by_number(number=statement.pk)) == contents(one)
    every = Participant.objects.all()
    region = {"concern": participant.concern.pk, "region": participant.region.pk}
    assert contents(participant_by_region(**region)) == contents(every)
    assert participant_by_user(concern=participant.concern.pk, user=1) == []


def test_only_some_fields() -> None:
    concern = ConcernFactory()
    request_result(concern=concern, voices=Voices.OFFICIAL)
    [result] = result_by_voices(concern=concern.pk, voices=Voices.OFFICIAL)
    assert (result.routing, result.get_deferred_fields() >= {"document"}) == ({}, True)


def test_only_the_slots_differ_and_all_are_filled(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    named = Prepared(lambda: User.objects.filter(name=slot("name", models.CharField())))
    ann, bea = UserFactory(name="Ann"), UserFactory(name="B%s'ea")
    with django_assert_num_queries(2):
        assert [named(name="Ann"), named(name="B%s'ea")] == [[ann], [bea]]
    with pytest.raises(KeyError):
        named()


@pytest.mark.parametrize("names", [[], ["Ann"], ["Ann", "B%s'ea", "nobody"]])
def test_a_list_is_one_value_whatever_is_in_it(names: list[str]) -> None:
    UserFactory(name="Ann"), UserFactory(name="B%s'ea"), UserFactory(name="Cem")
    named = Prepared(lambda: User.objects.filter(name__among=slots("names")).order_by("pk"))
    queryset = User.objects.filter(name__in=names).order_by("pk")
    assert contents(named(names=names)) == contents(queryset)
    assert list(User.objects.filter(name__among=names).order_by("pk")) == list(queryset)


def test_a_list_of_keys_of_others() -> None:
    """Also where some have no such other, and where all but those are asked for."""
    concern, other, nobodys = ConcernFactory(), ConcernFactory(), ConcernFactory(owner=None)
    theirs = Concern.objects.order_by("pk")
    owned = Prepared(lambda: theirs.filter(owner__pk__among=slots("owners")))
    assert owned(owners=[concern.owner.pk, other.owner.pk]) == [concern, other]
    assert owned(owners=[]) == []
    assert list(theirs.exclude(owner__pk__among=[concern.owner.pk])) == [other, nobodys]


def test_rows_of_what_two_queries_find() -> None:
    mandates = [MandateFactory(organisation__name=name) for name in ("Ahrsen", "Bedorf", "Bedorf")]
    held = Mandate.objects.filter(user__pk__among=slots("people")).order_by()
    rows = PreparedRows(
        lambda: (
            held.values_list("organisation", "since")
            .annotate(n=models.Count("pk"))
            .union(held.filter(organisation__name="Bedorf").values_list("pk", "since", "pk"))
        )
    )
    people = [mandate.user_id for mandate in mandates[:2]]
    first, second, _ = mandates
    assert sorted(rows(people=people)) == sorted(
        [
            (first.organisation_id, first.since, 1),
            (second.organisation_id, second.since, 1),
            (second.pk, second.since, second.pk),
        ]
    )


@pytest.mark.django_db(transaction=True)
def test_a_migration_while_plans_are_kept() -> None:
    """PostgreSQL refuses a plan whose columns are others by now; people notice nothing of it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE trial (n integer)")
        cursor.execute("INSERT INTO trial VALUES (1)")
    try:
        rows = [fetch("SELECT * FROM trial WHERE n = %s", [1]) for _ in range(8)]
        assert rows == [[(1,)]] * 8
        # Over the same connection, psycopg would notice and throw away its plans.
        migrating = connection.copy() if connection.vendor == "postgresql" else connection
        with migrating.cursor() as cursor:
            cursor.execute("ALTER TABLE trial ADD COLUMN more integer")
        migrating.close()
        assert [fetch("SELECT * FROM trial WHERE n = %s", [1]) for _ in range(2)] == [
            [(1, None)]
        ] * 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE trial")
        connection.close()


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**70])
def test_a_number_that_no_column_holds_is_found_nowhere(number: int) -> None:
    assert (user_by_number(number=number), statement_by_number(number=number)) == ([], [])
