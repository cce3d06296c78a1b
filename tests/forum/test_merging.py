"""Two concerns become one: no vote is lost, and nobody votes twice on the same words."""

from datetime import timedelta

import pytest
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.forum import queries, services
from allmende.forum.models import (
    Ballot,
    Concern,
    ConcernState,
    Contribution,
    Draft,
    DraftKind,
    DraftState,
    Participant,
    Presentation,
    Stand,
    Statement,
    StatementState,
    Support,
    Terms,
    Voices,
    Vote,
)
from allmende.forum.queries import Voice
from allmende.mail.models import Notice
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    MunicipalityFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
    VoteFactory,
)
from tests.forum.conversations import put_before

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Concern:
    """Asks the same and stays."""
    return ConcernFactory()


def merge(concern: Concern, into: Concern, actor: User) -> None:
    services.merge_concern(
        actor=actor,
        concern=concern,
        into=into,
        reason="Beide fragen nach dem Schutz im Amt.",
        since=ConcernState(concern.state),
        mandate=actor.mandates.first(),
    )
    concern.refresh_from_db()
    into.refresh_from_db()


def test_the_old_one_is_closed_and_says_where_it_went(
    concern: Concern, other: Concern, alice: User
) -> None:
    merge(concern, other, alice)
    assert (concern.state, concern.merged_into) == (ConcernState.CLOSED, other)
    assert concern.closed_at is not None
    assert concern.steps.get().reason == "Beide fragen nach dem Schutz im Amt."
    assert list(Entry.objects.order_by("number").values_list("deed", "object_key")) == [
        ("forum.merge_concern", str(concern.pk)),
        ("forum.take_in_concern", str(other.pk)),
    ]


def test_votes_ballots_and_why_they_were_shown_move_with_their_statements(
    concern: Concern, other: Concern, alice: User, charlie: User
) -> None:
    statement = StatementFactory(concern=concern)
    kranichsee = charlie.mandates.get()
    participant = services.join_concern(concern=concern, voice=Voice(charlie, kranichsee.region))
    put_before(participant)
    services.cast_vote(
        actor=charlie,
        participant=participant,
        statement=statement,
        stand=Stand.AGREE,
        mandate=kranichsee,
    )
    merge(concern, other, alice)
    statement.refresh_from_db()
    assert (statement.concern, statement.state) == (other, StatementState.ACCEPTED)
    [moved] = other.participants.all()
    assert (moved.region, Vote.objects.get().participant) == (kranichsee.region, moved)
    assert Ballot.objects.get().participant == Presentation.objects.get().participant == moved


def test_who_takes_part_in_both_is_one_participant(
    concern: Concern, other: Concern, alice: User
) -> None:
    region = MunicipalityFactory()
    here = ParticipantFactory(concern=concern, region=region)
    there = ParticipantFactory(concern=other, region=region)
    of_here = StatementFactory(concern=concern, author=here)
    VoteFactory(statement=of_here, participant=here)
    VoteFactory(statement=StatementFactory(concern=other), participant=there)
    merge(concern, other, alice)
    of_here.refresh_from_db()
    assert of_here.author == there
    assert {vote.participant for vote in Vote.objects.all()} == {there}
    assert list(other.participants.all()) == [there]
    assert list(here.votes.all()) == []


def test_persons_are_united_and_voters_without_a_name_are_not(
    concern: Concern, other: Concern, alice: User, dora: User
) -> None:
    Concern.objects.update(takes_personal_voices=True)
    fields = {"region": None, "voices": Voices.PERSONAL}
    hers = ParticipantFactory(concern=other, user=dora, **fields)
    left = ParticipantFactory(concern=other, imported_as="left-1", **fields)
    statement = StatementFactory(concern=concern)
    for who in ({"user": dora}, {"imported_as": "left-2"}):
        participant = ParticipantFactory(concern=concern, **fields, **who)
        VoteFactory(statement=statement, participant=participant)
    merge(concern, other, alice)
    assert other.participants.count() == 3
    voted = set(Vote.objects.values_list("participant", flat=True))
    assert hers.pk in voted
    assert left.pk not in voted


def test_the_same_words_become_a_duplicate_and_the_later_stand_counts(
    concern: Concern, other: Concern, alice: User
) -> None:
    now = timezone.now()
    text = "Der Bund soll Schulungen bezahlen."
    here = StatementFactory(concern=concern, text=f" {text.upper()}")
    there = StatementFactory(concern=other, text=text)
    both, later, only = MunicipalityFactory.create_batch(3)
    for region, stand, days in ((both, -1, 2), (later, -1, 0), (only, 0, 1)):
        VoteFactory(
            statement=here,
            participant=ParticipantFactory(concern=concern, region=region),
            stand=stand,
            cast_at=now - timedelta(days=days),
        )
    for region in (both, later):
        VoteFactory(
            statement=there,
            participant=ParticipantFactory(concern=other, region=region),
            stand=Stand.AGREE,
            cast_at=now - timedelta(days=1),
        )
    merge(concern, other, alice)
    here.refresh_from_db()
    assert (here.state, here.duplicate_of) == (StatementState.DUPLICATE, there)
    stands = {vote.participant.region: vote.stand for vote in there.votes.all()}
    assert stands == {both: Stand.AGREE, later: Stand.DISAGREE, only: Stand.PASS}
    assert Vote.objects.count() == 5
    assert Ballot.objects.get().stand == Stand.DISAGREE


