"""Sittings by programs alone: planned, invited to, written down, closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.models import AgendaItem, Attendance, Series, Sitting, SittingState
from allmende.registry.models import Organisation
from tests.api_client import Program
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    SeriesFactory,
    SittingFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Organisation:
    association: Organisation = OrganisationFactory(
        region=None, kind="spitzenverband", name="Städtebund", slug="staedtebund"
    )
    return association


@pytest.fixture
def hanna(host: Organisation) -> User:
    """She releases for the host."""
    return second_factor(MandateFactory(organisation=host, may_release=True).user)


@pytest.fixture
def series(host: Organisation, alice: User) -> Series:
    """Alice's municipality is a member."""
    made: Series = SeriesFactory(host=host, slug="plenum")
    made.members.add(alice.mandates.get().organisation)
    return made


def test_a_sitting_is_planned_and_begins(series: Series, hanna: User, alice: User) -> None:
    hosting, member, everybody = Program(hanna), Program(second_factor(alice)), Program()
    assert [row["slug"] for row in everybody.get("/series")["items"]] == ["plenum"]
    plan = {
        "title": "Erste Sitzung",
        "day": timezone.localdate() + timedelta(days=30),
        "begins": "10:00",
        "ends": "12:00",
    }
    member.post("/series/plenum/sittings", plan, status=404)
    hosting.post("/series/plenum/sittings", plan | {"ends": "09:00"}, status=422)
    planned = hosting.post("/series/plenum/sittings", plan, status=201)
    path = f"/sittings/{planned['id']}"
    everybody.send("GET", path, status=404)
    hosting.send("PATCH", path, {"place": "Rathaus"}, status=428)
    change = {"place": "Rathaus", "edition": planned["edition"]}
    moved = hosting.send("PATCH", path, change)
    assert (moved["place"], moved["title"]) == ("Rathaus", "Erste Sitzung")
    hosting.send("PATCH", path, change | {"place": "Saal"}, status=409)
    assert hosting.post(f"{path}/invite")["members"] == 1
    hosting.post(f"{path}/invite", status=409)
    assert everybody.get(path)["place"] == "Rathaus"
    hosting.post(f"{path}/begin", status=409)
    Sitting.objects.update(starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=2))
    assert hosting.post(f"{path}/begin")["state"] == "running"


def test_members_propose_and_the_host_orders_the_agenda(
    series: Series, hanna: User, alice: User, charlie: User
) -> None:
    hosting, member = Program(hanna), Program(alice)
    path = f"/sittings/{SittingFactory(series=series).pk}"
    hosting.post(f"{path}/agenda", {}, status=422)
    hosting.post(f"{path}/agenda", {"title": "Begrüßung"}, status=201)
    concern = ConcernFactory()
    wish = {"concern": concern.slug, "why": "Die Frist läuft."}
    Program(charlie).post(f"{path}/proposals", wish, status=404)
    member.post(f"{path}/proposals", wish | {"concern": "gibt-es-nicht"}, status=422)
    proposed = member.post(f"{path}/proposals", wish, status=201)
    assert proposed["proposer"]["slug"] == alice.mandates.get().organisation.slug
    [waiting] = hosting.get(f"{path}/proposals")["items"]
    decide = f"/agenda-items/{waiting['id']}/decision"
    hosting.post(decide, {"accept": False}, status=422)
    hosting.post(decide, {"accept": True})
    hosting.post(decide, {"accept": True}, status=409)
    move = {"up": True, "place": 2}
    agenda = hosting.post(f"/agenda-items/{waiting['id']}/move", move)
    hosting.post(f"/agenda-items/{waiting['id']}/move", move, status=409)
    assert [row["title"] for row in agenda] == [concern.question, "Begrüßung"]
    left = hosting.send("DELETE", f"/agenda-items/{waiting['id']}")
    assert [row["title"] for row in left] == ["Begrüßung"]


@pytest.fixture
def running(series: Series) -> Sitting:
    """It has begun, with one point; the member is invited."""
    sitting: Sitting = SittingFactory(series=series, state=SittingState.RUNNING)
    AgendaItem.objects.create(sitting=sitting, place=1, title="Drohungen")
    for member in series.members.all():
        Attendance.objects.create(sitting=sitting, organisation=member)
    return sitting


