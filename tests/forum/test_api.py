"""Concerns, statements, votes and results for programs: the same rules and services as the pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.forum.models import Concern, ConcernState, StatementState, Step, Voices, Vote
from allmende.forum.services import compute_now
from allmende.registry.models import Organisation
from tests.api_client import Program
from tests.factories import (
    ConcernFactory,
    ExtensionFactory,
    MandateFactory,
    MunicipalityFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db


def slugs(program: Program, asked: str = "") -> list[str]:
    return [row["slug"] for row in program.get(f"/concerns{asked}")["items"]]


def test_everybody_reads_what_is_public(alice: User, concern: Concern) -> None:
    draft = ConcernFactory(owner=concern.owner, state=ConcernState.DRAFT)
    secret = ConcernFactory(is_confidential=True)
    assert slugs(Program()) == [concern.slug]
    assert slugs(Program(alice)) == [secret.slug, draft.slug, concern.slug]
    Program().send("GET", f"/concerns/{draft.slug}", status=404)
    assert Program(alice, "lesen").get(f"/concerns/{draft.slug}")["state"] == "draft"


def test_a_later_date_is_told_with_its_reason(concern: Concern) -> None:
    extension = ExtensionFactory()
    ministry = extension.concern.ministry
    told = Program().get(f"/concerns/{extension.concern.slug}")
    assert told["extension"].pop("ministry")["slug"] == ministry.slug

    def moment(at: datetime) -> str:
        return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    assert told["extension"] == {
        "before": moment(extension.before),
        "after": told["answer_due"],
        "reason": extension.reason,
        "at": moment(extension.at),
        "office": extension.mandate.capacity,
    }
    assert Program().get(f"/concerns/{concern.slug}")["extension"] is None


def test_filters(concern: Concern) -> None:
    elsewhere = ConcernFactory(
        owner=MunicipalityFactory(ars="010010000001", ags="01001001"),
        topic="klima",
        state=ConcernState.POSITION,
    )
    Step.objects.create(concern=elsewhere, state="position", at=timezone.now() + timedelta(hours=1))
    program = Program()
    moment = (timezone.now() + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert slugs(program, "?ags=01") == [elsewhere.slug]
    assert slugs(program, "?ags=09") == [concern.slug]
    assert slugs(program, "?topic=klima") == [elsewhere.slug]
    assert slugs(program, "?state=open") == [concern.slug]
    assert slugs(program, f"?since={moment}") == [elsewhere.slug]
    assert slugs(program, f"?until={moment}") == [concern.slug]
    assert slugs(program, "?q=gibt+es+nicht") == []


def test_lists_cost_the_same_with_one_row_and_three(
    concern: Concern, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    program = Program()
    Step.objects.create(concern=concern, state="open")
    with django_assert_num_queries(3) as one:
        program.get("/concerns")
    for _ in range(2):
        Step.objects.create(concern=ConcernFactory(), state="open")
    with django_assert_num_queries(len(one)):
        program.get("/concerns")


@pytest.fixture
def voted(concern: Concern) -> Concern:
    """Three statements, each with votes of eight municipalities."""
    statements = StatementFactory.create_batch(3, concern=concern)
    for participant in ParticipantFactory.create_batch(8, concern=concern):
        for number, statement in enumerate(statements):
            VoteFactory(participant=participant, statement=statement, stand=1 - number % 3)
    return concern


def test_statements_have_the_tally_of_municipalities(voted: Concern) -> None:
    StatementFactory(concern=voted, state=StatementState.PENDING)
    items = Program().get(f"/concerns/{voted.slug}/statements")["items"]
    assert [item["tally"] for item in items] == [
        {"agree": 0, "disagree": 8, "passed": 0},
        {"agree": 0, "disagree": 0, "passed": 8},
        {"agree": 8, "disagree": 0, "passed": 0},
    ]


def test_votes_are_public_by_municipality_and_area(voted: Concern) -> None:
    first = Vote.objects.order_by("pk").first()
    assert first is not None
    region = first.participant.region
    assert region is not None
    program = Program()
    assert len(program.get(f"/concerns/{voted.slug}/votes")["items"]) == 24
    [vote] = program.get(
        f"/concerns/{voted.slug}/votes?ags={region.ags}&statement={first.statement_id}"
    )["items"]
    assert (vote["ars"], vote["stand"]) == (region.ars, "agree")


def test_what_is_confidential_stays_so(alice: User, voted: Concern) -> None:
    Concern.objects.update(is_confidential=True)
    program = Program(alice)
    program.send("GET", f"/concerns/{voted.slug}/votes", status=404)
    items = program.get(f"/concerns/{voted.slug}/statements")["items"]
    assert [item["tally"] for item in items] == [None, None, None]
    Program().send("GET", f"/concerns/{voted.slug}/statements", status=404)


def test_the_result_is_that_of_the_page(voted: Concern) -> None:
    program = Program()
    program.send("GET", f"/concerns/{voted.slug}/result", status=404)
    compute_now(concern=voted, voices=Voices.OFFICIAL)
    page = program.client.get(f"/forum/{voted.slug}/ergebnis/ergebnis.json").json()
    assert program.get(f"/concerns/{voted.slug}/result") == page


def drafted(program: Program, **changes: Any) -> Any:
    last_day = timezone.localdate() + timedelta(days=30)
    data = {
        "question": "Wie schützt der Bund Menschen im Amt?",
        "background": "Mehr als ein Drittel wurde bedroht.",
        "topic": "demokratie",
        "last_day": last_day,
    }
    return program.post("/concerns", data | changes, status=201)


def test_from_draft_to_votes(alice: User, charlie: User) -> None:
    owner, other = Program(alice), Program(charlie)
    made = drafted(owner)
    slug = made["slug"]
    assert made["state"] == "draft"
    changed = owner.send(
        "PATCH", f"/concerns/{slug}", {"question": "Was hilft?", "edition": made["edition"]}
    )
    assert (changed["question"], changed["background"]) == ("Was hilft?", made["background"])
    said = owner.post(f"/concerns/{slug}/statements", {"text": "Schulungen."}, status=201)
    assert owner.post(f"/concerns/{slug}/open")["state"] == "open"
    cast = other.post(f"/concerns/{slug}/votes", {"statement": said["id"], "stand": "agree"})
    assert cast["stand"] == "agree"
    waiting = other.post(f"/concerns/{slug}/statements", {"text": "Mehr Geld."}, status=201)
    assert waiting["state"] == "pending"
    [item] = owner.get(f"/concerns/{slug}/statements/waiting")["items"]
    assert item["id"] == waiting["id"]
    decided = owner.post(
        f"/concerns/{slug}/statements/{waiting['id']}/decision", {"state": "accepted"}
    )
    assert decided["state"] == "accepted"
    ended = owner.post(f"/concerns/{slug}/end-voting", {"reason": "Alle haben abgestimmt."})
    assert ended["state"] == "position"
    assert [step["state"] for step in ended["steps"]] == ["draft", "open", "position"]
    conflict = other.post(
        f"/concerns/{slug}/votes", {"statement": said["id"], "stand": "agree"}, status=404
    )
    assert conflict["status"] == 404


def test_somebody_else_was_quicker(alice: User) -> None:
    program = Program(alice)
    made = drafted(program)
    path = f"/concerns/{made['slug']}"
    program.get(path)
    tag = program.answer["ETag"]
    program.send("PATCH", path, {"question": "Neu?"}, If_Match=tag)
    program.send("PATCH", path, {"question": "Neuer?"}, If_Match=tag, status=412)
    late = program.send(
        "PATCH", path, {"question": "Neuer?", "edition": made["edition"]}, status=409
    )
    assert "Jemand anderes" in late["detail"]
    program.send("PATCH", path, {"question": "Neuer?"}, status=428)
    assert program.get(path)["question"] == "Neu?"


def test_a_form_says_what_is_wrong(alice: User) -> None:
    program = Program(alice)
    last_day = timezone.localdate() - timedelta(days=1)
    data = {"question": "?", "background": "x", "topic": "klima", "last_day": last_day}
    told = program.post("/concerns", data, status=422)
    assert told["errors"] == [
        {"field": "last_day", "detail": "Dieser Tag ist vorbei. Bitte wählen Sie einen späteren."}
    ]


def test_who_speaks_for_several_says_for_whom(alice: User, concern: Concern) -> None:
    second = MandateFactory(user=alice)
    statement = StatementFactory(concern=concern)
    program = Program(alice)
    data = {"statement": statement.pk, "stand": "pass"}
    told = program.post(f"/concerns/{concern.slug}/votes", data, status=422)
    assert second.region.ars in told["detail"]
    voice = second.region.ars
    cast = program.post(f"/concerns/{concern.slug}/votes", data | {"voice": voice})
    assert cast["voice"] == voice
    program.post(f"/concerns/{concern.slug}/votes", data | {"voice": "999"}, status=422)


def test_with_four_eyes_it_waits_for_its_release(alice: User, concern: Concern) -> None:
    Organisation.objects.update(four_eyes=True)
    statement = StatementFactory(concern=concern)
    program = Program(alice)
    data = {"statement": statement.pk, "stand": "agree"}
    waits = program.post(f"/concerns/{concern.slug}/votes", data, status=202)
    assert waits["waits_for"] == "Lindenfurt"
    assert not Vote.objects.exists()


def test_who_may_release_does_not_without_the_scope(concern: Concern) -> None:
    boss = second_factor(MandateFactory(region=concern.owner, may_release=True).user)
    Organisation.objects.update(four_eyes=True)
    statement = StatementFactory(concern=concern)
    data = {"statement": statement.pk, "stand": "agree"}
    Program(boss, "abstimmen").post(f"/concerns/{concern.slug}/votes", data, status=202)
    Program(boss, "abstimmen", "freigeben").post(f"/concerns/{concern.slug}/votes", data)


def test_a_stranger_changes_nothing(dora: User, concern: Concern) -> None:
    statement = StatementFactory(concern=concern)
    data = {"statement": statement.pk, "stand": "agree"}
    Program(dora).post(f"/concerns/{concern.slug}/votes", data, status=404)
    Program(dora).post(f"/concerns/{concern.slug}/end-voting", {"reason": "x"}, status=404)


def test_a_statement_is_told_with_the_size_of_its_municipality_not_its_name(
    concern: Concern, alice: User, charlie: User
) -> None:
    path = f"/concerns/{concern.slug}/statements"
    said = Program(charlie).post(path, {"text": "Anzeigen sollen einfacher werden."}, status=201)
    assert (said["author"], said["size_class"]) == ("Kranichsee", 7)
    [waiting] = Program(alice).get(f"{path}/waiting")["items"]
    assert (waiting["author"], waiting["size_class"]) == ("Kranichsee", 7)
    decision = {"state": "accepted", "seen_state": "pending"}
    Program(alice).post(f"{path}/{said['id']}/decision", decision)
    for program in (Program(), Program(charlie), Program(alice)):
        [row] = program.get(path)["items"]
        assert (row["author"], row["size_class"]) == (None, 7)
