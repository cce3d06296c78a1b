"""Managing people: who may, what nobody may give herself, and when it ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.mail.models import Notice
from allmende.portal.offers import tasks_of
from allmende.registry import queries, services
from allmende.registry.models import Mandate, Office, Organisation, Right
from allmende.registry.portal import offer
from tests.factories import MandateFactory, second_factor

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def page_of(client: Client, organisation: Organisation) -> str:
    response = client.get(f"{organisation.get_absolute_url()}menschen/")
    assert response.status_code == 200
    return response.content.decode()


def mandate_of(user: User) -> Mandate:
    return user.mandates.get()


def change(actor: User, mandate: Mandate, **changes: object) -> Mandate:
    values = {"rights": mandate.rights, "until": mandate.until, "title": mandate.title} | changes
    return services.change_mandate(actor=actor, mandate=mandate, **values)


def test_who_sees_what(
    as_alice: Client, bob: User, charlie: User, olga: User, lindenfurt: Organisation
) -> None:
    assert ("Bob Brandt" in (text := page_of(as_alice, lindenfurt)), "Beenden" in text) == (
        True,
        True,
    )
    seen = {}
    for user in (bob, olga):
        client = Client()
        client.force_login(user)
        text = page_of(client, lindenfurt)
        seen[user.name] = ("Bob Brandt" in text, "Beenden" in text)
    assert seen == {"Bob Brandt": (True, False), "Olga": (False, True)}
    stranger = Client()
    stranger.force_login(charlie)
    for address in ("menschen/", "menschen/einladen/", "einstellungen/"):
        assert stranger.get(f"{lindenfurt.get_absolute_url()}{address}").status_code == 404
    number = mandate_of(bob).pk
    for address in (f"{number}/", f"{number}/beenden/"):
        assert stranger.get(f"/verzeichnis/mandate/{address}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_more_people_are_not_more_queries(
    count: int,
    as_alice: Client,
    lindenfurt: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        MandateFactory(organisation=lindenfurt)
        MandateFactory(
            organisation=lindenfurt, since=timezone.localdate() - 9 * DAY,
            until=timezone.localdate() - DAY,
        )  # fmt: skip
    page_of(as_alice, lindenfurt)
    with django_assert_num_queries(9):
        page_of(as_alice, lindenfurt)


def test_a_manager_changes_others_and_it_is_written_down(
    as_alice: Client, alice: User, bob: User
) -> None:
    until = timezone.localdate() + 400 * DAY
    answer = as_alice.post(
        f"/verzeichnis/mandate/{mandate_of(bob).pk}/",
        {"until": until.isoformat(), "title": "Hauptamt", "rights": ["contribute", "release"]},
    )
    assert answer.status_code == 303
    mandate = mandate_of(bob)
    assert (mandate.until, mandate.title) == (until, "Hauptamt")
    assert mandate.rights == {Right.CONTRIBUTE, Right.RELEASE}
    entry = Entry.objects.get(deed="registry.change_mandate")
    assert (entry.actor, entry.mandate_key) == (alice, str(mandate_of(alice).pk))
    assert entry.details["before"] == {"rights": ["contribute", "vote"], "until": None}


def test_nobody_gives_herself_more(alice: User) -> None:
    mandate = mandate_of(alice)
    with pytest.raises(services.MandateError, match="nur verringern"):
        change(alice, mandate, rights=mandate.rights | {Right.RELEASE})
    Mandate.objects.update(until=timezone.localdate() + DAY)
    with pytest.raises(services.MandateError, match="nur verringern"):
        change(alice, mandate, until=None)


def test_the_last_manager_names_another_or_lets_the_operator_take_over(
    alice: User, bob: User
) -> None:
    mandate = mandate_of(alice)
    with pytest.raises(services.LastManagerError):
        services.end_mandate_of(actor=alice, mandate=mandate, reason="Wahl")
    with pytest.raises(services.LastManagerError):
        change(alice, mandate, rights=frozenset({Right.VOTE}))
    change(alice, mandate_of(bob), rights=frozenset({Right.MANAGE}))
    services.end_mandate_of(actor=alice, mandate=mandate, reason="Wahl")
    second_factor(bob)
    services.end_mandate_of(
        actor=bob, mandate=mandate_of(bob), reason="Ich auch", operator_takes_over=True
    )
    assert list(queries.managers_of(mandate.organisation)) == []


def test_ended_at_once_an_open_session_may_nothing_more(
    as_alice: Client, bob: User, lindenfurt: Organisation
) -> None:
    client = Client()
    client.force_login(bob)
    page_of(client, lindenfurt)
    number = mandate_of(bob).pk
    answer = as_alice.post(
        f"/verzeichnis/mandate/{number}/beenden/", {"reason": "Versetzt", "last_day": ""}
    )
    assert answer.status_code == 303
    assert client.get(f"{lindenfurt.get_absolute_url()}menschen/").status_code == 404
    assert "Bob Brandt" in page_of(as_alice, lindenfurt).partition("Früher")[2]
    assert as_alice.get(f"/verzeichnis/mandate/{number}/").status_code == 404
    with pytest.raises(services.MandateError, match="schon beendet"):
        services.end_mandate_of(
            actor=mandate_of(bob).user, mandate=mandate_of(bob), reason="Noch einmal"
        )


def test_an_expired_mandate_stops_in_an_open_session(bob: User, lindenfurt: Organisation) -> None:
    client = Client()
    client.force_login(bob)
    page_of(client, lindenfurt)
    Mandate.objects.filter(user=bob).update(until=timezone.localdate() - DAY)
    assert client.get(f"{lindenfurt.get_absolute_url()}menschen/").status_code == 404


def test_ends_are_told_once_to_the_person_and_the_managers(alice: User, bob: User) -> None:
    until = timezone.localdate() + 60 * DAY
    Mandate.objects.filter(user=bob).update(until=until)
    for _ in range(2):
        offer.tick()
    assert sorted(notice.user.name for notice in Notice.objects.all()) == [
        "Alice Ahrens",
        "Bob Brandt",
    ]
    assert [task.title for task in tasks_of(bob)] == [f"Ihr Mandat endet am {until:%d.%m.%Y}"]
    change(alice, mandate_of(bob), until=until + 1000 * DAY)
    assert ([task.title for task in tasks_of(bob)], mandate_of(bob).warned_at) == ([], None)


def test_what_ends_later_is_not_told_of(bob: User) -> None:
    Mandate.objects.update(until=timezone.localdate() + 61 * DAY)
    offer.tick()
    assert Notice.objects.count() == 0


def test_renewal_takes_two_clicks(as_alice: Client, bob: User) -> None:
    mandate = mandate_of(bob)
    Mandate.objects.filter(pk=mandate.pk).update(until=timezone.localdate() + 10 * DAY)
    text = as_alice.get(f"/verzeichnis/mandate/{mandate.pk}/").content.decode()
    assert f'value="{timezone.localdate() + 375 * DAY}"' in text


def test_four_eyes_are_written_down_once(as_alice: Client, lindenfurt: Organisation) -> None:
    for _ in range(2):
        as_alice.post(f"{lindenfurt.get_absolute_url()}einstellungen/", {"four_eyes": "on"})
    lindenfurt.refresh_from_db()
    assert lindenfurt.four_eyes
    assert Entry.objects.get(deed="registry.choose_four_eyes").details == {"four_eyes": True}


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ("gmx.de", "bekommt jede"),
        ("anderswo.example", "keine bestätigte Adresse"),
        ("lindenfurt", "keine Domain"),
        ("@Lindenfurt.example", ""),
    ],
)
def test_domains_are_the_managers_own(
    domain: str, message: str, as_alice: Client, lindenfurt: Organisation
) -> None:
    address = f"{lindenfurt.get_absolute_url()}einstellungen/domain/"
    answer = as_alice.post(f"{address}neu/", {"domain": domain})
    assert message in answer.content.decode()
    found = [str(each) for each in lindenfurt.domains.all()]
    assert found == ([] if message else ["lindenfurt.example"])
    as_alice.post(f"{address}entfernen/", {"domain": "lindenfurt.example"})
    assert lindenfurt.domains.count() == 0


def test_an_office_that_the_organisation_does_not_have_is_refused(
    alice: User, lindenfurt: Organisation
) -> None:
    with pytest.raises(services.InvitationError, match="gibt es bei"):
        services.invite(
            actor=alice,
            organisation=lindenfurt,
            email="x@lindenfurt.example",
            office=Office.DESK,
            rights=frozenset(),
        )
