"""Commitments: made with an answer or in a sitting, then followed up until it is said what became of them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.portal.services import keep_upload
from allmende.registry.models import Mandate, Organisation

from ..models import (
    AgendaItem,
    Commitment,
    Milestone,
    Outcome,
    Postponement,
    Report,
    SectionAnswer,
    Verdict,
)
from .answers import draft_of, overtaken
from .errors import Conflict, Overtaken

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.uploads import CheckedFile

# The same words again within this time are a button that was pressed twice.
TWICE = timedelta(minutes=5)
# What a milestone is, and its day.
Steps = Sequence[tuple[str, date]]


@audited
def make_commitment(
    *,
    actor: "User",
    mandate: Mandate | None,
    organisation: Organisation,
    what: str,
    who: str,
    due_on: date,
    sign: str,
    answer: SectionAnswer | None = None,
    decision: AgendaItem | None = None,
    milestones: Steps = (),
) -> Commitment:
    """Write down that ``organisation`` promises something until a day: with the answer to a section,
    which is still a draft, or as the decision of a sitting.

    The same promise twice in one place is one. Raises ``Conflict`` if the day, or that of a milestone,
    lies in the past or a milestone after it, or if the answer is published.
    """
    _make_sure_of_days(due_on, milestones)
    concern = decision.concern if decision else None
    if answer is not None:
        concern = answer.answer.concern
        draft_of(concern)
    said = {
        "concern": concern,
        "answer": answer,
        "decision": decision,
        "organisation": organisation,
        "what": what,
        "who": who,
        "due_on": due_on,
        "sign": sign,
    }
    if same := Commitment.objects.filter(**said).first():
        return same
    commitment = Commitment.objects.create(**said, created_by=actor)
    _add_milestones(commitment, milestones)
    _record(actor, mandate, "forum.make_commitment", commitment, due_on=due_on.isoformat())
    return commitment


@audited
def change_commitment(
    *,
    actor: "User",
    mandate: Mandate,
    commitment: Commitment,
    what: str,
    who: str,
    due_on: date,
    sign: str,
    milestones: Steps,
    seen: str,
) -> Commitment:
    """Change a commitment of an answer that is not published yet.

    Raises ``Overtaken`` if somebody else has changed it since, ``Conflict`` once it is public or gone.
    """
    current = _drafted(commitment)
    if current.edition != seen:
        prefetch_related_objects([current], "milestones")  # as they are now
        raise overtaken(current)
    _make_sure_of_days(due_on, milestones)
    current.what, current.who, current.due_on, current.sign = what, who, due_on, sign
    current.save(update_fields=["what", "who", "due_on", "sign"])
    current.milestones.all().delete()
    _add_milestones(current, milestones)
    _record(actor, mandate, "forum.change_commitment", current, due_on=due_on.isoformat())
    return current


@audited
def remove_commitment(*, actor: "User", mandate: Mandate, commitment: Commitment) -> None:
    """Take a commitment out of an answer that is not published yet. Raises ``Conflict`` after that."""
    current = _drafted(commitment)
    _record(actor, mandate, "forum.remove_commitment", current)
    current.delete()


def _drafted(commitment: Commitment) -> Commitment:
    """The commitment as it is now, while its answer is a draft."""
    current = Commitment.objects.filter(pk=commitment.pk).first()
    if current is None:
        raise Conflict(_("Diese Zusage hat inzwischen jemand entfernt."))
    if current.answer is None:
        raise Conflict(_("Diese Zusage steht fest. Nur ihr Datum lässt sich noch ändern."))
    draft_of(current.answer.answer.concern)
    return current


def _make_sure_of_days(due_on: date, milestones: Steps) -> None:
    today = timezone.localdate()
    if due_on < today or any(day < today for _title, day in milestones):
        raise Conflict(_("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren."))
    if any(day > due_on for _title, day in milestones):
        raise Conflict(_("Eine Etappe liegt nach dem Tag, bis zu dem die Zusage gilt."))


def _add_milestones(commitment: Commitment, milestones: Steps) -> None:
    Milestone.objects.bulk_create(
        Milestone(commitment=commitment, title=title, due_on=day) for title, day in milestones
    )


@audited
def add_report(
    *,
    actor: "User",
    mandate: Mandate,
    commitment: Commitment,
    text: str,
    link: str = "",
    file: "CheckedFile | None" = None,
) -> Report:
    """Say in public how a commitment gets on, with evidence where there is some.

    The same report sent twice by one person is one.
    """
    said = {"commitment": commitment, "text": text, "link": link, "reported_by": actor}
    lately = Report.objects.filter(**said, at__gte=timezone.now() - TWICE)
    if same := lately.filter(upload__sha256=file.sha256 if file else None).first():
        return same
    report = Report.objects.create(
        **said, upload=keep_upload(actor=actor, file=file) if file else None, mandate=mandate
    )
    _record(actor, mandate, "forum.report_commitment", commitment, report=report.pk)
    return report


@audited
def reach_milestone(
    *, actor: "User", mandate: Mandate, milestone: Milestone, reached_on: date | None
) -> Milestone:
    """Say when a milestone was reached, or with None that it was not after all.

    Raises ``Conflict`` if the day lies in the future, or somebody else was quicker.
    """
    if reached_on and reached_on > timezone.localdate():
        raise Conflict(_("Dieser Tag liegt in der Zukunft."))
    same = Milestone.objects.filter(pk=milestone.pk, reached_on__isnull=reached_on is not None)
    if not same.update(reached_on=reached_on):
        raise Conflict(_("Das hat inzwischen jemand anderes eingetragen."))
    milestone.refresh_from_db(fields=["reached_on"])
    deed = "forum.reach_milestone" if reached_on else "forum.reopen_milestone"
    _record(actor, mandate, deed, milestone.commitment, milestone=milestone.title)
    return milestone


@audited
def set_outcome(
    *,
    actor: "User",
    mandate: Mandate,
    commitment: Commitment,
    outcome: Outcome,
    text: str,
    seen: str,
) -> Commitment:
    """Say what became of a commitment; ``seen`` is what was said of it before, or empty.

    Raises ``Overtaken`` if somebody else has said something since.
    """
    same = Commitment.objects.filter(pk=commitment.pk, outcome=seen)
    is_said = same.update(outcome=outcome, outcome_text=text, outcome_at=timezone.now())
    commitment.refresh_from_db()
    if not is_said:
        raise overtaken(commitment)
    _record(
        actor, mandate, "forum.settle_commitment", commitment, outcome=str(outcome), before=seen
    )
    return commitment


@audited
def postpone_commitment(
    *,
    actor: "User",
    mandate: Mandate,
    commitment: Commitment,
    due_on: date,
    reason: str,
    seen: date,
) -> Postponement:
    """Set another day until which a commitment holds; the day ``seen`` stays readable.

    Raises ``Overtaken`` if somebody else has set one since, ``Conflict`` if the day has passed, is the
    same, or it was said already what became of the commitment.
    """
    if due_on < timezone.localdate():
        raise Conflict(_("Dieser Tag ist vorbei. Bitte wählen Sie einen späteren."))
    if due_on == seen:
        raise Conflict(_("Das ist der Tag, der schon gilt. Bitte wählen Sie einen anderen."))
    same = Commitment.objects.filter(pk=commitment.pk, due_on=seen)
    is_set = same.update(due_on=due_on)
    commitment.refresh_from_db()
    if not is_set:
        raise Overtaken(
            _("Jemand anderes hat inzwischen einen neuen Tag gesetzt. Bitte prüfen Sie ihn."),
            there=commitment,
        )
    if commitment.outcome:
        raise Conflict(_("Zu dieser Zusage steht schon fest, was daraus wurde."))
    postponement = Postponement.objects.create(
        commitment=commitment,
        before=seen,
        after=due_on,
        reason=reason,
        changed_by=actor,
        mandate=mandate,
    )
    _record(
        actor,
        mandate,
        "forum.postpone_commitment",
        commitment,
        reason=reason,
        before=seen.isoformat(),
        after=due_on.isoformat(),
    )
    return postponement


@audited
def judge_commitment(
    *, actor: "User", mandate: Mandate, commitment: Commitment, outcome: Outcome, text: str
) -> Verdict:
    """Say for a municipality or an association whether a commitment was kept; the later one counts.

    Raises ``Conflict`` if there is no outcome and its day has not passed.
    """
    commitment.refresh_from_db(fields=["outcome", "due_on"])
    if not commitment.outcome and not commitment.is_overdue:
        raise Conflict(_("Bewerten lässt sich eine Zusage, sobald ihr Tag vorbei ist."))
    verdict, is_new = Verdict.objects.update_or_create(
        commitment=commitment,
        organisation=mandate.organisation,
        defaults={
            "outcome": outcome,
            "text": text,
            "at": timezone.now(),
            "given_by": actor,
            "mandate": mandate,
        },
    )
    _record(
        actor, mandate, "forum.judge_commitment", commitment, outcome=str(outcome), first=is_new
    )
    return verdict


def _record(
    actor: "User", mandate: Mandate | None, deed: str, commitment: Commitment, **details: Any
) -> None:
    reason = details.pop("reason", "")
    record(actor=actor, mandate=mandate, deed=deed, obj=commitment, reason=reason, **details)
