"""The whole way of a concern by programs alone: raised, co-signed, agreed on, answered, kept.

Only people and mandates are there before, the result is computed as a worker does it, and the calendar
is turned once, until the commitment is overdue.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.models import Commitment, Voices
from allmende.forum.queries import get_concern
from allmende.forum.services import compute_now
from allmende.registry.models import Office, Organisation
from tests.api_client import Program
from tests.factories import (
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    UserFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry(db: None) -> Organisation:
    return OrganisationFactory(region=None, kind="ministerium", slug="bmi", name="Ministerium")


@pytest.fixture
def official(ministry: Organisation) -> User:
    mandate = MandateFactory(organisation=ministry, office=Office.LEADERSHIP, may_release=True)
    return second_factor(mandate.user)


def mayor(land: str, number: int) -> User:
    """Speaks for a municipality of its own, without anybody else."""
    region = MunicipalityFactory(
        ars=f"{land}0010000{number:03d}", ags=f"{land}001{number:03d}", name=f"Ort {number}"
    )
    mandate = MandateFactory(region=region, office=Office.MAYOR, may_release=True)
    return second_factor(mandate.user)


def test_the_whole_way(ministry: Organisation, official: User) -> None:  # noqa: PLR0915  a long way
    operator = Program(second_factor(UserFactory(is_operator=True)))
    terms = operator.get("/terms")
    few = {"quorum_municipalities": 3, "quorum_laender": 2}
    operator.send("PUT", "/terms", terms | few)
    owner, *others = [Program(mayor(f"{n:02d}", n)) for n in range(1, 7)]
    answering = Program(official)
    everybody = Program()

    # Raised.
    last_day = timezone.localdate() + timedelta(days=30)
    slug = owner.post(
        "/concerns",
        {
            "question": "Wie schützt der Bund Menschen im Amt?",
            "background": "Mehr als ein Drittel wurde bedroht.",
            "topic": "demokratie",
            "last_day": last_day,
        },
        status=201,
    )["slug"]
    path = f"/concerns/{slug}"
    texts = ["Der Bund soll Schulungen bezahlen.", "Anzeigen sollen einfacher werden."]
    numbers = [owner.post(f"{path}/statements", {"text": text}, status=201)["id"] for text in texts]
    assert owner.post(f"{path}/open")["state"] == "open"

    # Voted on.
    for program in (owner, *others):
        for number in numbers:
            program.post(f"{path}/votes", {"statement": number, "stand": "agree"})
    assert everybody.get(f"{path}/statements")["items"][0]["tally"]["agree"] == 6
    ended = owner.post(f"{path}/end-voting", {"reason": "Alle haben abgestimmt."})
    assert ended["state"] == "position"
    compute_now(concern=get_concern(slug), voices=Voices.OFFICIAL)

    # Discussed.
    said = others[0].post(f"{path}/contributions", {"text": "Bei uns hilft das."}, status=201)
    others[1].post(
        f"{path}/contributions", {"text": "Bei uns auch.", "parent": said["id"]}, status=201
    )
    told = [row["parent"] for row in everybody.get(f"{path}/contributions")["items"]]
    assert told == [said["id"], None]

    # Co-signed to the quorum.
    for program in others[:3]:
        program.post(f"{path}/supports", {}, status=201)
    others[0].post(f"{path}/supports", {}, status=409)
    assert everybody.get(f"{path}/quorum")["is_reached"]
    assert len(everybody.get(f"{path}/supports")["items"]) == 3

    # A ministry, somebody who helps to write, and a position: it is sent.
    owner.send("PUT", f"{path}/ministry", {"ministry": "bmi", "reason": "Es geht um Ehrenamt."})
    organisation = others[4].get("/me")["mandates"][0]["organisation"]["slug"]
    owner.send("PUT", f"{path}/rapporteurs/{organisation}")
    draft = owner.post(f"{path}/position-draft", status=201)
    assert len(draft["sections"]) == 2
    first = draft["sections"][0]
    owner.send(
        "PATCH",
        f"{path}/sections/{first['id']}",
        {
            "title": "Schulungen",
            "text": "Der Bund bezahlt Schulungen.",
            "edition": first["edition"],
        },
    )
    owner.send(
        "PATCH",
        f"{path}/sections/{first['id']}",
        {"title": "Zu spät", "text": "Zu spät.", "edition": first["edition"]},
        status=409,
    )
    own = others[4].post(f"{path}/sections", {"title": "Geld", "text": "Mehr Geld."}, status=201)
    owner.post(f"{path}/positions", {"edition": draft["edition"]}, status=409)
    owner.send("DELETE", f"{path}/sections/{own['id']}", status=204)
    edition = owner.get(f"{path}/position-draft")["edition"]
    sealed = owner.post(f"{path}/positions", {"edition": edition}, status=201)
    assert sealed["number"] == 1
    shown = everybody.get(f"{path}/positions/1")
    assert (shown["hash"], len(shown["document"]["sections"])) == (sealed["hash"], 2)
    sent = everybody.get(path)
    assert (sent["state"], sent["ministry"]["slug"]) == ("sent", "bmi")
    assert sent["answer_due"] > sent["sent_at"]

    # Endorsed, and dissented from.
    words = f"{path}/positions/1/words"
    others[0].post(words, {"kind": "endorsement"}, status=201)
    others[1].post(words, {"kind": "dissent", "section": 2}, status=409)
    others[1].post(
        words, {"kind": "dissent", "section": 2, "text": "Das geht schon heute."}, status=201
    )
    kinds = [row["kind"] for row in everybody.get(words)["items"]]
    assert kinds == ["dissent", "endorsement"]

    # Answered by somebody who took it on, with a commitment.
    answering.send("PUT", f"{path}/official", {})
    assert [row["is_in_charge"] for row in answering.get(f"{path}/officials")] == [True]
    everybody.send("GET", f"{path}/answer", status=404)
    others[0].send("GET", f"{path}/answer-draft", status=404)
    sections = f"{path}/answer-draft/sections"
    answering.send("PUT", f"{sections}/1", {"disposition": "taken_up"})
    promise = {
        "what": "Ein Haushaltstitel für Schulungen",
        "who": "Referat H III 2",
        "due_on": timezone.localdate() + timedelta(days=60),
        "sign": "Der Titel steht im Haushalt.",
        "milestones": [{"title": "Entwurf", "due_on": timezone.localdate() + timedelta(days=20)}],
    }
    number = answering.post(f"{sections}/1/commitments", promise, status=201)["id"]
    answering.send("PUT", f"{sections}/2", {"disposition": "not_taken_up"}, status=422)
    draft = answering.send(
        "PUT", f"{sections}/2", {"disposition": "other_level", "reason": "Das machen die Länder."}
    )
    answering.post(f"{path}/answer", {"edition": draft["edition"]}, status=409)
    draft = answering.send(
        "PUT",
        f"{path}/answer-draft/summary",
        {"summary": "Der Bund bezahlt Schulungen.", "edition": draft["summary_edition"]},
    )
    answering.post(f"{path}/answer", {"edition": draft["edition"]}, status=201)
    answer = everybody.get(f"{path}/answer")
    assert [row["disposition"] for row in answer["sections"]] == ["taken_up", "other_level"]
    assert everybody.get(path)["state"] == "pursued"

    # Overdue, reported on, kept, judged.
    promised = f"/commitments/{number}"
    assert everybody.get(promised)["is_overdue"] is False
    Commitment.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert [row["id"] for row in everybody.get("/commitments?state=overdue")["items"]] == [number]
    answering.post(
        f"{promised}/reports",
        {"text": "Der Titel steht.", "link": "https://www.example.org/haushalt"},
        status=201,
    )
    step = everybody.get(promised)["milestones"][0]["id"]
    answering.send("PUT", f"{promised}/milestones/{step}", {"reached_on": timezone.localdate()})
    settled = answering.post(f"{promised}/outcome", {"outcome": "kept"})
    assert (settled["outcome"], settled["is_overdue"]) == ("kept", False)
    others[0].post(f"{promised}/verdicts", {"outcome": "partly", "text": "Zu wenig."}, status=201)
    [verdict] = everybody.get(f"{promised}/verdicts")["items"]
    assert verdict["outcome"] == "partly"

    [row] = everybody.get("/ministries")
    assert (row["sent"], row["answered"], row["share_kept"]) == (1, 1, 1.0)

    # The end.
    ended = owner.post(f"{path}/finish", {"reason": "Die Zusage ist eingehalten."})
    assert ended["state"] == "closed"
    assert [step["state"] for step in ended["steps"]] == [
        "draft",
        "open",
        "position",
        "sent",
        "answered",
        "pursued",
        "closed",
    ]
    assert Client().get(ended["url"]).status_code == 200
