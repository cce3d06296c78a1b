"""What the services promise: also when two people do the same thing at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.forum import services
from allmende.forum.models import (
    Ballot,
    Concern,
    ConcernState,
    Exposure,
    Participant,
    Presentation,
    Result,
    Stand,
    StatementState,
    Vote,
)
from allmende.forum.queries import Voice, progress_of
from allmende.registry.models import Topic
from tests.factories import ParticipantFactory, StatementFactory, VoteFactory
from tests.forum.conversations import put_before

pytestmark = pytest.mark.django_db


@pytest.fixture
def lindenfurt(concern: Concern, alice: User) -> Participant:
    return services.join_concern(concern=concern, voice=Voice(alice, concern.owner))


def test_a_municipality_has_one_vote_whoever_casts_it(
    concern: Concern, lindenfurt: Participant, alice: User, bob: User
) -> None:
    statement = StatementFactory(concern=concern)
    services.cast_vote(
        actor=alice,
        participant=lindenfurt,
        mandate=alice.mandates.get(),
        statement=statement,
        stand=Stand.AGREE,
    )
    again = services.join_concern(concern=concern, voice=Voice(bob, concern.owner))
    services.cast_vote(
        actor=bob,
        participant=again,
        mandate=bob.mandates.get(),
        statement=statement,
        stand=Stand.DISAGREE,
    )
    assert [vote.stand for vote in Vote.objects.all()] == [Stand.DISAGREE]
    assert [(ballot.cast_by, ballot.stand) for ballot in Ballot.objects.all()] == [
        (alice, Stand.AGREE),
        (bob, Stand.DISAGREE),
    ]


def test_the_database_itself_refuses_a_second_vote(concern: Concern) -> None:
    vote = VoteFactory(statement__concern=concern)
    with pytest.raises(IntegrityError), transaction.atomic():
        VoteFactory(statement=vote.statement, participant=vote.participant)


def test_a_person_votes_apart_from_her_municipality(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    herself = services.join_concern(concern=concern, voice=Voice(alice, None))
    statement = StatementFactory(concern=concern)
    services.cast_vote(
        actor=alice,
        participant=lindenfurt,
        mandate=alice.mandates.get(),
        statement=statement,
        stand=Stand.AGREE,
    )
    services.cast_vote(
        actor=alice, participant=herself, mandate=None, statement=statement, stand=Stand.DISAGREE
    )
    assert sorted((v.participant.voices, v.stand) for v in Vote.objects.all()) == [
        ("official", Stand.AGREE),
        ("personal", Stand.DISAGREE),
    ]


def test_after_the_deadline_a_vote_is_refused_and_nothing_changes(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    statement = StatementFactory(concern=concern)
    concern.deadline = timezone.now() - timedelta(seconds=1)
    concern.save()
    statement.refresh_from_db()
    with pytest.raises(services.Conflict, match="Frist"):
        services.cast_vote(
            actor=alice,
            participant=lindenfurt,
            mandate=alice.mandates.get(),
            statement=statement,
            stand=Stand.AGREE,
        )
    assert (Vote.objects.count(), Ballot.objects.count()) == (0, 0)


def test_a_vote_on_a_page_from_before_the_end_comes_too_late(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    statement = StatementFactory(concern=concern)
    services.close_concern(actor=alice, concern=Concern.objects.get(pk=concern.pk), reason="Genug.")
    assert statement.concern.is_open  # as the page still believes
    with pytest.raises(services.Conflict, match="Frist"):
        services.cast_vote(
            actor=alice,
            participant=lindenfurt,
            mandate=alice.mandates.get(),
            statement=statement,
            stand=Stand.AGREE,
        )


@pytest.mark.parametrize("state", [StatementState.PENDING, StatementState.REJECTED])
def test_only_accepted_statements_are_voted_on(
    state: StatementState, concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    statement = StatementFactory(concern=concern, state=state)
    with pytest.raises(services.Conflict, match="nicht mehr abgestimmt"):
        services.cast_vote(
            actor=alice,
            participant=lindenfurt,
            mandate=alice.mandates.get(),
            statement=statement,
            stand=Stand.AGREE,
        )


def test_loading_the_page_again_presents_the_same_statement(
    concern: Concern, lindenfurt: Participant
) -> None:
    StatementFactory.create_batch(5, concern=concern)
    first = put_before(lindenfurt)
    assert put_before(lindenfurt) == first
    assert Presentation.objects.count() == 1
    assert [exposure.shown for exposure in Exposure.objects.all()] == [1]


def test_everything_is_presented_once_and_then_nothing(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    statements = StatementFactory.create_batch(5, concern=concern)
    shown = []
    while statement := put_before(lindenfurt):
        shown.append(statement)
        services.cast_vote(
            actor=alice,
            participant=lindenfurt,
            mandate=alice.mandates.get(),
            statement=statement,
            stand=Stand.PASS,
        )
    assert sorted(s.pk for s in shown) == [s.pk for s in statements]
    assert progress_of(concern=concern, participant=lindenfurt).left == 0


def test_a_late_statement_is_presented_first(concern: Concern, alice: User) -> None:
    early = StatementFactory(concern=concern)
    for _ in range(3):
        other = ParticipantFactory(concern=concern)
        assert put_before(other) == early
    late = StatementFactory(concern=concern)
    newcomer = ParticipantFactory(concern=concern)
    assert put_before(newcomer) == late
    assert Presentation.objects.get(participant=newcomer).reason == "exposure"


def test_the_choice_can_be_repeated_from_its_log(concern: Concern, lindenfurt: Participant) -> None:
    StatementFactory.create_batch(9, concern=concern)
    first = put_before(lindenfurt)
    seed = Presentation.objects.get().seed
    Presentation.objects.all().delete()
    Exposure.objects.all().delete()
    concern.statements.update(shown=0)
    assert put_before(lindenfurt) == first
    logged = Presentation.objects.get()
    assert (logged.seed, logged.exposure, logged.floor, logged.tied) == (seed, 0, 30, 9)


def test_what_a_stranger_writes_waits_and_what_the_owner_writes_stands(
    concern: Concern, lindenfurt: Participant, alice: User, charlie: User
) -> None:
    kranichsee = services.join_concern(
        concern=concern, voice=Voice(charlie, charlie.mandates.get().region)
    )
    mine = services.add_statement(
        actor=alice, concern=concern, author=lindenfurt, mandate=alice.mandates.get(), text="Eins."
    )
    theirs = services.add_statement(
        actor=charlie,
        concern=concern,
        author=kranichsee,
        mandate=charlie.mandates.get(),
        text="Zwei.",
    )
    assert (mine.state, theirs.state) == (StatementState.ACCEPTED, StatementState.PENDING)


def test_the_same_sentence_twice_is_refused(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    StatementFactory(concern=concern, text="Der Bund soll zahlen.")
    with pytest.raises(services.Conflict, match="steht schon da"):
        services.add_statement(
            actor=alice,
            concern=concern,
            author=lindenfurt,
            mandate=alice.mandates.get(),
            text="der Bund soll zahlen.",
        )


def test_a_sentence_that_cannot_be_voted_on_is_not_offered_for_it(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    StatementFactory(concern=concern, text="Der Bund zahlt.", state=StatementState.REJECTED)
    with pytest.raises(services.Conflict, match="schon eingereicht"):
        services.add_statement(
            actor=alice,
            concern=concern,
            author=lindenfurt,
            mandate=alice.mandates.get(),
            text="Der Bund zahlt.",
        )


def test_nobody_floods_the_moderation(concern: Concern, charlie: User) -> None:
    kranichsee = services.join_concern(
        concern=concern, voice=Voice(charlie, charlie.mandates.get().region)
    )
    StatementFactory.create_batch(
        10, concern=concern, author=kranichsee, state=StatementState.PENDING
    )
    with pytest.raises(services.Conflict, match="warten schon 10"):
        services.add_statement(
            actor=charlie,
            concern=concern,
            author=kranichsee,
            mandate=charlie.mandates.get(),
            text="Noch eine.",
        )


def test_of_two_moderators_the_second_is_told(concern: Concern, alice: User, bob: User) -> None:
    statement = StatementFactory(concern=concern, state=StatementState.PENDING)
    services.decide_statement(actor=alice, statement=statement, state=StatementState.ACCEPTED)
    with pytest.raises(services.Conflict, match="jemand anderes"):
        services.decide_statement(
            actor=bob, statement=statement, state=StatementState.REJECTED, reason="Beleidigt."
        )
    statement.refresh_from_db()
    assert (statement.state, statement.reason) == (StatementState.ACCEPTED, "")


def test_a_decision_can_be_revised_and_both_stay_in_the_history(
    concern: Concern, alice: User
) -> None:
    statement = StatementFactory(concern=concern, state=StatementState.PENDING)
    services.decide_statement(
        actor=alice, statement=statement, state=StatementState.REJECTED, reason="Keine Aussage."
    )
    services.decide_statement(
        actor=alice,
        statement=statement,
        state=StatementState.ACCEPTED,
        seen_state=StatementState.REJECTED,
    )
    assert [(e.details["before"], e.details["after"], e.reason) for e in history_of(statement)] == [
        ("rejected", "accepted", ""),
        ("pending", "rejected", "Keine Aussage."),
    ]


def test_a_concern_from_draft_to_end(alice: User) -> None:
    concern = services.draft_concern(
        actor=alice,
        mandate=alice.mandates.get(),
        topic=Topic.TRAFFIC,
        owner=alice.mandates.get().region,
        question="Was hilft gegen Straßenschäden?",
        background="Löcher.",
        deadline=timezone.now() + timedelta(days=3),
    )
    assert (concern.slug, concern.state) == ("was-hilft-gegen-strassenschaeden", ConcernState.DRAFT)
    services.change_concern(
        actor=alice,
        concern=concern,
        seen=concern.edition,
        mandate=alice.mandates.get(),
        background="Viele Löcher.",
    )
    services.open_concern(actor=alice, concern=concern, mandate=alice.mandates.get())
    with pytest.raises(services.Conflict, match="nicht mehr ändern"):
        services.change_concern(
            actor=alice,
            concern=concern,
            seen=concern.edition,
            mandate=alice.mandates.get(),
            background="Keine Löcher.",
        )
    services.close_concern(actor=alice, concern=concern, reason="Erledigt.")
    with pytest.raises(services.Conflict, match="schon beendet"):
        services.close_concern(actor=alice, concern=concern, reason="Noch einmal.")
    concern.refresh_from_db()
    assert (concern.background, concern.state) == ("Viele Löcher.", ConcernState.POSITION)
    assert concern.ends_at == concern.closed_early_at < concern.deadline
    assert [entry.deed for entry in history_of(concern)] == [
        "forum.close_concern",
        "forum.open_concern",
        "forum.change_concern",
        "forum.draft_concern",
    ]


def test_two_concerns_with_the_same_question_have_two_addresses(alice: User) -> None:
    slugs = {
        services.draft_concern(
            actor=alice,
            mandate=alice.mandates.get(),
            topic=Topic.TRAFFIC,
            owner=alice.mandates.get().region,
            question="Was nun?",
            background="-",
            deadline=timezone.now(),
        ).slug
        for _ in range(3)
    }
    assert len(slugs) == 3


@pytest.mark.parametrize("question", ["Neu?", "???", "Ü" * 200])
def test_any_question_has_an_address_of_its_own(question: str, alice: User, client: Client) -> None:
    concern = services.draft_concern(
        actor=alice,
        mandate=alice.mandates.get(),
        topic=Topic.TRAFFIC,
        owner=alice.mandates.get().region,
        question=question,
        background="-",
        deadline=timezone.now() + timedelta(days=3),
    )
    client.force_login(alice)
    assert client.get(concern.get_absolute_url()).context["concern"] == concern


def test_whoever_opens_a_concern_says_until_when_it_is_voted_on(
    alice: User, concern: Concern
) -> None:
    Concern.objects.update(
        state=ConcernState.DRAFT, deadline=datetime(2100, 3, 1, 22, 59, 59, tzinfo=UTC)
    )
    concern.refresh_from_db()
    with override("en"):  # kept for good: in one language
        services.open_concern(actor=alice, concern=concern, mandate=alice.mandates.get())
    [step] = concern.steps.all()
    assert step.reason == "Zur Abstimmung gestellt bis 1. März 2100."
    assert history_of(concern)[0].reason == step.reason


def test_a_concern_whose_deadline_is_over_is_not_opened(alice: User, concern: Concern) -> None:
    Concern.objects.update(state=ConcernState.DRAFT, deadline=timezone.now())
    concern.refresh_from_db()
    with pytest.raises(services.Conflict, match="Vergangenheit"):
        services.open_concern(actor=alice, concern=concern, mandate=alice.mandates.get())


def test_once_all_are_shown_enough_the_most_telling_statement_comes_next(
    concern: Concern, lindenfurt: Participant
) -> None:
    dull, telling, settled = StatementFactory.create_batch(3, concern=concern)
    region = concern.owner
    assert region is not None
    for statement in (dull, telling, settled):
        Exposure.objects.create(
            statement=statement, land=region.land, size_class=region.size_class or 0, shown=99
        )
    Result.objects.create(
        concern=concern,
        voices="official",
        routing={
            "spread": [1.0, 0.2],
            "noise": 0.5,
            "statements": {
                str(dull.pk): [0.5, 0.1, 0.1],
                str(telling.pk): [0.5, 1.4, 0.2],
                str(settled.pk): [0.99, 1.4, 0.2],
            },
        },
    )
    assert put_before(lindenfurt) == telling
    assert Presentation.objects.get().reason == "information"
