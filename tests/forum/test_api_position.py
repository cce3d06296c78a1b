"""By programs: the draft of a position, words on it, who is responsible, and two concerns become one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.models import Concern, ConcernState, Responsibility, Terms, Word
from tests.api_client import Program
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    MinistryFactory,
    SealedPositionFactory,
    SealedSectionFactory,
    SentConcernFactory,
    StatementFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(alice: User) -> Program:
    """Her municipality's concern is being written into a position."""
    ended = timezone.now() - timedelta(days=1)
    ConcernFactory(
        slug="schutz",
        owner=alice.mandates.get().region,
        state=ConcernState.POSITION,
        deadline=ended,
    )
    return Program(alice)


def titles(program: Program) -> list[str]:
    draft = program.get("/concerns/schutz/position-draft")
    return [section["title"] for section in draft["sections"]]


def test_sections_are_moved_taken_out_put_back_and_restored(writing: Program) -> None:
    path = "/concerns/schutz/sections"
    first, second = (
        writing.post(path, {"title": title, "text": "Mehr davon."}, status=201)
        for title in ("Schulungen", "Polizei")
    )
    move = {"up": True, "place": second["place"]}
    moved = writing.post(f"{path}/{second['id']}/move", move)
    assert [row["title"] for row in moved["sections"]] == ["Polizei", "Schulungen"]
    writing.post(f"{path}/{second['id']}/move", move, status=409)

    writing.send("DELETE", f"{path}/{first['id']}", status=204)
    assert titles(writing) == ["Polizei"]
    assert writing.post(f"{path}/{first['id']}/put-back")["place"] == 2
    writing.post(f"{path}/{first['id']}/put-back", status=409)
    assert titles(writing) == ["Polizei", "Schulungen"]

    change = {"title": "Kurse", "text": "Mehr davon.", "note": "Kürzer", "edition": 1}
    writing.send("PATCH", f"{path}/{first['id']}", change)
    said = writing.get(f"{path}/{first['id']}/versions")["items"]
    assert [(row["number"], row["title"]) for row in said] == [(2, "Kurse"), (1, "Schulungen")]
    assert writing.post(f"{path}/{first['id']}/restore", {"version": 1})["edition"] == 3
    writing.post(f"{path}/{first['id']}/restore", {"version": 1}, status=409)
    writing.post(f"{path}/{first['id']}/restore", {"version": 9}, status=422)
    assert titles(writing) == ["Polizei", "Schulungen"]


def test_only_who_writes_changes_the_draft(writing: Program, charlie: User) -> None:
    section = writing.post(
        "/concerns/schutz/sections", {"title": "Geld", "text": "Mehr."}, status=201
    )
    path = f"/concerns/schutz/sections/{section['id']}"
    other = Program(charlie)
    other.post(f"{path}/move", {"up": True, "place": 1}, status=404)
    other.post(f"{path}/restore", {"version": 1}, status=404)
    other.post(f"{path}/put-back", status=404)
    assert len(other.get(f"{path}/versions")["items"]) == 1


def test_rapporteurs_are_chosen_and_dismissed(writing: Program, charlie: User) -> None:
    slug = charlie.mandates.get().organisation.slug
    rapporteurs = "/concerns/schutz/rapporteurs"
    other = Program(charlie)
    other.send("PUT", f"{rapporteurs}/{slug}", status=404)
    chosen = writing.send("PUT", f"{rapporteurs}/{slug}")
    assert [row["slug"] for row in chosen] == [slug]
    writing.send("PUT", f"{rapporteurs}/{slug}", status=409)
    other.post("/concerns/schutz/sections", {"title": "Geld", "text": "Mehr."}, status=201)
    assert writing.send("DELETE", f"{rapporteurs}/{slug}") == []
    writing.send("DELETE", f"{rapporteurs}/{slug}", status=409)
    assert Program().get(rapporteurs) == []


