"""The frame and its own pages."""

import pytest
from django.test import Client
from tests.factories import UserFactory

from allmende.accounts.models import User
from allmende.portal import offers
from allmende.portal.offers import Offer, Task, TaskKind

pytestmark = pytest.mark.django_db


def test_a_visitor_learns_what_this_is(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "Jede Stimme führt zu einer Antwort" in response.content.decode()


def test_a_person_sees_what_waits_for_her(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "Guten Tag, Alice Ahrens" in client.get("/").content.decode()


def test_health_answers_while_the_database_does(client: Client) -> None:
    response = client.get("/gesund/")
    assert (response.status_code, response.content) == (200, b"gesund\n")


def test_search_without_words_and_without_hits(client: Client) -> None:
    assert "wurde nichts gefunden" not in client.get("/suche/").content.decode()
    assert "„&lt;bxy&gt;“ wurde nichts gefunden" in client.get("/suche/?q=<bxy>").content.decode()


def test_a_search_for_what_no_database_can_hold_finds_nothing(client: Client) -> None:
    assert client.get("/suche/?q=%00").status_code == 200
    assert client.get("/suche/?q=a%00b").status_code == 200


def test_what_is_missing_is_404_in_german(client: Client) -> None:
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in response.content.decode()


def test_who_is_signed_in_is_not_asked_to_sign_in_where_a_page_is_missing(
    client: Client, alice: User
) -> None:
    client.force_login(alice)
    assert "Melden Sie sich an" not in client.get("/gibt-es-nicht/").content.decode()


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("/quellen/?seite=2", "/quellen/%3Fseite%3D2"),
        ("/konto/anmelden/?next=/quellen/", "/quellen/"),
        ("/konto/neu/", "/"),
    ],
)
def test_signing_in_leads_back_to_where_one_was(client: Client, page: str, back: str) -> None:
    assert f'"/konto/anmelden/?next={back}"' in client.get(page).content.decode()


def test_a_form_without_its_token_is_refused_in_german(alice: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    response = strict.post("/konto/abmelden/")
    assert response.status_code == 403
    assert "noch einmal" in response.content.decode()


def test_our_own_fault_is_said_in_german_without_details(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from allmende.portal import offers

    def fail(user: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(offers, "menu", fail)
    monkeypatch.setattr("allmende.portal.context.menu", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Da ist etwas schiefgegangen" in response.content.decode()
    assert "a secret" not in response.content.decode()


def test_nothing_may_be_loaded_from_elsewhere(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_a_long_task_list_begins_with_the_most_urgent(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = [Task(f"Aufgabe {n}", "Notiz", "/", due=None, kind=TaskKind.VOTE) for n in range(53)]
    monkeypatch.setattr(offers, "all_offers", lambda: (Offer(tasks=lambda user: tasks),))
    client.force_login(UserFactory())
    answer = client.get("/")
    page = answer.content.decode()
    assert [len(tasks) for _kind, tasks in answer.context["groups"]] == [20]
    assert "Alle 53 anzeigen" in page