def test_minutes_are_written_closed_and_added_to(
    running: Sitting, hanna: User, alice: User
) -> None:
    hosting, member, everybody = Program(hanna), Program(alice), Program()
    path = f"/sittings/{running.pk}"
    everybody.send("GET", f"{path}/minutes", status=404)
    [point] = member.get(f"{path}/minutes")["items"]
    said = {"minutes": "Drei Fälle.", "decision": "Der Verband sammelt.", "edition": 0}
    item = f"/agenda-items/{point['id']}"
    member.send("PUT", f"{item}/minutes", said, status=404)
    written = hosting.send("PUT", f"{item}/minutes", said)
    assert (written["decision"], written["edition"]) == ("Der Verband sammelt.", 1)
    hosting.send("PUT", f"{item}/minutes", said, status=409)
    hosting.send("DELETE", item, status=409)
    hosting.post(f"{path}/close-minutes", status=409)
    hosting.send("PUT", f"{path}/attendance", {"present": ["gibt-es-nicht"]}, status=422)
    own = alice.mandates.get().organisation.slug
    there = hosting.send("PUT", f"{path}/attendance", {"present": [own]})
    assert there["present"] == ["Lindenfurt"]
    assert hosting.post(f"{path}/close-minutes")["state"] == "held"
    shown = everybody.get(f"{path}/minutes")
    assert [row["minutes"] for row in shown["items"]] == ["Drei Fälle."]
    added = hosting.post(f"{path}/addenda", {"text": "Es waren vier."}, status=201)
    assert [row["text"] for row in added["addenda"]] == ["Es waren vier."]


def test_a_decision_becomes_a_commitment(running: Sitting, hanna: User, charlie: User) -> None:
    promise = {
        "organisation": "staedtebund",
        "what": "Eine Liste der Fälle",
        "who": "Geschäftsstelle",
        "due_on": timezone.localdate() + timedelta(days=60),
        "sign": "Sie steht im Netz.",
    }
    path = f"/agenda-items/{running.agenda.get().pk}/commitments"
    absent = promise | {"organisation": charlie.mandates.get().organisation.slug}
    Program(hanna).post(path, absent, status=422)
    made = Program(hanna).post(path, promise, status=201)
    Program().send("GET", f"/commitments/{made['id']}", status=404)
    Sitting.objects.update(state=SittingState.HELD, minutes_at=timezone.now())
    assert Program().get(f"/commitments/{made['id']}")["organisation"] == "staedtebund"


def test_somebody_comes_with_or_without_an_account_or_nobody(
    series: Series, hanna: User, alice: User, charlie: User
) -> None:
    sitting = SittingFactory(series=series)
    invitation = Attendance.objects.create(
        sitting=sitting, organisation=alice.mandates.get().organisation
    )
    answer = f"/invitations/{invitation.pk}"
    member = Program(alice)
    Program(charlie).send("PUT", answer, {"comes": True}, status=404)
    assert [row["id"] for row in member.get(f"/sittings/{sitting.pk}/invitations")] == [
        invitation.pk
    ]
    assert member.send("PUT", answer, {"comes": True})["presence"] == "coming"
    invitation.refresh_from_db()
    assert (invitation.person, invitation.who) == (alice, "")
    member.send("PUT", answer, {"comes": True, "who": "Erika Eich, Hauptamt"})
    invitation.refresh_from_db()
    assert (invitation.person, invitation.who) == (None, "Erika Eich, Hauptamt")
    assert member.send("PUT", answer, {"comes": False})["presence"] == "not_coming"
    assert Program(hanna).get(f"/sittings/{sitting.pk}/invitations") == []


def test_a_sitting_is_called_off(series: Series, hanna: User, alice: User) -> None:
    sitting = SittingFactory(series=series)
    path = f"/sittings/{sitting.pk}/cancel"
    Program(second_factor(alice)).post(path, {"reason": "Sturm."}, status=404)
    assert Program(hanna).post(path, {"reason": "Sturm."})["state"] == SittingState.CANCELLED
    Program(hanna).post(path, {"reason": "Sturm."}, status=404)
