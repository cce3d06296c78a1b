"""Two clicks, two people, two tabs at the same moment: still one vote, one participant, one count."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from allmende.accounts.models import User
from allmende.algorithms.opinion.analysis import input_hash
from allmende.forum import services
from allmende.forum.models import (
    Ballot,
    Concern,
    Draft,
    DraftState,
    Exposure,
    Participant,
    Presentation,
    Result,
    Stand,
    StatementState,
    Voices,
    Vote,
)
from allmende.forum.queries import Voice
from allmende.forum.results.queries import read_votes
from allmende.registry.models import Mandate
from tests.factories import MandateFactory, StatementFactory, second_factor
from tests.forum.conversations import put_before

pytestmark = pytest.mark.django_db(transaction=True)

T = TypeVar("T")
AT_ONCE = 4


def all_at_once(deed: Callable[[int], T]) -> list[T]:
    """Run ``deed(0) … deed(AT_ONCE - 1)`` in threads that start together."""
    start = Barrier(AT_ONCE)

    def run(number: int) -> T:
        try:
            start.wait()
            return deed(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


@pytest.fixture
def lindenfurt(concern: Concern, alice: User) -> Participant:
    return services.join_concern(concern=concern, voice=Voice(alice, concern.owner))


def test_a_municipality_joins_once(concern: Concern, alice: User) -> None:
    voice = Voice(alice, concern.owner)
    joined = all_at_once(lambda _: services.join_concern(concern=concern, voice=voice))
    assert {participant.pk for participant in joined} == {Participant.objects.get().pk}


def test_votes_at_the_same_moment_leave_one_vote_and_all_ballots(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    statement = StatementFactory(concern=concern)
    stands = [Stand.AGREE, Stand.DISAGREE, Stand.PASS, Stand.AGREE]
    all_at_once(
        lambda i: services.cast_vote(
            actor=alice,
            participant=lindenfurt,
            mandate=alice.mandates.get(),
            statement=statement,
            stand=stands[i],
        )
    )
    assert sorted(ballot.stand for ballot in Ballot.objects.all()) == sorted(stands)
    assert Vote.objects.get().stand in stands


def test_two_tabs_are_shown_one_statement(concern: Concern, lindenfurt: Participant) -> None:
    StatementFactory.create_batch(5, concern=concern)
    shown = all_at_once(lambda _: put_before(lindenfurt))
    assert len(set(shown)) == 1
    assert (Presentation.objects.count(), Exposure.objects.get().shown) == (1, 1)


def test_a_vote_is_in_the_result_or_asks_for_the_next(concern: Concern) -> None:
    """Three vote while a worker takes up the request: no vote gets lost between it and the next."""
    statement = StatementFactory(concern=concern)
    mandates = [MandateFactory() for _ in range(AT_ONCE)]

    def vote(mandate: Mandate) -> None:
        voice = Voice(mandate.user, mandate.region, mandate)
        services.vote_and_go_on(
            concern=concern, voice=voice, statement=statement.pk, stand=Stand.AGREE
        )

    def vote_or_compute(number: int) -> None:
        if number:
            vote(mandates[number])
        else:
            services.compute_result(concern_id=concern.pk, voices=Voices.OFFICIAL)

    vote(mandates[0])  # which asks for a result
    all_at_once(vote_or_compute)
    result = Result.objects.get()
    read = read_votes(result)
    assert len(read.votes.values) == AT_ONCE
    assert result.requested_at or result.input_hash == input_hash(read.votes, read.strata)


def test_of_several_moderators_one_decides(concern: Concern, alice: User) -> None:
    statement = StatementFactory(concern=concern, state=StatementState.PENDING)

    def decide(number: int) -> bool:
        state = StatementState.ACCEPTED if number % 2 else StatementState.REJECTED
        try:
            services.decide_statement(actor=alice, statement=statement, state=state, reason="x")
        except services.Conflict:
            return False
        return True

    assert sorted(all_at_once(decide)) == [False, False, False, True]


def test_of_several_releases_and_a_withdrawal_one_counts(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    """Half of them release, half withdraw: whoever is first decides alone, about all drafts together."""
    clerk = alice.mandates.get()
    clerk.organisation.four_eyes = True
    clerk.organisation.save()
    head = MandateFactory(organisation=clerk.organisation, may_release=True)
    second_factor(head.user)
    clerk = alice.mandates.get()
    drafts = [
        services.cast_vote(
            actor=alice, participant=lindenfurt, statement=each, stand=Stand.AGREE, mandate=clerk
        )
        for each in StatementFactory.create_batch(2, concern=concern)
    ]

    def decide(number: int) -> str:
        try:
            if number == 0:
                services.withdraw_draft(actor=alice, draft=drafts[0], mandate=clerk)
                return "withdrawn"
            done = services.release_drafts(
                actor=head.user, concern=concern, drafts=drafts, mandate=head
            )
        except services.Conflict:
            return "too late"
        return f"released {done.done}"

    answers = sorted(all_at_once(decide))
    withdrawn = "withdrawn" in answers
    expected = ["released 1", "withdrawn"] if withdrawn else ["released 2", "too late"]
    assert answers == sorted([*expected, "too late", "too late"])
    released = Draft.objects.filter(state=DraftState.RELEASED).count()
    assert released == Vote.objects.count() == Ballot.objects.count() == 2 - withdrawn


def test_drafts_at_the_same_moment_leave_one_that_waits(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    clerk = alice.mandates.get()
    clerk.organisation.four_eyes = True
    clerk.organisation.save()
    statement = StatementFactory(concern=concern)
    all_at_once(
        lambda i: services.cast_vote(
            actor=alice,
            participant=lindenfurt,
            statement=statement,
            stand=Stand((-1, 0, 1, 1)[i]),
            mandate=clerk,
        )
    )
    states = list(Draft.objects.order_by("pk").values_list("state", flat=True))
    assert sorted(states) == ["waiting", "withdrawn", "withdrawn", "withdrawn"]
