"""What the forum and the registry give away: all that is public, and nothing else."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.forum.models import (
    Answer,
    Commitment,
    Concern,
    ConcernState,
    Contribution,
    SealedPosition,
    SealedSection,
    Section,
    SectionAnswer,
    Stand,
    Step,
    Support,
    Voices,
    Word,
)
from allmende.forum.services import compute_now
from allmende.portal import offers
from allmende.portal.open_data import dumps
from tests.factories import (
    ConcernFactory,
    ExtensionFactory,
    MandateFactory,
    OrganisationFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
    VoteFactory,
)

pytestmark = pytest.mark.django_db
Rows = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def rows() -> Rows:
    """The rows of a dataset by column."""

    def read(name: str) -> list[dict[str, Any]]:
        dataset = offers.datasets()[name]
        return [dict(zip(dataset.header, row, strict=True)) for row in dataset.rows()]

    return read


def persons(concern: Concern, counts: dict[Stand, int]) -> None:
    """So many people vote on one statement."""
    statement = StatementFactory(concern=concern)
    for stand, count in counts.items():
        for n in range(count):
            person = ParticipantFactory(
                concern=concern, voices=Voices.PERSONAL, region=None, imported_as=f"{stand}-{n}"
            )
            VoteFactory(statement=statement, participant=person, stand=stand)


def say(concern: Concern, text: str, **fields: Any) -> Contribution:
    """Somebody says something for an organisation."""
    mandate = MandateFactory()
    return Contribution.objects.create(
        concern=concern,
        mandate=mandate,
        organisation=mandate.organisation,
        author=mandate.user,
        text=text,
        **fields,
    )


def answered() -> Concern:
    """A concern all the way: position, endorsement, answer, commitment."""
    ministry = OrganisationFactory(region=None, kind="ministerium", name="Ministerium")
    concern = ConcernFactory(
        state=ConcernState.ANSWERED,
        ministry=ministry,
        sent_at=timezone.now() - timedelta(days=10),
        answer_due=timezone.now() - timedelta(days=1),
        answered_at=timezone.now() - timedelta(days=2),
        deadline=timezone.now() - timedelta(days=20),
    )
    origin = Section.objects.create(concern=concern, place=1)
    position = SealedPosition.objects.create(concern=concern, number=1, document={}, hash="a" * 64)
    section = SealedSection.objects.create(
        position=position, number=1, title="Schulungen", text="Der Bund zahlt.", origin=origin
    )
    Word.objects.create(
        position=position, organisation=OrganisationFactory(), kind="endorsement", section=section
    )
    answer = Answer.objects.create(
        concern=concern, position=position, ministry=ministry, published_at=timezone.now()
    )
    part = SectionAnswer.objects.create(answer=answer, section=section, disposition="taken_up")
    Commitment.objects.create(
        concern=concern,
        answer=part,
        organisation=ministry,
        what="Ein Programm",
        who="Referat H III 2",
        due_on=timezone.localdate() - timedelta(days=1),
        sign="Es steht im Haushalt",
    )
    return concern


def test_drafts_and_what_is_confidential_stay_out(rows: Rows) -> None:
    open_ = ConcernFactory(slug="offen")
    hidden = [
        ConcernFactory(state=ConcernState.DRAFT),
        ConcernFactory(is_confidential=True),
    ]
    for concern in (open_, *hidden):
        VoteFactory(statement__concern=concern)
        Step.objects.create(concern=concern, state=ConcernState.OPEN)
        Support.objects.create(concern=concern, organisation=OrganisationFactory())
        say(concern, "Ja.")
    ConcernFactory(slug="vorbei", is_confidential=True, deadline=timezone.now())
    assert [row["slug"] for row in rows("anliegen")] == ["offen", "vorbei"]
    for name in ("aussagen", "stimmen", "schritte", "mitzeichnungen", "beitraege"):
        assert [row["concern"] for row in rows(name)] == ["offen"]


def test_official_votes_are_there_with_who_cast_them_personal_ones_are_not(rows: Rows) -> None:
    vote = VoteFactory(stand=Stand.DISAGREE, level="mayor")
    persons(vote.statement.concern, {Stand.AGREE: 7})
    region = vote.participant.region
    assert rows("stimmen") == [
        {
            "concern": vote.statement.concern.slug,
            "statement": vote.statement.pk,
            "region": region.pk,
            "ars": region.ars,
            "stand": -1,
            "level": "mayor",
            "answered_by": None,
            "cast_at": vote.cast_at,
        }
    ]
    tallies = [(row["agree"], row["passed"], row["disagree"]) for row in rows("aussagen")]
    assert tallies == [(0, 0, 1), (0, 0, 0)]


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({Stand.AGREE: 6, Stand.DISAGREE: 7}, (6, 0, 7, 13)),
        ({Stand.AGREE: 6, Stand.DISAGREE: 7, Stand.PASS: 2}, (None, None, 7, 15)),
        ({Stand.AGREE: 3, Stand.DISAGREE: 2}, (None, None, None, None)),
    ],
)
def test_personal_results_have_no_small_cells(
    rows: Rows, counts: dict[Stand, int], shown: tuple[int | None, ...]
) -> None:
    concern = ConcernFactory(state=ConcernState.POSITION, takes_personal_voices=True)
    persons(concern, counts)
    compute_now(concern=concern, voices=Voices.PERSONAL)
    (row,) = rows("ergebnisse")
    assert (row["agree"], row["passed"], row["disagree"], row["votes"]) == shown
    assert (row["agree_share"] is None) == (None in shown)
    assert (row["division"] is None) == (None in shown)


def test_personal_results_wait_for_the_end_of_voting(rows: Rows) -> None:
    concern = ConcernFactory(takes_personal_voices=True)
    persons(concern, {Stand.AGREE: 6, Stand.DISAGREE: 7})
    compute_now(concern=concern, voices=Voices.PERSONAL)
    assert rows("ergebnisse") == []
    Concern.objects.update(state=ConcernState.POSITION)
    concern.refresh_from_db()
    compute_now(concern=concern, voices=Voices.PERSONAL)
    assert len(rows("ergebnisse")) == 1


def test_downloads_of_a_personal_result_have_no_small_cells(client: Client) -> None:
    concern = ConcernFactory(state=ConcernState.POSITION, takes_personal_voices=True)
    persons(concern, {Stand.AGREE: 6, Stand.DISAGREE: 7, Stand.PASS: 2})
    compute_now(concern=concern, voices=Voices.PERSONAL)
    address = f"/forum/{concern.slug}/ergebnis/ergebnis"
    (statement,) = client.get(f"{address}.json?stimmen=persoenlich").json()["statements"]
    assert statement["counts"] == {"agree": None, "passed": None, "disagree": 7}
    hidden = ("municipalities", "inhabitants", "consensus", "division")
    assert [statement[part] for part in hidden] == [None] * 4
    assert (statement["groups"], statement["differences"]) == ([], [])
    table = b"".join(client.get(f"{address}.csv?stimmen=persoenlich")).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table), delimiter=";"))[1][2:] == ["15", "", "7", ""]


def test_an_answer_that_is_not_published_gives_nothing_away(rows: Rows) -> None:
    answered()
    names = ("antworten", "abschnittsantworten", "zusagen")
    assert [len(rows(name)) for name in names] == [1, 1, 1]
    Answer.objects.update(published_at=None)
    assert [rows(name) for name in names] == [[], [], []]


def test_when_and_why_an_answer_may_come_later(rows: Rows) -> None:
    extension = ExtensionFactory()
    ExtensionFactory(
        concern__is_confidential=True, concern__deadline=timezone.now() + timedelta(days=1)
    )
    ministry = extension.concern.ministry
    assert rows("fristverlaengerungen") == [
        {
            "number": extension.pk,
            "concern": extension.concern.slug,
            "before": extension.before,
            "after": extension.after,
            "reason": "Die Länder müssen zustimmen.",
            "at": extension.at,
            "ministry": ministry.slug,
            "office": f"Referat · {ministry.name}",
        }
    ]


def test_how_a_ministry_keeps_its_word(rows: Rows) -> None:
    answered()
    (row,) = rows("ministerien")
    assert row == {
        "ministry": row["ministry"],
        "is_example": False,
        "name": "Ministerium",
        "concerns": 1,
        "waiting": 0,
        "overdue": 0,
        "answered": 1,
        "in_time": 1,
        "in_extended_time": 0,
        "median_days": 8,
        "commitments": 1,
        "kept": 0,
        "partly": 0,
        "not_kept": 0,
        "commitments_overdue": 1,
    }


def test_contributions_of_people_and_those_taken_down_stay_out(rows: Rows) -> None:
    concern = ConcernFactory()
    said = say(concern, "Ja.")
    Contribution.objects.create(concern=concern, author=UserFactory(), text="Ich.")
    say(concern, "Pfui.", removed_at=timezone.now(), removal_reason="Beleidigung")
    assert [row["number"] for row in rows("beitraege")] == [said.pk]


def test_in_the_dump_everything_that_is_referred_to_is_there_and_nobody_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    author = UserFactory(name="Xaver Unverwechselbar", email="xaver@unverwechselbar.example")
    concern = answered()
    Concern.objects.update(author=author, official=author)
    merged = ConcernFactory(merged_into=ConcernFactory(state=ConcernState.DRAFT), owner=None)
    Contribution.objects.create(concern=concern, author=author, text="Ich.")
    VoteFactory(statement__concern=merged)
    dump = dumps.make_dump()
    with sqlite3.connect(dump.path_of(dump.sqlite)) as file:
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
    assert b"nverwechselbar" not in dump.path_of(dump.sqlite).read_bytes()


def test_as_many_queries_whatever_there_is(
    rows: Rows, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> dict[str, int]:
        found = {}
        for name in offers.datasets():
            with CaptureQueriesContext(
                connection,
            ) as asked:
                rows(name)
            found[name] = len(asked)
        return found

    def one() -> None:
        concern = answered()
        VoteFactory(statement__concern=concern)
        compute_now(concern=concern, voices=Voices.OFFICIAL)
        say(concern, ".")

    one()
    with_one = cost()
    for _ in range(2):
        one()
    assert cost() == with_one
    assert set(with_one.values()) <= {1, 3, 6}


@pytest.mark.parametrize(
    "address",
    [
        "/forum/anliegen",
        "/verzeichnis/kommunen",
        "/verzeichnis/aenderungen",
        "/verzeichnis/bund",
        "/verzeichnis/organisationen",
    ],
)
def test_a_public_list_is_the_same_as_csv_and_json(client: Client, address: str) -> None:
    concern = ConcernFactory(question="Größe?")
    OrganisationFactory(region=concern.owner)
    from allmende.registry.models import Level
    from tests.factories import MunicipalityFactory

    MunicipalityFactory(level=Level.BUND, ars="", ags="", name="Deutschland")
    table = b"".join(client.get(f"{address}.csv")).decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(table), delimiter=";")
    records = json.loads(b"".join(client.get(f"{address}.json")))["records"]
    assert [list(record) for record in records] == [header for _ in lines]
    assert len(records) == len(lines)
