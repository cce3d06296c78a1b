"""Several people answer, promise, report and judge at the same moment: once, and nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.audit.models import Entry
from allmende.forum import queries, services
from allmende.forum.models import (
    Answer,
    Commitment,
    Concern,
    ConcernState,
    Disposition,
    Outcome,
    Report,
    SealedSection,
    SectionAnswer,
    Verdict,
    Word,
    WordKind,
)
from allmende.registry.models import Mandate
from tests.factories import (
    CommitmentFactory,
    MandateFactory,
    SealedPositionFactory,
    SealedSectionFactory,
    SectionAnswerFactory,
)

from .test_concurrency import AT_ONCE, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def deeds(deed: str) -> int:
    return Entry.objects.filter(deed=deed).count()


@pytest.fixture
def section() -> SealedSection:
    """The only one of a position that waits for its answer."""
    made: SealedSection = SealedSectionFactory(number=1)
    return made


@pytest.fixture
def head(section: SealedSection) -> Mandate:
    """Releases for the ministry."""
    mandate: Mandate = MandateFactory(
        organisation=section.position.concern.ministry, office="leadership", may_release=True
    )
    return mandate


def test_of_several_who_answer_a_section_first_one_is_kept(
    section: SealedSection, head: Mandate
) -> None:
    def answer(number: int) -> bool:
        try:
            services.answer_section(
                actor=head.user,
                mandate=head,
                section=SealedSection.objects.get(pk=section.pk),
                disposition=Disposition.NOTED,
                reason=f"Grund {number}",
                seen="",
            )
        except services.Overtaken:
            return False
        return True

    assert sum(all_at_once(answer)) == 1
    assert SectionAnswer.objects.count() == Answer.objects.count() == 1


def test_an_answer_is_published_once(section: SealedSection, head: Mandate) -> None:
    concern = section.position.concern
    given = SectionAnswerFactory(
        section=section, answer__position=section.position, answer__summary="Wird gemacht."
    )
    CommitmentFactory(answer=given, concern=concern)
    edition = queries.answer_state(concern).edition

    def press(_: int) -> bool:
        own = Concern.objects.get(pk=concern.pk)
        try:
            services.publish_answer(actor=head.user, mandate=head, concern=own, seen=edition)
        except services.Conflict:
            return False
        return True

    assert sum(all_at_once(press)) == 1
    concern.refresh_from_db()
    assert concern.state == ConcernState.PURSUED
    assert list(concern.steps.values_list("state", flat=True)) == ["answered", "pursued"]
    assert (deeds("forum.publish_answer"), deeds("forum.pursue_answer")) == (1, 1)


def test_an_answer_that_somebody_still_changes_is_published_as_it_was_read(
    section: SealedSection, head: Mandate
) -> None:
    concern = section.position.concern
    SectionAnswerFactory(
        section=section, answer__position=section.position, answer__summary="Wird gemacht."
    )
    answer = Answer.objects.get()
    edition = queries.answer_state(concern).edition

    def act(number: int) -> str:
        own = Concern.objects.get(pk=concern.pk)
        by = {"actor": head.user, "mandate": head, "concern": own}
        try:
            if number % 2:
                services.publish_answer(seen=edition, **by)
                return "published"
            services.write_summary(summary=f"Fassung {number}", seen=answer.edition, **by)
        except services.Conflict:
            return "too late"
        return "written"

    done = all_at_once(act)
    answer.refresh_from_db()
    assert done.count("published") + done.count("written") == 1
    assert (answer.published_at is not None) == ("published" in done)
    assert (answer.summary == "Wird gemacht.") == ("published" in done)


@pytest.fixture
def commitment() -> Commitment:
    """Its day has passed."""
    made: Commitment = CommitmentFactory(due_on=timezone.localdate() - timedelta(days=1))
    return made


@pytest.fixture
def promiser(commitment: Commitment) -> Mandate:
    mandate: Mandate = MandateFactory(organisation=commitment.organisation, may_release=True)
    return mandate


def test_a_promise_made_twice_is_one(section: SealedSection, head: Mandate) -> None:
    given = SectionAnswerFactory(section=section, answer__position=section.position)

    def promise(_: int) -> int:
        made = services.make_commitment(
            actor=head.user,
            mandate=head,
            organisation=head.organisation,
            what="Schulungen werden bezahlt",
            who="Referat H III 2",
            due_on=timezone.localdate() + timedelta(days=60),
            sign="Die Richtlinie steht im Bundesanzeiger.",
            answer=SectionAnswer.objects.get(pk=given.pk),
            milestones=[("Entwurf", timezone.localdate() + timedelta(days=20))],
        )
        return made.pk

    assert set(all_at_once(promise)) == {Commitment.objects.get().pk}
    assert Commitment.objects.get().milestones.count() == 1


def test_a_report_sent_twice_is_one(commitment: Commitment, promiser: Mandate) -> None:
    def report(_: int) -> int:
        return services.add_report(
            actor=promiser.user, mandate=promiser, commitment=commitment, text="Es geht voran."
        ).pk

    assert set(all_at_once(report)) == {Report.objects.get().pk}
    assert deeds("forum.report_commitment") == 1
    services.add_report(
        actor=promiser.user,
        mandate=promiser,
        commitment=commitment,
        text="Es geht voran.",
        link="https://www.example.org/richtlinie",
    )
    Report.objects.update(at=timezone.now() - timedelta(minutes=6))
    report(0)
    assert Report.objects.count() == 3


def test_of_several_who_say_what_became_of_it_one_is_heard(
    commitment: Commitment, promiser: Mandate
) -> None:
    outcomes = [Outcome.KEPT, Outcome.PARTLY, Outcome.NOT_KEPT, Outcome.KEPT]

    def settle(number: int) -> Outcome | None:
        try:
            services.set_outcome(
                actor=promiser.user,
                mandate=promiser,
                commitment=Commitment.objects.get(pk=commitment.pk),
                outcome=outcomes[number],
                text=f"Grund {number}",
                seen="",
            )
        except services.Overtaken:
            return None
        return outcomes[number]

    heard = [outcome for outcome in all_at_once(settle) if outcome]
    commitment.refresh_from_db()
    assert heard == [commitment.outcome]
    assert deeds("forum.settle_commitment") == 1


def test_a_day_is_postponed_once(commitment: Commitment, promiser: Mandate) -> None:
    today = timezone.localdate()

    def postpone(number: int) -> bool:
        try:
            services.postpone_commitment(
                actor=promiser.user,
                mandate=promiser,
                commitment=Commitment.objects.get(pk=commitment.pk),
                due_on=today + timedelta(days=30 + number),
                reason="Der Haushalt kam später.",
                seen=commitment.due_on,
            )
        except services.Overtaken:
            return False
        return True

    assert sum(all_at_once(postpone)) == 1
    assert commitment.postponements.count() == 1


def test_an_organisation_has_one_verdict(commitment: Commitment) -> None:
    mandate = MandateFactory()
    outcomes = [Outcome.KEPT, Outcome.PARTLY, Outcome.NOT_KEPT, Outcome.PARTLY]

    def judge(number: int) -> None:
        services.judge_commitment(
            actor=mandate.user,
            mandate=mandate,
            commitment=Commitment.objects.get(pk=commitment.pk),
            outcome=outcomes[number],
            text="",
        )

    all_at_once(judge)
    assert Verdict.objects.count() == 1
    assert deeds("forum.judge_commitment") == AT_ONCE


def test_endorsing_twice_is_one_word() -> None:
    position = SealedPositionFactory()
    mandate = MandateFactory()

    def endorse(_: int) -> int:
        return services.give_word(
            actor=mandate.user,
            mandate=mandate,
            position=queries.get_edition(position.concern.slug, 1),
            section=None,
            kind=WordKind.ENDORSEMENT,
        ).pk

    assert set(all_at_once(endorse)) == {Word.objects.get().pk}
    assert deeds("forum.give_word") == 1