def test_a_word_is_taken_back(charlie: User) -> None:
    position = SealedPositionFactory()
    SealedSectionFactory(position=position, number=1)
    path = f"/concerns/{position.concern.slug}/positions/1/words"
    slug = charlie.mandates.get().organisation.slug
    program = Program(charlie)
    program.post(path, {"kind": "endorsement"}, status=201)
    program.post(path, {"kind": "dissent", "section": 1, "text": "Nein."}, status=201)
    program.send("DELETE", f"{path}/{slug}?section=2", status=422)
    program.send("DELETE", f"{path}/{slug}?section=1", status=204)
    program.send("DELETE", f"{path}/{slug}?section=1", status=409)
    program.send("DELETE", f"{path}/gibt-es-nicht", status=404)
    assert [row["kind"] for row in Program().get(path)["items"]] == ["endorsement"]
    program.send("DELETE", f"{path}/{slug}", status=204)
    assert Word.objects.filter(withdrawn_at=None).count() == 0


def test_the_ministry_is_chosen_and_hands_over(writing: Program) -> None:
    first, second = MinistryFactory(slug="bmi"), MinistryFactory(slug="bmf")
    path = "/concerns/schutz/ministry"
    reason = {"reason": "Es geht um Ehrenamt."}
    chosen = writing.send("PUT", path, {"ministry": "bmi", **reason})
    assert chosen["ministry"]["slug"] == first.slug
    writing.send("PUT", path, {"ministry": "bmi", **reason}, status=409)
    writing.send("PUT", path, {"ministry": "gibt-es-nicht", **reason}, status=422)

    Concern.objects.update(state=ConcernState.SENT, sent_at=timezone.now())
    writing.send("PUT", path, {"ministry": "bmf", **reason}, status=404)
    official = Program(MandateFactory(organisation=first, office="desk").user)
    assert official.send("PUT", path, {"ministry": "bmf", **reason})["ministry"]["slug"] == "bmf"
    assert Concern.objects.get().ministry == second


def test_somebody_in_the_ministry_takes_it_on() -> None:
    concern = SentConcernFactory()
    path = f"/concerns/{concern.slug}"
    ines, tim = (MandateFactory(organisation=concern.ministry, office="desk") for _ in "12")
    program = Program(ines.user)
    assert [row["is_in_charge"] for row in program.get(f"{path}/officials")] == [False, False]
    program.send("PUT", f"{path}/official", {})
    program.send("PUT", f"{path}/official", {"person": tim.user_id}, status=409)
    rows = program.send("PUT", f"{path}/official", {"person": tim.user_id, "seen": ines.user_id})
    assert [row["name"] for row in rows if row["is_in_charge"]] == [tim.user.name]
    outside = MandateFactory()
    program.send("PUT", f"{path}/official", {"person": outside.user_id}, status=422)
    Program(outside.user).send("GET", f"{path}/officials", status=404)


def test_two_concerns_become_one(alice: User, concern: Concern) -> None:
    other = ConcernFactory()
    StatementFactory(concern=concern, text="Nur hier.")
    program = Program(alice)
    path = f"/concerns/{concern.slug}/merge"
    reason = {"reason": "Beide fragen dasselbe."}
    program.post(path, {"into": concern.slug, **reason}, status=422)
    goes_on = program.post(path, {"into": other.slug, **reason})
    assert (goes_on["slug"], goes_on["statements"]) == (other.slug, 1)
    gone = program.get(f"/concerns/{concern.slug}")
    assert (gone["state"], gone["merged_into"]) == ("closed", other.slug)
    program.post(path, {"into": other.slug, **reason}, status=404)


def test_the_operator_keeps_the_terms(operator: User, alice: User) -> None:
    MinistryFactory(slug="bmi")
    program = Program(operator)
    terms = program.get("/terms")
    assert (terms["quorum_municipalities"], terms["responsible"]) == (50, {})
    wish = terms | {"quorum_municipalities": 60, "responsible": {"demokratie": "bmi"}}
    Program(alice).send("PUT", "/terms", wish, status=403)
    changed = program.send("PUT", "/terms", wish)
    assert changed["responsible"] == {"demokratie": "bmi"}
    program.send("PUT", "/terms", wish, status=409)
    unknown = changed | {"responsible": {"demokratie": "gibt-es-nicht"}}
    program.send("PUT", "/terms", unknown, status=422)
    assert Terms.objects.get().quorum_municipalities == 60
    assert Responsibility.objects.get().ministry.slug == "bmi"
