"""The queue of a ministry: what stands in it, in which order, and what can be filtered."""

from datetime import timedelta

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.forum import queries
from allmende.forum.models import Answer, Concern, ConcernState, SavedFilter, Support
from allmende.forum.portal.pursuit_tasks import pursuit_tasks
from allmende.forum.portal.way_tasks import way_tasks
from allmende.registry.models import Office, Organisation
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    SealedSectionFactory,
    SectionAnswerFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db

QUEUE = "/ministerium/"


@pytest.fixture
def house() -> Organisation:
    return OrganisationFactory(region=None, kind="ministerium", name="Haus A", slug="haus-a")


@pytest.fixture
def ines(house: Organisation) -> User:
    return MandateFactory(organisation=house, office=Office.DESK, user__name="Ines Amt").user


@pytest.fixture
def tim(house: Organisation) -> User:
    return MandateFactory(organisation=house, office=Office.DESK, user__name="Tim Thoma").user


def sent(house: Organisation, *, days: int, **fields: object) -> Concern:
    """A concern whose answer is due in so many days."""
    now = timezone.now()
    return ConcernFactory(
        **{
            "state": ConcernState.SENT,
            "ministry": house,
            "quorum_at": now - timedelta(days=30),
            "sent_at": now - timedelta(days=20),
            "answer_due": timezone.localtime().replace(hour=23, minute=59, second=59)
            + timedelta(days=days),
        }
        | fields
    )


