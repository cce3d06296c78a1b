"""Which language somebody reads: her browser's, until she chooses; then hers, in every browser."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import check_for_language, gettext, override
from tests.factories import PASSWORD, AccountFactory

from allmende.accounts.models import User
from allmende.mail.models import Frequency, Message, Notice
from allmende.mail.services import choose_frequencies, gather_digests, new_message, notify


def spoken(client: Client, **headers: str) -> str:
    """The language of the start page."""
    return client.get(reverse("start"), headers=headers).headers["Content-Language"]


def choose(client: Client, language: str, **more: str) -> object:
    return client.post(reverse("account_language"), {"language": language, **more})


def test_easy_language_falls_back_to_german() -> None:
    assert check_for_language("de-x-ls")
    with override("de-x-ls"):
        assert gettext("Sprache der Seite") == "Sprache von dieser Seite"
        assert gettext("Incorrect password.") == "Das Passwort stimmt nicht."


@pytest.mark.django_db
def test_the_browser_says_what_it_asks_for(client: Client) -> None:
    assert spoken(client) == "de"
    assert spoken(client, accept_language="en-GB,en;q=0.9,de;q=0.5") == "en"
    assert spoken(client, accept_language="fr") == "de"


@pytest.mark.django_db
def test_what_a_visitor_chooses_counts_for_her_browser(client: Client) -> None:
    answer = choose(client, "en", next="/forum/?q=geld")
    assert (answer.status_code, answer["Location"]) == (303, "/forum/?q=geld")
    assert set(answer.cookies) == {"language"}
    assert spoken(client, accept_language="de") == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["https://anders.example/", "//anders.example/", "", "\\\\x"])
def test_choosing_leads_to_no_other_site(client: Client, address: str) -> None:
    assert choose(client, "en", next=address)["Location"] == reverse("account_language")


@pytest.mark.django_db
def test_a_language_that_is_not_there_is_refused(client: Client) -> None:
    answer = choose(client, "fr")
    assert (answer.status_code, dict(answer.cookies)) == (422, {})


@pytest.mark.django_db
def test_files_speak_german(client: Client) -> None:
    answer = client.get("/verzeichnis/kommunen.csv", headers={"Accept-Language": "en"})
    assert "Content-Language" not in answer.headers


@pytest.mark.django_db
def test_programs_read_german_and_people_who_look_at_their_manual_do_not(client: Client) -> None:
    english = {"Accept-Language": "en"}
    topics = client.get("/api/v1/topics", headers=english)
    assert topics.json()[0]["name"] == "Finanzen und Förderung"
    assert "Content-Language" not in topics.headers
    manual = client.get("/api/docs/", headers=english)
    assert manual.headers["Content-Language"] == "en"
    assert "Withdraw a co-signature" in manual.content.decode()
    schema = client.get("/api/openapi.json", headers=english).json()
    assert schema["paths"]["/api/v1/topics"]["get"]["summary"] == "Themenfelder"


@pytest.mark.django_db
def test_a_new_browser_speaks_what_she_has_chosen(alice: User) -> None:
    first, second, third = Client(), Client(), Client()
    sign_in(first, alice)
    choose(first, "en")
    sign_in(second, alice)
    assert spoken(second) == "en"
    choose(third, "de")
    sign_in(third, alice)  # somebody has chosen there
    assert spoken(third) == "de"
    alice.refresh_from_db()
    assert alice.language == "en"


@pytest.mark.django_db
def test_signing_in_for_the_first_time_keeps_the_language(client: Client, alice: User) -> None:
    sign_in(client, alice, accept_language="en")
    alice.refresh_from_db()
    assert alice.language == "en"


def sign_in(client: Client, user: User, **headers: str) -> None:
    client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}, headers=headers
    )


@pytest.mark.django_db
def test_mails_and_notices_speak_the_language_of_their_reader(alice: User) -> None:
    english = AccountFactory(language="en")
    notify(
        users=[alice, english],
        topic="forum.reply",
        key="test-1",
        title=lambda: gettext("Yes"),  # Django's own: „Ja“
        text="Wie es geschrieben wurde.",
        url="/",
    )
    assert dict(Notice.objects.values_list("user", "title")) == {alice.pk: "Ja", english.pk: "Yes"}


@pytest.mark.django_db
def test_a_mail_keeps_the_language_it_was_written_in() -> None:
    with override("en"):
        assert new_message(key="x", to="a@example.org", subject="x", text="x").language == "en"
    assert new_message(key="x", to="a@example.org", subject="x", text="x").language == "de"


@pytest.mark.django_db
def test_a_digest_speaks_the_language_of_its_reader() -> None:
    english = AccountFactory(name="Erin", language="en")
    choose_frequencies(user=english, choices={"": Frequency.IMMEDIATELY})
    for number in (1, 2):
        notify(users=[english], topic="forum.reply", key=f"x-{number}", title="Neu", url="/")
    assert gather_digests() == 1
    message = Message.objects.get()
    assert (message.subject, message.language) == ("2 news items from the Allmende", "en")
    assert message.text.startswith("Hello, Erin")
    assert '<html lang="en">' in message.html
