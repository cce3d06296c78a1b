"""By programs: releasing drafts, answering for members, changing what one said in a discussion."""

import pytest

from allmende.accounts.models import Scope, User
from allmende.forum.models import Concern, Contribution, DraftState, Statement, Vote
from allmende.registry.models import Organisation
from tests.api_client import Program
from tests.factories import (
    AgentFactory,
    ConcernFactory,
    MandateFactory,
    ProxyFactory,
    StatementFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(alice: User) -> Program:
    """She drafts for a municipality that wants four eyes."""
    organisation = alice.mandates.get().organisation
    organisation.four_eyes = True
    organisation.save()
    return Program(alice)


@pytest.fixture
def head(alice: User) -> User:
    """He releases there."""
    mandate = MandateFactory(region=alice.mandates.get().region, may_release=True)
    return second_factor(mandate.user)


@pytest.fixture
def statements(concern: Concern) -> list[Statement]:
    made: list[Statement] = StatementFactory.create_batch(3, concern=concern)
    return made


def test_a_program_drafts_and_another_releases(
    concern: Concern, statements: list[Statement], clerk: Program, head: User
) -> None:
    path = f"/concerns/{concern.slug}"
    drafts = [
        clerk.post(f"{path}/votes", {"statement": each.pk, "stand": "agree"}, status=202)["draft"]
        for each in statements
    ]
    clerk.send("GET", f"{path}/drafts", status=404)
    releasing = Program(head)
    rows = releasing.get(f"{path}/drafts")["items"]
    assert [(row["id"], row["kind"], row["stand"]) for row in reversed(rows)] == [
        (number, "vote", "agree") for number in drafts
    ]
    returned = releasing.post(
        f"{path}/drafts/return", {"drafts": drafts[:1], "reason": "Bitte erst fragen."}
    )
    assert returned == {"done": 1, "left": []}
    clerk.send("DELETE", f"{path}/drafts/{drafts[1]}", status=204)
    released = releasing.post(f"{path}/drafts/release", {"drafts": drafts})
    assert (released["done"], [row["drafts"] for row in released["left"]]) == (1, [2])
    assert [vote.statement for vote in Vote.objects.all()] == [statements[2]]
    assert list(concern.drafts.order_by("pk").values_list("state", flat=True)) == [
        DraftState.RETURNED,
        DraftState.WITHDRAWN,
        DraftState.RELEASED,
    ]
    releasing.post(f"{path}/drafts/release", {"drafts": drafts}, status=409)


def test_drafts_of_others_are_not_released(
    concern: Concern, statements: list[Statement], clerk: Program, head: User, charlie: User
) -> None:
    path = f"/concerns/{concern.slug}"
    vote = {"statement": statements[0].pk, "stand": "pass"}
    draft = clerk.post(f"{path}/votes", vote, status=202)["draft"]
    Program(head, Scope.READ, Scope.VOTE).post(
        f"{path}/drafts/release", {"drafts": [draft]}, status=403
    )
    mayor = MandateFactory(region=charlie.mandates.get().region, may_release=True).user
    stranger = Program(second_factor(mayor))
    stranger.post(f"{path}/drafts/release", {"drafts": [draft]}, status=422)
    Program(charlie).send("DELETE", f"{path}/drafts/{draft}", status=404)
    assert concern.drafts.get().state == DraftState.WAITING


@pytest.fixture
def kreis(concern: Concern) -> Organisation:
    """Two municipalities let it answer."""
    agent: Organisation = AgentFactory()
    for _ in range(2):
        ProxyFactory(member=MandateFactory().organisation, agent=agent, topic=concern.topic)
    return agent


def test_a_program_answers_for_members(
    concern: Concern, statements: list[Statement], kreis: Organisation
) -> None:
    path = f"/concerns/{concern.slug}"
    program = Program(MandateFactory(organisation=kreis).user)
    ars = [row["ars"] for row in program.get(f"{path}/members")["items"]]
    agree = {"statement": statements[0].pk, "stand": "agree"}
    stored = program.post(f"{path}/member-votes", agree)
    assert stored == {"stored": 2, "own": 0, "others": 0}
    one = agree | {"stand": "pass", "voice": f"{kreis.slug}.{ars[0]}"}
    assert program.post(f"{path}/member-votes", one)["stored"] == 1
    rows = program.get(f"{path}/members")["items"]
    assert [(row["own_votes"], row["votes_by_agent"]) for row in rows] == [(0, 1), (0, 1)]

    member = Program(kreis.proxies_held.earliest("pk").member.mandates.get().user)
    assert member.post(f"{path}/member-votes/take-over", {}) == {"answers": 1}
    assert member.post(f"{path}/member-votes/withdraw", {}) == {"answers": 0}
    program.post(f"{path}/member-votes/withdraw", {}, status=404)
    assert Vote.objects.filter(answered_by=kreis).count() == 1


def test_without_power_nobody_answers_for_others(
    concern: Concern, statements: list[Statement], charlie: User
) -> None:
    path = f"/concerns/{concern.slug}"
    agree = {"statement": statements[0].pk, "stand": "agree"}
    Program(charlie).post(f"{path}/member-votes", agree, status=404)
    agent = Program(MandateFactory(organisation=AgentFactory()).user)
    agent.post(f"{path}/member-votes", agree, status=409)
    elsewhere = StatementFactory(concern=ConcernFactory())
    agent.post(f"{path}/member-votes", agree | {"statement": elsewhere.pk}, status=422)
    assert not Vote.objects.exists()


def test_what_was_said_is_changed_and_taken_back(
    concern: Concern, alice: User, charlie: User
) -> None:
    path = f"/concerns/{concern.slug}/contributions"
    program = Program(alice)
    said = program.post(path, {"text": "Bei uns hilft das."}, status=201)
    own = f"{path}/{said['id']}"
    changed = program.send("PATCH", own, {"text": "Kaum.", "edition": said["edition"]})
    assert (changed["text"], changed["edition"] != said["edition"]) == ("Kaum.", True)
    late = {"text": "Nein.", "edition": said["edition"]}
    program.send("PATCH", own, late, status=409)
    program.send("PATCH", own, {"text": "Nein."}, status=428)
    Program(charlie).send("PATCH", own, late, status=404)
    Program(charlie).send("DELETE", own, status=404)
    program.send("DELETE", own, status=204)
    assert not Contribution.objects.exists()
