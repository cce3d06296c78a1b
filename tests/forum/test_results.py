"""Results are computed in the background: once a minute, from the latest votes, and not lost."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.accounts.models import User
from allmende.forum import services
from allmende.forum.models import (
    Concern,
    Participant,
    Result,
    Stand,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from allmende.forum.results.figures import document_of, figures_of, tallies_of
from allmende.forum.services.results import BETWEEN_BEGINNINGS, LOST_AFTER
from tests.factories import ParticipantFactory, StatementFactory, VoteFactory
from tests.forum.conversations import municipalities, two_camps
from tests.forum.test_concurrency import all_at_once
from tests.worker import work

pytestmark = pytest.mark.django_db(transaction=True)

OFFICIAL, PERSONAL = Voices.OFFICIAL, Voices.PERSONAL


def a_minute_passes() -> None:
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


def ask(concern: Concern, voices: Voices = OFFICIAL) -> bool:
    return services.request_result(concern=concern, voices=voices)


def waiting() -> list[datetime]:
    return list(DBTaskResult.objects.filter(status="READY").values_list("run_after", flat=True))


@pytest.fixture
def statement(concern: Concern) -> Statement:
    return StatementFactory(concern=concern)


@pytest.fixture
def lindenfurt(concern: Concern) -> Participant:
    return ParticipantFactory(concern=concern, region=concern.owner)


def vote(participant: Participant, statement: Statement, user: User, stand: int = 1) -> None:
    services.cast_vote(
        actor=user,
        mandate=user.mandates.get(),
        participant=participant,
        statement=statement,
        stand=Stand(stand),
    )


def test_the_first_vote_asks_for_a_result_at_once_and_the_next_ones_do_not_ask_again(
    alice: User, lindenfurt: Participant, statement: Statement
) -> None:
    vote(lindenfurt, statement, alice)
    vote(lindenfurt, statement, alice, stand=-1)
    (due,) = waiting()
    assert due <= timezone.now()
    work()
    result = Result.objects.get()
    assert (result.requested_at, figures_of(result).statements[0].disagree) == (None, 1)


def test_the_next_recomputation_begins_a_minute_after_this_one_began(
    alice: User, lindenfurt: Participant, statement: Statement
) -> None:
    vote(lindenfurt, statement, alice)
    work()
    vote(lindenfurt, statement, alice, stand=-1)
    started = Result.objects.get().started_at
    assert started is not None
    assert waiting() == [started + BETWEEN_BEGINNINGS]
    work()
    assert waiting() != [], "not before its time"
    a_minute_passes()
    work()
    assert figures_of(Result.objects.get()).statements[0].disagree == 1


def test_requests_at_the_same_moment_make_one_task(concern: Concern) -> None:
    assert sorted(all_at_once(lambda _: ask(concern))) == [False, False, False, True]
    assert len(waiting()) == 1


def test_official_and_personal_voices_are_computed_together_once_a_minute(concern: Concern) -> None:
    two_camps(concern, count=4)
    two_camps(concern, voices=PERSONAL, count=6)
    assert (ask(concern, OFFICIAL), ask(concern, PERSONAL)) == (True, True)
    work()
    begun = [r.started_at for r in Result.objects.all() if r.computed_at and r.started_at]
    assert len(begun) == 2
    ask(concern, PERSONAL)
    assert waiting() == [max(begun) + BETWEEN_BEGINNINGS]


def test_a_task_that_runs_twice_computes_once(concern: Concern) -> None:
    two_camps(concern, count=4)
    ask(concern)
    assert services.compute_result(concern_id=concern.pk, voices=OFFICIAL)
    assert not services.compute_result(concern_id=concern.pk, voices=OFFICIAL)


def test_a_vote_that_comes_while_a_result_is_computed_asks_for_the_next(
    alice: User, concern: Concern, lindenfurt: Participant
) -> None:
    two_camps(concern)
    newcomer = StatementFactory(concern=concern)
    ask(concern)
    came: list[bool] = []

    def meanwhile(step: str, number: int, total: int) -> None:
        if not came:
            vote(lindenfurt, newcomer, alice)
            came.append(True)

    DBTaskResult.objects.all().delete()
    services.compute_result(concern_id=concern.pk, voices=OFFICIAL, progress=meanwhile)
    first = Result.objects.get()
    assert newcomer.pk not in {each.number for each in figures_of(first).statements}
    assert first.requested_at is not None
    assert len(waiting()) == 1
    a_minute_passes()
    work()
    assert newcomer.pk in {each.number for each in figures_of(Result.objects.get()).statements}


def test_a_result_of_later_votes_is_not_replaced_by_one_of_earlier_votes(concern: Concern) -> None:
    people = two_camps(concern)
    done: list[Result] = []

    def overtake(step: str, number: int, total: int) -> None:
        if not done:
            Vote.objects.filter(participant=people[0]).update(stand=0)
            done.append(services.compute_now(concern=concern, voices=OFFICIAL))

    services.compute_now(concern=concern, voices=OFFICIAL, progress=overtake)
    assert Result.objects.get().input_hash == done[0].input_hash
    assert Result.objects.get().computed_at == done[0].computed_at


class WorkerKilledError(BaseException):
    """As sudden as SIGKILL, for all that the code can do about it."""


def die(step: str, number: int, total: int) -> None:
    raise WorkerKilledError


def time_passes() -> None:
    """All that is stored becomes older than a computation may take."""
    for result in Result.objects.all():
        for name in ("requested_at", "started_at", "computed_at"):
            if moment := getattr(result, name):
                setattr(result, name, moment - LOST_AFTER - timedelta(minutes=1))
        result.save()


def test_a_worker_killed_while_it_computes_loses_nothing(concern: Concern) -> None:
    two_camps(concern)
    ask(concern)
    task = DBTaskResult.objects.get()
    task.claim("killed")
    with pytest.raises(WorkerKilledError):
        services.compute_result(concern_id=concern.pk, voices=OFFICIAL, progress=die)
    assert Result.objects.get().is_on_its_way
    assert services.repair_results() == 0, "it might still be running"
    time_passes()
    assert services.repair_results() == 1
    assert services.repair_results() == 0
    work()
    assert len(figures_of(Result.objects.get()).places) == 60
    assert not Result.objects.get().is_on_its_way


def test_a_worker_killed_before_it_begins_loses_nothing(concern: Concern) -> None:
    two_camps(concern, count=4)
    ask(concern)
    DBTaskResult.objects.get().claim("killed")
    assert not ask(concern), "a request is on its way, as far as anybody can tell"
    time_passes()
    assert services.repair_results() == 1
    work()
    assert len(figures_of(Result.objects.get()).places) == 4


def test_repair_leaves_alone_what_is_in_order(concern: Concern) -> None:
    two_camps(concern, count=4)
    services.compute_now(concern=concern, voices=OFFICIAL)
    time_passes()
    assert services.repair_results() == 0
    ask(concern)
    assert services.repair_results() == 0


def test_several_repairs_at_once_ask_once(concern: Concern) -> None:
    ask(concern)
    DBTaskResult.objects.all().delete()
    time_passes()
    assert sum(all_at_once(lambda _: services.repair_results())) == 1
    assert len(waiting()) == 1


def test_the_same_votes_keep_the_document_and_move_its_date(concern: Concern) -> None:
    two_camps(concern)
    first = services.compute_now(concern=concern, voices=OFFICIAL)
    second = services.compute_now(concern=concern, voices=OFFICIAL)
    assert bytes(first.document) == bytes(second.document)
    assert first.computed_at is not None
    assert second.computed_at is not None
    assert first.computed_at < second.computed_at
    assert first.seconds == second.seconds, "nothing was computed"


def test_computed_anew_the_same_votes_give_the_same_bytes(concern: Concern) -> None:
    two_camps(concern)
    first = bytes(services.compute_now(concern=concern, voices=OFFICIAL).document)
    Result.objects.all().delete()
    assert bytes(services.compute_now(concern=concern, voices=OFFICIAL).document) == first


def _newcomers(concern: Concern, count: int) -> None:
    """Persons who have never voted before vote on the first statement."""
    statement = concern.statements.first()
    for _ in range(count):
        name = f"neu-{Participant.objects.count()}"
        person = Participant.objects.create(concern=concern, voices=PERSONAL, imported_as=name)
        VoteFactory(participant=person, statement=statement)


def test_no_anonymous_result_shows_how_a_single_newcomer_voted(concern: Concern) -> None:
    two_camps(concern, voices=PERSONAL, count=8)
    first = bytes(services.compute_now(concern=concern, voices=PERSONAL).document)
    _newcomers(concern, 4)
    ask(concern, PERSONAL)
    assert not services.compute_result(concern_id=concern.pk, voices=PERSONAL)
    assert bytes(Result.objects.get().document) == first
    services.repair_results()
    assert Result.objects.get().requested_at is None
    _newcomers(concern, 1)
    ask(concern, PERSONAL)
    assert services.compute_result(concern_id=concern.pk, voices=PERSONAL)
    assert figures_of(Result.objects.get()).voted == 13


def test_a_statement_taken_back_leaves_an_anonymous_result_at_once(
    concern: Concern, alice: User
) -> None:
    two_camps(concern, voices=PERSONAL, count=8)
    services.compute_now(concern=concern, voices=PERSONAL)
    statement = concern.statements.first()
    assert statement is not None
    services.decide_statement(
        actor=alice,
        statement=statement,
        state=StatementState.REJECTED,
        reason="Beleidigung.",
        seen_state=StatementState.ACCEPTED,
    )
    assert services.compute_result(concern_id=concern.pk, voices=PERSONAL)
    assert len(figures_of(Result.objects.get()).statements) == 9


def test_the_final_result_is_that_of_the_votes_alone(concern: Concern, alice: User) -> None:
    two_camps(concern, count=20)
    services.compute_now(concern=concern, voices=OFFICIAL)
    for person in concern.participants.all()[:7]:
        VoteFactory(participant=person, statement=StatementFactory(concern=concern))
    services.compute_now(concern=concern, voices=OFFICIAL)
    services.close_concern(actor=alice, concern=concern, reason="Genug.")
    assert services.compute_result(concern_id=concern.pk, voices=OFFICIAL)
    final = Result.objects.get()
    Result.objects.all().delete()
    anew = services.compute_now(concern=concern, voices=OFFICIAL)
    assert final.is_final
    assert bytes(anew.document) == bytes(final.document)


def test_two_camps_are_two_groups_and_the_statements_say_why(concern: Concern) -> None:
    two_camps(concern)
    figures = figures_of(services.compute_now(concern=concern, voices=OFFICIAL))
    assert sorted(group.size for group in figures.groups) == [30, 30]
    uniting = sorted(statement.pk for statement in concern.statements.order_by("pk")[:2])
    assert sorted(each.number for each in figures.by_consensus()[:2]) == uniting
    assert not set(uniting) & {each.number for each in figures.by_division()[:8]}


def test_official_and_personal_voices_never_stand_in_one_figure(concern: Concern) -> None:
    statements = StatementFactory.create_batch(3, concern=concern)
    two_camps(concern, count=7, statements=statements)
    two_camps(concern, count=5, statements=statements, voices=PERSONAL)
    for voices, count in ((OFFICIAL, 7), (PERSONAL, 5)):
        figures = figures_of(services.compute_now(concern=concern, voices=voices))
        assert (figures.voted, figures.statements[0].total) == (count, count)


def test_only_accepted_statements_count(concern: Concern) -> None:
    people = two_camps(concern, count=6)
    for state in (StatementState.REJECTED, StatementState.PENDING):
        VoteFactory(statement=StatementFactory(concern=concern, state=state), participant=people[0])
    figures = figures_of(services.compute_now(concern=concern, voices=OFFICIAL))
    assert len(figures.statements) == 10


def test_a_person_is_named_by_nothing_that_leads_to_her(concern: Concern) -> None:
    (person,) = two_camps(concern, count=1, voices=PERSONAL)
    document = document_of(services.compute_now(concern=concern, voices=PERSONAL))
    (row,) = document["participants"]
    assert (len(row["id"]), str(person.pk) in row["id"][:4]) == (16, False)
    assert {each["author"] for each in document["statements"]} == {""}


def test_figures_stand_for_all_municipalities(concern: Concern) -> None:
    two_camps(concern, count=6)
    municipalities(4, first=1000)
    figures = figures_of(services.compute_now(concern=concern, voices=OFFICIAL))
    assert figures.whole == 11, "six that take part, four others and the owner"


def test_example_data_stand_for_the_invented_municipalities_only(concern: Concern) -> None:
    municipalities(4, first=1000)
    Concern.objects.update(is_example=True)
    concern.refresh_from_db()
    two_camps(concern, count=3)
    assert figures_of(services.compute_now(concern=concern, voices=OFFICIAL)).whole == 3


def test_who_is_not_in_the_register_takes_part_without_weights(concern: Concern) -> None:
    people = two_camps(concern, count=3)
    people[1].region.valid_until = timezone.localdate()
    people[1].region.save()
    figures = figures_of(services.compute_now(concern=concern, voices=OFFICIAL))
    assert (figures.voted, figures.whole) == (3, None)


def test_counts_by_land_and_size_are_those_of_the_votes(concern: Concern) -> None:
    two_camps(concern, count=30)
    result = services.compute_now(concern=concern, voices=OFFICIAL)
    statement = concern.statements.order_by("pk").first()
    assert statement is not None
    for land, size in (("09", None), ("", 7), ("14", 6), ("", None)):
        votes = Vote.objects.filter(statement=statement)
        votes = votes.filter(participant__region__land=land) if land else votes
        votes = votes.filter(participant__region__size_class=size) if size else votes
        stands = list(votes.values_list("stand", flat=True))
        tally = tallies_of(result, land=land, size_class=size).get(statement.pk)
        found = (tally.agree, tally.passed, tally.disagree) if tally else (0, 0, 0)
        assert found == (stands.count(1), stands.count(0), stands.count(-1))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_votes_give_a_small_result(concern: Concern, count: int) -> None:
    two_camps(concern, count=count)
    figures = figures_of(services.compute_now(concern=concern, voices=OFFICIAL))
    assert (len(figures.places), figures.groups) == (count, ())


def vote_alike(people: list[Participant], moment: datetime) -> None:
    """Give everybody the votes of the first, one after another from the same moment on."""
    for given in Vote.objects.filter(participant=people[0]):
        Vote.objects.filter(participant__in=people, statement=given.statement).update(
            stand=given.stand, cast_at=moment + timedelta(seconds=given.statement_id)
        )


def test_who_votes_alike_at_the_same_time_is_labelled_and_counts(concern: Concern) -> None:
    people = two_camps(
        concern, count=30, statements=StatementFactory.create_batch(80, concern=concern)
    )
    now = timezone.now()
    for number, person in enumerate(people):
        Vote.objects.filter(participant=person).update(cast_at=now - timedelta(days=number))
    vote_alike(people[:4], now)
    figures = figures_of(services.compute_now(concern=concern, voices=OFFICIAL))
    assert figures.coordination is not None
    assert figures.coordination.checked
    together = {person.region.ars for person in people[:4] if person.region}
    assert together <= {key for component in figures.coordination.components for key in component}
    assert figures.voted == 30
