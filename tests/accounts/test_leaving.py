"""A copy of one's data, consents with their history, and deleting one's account."""

import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.factories import (
    PASSWORD,
    AccountFactory,
    ConcernFactory,
    MandateFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
    VoteFactory,
    second_factor,
)

from allmende.accounts import queries, services
from allmende.accounts.models import Consent, ConsentKind, User
from allmende.audit.queries import history_of
from allmende.forum.models import (
    Concern,
    ConcernState,
    Participant,
    SavedFilter,
    Statement,
    Voices,
    Vote,
)
from allmende.mail.models import Message
from allmende.registry.models import Mandate

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(client: Client, alice: User) -> Client:
    """Alice has signed in and just confirmed her password."""
    client.post("/konto/anmelden/", {"login": alice.email, "password": PASSWORD})
    client.post("/konto/bestaetigen/", {"password": PASSWORD})
    return client


def voice_of(user: User, concern: Concern) -> Participant:
    """A personal voice with a vote on somebody else's statement."""
    voice = ParticipantFactory(concern=concern, voices=Voices.PERSONAL, region=None, user=user)
    VoteFactory(statement=StatementFactory(concern=concern), participant=voice)
    return voice


def test_the_copy_holds_what_is_hers_as_json(as_alice: Client, alice: User) -> None:
    MandateFactory(user=alice, region__name="Lindenfurt")
    voice_of(alice, ConcernFactory(question="Wozu?"))
    response = as_alice.get("/konto/daten/allmende-meine-daten.json")
    copy = json.loads(response.content)
    assert response["Content-Disposition"].startswith("attachment")
    assert copy["Konto"][0]["E-Mail-Adresse"] == "alice@example.org"
    assert [row["Organisation"] for row in copy["Mandate"]] == ["Lindenfurt"]
    assert [row["Anliegen"] for row in copy["Persönliche Stimmen"]] == ["Wozu?"]
    assert [row["Browser"] for row in copy["Angemeldete Browser"]] == ["Ein Browser"]


def test_it_has_no_secret_and_nobody_else(as_alice: Client, alice: User, bob: User) -> None:
    second_factor(alice)
    voice_of(bob, ConcernFactory(question="Von Bob"))
    page = as_alice.get("/konto/daten/allmende-meine-daten.html").content.decode()
    assert "<h2>Persönliche Stimmen</h2>" in page
    assert "Von Bob" not in page
    assert Authenticator.objects.get(user=alice).data["secret"] not in page
    assert alice.password not in page


@pytest.mark.parametrize(
    "path", ["daten/allmende-meine-daten.json", "daten/allmende-meine-daten.html", "loeschen/"]
)
def test_it_takes_the_password_again(client: Client, alice: User, path: str) -> None:
    client.force_login(alice)
    response = client.get(f"/konto/{path}")
    assert response.headers["Location"].startswith("/konto/bestaetigen/")


def test_a_consent_is_given_and_taken_back_with_its_history(as_alice: Client, alice: User) -> None:
    kind = ConsentKind.PUBLIC_NAME
    assert not alice.consents_to(kind)
    for _ in range(2):  # twice is once
        as_alice.post("/konto/einwilligungen/", {"kind": kind, "give": "1"})
    assert alice.consents_to(kind)
    as_alice.post("/konto/einwilligungen/", {"kind": kind})
    assert not alice.consents_to(kind)
    assert "zurückgenommen am" in as_alice.get("/konto/einwilligungen/").content.decode()
    assert Consent.objects.count() == 1
    deeds = [entry.deed for entry in history_of(alice)]
    assert deeds == ["accounts.withdraw_consent", "accounts.give_consent"]


def test_what_does_not_exist_cannot_be_allowed(as_alice: Client) -> None:
    assert as_alice.post("/konto/einwilligungen/", {"kind": "all"}).status_code == 303