def words(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def shown(client: Client, **wishes: object) -> list[Concern]:
    return [row.concern for row in client.get(QUEUE, wishes).context["rows"]]


def test_the_queue_is_for_people_of_ministries_and_so_is_its_place_in_the_menu(
    client: Client, ines: User, alice: User
) -> None:
    assert client.get(QUEUE).status_code == 302
    client.force_login(alice)
    assert client.get(QUEUE).status_code == 404
    assert 'href="/ministerium/"' not in words(client.get("/forum/"))
    client.force_login(ines)
    assert client.get(QUEUE).status_code == 200
    assert 'href="/ministerium/"' in words(client.get("/forum/"))
    assert not rules.has_perm("forum.work_in_ministry", AnonymousUser())


def test_it_shows_what_waits_in_ones_own_ministries_the_most_urgent_first(
    client: Client, house: Organisation, ines: User
) -> None:
    later, late = sent(house, days=30), sent(house, days=-3)
    coming = ConcernFactory(state=ConcernState.POSITION, ministry=house, quorum_at=timezone.now())
    other = OrganisationFactory(region=None, kind="ministerium", name="Haus B")
    sent(other, days=1)
    sent(house, days=5, state=ConcernState.ANSWERED, answered_at=timezone.now())
    ConcernFactory(state=ConcernState.POSITION, ministry=house)  # nobody wants an answer yet
    ConcernFactory(
        state=ConcernState.OPEN, ministry=house, quorum_at=timezone.now(), is_confidential=True
    )
    client.force_login(ines)
    assert shown(client) == [late, later, coming]
    page = words(client.get(QUEUE))
    assert "seit 3 Tagen überfällig" in page
    assert "noch 30 Tage" in page
    assert "Frist läuft noch nicht" in page
    MandateFactory(user=ines, organisation=other, office=Office.DESK)
    assert len(shown(client)) == 4
    assert shown(client, haus="haus-a") == [late, later, coming]


def test_the_figures_above_count_what_waits(
    client: Client, house: Organisation, ines: User, tim: User
) -> None:
    sent(house, days=-1, official=tim)
    mine = sent(house, days=14, official=ines)
    sent(house, days=15)
    SectionAnswerFactory(answer__position__concern=mine, answer__summary="Wir helfen.")
    assert queries.count_queue(ines, [house]) == queries.QueueCounts(
        waiting=3, overdue=1, soon=1, nobody=1, mine=1, ready=1
    )
    client.force_login(ines)
    assert shown(client, stand="fertig") == [mine]
    Answer.objects.update(summary="")
    assert shown(client, stand="fertig") == []


def test_whose_mandate_there_has_ended_is_in_charge_no_longer(
    client: Client, house: Organisation, ines: User, tim: User
) -> None:
    concern = sent(house, days=1, official=tim, question="Wer hilft?")
    sent(house, days=1, official=ines)
    client.force_login(ines)
    assert shown(client, person="niemand") == []
    assert list(pursuit_tasks(tim)) != []
    hers = [task.title for task in pursuit_tasks(ines)]
    tim.mandates.update(until=timezone.localdate() - timedelta(days=1))
    MandateFactory(user=tim)  # elsewhere
    assert shown(client, person="niemand") == [concern]
    assert queries.count_queue(ines, [house]).nobody == 1
    assert "Tim Thoma" not in words(client.get(QUEUE))
    assert sorted(task.title for task in pursuit_tasks(ines)) == sorted(
        [*hers, "Antwort schreiben: „Wer hilft?“"]
    )
    head = MandateFactory(organisation=house, office=Office.DESK, may_release=True).user
    assert [task.title for task in way_tasks(second_factor(head))] == [
        "Übernehmen oder zuweisen: „Wer hilft?“"
    ]


def test_a_row_says_how_far_its_answer_is_and_how_many_stand_behind_it(
    client: Client, house: Organisation, ines: User
) -> None:
    concern = sent(house, days=3, official=ines)
    given = SectionAnswerFactory(answer__position__concern=concern, section__number=1)
    for number in (2, 3):
        SealedSectionFactory(position=given.answer.position, number=number)
    for mandate in MandateFactory.create_batch(2):
        Support.objects.create(
            concern=concern,
            organisation=mandate.organisation,
            signed_by=mandate.user,
            mandate=mandate,
        )
    client.force_login(ines)
    page = words(client.get(QUEUE))
    assert "1 von 3 Abschnitten" in page
    assert "2 Mitzeichnungen" in page
    file = b"".join(client.get(f"{QUEUE}anliegen.csv")).decode("utf-8-sig")  # type: ignore[arg-type]
    [head, line] = file.splitlines()
    cells = dict(zip(head.split(";"), line.split(";"), strict=True))
    assert cells["Tage übrig"] == "3"
    assert (cells["Abschnitte"], cells["davon beantwortet"]) == ("3", "1")
    assert (cells["Zuständig"], cells["Mitzeichnungen"]) == ("Ines Amt", "2")


@pytest.mark.parametrize(
    ("wishes", "found"),
    [
        ({"q": "SCHULE"}, ["school"]),
        ({"q": "Schule Geld"}, []),
        ({"stand": "da"}, ["late", "school"]),
        ({"stand": "kommt"}, ["coming"]),
        ({"stand": "beantwortet"}, ["answered"]),
        ({"stand": "abgeschlossen"}, []),
        ({"stand": "alle", "sortierung": "frage"}, ["coming", "answered", "late", "school"]),
        ({"thema": "finanzen"}, ["late"]),
        ({"person": "ich"}, ["late"]),
        ({"person": "niemand"}, ["school", "coming"]),
        ({"faellig": "ueberfaellig"}, ["late"]),
        ({"faellig": "bald"}, ["school"]),
        ({"faellig": "spaeter"}, ["coming"]),
        ({"sortierung": "eingang"}, ["school", "late", "coming"]),
        ({"stand": "unsinn", "person": "4711", "seite": "x"}, ["late", "school", "coming"]),
    ],
)
def test_filters(
    wishes: dict[str, str], found: list[str], client: Client, house: Organisation, ines: User
) -> None:
    now = timezone.now()
    concerns = {
        "late": sent(house, days=-1, topic="finanzen", official=ines, question="Frage 3"),
        "school": sent(house, days=2, question="Wer baut die Schule?", sent_at=now),
        "coming": ConcernFactory(
            state=ConcernState.OPEN, ministry=house, quorum_at=now, question="Frage 1"
        ),
        "answered": sent(
            house, days=9, state=ConcernState.PURSUED, answered_at=now, question="Frage 2"
        ),
    }
    client.force_login(ines)
    assert shown(client, **wishes) == [concerns[name] for name in found]


def test_an_empty_queue_says_what_will_stand_there_and_an_empty_filter_how_to_leave_it(
    client: Client, ines: User
) -> None:
    client.force_login(ines)
    assert "Gerade wartet nichts auf Ihr Ministerium." in words(client.get(QUEUE))
    page = words(client.get(QUEUE, {"q": "Zett"}))
    assert "Kein Anliegen passt zu diesem Filter." in page
    assert 'href="/ministerium/?stand="' in page


def test_a_list_for_spreadsheets_runs_no_formula_and_keeps_to_the_filter(
    client: Client, house: Organisation, ines: User
) -> None:
    sent(house, days=1, question="=HYPERLINK(1)")
    sent(house, days=1, question="Andere Frage")
    client.force_login(ines)
    answer = client.get(f"{QUEUE}anliegen.csv", {"q": "hyperlink"})
    lines = b"".join(answer).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert len(lines) == 2
    assert lines[1].startswith("'=HYPERLINK(1);")


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_a_constant_number_of_times(
    count: int,
    client: Client,
    house: Organisation,
    ines: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        concern = sent(house, days=number, official=ines)
        SectionAnswerFactory(answer__position__concern=concern)
        SavedFilter.objects.create(user=ines, name=f"Ansicht {number}", wishes={"q": str(number)})
    client.force_login(ines)
    with django_assert_num_queries(9):
        client.get(QUEUE)
    with django_assert_num_queries(6):
        b"".join(client.get(f"{QUEUE}anliegen.csv"))  # type: ignore[arg-type]


# Saved filters


def test_a_filter_is_saved_shown_renamed_and_deleted(client: Client, ines: User) -> None:
    client.force_login(ines)
    there = f"{QUEUE}ansichten/speichern/?person=ich&thema=finanzen&unsinn=1"
    answer = client.post(there, {"name": "Mein Geld"})
    assert answer.headers["Location"] == "/ministerium/?person=ich&thema=finanzen"
    page = words(client.get(answer.headers["Location"]))
    assert 'aria-current="true">Mein Geld</a>' in page
    assert "Diesen Filter als Ansicht speichern" not in page
    saved = SavedFilter.objects.get()
    client.post(f"{QUEUE}ansichten/{saved.pk}/", {"name": "Haushalt"})
    assert "Haushalt" in words(client.get(f"{QUEUE}ansichten/"))
    client.post(f"{QUEUE}ansichten/{saved.pk}/loeschen/")
    assert "Noch haben Sie keine Ansicht gespeichert." in words(client.get(f"{QUEUE}ansichten/"))


def test_one_filter_may_be_shown_first_and_everything_stays_within_reach(
    client: Client, house: Organisation, ines: User
) -> None:
    first, second = (
        SavedFilter.objects.create(user=ines, name=name, wishes={"person": name})
        for name in ("ich", "niemand")
    )
    client.force_login(ines)
    for saved in (first, second, second):  # the second click of two says the same
        client.post(f"{QUEUE}ansichten/{saved.pk}/zuerst/", {"zuerst": "ja"})
    assert client.get(QUEUE).headers["Location"] == "/ministerium/?person=niemand"
    assert client.get(QUEUE, {"stand": ""}).status_code == 200
    assert 'name="zuerst" value="nein"' in words(client.get(f"{QUEUE}ansichten/"))
    client.post(f"{QUEUE}ansichten/{first.pk}/zuerst/", {"zuerst": "nein"})
    assert client.get(QUEUE).headers["Location"] == "/ministerium/?person=niemand"
    client.post(f"{QUEUE}ansichten/{second.pk}/zuerst/", {"zuerst": "nein"})
    assert client.get(QUEUE).status_code == 200


def test_a_name_is_taken_once_and_there_is_an_end_to_filters(client: Client, ines: User) -> None:
    client.force_login(ines)
    there = f"{QUEUE}ansichten/speichern/?person=ich"
    assert "Bitte geben Sie der Ansicht einen Namen." in words(client.post(there, {"name": " "}))
    client.post(there, {"name": "Meine"})
    page = words(client.post(there, {"name": "Meine"}))
    assert "Eine Ansicht „Meine“ haben Sie schon." in page
    assert 'value="Meine"' in page
    SavedFilter.objects.create(user=ines, name="Andere")
    other = SavedFilter.objects.get(name="Meine")
    page = words(client.post(f"{QUEUE}ansichten/{other.pk}/", {"name": "Andere"}))
    assert "Eine Ansicht „Andere“ haben Sie schon." in page
    for number in range(18):
        SavedFilter.objects.create(user=ines, name=f"Ansicht {number}")
    assert "Sie haben schon 20 Ansichten gespeichert." in words(client.post(there, {"name": "Neu"}))


def test_nobody_sees_the_filters_of_others(client: Client, ines: User, tim: User) -> None:
    saved = SavedFilter.objects.create(user=ines, name="Meine")
    client.force_login(tim)
    assert "Meine" not in words(client.get(f"{QUEUE}ansichten/"))
    assert client.get(f"{QUEUE}ansichten/{saved.pk}/").status_code == 404
    assert client.post(f"{QUEUE}ansichten/{saved.pk}/loeschen/").status_code == 404


def test_a_date_can_be_moved_only_by_whom_the_page_names(
    client: Client, house: Organisation, ines: User
) -> None:
    head = MandateFactory(organisation=house, office=Office.LEADERSHIP, may_release=True).user
    second_factor(head)
    head.name = "Hanna Haupt"
    head.save()
    sent(house, days=5)
    client.force_login(ines)
    page = words(client.get(QUEUE))
    assert ("Frist verlängern …" in page, "freigeben darf: Hanna Haupt." in page) == (False, True)
    client.force_login(head)
    page = words(client.get(QUEUE))
    assert ("Frist verlängern …" in page, "freigeben darf:" in page) == (True, False)