def test_an_accepted_statement_stays_before_the_same_that_waits(
    concern: Concern, other: Concern, alice: User
) -> None:
    accepted = StatementFactory(concern=concern, text="Mehr Polizei.")
    waiting = StatementFactory(concern=other, text="Mehr Polizei.", state="pending")
    older = StatementFactory(
        concern=other, text="Mehr Schutz.", state="duplicate", duplicate_of=waiting
    )
    merge(concern, other, alice)
    for statement in (waiting, older):
        statement.refresh_from_db()
        assert (statement.state, statement.duplicate_of) == ("duplicate", accepted)


def test_supports_are_united_and_may_reach_the_quorum(
    concern: Concern, other: Concern, alice: User
) -> None:
    Terms.objects.create(pk=1, quorum_municipalities=3, quorum_laender=1)
    both, here, there = (MandateFactory() for _ in range(3))
    for each, mandate in ((concern, both), (other, both), (concern, here), (other, there)):
        services.sign_concern(actor=mandate.user, mandate=mandate, concern=each)
    merge(concern, other, alice)
    signed = {support.organisation for support in other.supports.current()}
    assert signed == {mandate.organisation for mandate in (both, here, there)}
    assert Support.objects.count() == 4
    assert other.quorum_at is not None


def test_drafts_and_contributions_go_along(
    concern: Concern, other: Concern, alice: User, charlie: User
) -> None:
    mandate = charlie.mandates.get()
    shared = {
        "organisation": mandate.organisation,
        "drafted_by": charlie,
        "mandate": mandate,
        "kind": DraftKind.VOTE,
        "stand": Stand.AGREE,
    }
    drafts = []
    for each in (concern, other):
        participant = ParticipantFactory(concern=each, region=mandate.region)
        for text in ("Mehr Geld.", f"Etwas anderes in {each.slug}."):
            statement = StatementFactory(concern=each, text=text)
            drafts.append(
                Draft.objects.create(
                    concern=each, participant=participant, statement=statement, **shared
                )
            )
    contribution = Contribution.objects.create(concern=concern, text="Dazu gibt es Zahlen.")
    merge(concern, other, alice)
    states = [Draft.objects.get(pk=draft.pk).state for draft in drafts]
    waiting = DraftState.WAITING
    assert states == [DraftState.WITHDRAWN, waiting, waiting, waiting]
    assert set(Draft.objects.values_list("concern", "participant__concern")) == {
        (other.pk, other.pk)
    }
    contribution.refresh_from_db()
    assert contribution.concern == other


def test_all_who_took_part_are_told(
    concern: Concern, other: Concern, alice: User, charlie: User
) -> None:
    mandate = charlie.mandates.get()
    services.sign_concern(actor=charlie, mandate=mandate, concern=concern)
    merge(concern, other, alice)
    services.tell_of_steps()
    notices = Notice.objects.filter(topic="forum.way")
    assert {notice.user for notice in notices} == {alice, charlie}
    assert {notice.title for notice in notices} == {f"Aufgegangen in „{other.question}“"}


def test_results_of_both_are_asked_for_anew_and_can_be_computed(
    concern: Concern, other: Concern, alice: User
) -> None:
    for each in (concern, other):
        statement = StatementFactory(concern=each)
        for participant in ParticipantFactory.create_batch(6, concern=each):
            VoteFactory(statement=statement, participant=participant)
        services.compute_now(concern=each, voices=Voices.OFFICIAL)
    merge(concern, other, alice)
    for each in (concern, other):
        assert each.results.get().requested_at is not None
        assert services.compute_result(concern_id=each.pk, voices=Voices.OFFICIAL)
    from allmende.forum.results.figures import document_of, read_figures

    assert len(read_figures(document_of(other.results.get())).places) == 12


def test_whoever_still_has_the_old_page_open_casts_no_vote_there(
    concern: Concern, other: Concern, alice: User, charlie: User
) -> None:
    statement = StatementFactory(concern=concern)
    mandate = charlie.mandates.get()
    participant = services.join_concern(concern=concern, voice=Voice(charlie, mandate.region))
    merge(concern, other, alice)
    with pytest.raises(services.Conflict, match="Frist ist abgelaufen"):
        services.cast_vote(
            actor=charlie,
            participant=participant,
            statement=statement,
            stand=Stand.AGREE,
            mandate=mandate,
        )
    with pytest.raises(services.Conflict, match="Bitte zeichnen Sie dort mit"):
        services.sign_concern(actor=charlie, mandate=mandate, concern=concern)


