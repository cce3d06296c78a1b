"""The page with all tasks: filters, pages, and a file for a spreadsheet."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from allmende.accounts.models import User
from allmende.portal import offers
from allmende.portal.offers import Limit, Link, Offer, Task, TaskKind, Whose

pytestmark = pytest.mark.django_db
LINDENFURT, KRANICHSEE = Whose("Lindenfurt", "lindenfurt"), Whose("Kranichsee", "kranichsee")


def task(title: str, days: int | None, kind: TaskKind, whose: Whose | None) -> Task:
    due = None if days is None else timezone.now() + timedelta(days=days)
    return Task(title, "Näheres", "/forum/", due, kind, whose)


@pytest.fixture(autouse=True)
def four_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [
        task("Später", 20, TaskKind.VOTE, LINDENFURT),
        task("Irgendwann", None, TaskKind.REVIEW, None),
        task("Überfällig", -3, TaskKind.COMMITMENT, KRANICHSEE),
        task("Bald", 5, TaskKind.VOTE, KRANICHSEE),
    ]
    monkeypatch.setattr(offers, "all_offers", lambda: (Offer(tasks=lambda user: tasks),))


@pytest.fixture
def browser(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def titles(browser: Client, **wishes: str) -> list[str]:
    return [each.title for each in browser.get("/aufgaben/", wishes).context["page"]]


def test_the_start_page_groups_by_kind_the_most_urgent_first_and_marks_what_is_overdue(
    browser: Client,
) -> None:
    answer = browser.get("/")
    assert [
        (kind, [task.title for _number, task in tasks]) for kind, tasks in answer.context["groups"]
    ] == [
        (TaskKind.COMMITMENT, ["Überfällig"]),
        (TaskKind.VOTE, ["Bald", "Später"]),
        (TaskKind.REVIEW, ["Irgendwann"]),
    ]
    assert "seit 3 Tagen überfällig" in answer.content.decode()


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ({}, ["Überfällig", "Bald", "Später", "Irgendwann"]),
        ({"art": "abstimmen"}, ["Bald", "Später"]),
        ({"fuer": "kranichsee"}, ["Überfällig", "Bald"]),
        ({"frist": "ueberfaellig"}, ["Überfällig"]),
        ({"frist": "heute"}, ["Überfällig"]),
        ({"frist": "woche"}, ["Überfällig", "Bald"]),
        ({"frist": "zwei-wochen"}, ["Überfällig", "Bald"]),
        ({"frist": "ohne"}, ["Irgendwann"]),
        ({"q": "SPÄTER näheres"}, ["Später"]),
        ({"art": "abstimmen", "fuer": "lindenfurt", "frist": "woche"}, []),
        (
            {"art": "gibt-es-nicht", "fuer": "niemand"},
            ["Überfällig", "Bald", "Später", "Irgendwann"],
        ),
    ],
)
def test_filters(browser: Client, wishes: dict[str, str], found: list[str]) -> None:
    assert titles(browser, **wishes) == found


def test_what_fits_no_filter_says_so_and_leads_back(browser: Client) -> None:
    page = browser.get("/aufgaben/", {"q": "nichts davon"}).content.decode()
    assert "Keine Aufgabe passt zu diesem Filter." in page
    assert 'href="/aufgaben/"' in page


def test_pages_of_twenty(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [task(f"Aufgabe {n}", n, TaskKind.VOTE, LINDENFURT) for n in range(45)]
    monkeypatch.setattr(offers, "all_offers", lambda: (Offer(tasks=lambda user: many),))
    assert [len(titles(browser, seite=str(n))) for n in (1, 2, 3)] == [20, 20, 5]
    assert "Alle 45 anzeigen" in browser.get("/").content.decode()


def test_where_tasks_are_left_out_nothing_is_called_all_of_them(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [task(f"Aufgabe {n}", n, TaskKind.VOTE, LINDENFURT) for n in range(45)]
    left_out = Limit("Hier stehen nur die ersten.", Link("Der Rest", "/rest/"))
    cut = Offer(tasks=lambda user: many, limits=lambda user: [left_out])
    monkeypatch.setattr(offers, "all_offers", lambda: (cut,))
    start = browser.get("/").content.decode()
    assert "Liste mit 45 Aufgaben öffnen" in start
    unfit = browser.get("/aufgaben/", {"q": "nichts davon"}).content.decode()
    assert "Liste ohne Filter anzeigen" in unfit
    for page in (start, unfit, browser.get("/aufgaben/").content.decode()):
        assert 'Hier stehen nur die ersten. <a class="kern-link" href="/rest/">Der Rest</a>' in page
        assert "Alle 45 anzeigen" not in page
        assert "Alle anzeigen" not in page


def test_the_file_has_what_the_filter_leaves(browser: Client) -> None:
    rows = browser.get("/aufgaben/aufgaben.csv", {"fuer": "kranichsee"}).getvalue().decode()
    lines = rows.lstrip("\ufeff").splitlines()
    assert lines[0] == "Aufgabe;Näheres;Art;Für;Bis;Überfällig;Adresse"
    assert [line.split(";")[0] for line in lines[1:]] == ["Überfällig", "Bald"]
    assert [line.split(";")[5] for line in lines[1:]] == ["ja", "nein"]


def test_nobody_sees_tasks_without_signing_in(client: Client) -> None:
    assert client.get("/aufgaben/").status_code == 302
    assert client.get("/aufgaben/aufgaben.csv").status_code == 302