@pytest.mark.parametrize("count", [1, 3])
def test_consents_of_many_take_one_query(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    people = UserFactory.create_batch(count)
    services.give_consent(actor=people[0], kind=ConsentKind.PUBLIC_NAME)
    with django_assert_num_queries(1):
        assert queries.consenting(ConsentKind.PUBLIC_NAME, people) == {people[0].pk}


def test_a_name_is_changed(as_alice: Client, alice: User) -> None:
    assert as_alice.post("/konto/name/", {"name": ""}).status_code == 422
    as_alice.post("/konto/name/", {"name": "Alice Amsel"})
    alice.refresh_from_db()
    assert alice.name == "Alice Amsel"


def test_looking_at_it_deletes_nothing(as_alice: Client, alice: User) -> None:
    mandate = MandateFactory(user=alice)
    page = as_alice.get("/konto/loeschen/").content.decode()
    assert "Was bleibt und warum" in page
    assert "ohne Ihren Namen" in " ".join(page.split())
    mandate.refresh_from_db()
    assert (mandate.until, EmailAddress.objects.filter(user=alice).count()) == (None, 1)
    assert Message.objects.count() == 0
    assert as_alice.get("/konto/").status_code == 200


def test_it_takes_a_word_typed_by_hand(as_alice: Client, alice: User) -> None:
    answer = as_alice.post("/konto/loeschen/", {"word": "ja"})
    assert answer.status_code == 422
    alice.refresh_from_db()
    assert alice.is_active


def test_who_deletes_her_account_is_gone(as_alice: Client, alice: User) -> None:
    second_factor(alice)
    mandate = MandateFactory(user=alice)
    services.give_consent(actor=alice, kind=ConsentKind.PUBLIC_NAME)
    elsewhere = Client()
    elsewhere.force_login(alice)
    answer = as_alice.post("/konto/loeschen/", {"word": "Löschen"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    shell = User.objects.get(pk=alice.pk)
    assert (shell.name, shell.email) == ("Gelöschtes Konto", f"konto-{alice.pk}@geloescht.invalid")
    assert not shell.is_active
    assert not shell.has_usable_password()
    assert shell.deleted_at is not None
    assert (shell.consents.count(), EmailAddress.objects.count()) == (0, 0)
    assert not shell.has_second_factor
    assert list(Mandate.objects.current().filter(pk=mandate.pk)) == []
    for browser in (as_alice, elsewhere):
        assert browser.get("/konto/").status_code == 302
    told = Message.objects.get()
    assert (told.recipient, told.subject) == (alice.email, "Allmende: Ihr Konto ist gelöscht")
    newest = history_of(alice)[0]
    assert (newest.deed, newest.object_name) == ("accounts.delete_account", f"Konto {alice.pk}")


def test_her_second_factor_goes_with_it_as_one_deed(as_alice: Client, alice: User) -> None:
    second_factor(alice)
    as_alice.post("/konto/loeschen/", {"word": "löschen"})
    assert [entry.deed for entry in history_of(alice)] == ["accounts.delete_account"]
    assert not Authenticator.objects.exists()


def test_nothing_names_her_any_more_but_what_belongs_to_others(
    as_alice: Client, alice: User
) -> None:
    SavedFilter.objects.create(user=alice, name="Eilig")
    as_alice.post("/konto/loeschen/", {"word": "löschen"})
    left = {part.title for part in queries.everything_about(alice) if part.rows}
    assert left == {"Konto", "Mails an Sie", "Protokoll"}  # the mail that says so, for now


def test_the_same_address_can_begin_anew(as_alice: Client, alice: User) -> None:
    as_alice.post("/konto/loeschen/", {"word": "löschen"})
    anew = AccountFactory.create(email=alice.email)
    Client().post("/konto/anmelden/", {"login": anew.email, "password": PASSWORD})
    assert anew.pk != alice.pk


def test_personal_votes_go_where_voting_runs_and_lose_their_person_where_it_has_ended(
    alice: User,
) -> None:
    running, ended = ConcernFactory(), ConcernFactory(state=ConcernState.CLOSED)
    voices = [voice_of(alice, running), voice_of(alice, ended)]
    waiting = StatementFactory(concern=running, author=voices[0], state="pending")
    judged = StatementFactory(concern=running, author=voices[0])
    VoteFactory(statement=judged)
    services.delete_account(actor=alice)
    assert not Participant.objects.filter(pk=voices[0].pk).exists()
    nobody = Participant.objects.get(pk=voices[1].pk)
    assert (nobody.user, nobody.imported_as[:5]) == (None, "left-")
    assert Vote.objects.filter(participant=nobody).count() == 1
    assert not Statement.objects.filter(pk=waiting.pk).exists()
    assert Statement.objects.get(pk=judged.pk).author is None


def test_a_deadline_that_has_passed_counts_as_ended(alice: User) -> None:
    over = ConcernFactory(deadline=timezone.now())
    voice = voice_of(alice, over)
    services.delete_account(actor=alice)
    assert Participant.objects.filter(pk=voice.pk, user=None).exists()


def test_the_last_operator_stays(client: Client, alice: User) -> None:
    alice.is_operator = True
    alice.save()
    AccountFactory.create(is_operator=True)  # has no second factor: could do nothing
    with pytest.raises(services.DeletionError):
        services.delete_account(actor=alice)
    second_factor(AccountFactory.create(is_operator=True))
    services.delete_account(actor=alice)
    assert not User.objects.get(pk=alice.pk).is_operator


def test_an_account_whose_address_nobody_confirms_goes(alice: User) -> None:
    begun, given = AccountFactory.create(), MandateFactory().user
    EmailAddress.objects.filter(user=begun).update(verified=False)
    User.objects.update(date_joined=timezone.now() - timedelta(days=8))
    fresh = UserFactory()
    assert services.clear_unconfirmed(timezone.now() - timedelta(days=7)) == 1
    assert set(User.objects.all()) == {alice, given, fresh}