def test_the_old_page_for_voting_leads_to_the_new_one(
    client: Client, concern: Concern, other: Concern, alice: User, charlie: User
) -> None:
    StatementFactory(concern=concern)
    merge(concern, other, alice)
    client.force_login(charlie)
    page = client.get(f"/forum/{concern.slug}/abstimmen/").content.decode()
    assert "Dieses Anliegen ist in einem anderen aufgegangen." in page
    assert f'href="/forum/{other.slug}/abstimmen/"' in page


@pytest.mark.parametrize(
    ("here", "there", "why"),
    [
        ({"is_confidential": True}, {}, "vertraulich"),
        ({}, {"is_confidential": True}, "vertraulich"),
        ({}, {"state": "position"}, "nicht mehr offen"),
        ({}, {"deadline": timezone.now()}, "nicht mehr offen"),
        ({"owner": None}, {}, "Eingelesene Gespräche"),
    ],
)
def test_what_does_not_fit_stays_as_it_is(
    here: dict[str, object], there: dict[str, object], why: str, alice: User
) -> None:
    concern, other = ConcernFactory(**here), ConcernFactory(**there)
    with pytest.raises(services.Conflict, match=why):
        merge(concern, other, alice)
    assert Entry.objects.count() == 0


def test_personal_votes_do_not_get_lost(concern: Concern, other: Concern, alice: User) -> None:
    participant = ParticipantFactory(
        concern=concern, region=None, user=UserFactory(), voices=Voices.PERSONAL
    )
    VoteFactory(statement=StatementFactory(concern=concern), participant=participant)
    with pytest.raises(services.Conflict, match="für sich persönlich abgestimmt"):
        merge(concern, other, alice)


def test_two_merges_at_a_time_do_it_once(concern: Concern, other: Concern, alice: User) -> None:
    stale = Concern.objects.get(pk=concern.pk)
    merge(concern, other, alice)
    with pytest.raises(services.Conflict, match="inzwischen weitergegangen"):
        merge(stale, other, alice)


def test_a_draft_goes_on_in_an_open_one(other: Concern, alice: User) -> None:
    draft = ConcernFactory(state=ConcernState.DRAFT, owner=alice.mandates.get().region)
    statement = StatementFactory(concern=draft)
    merge(draft, other, alice)
    statement.refresh_from_db()
    assert statement.concern == other
    assert draft.state == ConcernState.CLOSED


VOTES = st.lists(
    st.tuples(
        st.sampled_from(["here", "there"]),
        st.integers(0, 3),  # municipality
        st.integers(0, 3),  # statement: the first two have the same words in both
        st.sampled_from([-1, 0, 1]),
        st.integers(0, 5),  # days ago
    ),
    unique_by=lambda row: row[:3],
    max_size=24,
)


class TestInvariants(TestCase):
    """Whatever was voted in either concern."""

    @given(VOTES)
    @settings(max_examples=25)
    def test_no_vote_is_lost_and_nobody_votes_twice(
        self, rows: list[tuple[str, int, int, int, int]]
    ) -> None:
        now = timezone.now()
        operator = UserFactory(is_operator=True)
        concerns = {"here": ConcernFactory(), "there": ConcernFactory()}
        regions = MunicipalityFactory.create_batch(4)
        statements = {
            (place, number): StatementFactory(
                concern=concern, text=f"Aussage {number}" if number < 2 else f"{number} {place}"
            )
            for place, concern in concerns.items()
            for number in range(4)
        }
        latest: dict[tuple[int, str], tuple[int, int]] = {}
        for place, region, number, stand, days in sorted(rows, key=lambda row: row[0] == "here"):
            participant, _ = Participant.objects.get_or_create(
                concern=concerns[place],
                region=regions[region],
                defaults={"voices": Voices.OFFICIAL},
            )
            statement = statements[place, number]
            VoteFactory(
                statement=statement,
                participant=participant,
                stand=stand,
                cast_at=now - timedelta(days=days),
            )
            key = (regions[region].pk, statement.text)
            if key not in latest or days < latest[key][0]:
                latest[key] = (days, stand)
        services.merge_concern(
            actor=operator,
            concern=concerns["here"],
            into=concerns["there"],
            reason="Dasselbe",
            since=ConcernState.OPEN,
        )
        into = concerns["there"]
        assert Vote.objects.count() == len(rows)
        assert not Vote.objects.exclude(statement__concern=into, participant__concern=into).exists()
        twice = into.participants.values("region").annotate(n=Count("pk")).filter(n__gt=1)
        assert not twice.exists()
        counted = {
            (vote.participant.region_id, vote.statement.text): vote.stand
            for vote in Vote.objects.filter(statement__state=StatementState.ACCEPTED)
        }
        assert counted == {key: stand for key, (_, stand) in latest.items()}
        assert Statement.objects.filter(concern=into).count() == 8
        assert queries.with_counts(Concern.objects.all()).get(pk=into.pk).municipalities == len(
            {region for region, _ in latest}
        )
