"""Commitments are followed up in public, until both sides have said what became of them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.forum import queries, services
from allmende.forum.models import Commitment, Concern, Milestone, Outcome, Support
from allmende.forum.portal.tasks import tasks
from allmende.mail.models import Notice
from allmende.registry.models import Mandate
from tests.factories import (
    CommitmentFactory,
    ConcernFactory,
    ExtensionFactory,
    MandateFactory,
    MinistryFactory,
    ParticipantFactory,
    SectionAnswerFactory,
    SentConcernFactory,
    StatementFactory,
    VoteFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def commitment() -> Commitment:
    return CommitmentFactory(what="Schulungen werden bezahlt")


@pytest.fixture
def desk(commitment: Commitment) -> Mandate:
    """Somebody of the ministry who may release."""
    mandate = MandateFactory(
        organisation=commitment.organisation, office="desk", may_release=True, user__name="Dilek"
    )
    second_factor(mandate.user)
    return mandate


@pytest.fixture
def alice(commitment: Commitment) -> User:
    """She votes for a municipality that has voted on the concern."""
    mandate = MandateFactory(user__name="Alice", region__name="Lindenfurt")
    take_part(commitment, mandate)
    return mandate.user


def take_part(commitment: Commitment, mandate: Mandate) -> None:
    assert commitment.concern is not None
    participant = ParticipantFactory(concern=commitment.concern, region=mandate.region)
    VoteFactory(statement=StatementFactory(concern=commitment.concern), participant=participant)


def settle(desk: Mandate, commitment: Commitment, outcome: Outcome, seen: str = "") -> None:
    services.set_outcome(
        actor=desk.user,
        mandate=desk,
        commitment=commitment,
        outcome=outcome,
        text="Die Richtlinie ist da.",
        seen=seen,
    )


def judge(mandate: Mandate, commitment: Commitment, outcome: Outcome) -> None:
    services.judge_commitment(
        actor=mandate.user, mandate=mandate, commitment=commitment, outcome=outcome, text=""
    )


def titles(user: User) -> list[str]:
    return [task.title for task in tasks(User.objects.get(pk=user.pk))]


def test_both_views_stand_beside_each_other_and_the_later_verdict_counts(
    commitment: Commitment, desk: Mandate, alice: User
) -> None:
    mandate = alice.mandates.get()
    with pytest.raises(services.Conflict, match="sobald ihr Tag vorbei ist"):
        judge(mandate, commitment, Outcome.KEPT)
    settle(desk, commitment, Outcome.KEPT)
    judge(mandate, commitment, Outcome.KEPT)
    judge(mandate, commitment, Outcome.NOT_KEPT)
    other = MandateFactory()
    take_part(commitment, other)
    judge(other, commitment, Outcome.KEPT)
    views = queries.views_on(commitment)
    assert [(line.outcome, line.count) for line in views.lines] == [
        (Outcome.KEPT, 1),
        (Outcome.PARTLY, 0),
        (Outcome.NOT_KEPT, 1),
    ]
    assert (views.outcome, views.others, views.total) == ("kept", 1, 2)
    assert [entry.deed for entry in history_of(commitment)] == [
        "forum.judge_commitment",
        "forum.judge_commitment",
        "forum.judge_commitment",
        "forum.settle_commitment",
    ]


def test_an_overdue_commitment_is_judged_without_an_outcome(
    commitment: Commitment, alice: User
) -> None:
    Commitment.objects.update(due_on=TODAY() - timedelta(days=1))
    judge(alice.mandates.get(), commitment, Outcome.NOT_KEPT)
    assert queries.views_on(commitment).total == 1
    assert list(Commitment.objects.overdue()) == [commitment]


def test_an_outcome_that_somebody_else_has_set_is_not_overwritten_unseen(
    commitment: Commitment, desk: Mandate
) -> None:
    settle(desk, commitment, Outcome.PARTLY)
    commitment.outcome = ""  # as it was when the page asked for it
    with pytest.raises(services.Overtaken) as overtaken:
        settle(desk, commitment, Outcome.KEPT)
    assert overtaken.value.there.outcome == Outcome.PARTLY
    settle(desk, commitment, Outcome.KEPT, seen="partly")
    assert Commitment.objects.get().outcome == "kept"


def test_the_old_day_stays_with_a_reason(commitment: Commitment, desk: Mandate) -> None:
    before = commitment.due_on
    after = before + timedelta(days=30)

    def postpone(**changes: object) -> None:
        given = {"due_on": after, "seen": before}
        services.postpone_commitment(
            actor=desk.user,
            mandate=desk,
            commitment=commitment,
            reason="Der Haushalt kam später.",
            **given | changes,  # type: ignore[arg-type]
        )

    with pytest.raises(services.Conflict, match="der schon gilt"):
        postpone(due_on=before)
    with pytest.raises(services.Conflict, match="Dieser Tag ist vorbei"):
        postpone(due_on=TODAY() - timedelta(days=1))
    postpone()
    postponement = commitment.postponements.get()
    assert (postponement.before, postponement.after) == (before, after)
    commitment.due_on = before  # as it was when the page asked for it
    with pytest.raises(services.Overtaken) as overtaken:
        postpone(due_on=after + timedelta(days=1))
    assert overtaken.value.there.due_on == after
    settle(desk, commitment, Outcome.KEPT)
    with pytest.raises(services.Conflict, match="steht schon fest"):
        postpone(seen=after, due_on=after + timedelta(days=1))
    assert Commitment.objects.get().due_on == after


def test_milestones_are_reached_once_and_can_be_taken_back(
    commitment: Commitment, desk: Mandate
) -> None:
    milestone = Milestone.objects.create(commitment=commitment, title="Entwurf", due_on=TODAY())

    def reach(day: object) -> None:
        services.reach_milestone(
            actor=desk.user,
            mandate=desk,
            milestone=milestone,
            reached_on=day,  # type: ignore[arg-type]
        )

    with pytest.raises(services.Conflict, match="Zukunft"):
        reach(TODAY() + timedelta(days=1))
    reach(TODAY())
    with pytest.raises(services.Conflict, match="jemand anderes"):
        reach(TODAY())
    reach(None)
    assert Milestone.objects.get().reached_on is None


def test_who_took_part_may_judge(commitment: Commitment, desk: Mandate, alice: User) -> None:
    stranger = MandateFactory().user
    supporter = MandateFactory()
    Support.objects.create(concern=commitment.concern, organisation=supporter.organisation)
    judging = [
        [str(m.organisation) for m in queries.judging_mandates(user, commitment)]
        for user in (alice, stranger, supporter.user, desk.user)
    ]
    assert judging == [["Lindenfurt"], [], [str(supporter.organisation)], []]


def test_with_four_eyes_only_who_releases_judges(commitment: Commitment, alice: User) -> None:
    organisation = alice.mandates.get().organisation
    organisation.four_eyes = True
    organisation.save()
    assert queries.judging_mandates(User.objects.get(pk=alice.pk), commitment) == []
    alice.mandates.update(may_release=True)
    assert (
        len(queries.judging_mandates(second_factor(User.objects.get(pk=alice.pk)), commitment)) == 1
    )


def test_what_is_not_public_yet_is_not_listed() -> None:
    CommitmentFactory(answer=SectionAnswerFactory(answer__position__concern=SentConcernFactory()))
    shown = CommitmentFactory()
    hidden = CommitmentFactory()
    assert hidden.concern is not None
    hidden.concern.is_confidential = True
    hidden.concern.deadline = timezone.now() + timedelta(days=1)
    hidden.concern.save()
    assert list(queries.listed_commitments()) == [shown]
    assert [c.is_public for c in Commitment.objects.order_by("pk")] == [False, True, False]


def test_overdue_ones_come_first_and_filters_find(commitment: Commitment) -> None:
    late = CommitmentFactory(due_on=TODAY() - timedelta(days=3), what="Meldestelle")
    kept = CommitmentFactory(outcome="kept", due_on=TODAY() - timedelta(days=9))
    assert list(queries.listed_commitments()) == [late, commitment, kept]
    assert list(queries.listed_commitments(state="overdue")) == [late]
    assert list(queries.listed_commitments(state="open")) == [commitment]
    assert list(queries.listed_commitments(state="kept")) == [kept]
    assert list(queries.listed_commitments(words="meldest")) == [late]
    assert list(queries.listed_commitments(organisation=kept.organisation.slug)) == [kept]
    assert list(queries.listed_commitments(topic="klima")) == []


# Tasks and notices


def test_the_ministry_is_asked_for_what_is_due(commitment: Commitment, desk: Mandate) -> None:
    assert titles(desk.user) == []
    Milestone.objects.create(
        commitment=commitment, title="Entwurf", due_on=TODAY() + timedelta(days=14)
    )
    Milestone.objects.create(
        commitment=commitment, title="Später", due_on=TODAY() + timedelta(days=15)
    )
    Commitment.objects.update(due_on=TODAY() - timedelta(days=1))
    waiting = SentConcernFactory(ministry=commitment.organisation)
    assert titles(desk.user) == [
        f"Antwort schreiben: „{waiting.question}“",
        "Überfällig: Schulungen werden bezahlt",
        "Etappe erreichen: Entwurf",
    ]
    settle(desk, commitment, Outcome.KEPT)
    assert len(titles(desk.user)) == 1


def test_municipalities_are_asked_once_there_is_an_outcome(
    commitment: Commitment, desk: Mandate, alice: User
) -> None:
    stranger = MandateFactory().user
    assert titles(alice) == []
    settle(desk, commitment, Outcome.KEPT)
    assert titles(alice) == ["Wurde die Zusage eingehalten?"]
    assert titles(stranger) == []
    judge(alice.mandates.get(), commitment, Outcome.KEPT)
    assert titles(alice) == []


def test_the_owner_is_asked_to_close_once_all_is_settled(
    commitment: Commitment, desk: Mandate
) -> None:
    assert commitment.concern is not None
    owner = MandateFactory(region=commitment.concern.owner).user
    other = CommitmentFactory(answer=commitment.answer)
    settle(desk, commitment, Outcome.KEPT)
    assert "Anliegen abschließen" not in " ".join(titles(owner))
    settle(desk, other, Outcome.NOT_KEPT)
    assert titles(owner)[-1] == f"Anliegen abschließen: „{commitment.concern.question}“"


def test_all_who_took_part_hear_of_the_answer_once(commitment: Commitment, alice: User) -> None:
    concern = commitment.concern
    assert concern is not None
    concern.answered_at = timezone.now()
    concern.answer_due = timezone.now() - timedelta(days=3)
    concern.save()
    MandateFactory()
    for _ in range(2):
        services.tell_of_answers()
    notice = Notice.objects.get(topic="forum.answer")
    assert notice.user == alice
    assert notice.title == f"Der Bund hat geantwortet: {concern.question}"
    assert notice.text == (
        "Wird aufgegriffen: 1. Dazu 1 Zusage. Die Antwort kam 3 Tage nach der Frist."
    )


def test_all_who_took_part_hear_of_reports_and_outcomes(
    commitment: Commitment, desk: Mandate, alice: User
) -> None:
    services.add_report(
        actor=desk.user, mandate=desk, commitment=commitment, text="Der Entwurf liegt vor."
    )
    settle(desk, commitment, Outcome.PARTLY)
    services.tell_of_answers()
    told = Notice.objects.filter(topic="forum.commitment").order_by("title")
    assert [(notice.user, notice.title) for notice in told] == [
        (alice, "Bericht zur Zusage: Schulungen werden bezahlt"),
        (alice, "Was aus der Zusage wurde: Schulungen werden bezahlt"),
    ]


def test_all_who_took_part_hear_of_another_day_once(
    commitment: Commitment, desk: Mandate, alice: User
) -> None:
    before, after = commitment.due_on, commitment.due_on + timedelta(days=30)
    services.postpone_commitment(
        actor=desk.user,
        mandate=desk,
        commitment=commitment,
        due_on=after,
        reason="Der Haushalt wurde später beschlossen.",
        seen=before,
    )
    for _ in range(2):
        services.tell_of_answers()
    notice = Notice.objects.get(topic="forum.commitment")
    assert (notice.user, notice.url) == (alice, commitment.get_absolute_url())
    assert notice.title == "Anderer Tag für die Zusage: Schulungen werden bezahlt"
    assert notice.text == (
        f"Bisher {date_format(before, 'j. F Y')}, jetzt {date_format(after, 'j. F Y')}. "
        "Begründung: Der Haushalt wurde später beschlossen."
    )


# Figures of ministries


def test_figures_say_how_a_ministry_answers_and_keeps() -> None:
    now = timezone.now()
    late = SentConcernFactory(sent_at=now - timedelta(days=60), answer_due=now - timedelta(days=4))
    ministry = late.ministry
    SentConcernFactory(ministry=ministry)
    for days, due in ((10, 20), (30, 20), (20, 20)):
        # At noon: days are counted by the calendar, and one of these nights may have an hour more or less.
        sent_at = timezone.localtime(now - timedelta(days=40)).replace(hour=12)
        SentConcernFactory(
            ministry=ministry,
            state="answered",
            sent_at=sent_at,
            answered_at=sent_at + timedelta(days=days),
            answer_due=sent_at + timedelta(days=due),
        )
    invented = SentConcernFactory(ministry=ministry, is_example=True)
    kept = CommitmentFactory(
        answer__answer__position__concern__ministry=ministry,
        answer__answer__position__concern__sent_at=None,
        answer__answer__position__concern__answered_at=None,
        outcome="kept",
    )
    CommitmentFactory(answer=kept.answer, due_on=TODAY() - timedelta(days=1))
    CommitmentFactory(answer=kept.answer)
    for outcome in ("kept", "not_kept", "not_kept"):
        kept.verdicts.create(organisation=MandateFactory().organisation, outcome=outcome)
    real, example = queries.figures_of_ministries()
    assert (real.ministry, real.sent, real.waiting, real.overdue) == (ministry, 5, 2, 1)
    assert (real.answered, real.median_days, real.in_time) == (3, 20, 2)
    assert dict(real.commitments) == {"kept": 1, "overdue": 1, "open": 1}
    assert (real.promised, real.settled, real.share_kept) == (3, 1, 1.0)
    assert (real.judged, dict(real.verdicts)) == (1, {"kept": 1, "not_kept": 2})
    assert (example.is_example, example.sent, example.answered) == (True, 1, 0)
    assert example.median_days is None
    assert queries.overdue_answers(is_example=False) == [late]
    assert queries.overdue_answers(is_example=True) == []
    assert invented.days_late == 0


def test_in_time_is_by_the_day_first_asked_for_whatever_day_came_later() -> None:
    ministry = MinistryFactory()
    due = berlin(2026, 10, 20, 12)
    for answered_at in (
        berlin(2026, 10, 20, 23),  # in time: on the day itself
        berlin(2026, 10, 21, 0),  # after it, by the later one
        berlin(2026, 10, 27, 23),  # by the later one, on the last day
        berlin(2026, 10, 28, 0),  # too late
    ):
        concern = SentConcernFactory(
            ministry=ministry,
            state="answered",
            sent_at=berlin(2026, 10, 1, 0),
            answered_at=answered_at,
            answer_due=berlin(2026, 10, 27, 12),
        )
        ExtensionFactory(concern=concern, before=due)
        assert concern.is_answered_in_extended_time == (answered_at.day in (21, 27))
    (figures,) = queries.figures_of_ministries()
    assert (figures.answered, figures.in_time, figures.in_extended_time) == (4, 1, 2)


@pytest.mark.parametrize(
    ("sent", "answered", "days"),
    [
        # A day in Germany begins at 22 or 23 o'clock UTC.
        ((2026, 1, 10, 23), (2026, 1, 11, 0), 1),
        ((2026, 1, 11, 0), (2026, 1, 11, 23), 0),
        ((2026, 7, 10, 23), (2026, 7, 11, 0), 1),
        ((2026, 7, 11, 0), (2026, 7, 11, 23), 0),
        ((2026, 3, 28, 23), (2026, 3, 30, 0), 2),
        ((2026, 10, 24, 23), (2026, 10, 26, 0), 2),
    ],
)
def test_days_until_the_answer_are_those_in_germany(
    sent: tuple[int, int, int, int], answered: tuple[int, int, int, int], days: int
) -> None:
    SentConcernFactory(state="answered", sent_at=berlin(*sent), answered_at=berlin(*answered))
    assert queries.figures_of_ministries()[0].days == {days: 1}


def berlin(year: int, month: int, day: int, hour: int) -> datetime:
    """Half past this hour."""
    return timezone.make_aware(datetime(year, month, day, hour, 30))


def test_drafts_count_nowhere() -> None:
    ConcernFactory()
    CommitmentFactory(
        answer=SectionAnswerFactory(
            answer__position__concern=ConcernFactory(ministry=MinistryFactory())
        )
    )
    assert queries.figures_of_ministries() == []


def test_a_file_of_more_commitments_than_a_query_may_name(client: Client) -> None:
    """SQLite refuses to fetch more than 1,000 concerns beside them at once: the file is read in parts."""
    section = SectionAnswerFactory(answer__published_at=timezone.now())
    there = Concern.objects.bulk_create(
        Concern(slug=f"frage-{number}", question="Warum?", state="pursued", deadline=timezone.now())
        for number in range(1_100)
    )
    promised = {
        "organisation": MinistryFactory(),
        "due_on": timezone.localdate(),
        "answer": section,
    }
    Commitment.objects.bulk_create(
        Commitment(concern=each, what="Geld", **promised) for each in there
    )
    rows = client.get(reverse("commitments:commitments_csv")).getvalue().decode().splitlines()
    assert len(rows) == 1 + 1_100
