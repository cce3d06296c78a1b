"""Several people at the same moment: a concern reaches its quorum, is sent, and merges once."""

import pytest
from django.db.models import Count
from django.utils import timezone

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.forum import queries, services
from allmende.forum.models import (
    Concern,
    ConcernState,
    Participant,
    SealedPosition,
    Stand,
    Support,
    Terms,
    Vote,
)
from allmende.forum.queries import Voice
from allmende.mail.models import Notice
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    StatementFactory,
)

from .test_concurrency import AT_ONCE, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def deeds(deed: str) -> int:
    return Entry.objects.filter(deed=deed).count()


def test_co_signatures_at_the_same_moment_send_a_concern_once() -> None:
    """Any two of them are enough: whoever is second sends it, and who comes later is too late."""
    Terms.objects.create(pk=1, quorum_municipalities=2, quorum_laender=1)
    ministry = OrganisationFactory(region=None, kind="ministerium")
    official = MandateFactory(organisation=ministry, office="desk").user
    concern = ConcernFactory(state=ConcernState.POSITION, ministry=ministry)
    SealedPosition.objects.create(concern=concern, number=1, document={}, hash="0" * 64)
    mandates = MandateFactory.create_batch(AT_ONCE)

    def sign(number: int) -> bool:
        mandate = mandates[number]
        own = Concern.objects.get(pk=concern.pk)
        try:
            services.sign_concern(actor=mandate.user, mandate=mandate, concern=own)
        except services.Conflict:
            return False
        return True

    assert sorted(all_at_once(sign)) == [False, False, True, True]
    concern.refresh_from_db()
    assert concern.state == ConcernState.SENT
    assert (deeds("forum.reach_quorum"), deeds("forum.send_concern")) == (1, 1)
    assert concern.steps.count() == 1
    assert Notice.objects.filter(user=official).count() == 1
    assert Support.objects.count() == 2


def test_one_organisation_co_signs_once_however_often_somebody_clicks(
    concern: Concern, alice: User
) -> None:
    mandate = alice.mandates.get()

    def sign(_: int) -> bool:
        try:
            services.sign_concern(
                actor=alice, mandate=mandate, concern=Concern.objects.get(pk=concern.pk)
            )
        except services.Conflict:
            return False
        return True

    assert sorted(all_at_once(sign)) == [False, False, False, True]
    assert Support.objects.count() == deeds("forum.sign_concern") == 1


def test_votes_that_are_cast_while_concerns_merge_are_counted_or_refused(
    concern: Concern, alice: User
) -> None:
    """Nobody votes twice on a statement, and no vote stays behind."""
    other = ConcernFactory()
    statement = StatementFactory(concern=concern)
    voters = MandateFactory.create_batch(AT_ONCE - 1)
    # Half of them take part in both.
    participants = []
    for number, mandate in enumerate(voters):
        voice = Voice(mandate.user, mandate.region)
        participants.append(services.join_concern(concern=concern, voice=voice))
        if number % 2:
            services.join_concern(concern=other, voice=voice)

    def act(number: int) -> str:
        try:
            if number == AT_ONCE - 1:
                services.merge_concern(
                    actor=alice,
                    concern=Concern.objects.get(pk=concern.pk),
                    into=Concern.objects.get(pk=other.pk),
                    reason="Dasselbe.",
                    since=ConcernState.OPEN,
                    mandate=alice.mandates.get(),
                )
                return "merged"
            mandate = voters[number]
            services.cast_vote(
                actor=mandate.user,
                participant=participants[number],
                statement=statement,
                stand=Stand.AGREE,
                mandate=mandate,
            )
        except services.Conflict:
            return "too late"
        return "voted"

    done = all_at_once(act)
    assert done.count("merged") == 1
    votes = Vote.objects.filter(statement__concern=other, participant__concern=other)
    assert votes.count() == Vote.objects.count() == done.count("voted")
    twice = Participant.objects.filter(concern=other).values("region").annotate(n=Count("pk"))
    assert not twice.filter(n__gt=1).exists()


def test_a_concern_is_merged_or_closed_but_not_both(concern: Concern, alice: User) -> None:
    others = ConcernFactory.create_batch(AT_ONCE - 1)
    mandate = alice.mandates.get()

    def act(number: int) -> bool:
        own = Concern.objects.get(pk=concern.pk)
        try:
            if number == AT_ONCE - 1:
                services.close_concern(actor=alice, concern=own, reason="Genug.", mandate=mandate)
            else:
                services.merge_concern(
                    actor=alice,
                    concern=own,
                    into=others[number],
                    reason="Dasselbe.",
                    since=ConcernState.OPEN,
                    mandate=mandate,
                )
        except services.Conflict:
            return False
        return True

    assert sorted(all_at_once(act)) == [False, False, False, True]
    assert concern.steps.count() == 1


def test_two_who_assign_the_same_concerns_at_once_do_it_once() -> None:
    """Whoever is second reads first what the other has done."""
    house = OrganisationFactory(region=None, kind="ministerium")
    people = [MandateFactory(organisation=house, office="desk").user for _ in range(AT_ONCE)]
    concerns = ConcernFactory.create_batch(
        2, state=ConcernState.SENT, sent_at=timezone.now(), ministry=house
    )
    keys = [concern.pk for concern in concerns]
    seen = queries.plan_assignment(people[0], keys, people[0]).edition

    def assign(number: int) -> bool:
        me = people[number]
        try:
            services.assign_officials(actor=me, keys=keys, official=me, seen=seen)
        except services.Overtaken:
            return False
        return True

    assert sorted(all_at_once(assign)) == [False, False, False, True]
    assert deeds("forum.assign_official") == 2
    assert len(set(Concern.objects.values_list("official", flat=True))) == 1


def test_one_who_clicks_several_times_at_once_assigns_once() -> None:
    house = OrganisationFactory(region=None, kind="ministerium")
    me = MandateFactory(organisation=house, office="desk").user
    concerns = ConcernFactory.create_batch(
        2, state=ConcernState.SENT, sent_at=timezone.now(), ministry=house
    )
    keys = [concern.pk for concern in concerns]
    seen = queries.plan_assignment(me, keys, me).edition
    done = all_at_once(
        lambda _number: services.assign_officials(actor=me, keys=keys, official=me, seen=seen)
    )
    assert len(set(done)) == 1
    assert deeds("forum.assign_official") == 2


def test_two_who_take_back_the_same_at_once_do_it_once() -> None:
    house = OrganisationFactory(region=None, kind="ministerium")
    me = MandateFactory(organisation=house, office="desk").user
    concern = ConcernFactory(state=ConcernState.SENT, sent_at=timezone.now(), ministry=house)
    done = services.assign_officials(
        actor=me,
        keys=[concern.pk],
        official=me,
        seen=queries.plan_assignment(me, [concern.pk], me).edition,
    )

    def undo(_number: int) -> int:
        return services.undo_assignments(actor=me, first=done.first, last=done.last).count

    assert sorted(all_at_once(undo)) == [0, 0, 0, 1]
    assert deeds("forum.restore_official") == 1
