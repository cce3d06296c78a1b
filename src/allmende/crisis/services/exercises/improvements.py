"""What was learnt, and who does something about it until when: written down, moved on, raised in the forum."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from allmende.audit.services import audited, record
from allmende.forum.models import Concern
from allmende.forum.services import Conflict, Overtaken, draft_concern
from allmende.mail.services import notify
from allmende.registry.models import Mandate, Topic

from ...models import TO_DO, Exercise, Improvement, ImprovementState, ImprovementStep

if TYPE_CHECKING:
    from allmende.accounts.models import User

TOLD = "crisis.improvements"
# More are no plan any more.
MOST_IMPROVEMENTS = 100
REMINDED_BEFORE = timedelta(days=7)
CONCERN_WEEKS = 6
# Letters of a question in the forum.
MOST_ASKED = 200
# Stored with the concern, in German like what people write there. Nothing of the exercise itself: who
# reads concerns need not know what was practised.
QUESTION = gettext_noop("Wie hilft der Bund dabei: %(what)s?")
ORIGIN = gettext_noop("Dieses Anliegen entstand aus der Auswertung einer Krisenübung.")


@audited
def add_improvement(*, actor: "User", exercise: Exercise, **fields: Any) -> Improvement:
    """Write down a lesson and what is to be done. Raises ``Conflict`` beyond a hundred."""
    if exercise.improvements.count() >= MOST_IMPROVEMENTS:
        raise Conflict(_("Diese Übung hat schon %(most)s Maßnahmen.") % {"most": MOST_IMPROVEMENTS})
    improvement = Improvement.objects.create(exercise=exercise, **fields)
    ImprovementStep.objects.create(
        improvement=improvement, state=ImprovementState.OPEN, taken_by=actor
    )
    record(actor=actor, deed="crisis.add_improvement", obj=improvement)
    _tell_owner(improvement, actor)
    return improvement


@audited
def change_improvement(
    *, actor: "User", improvement: Improvement, seen: int, **fields: Any
) -> Improvement:
    """Change what a measure says, of which the actor had the edition ``seen`` before her.

    Raises ``Overtaken`` if somebody else has changed it since.
    """
    same = Improvement.objects.filter(pk=improvement.pk, edition=seen)
    before = improvement.owner_id
    changed = same.update(edition=F("edition") + 1, **fields)
    improvement.refresh_from_db()
    if not changed:
        raise Overtaken(
            _(
                "Jemand anderes hat diese Maßnahme inzwischen geändert. Was Sie geschrieben haben, steht noch "
                "hier. Vergleichen Sie beides und speichern Sie dann noch einmal."
            ),
            there=improvement,
        )
    record(actor=actor, deed="crisis.change_improvement", obj=improvement, fields=sorted(fields))
    if improvement.owner_id != before:
        _tell_owner(improvement, actor)
    return improvement


@audited
def settle_improvement(
    *,
    actor: "User",
    improvement: Improvement,
    seen: str,
    state: str,
    note: str,
    at: datetime | None = None,
) -> None:
    """Say how far a measure has come; it stood at ``seen`` on the actor's page.

    Raises ``Conflict`` if it stands elsewhere by now.
    """
    at = at or timezone.now()
    there = Improvement.objects.filter(pk=improvement.pk, state=seen)
    if not there.update(state=state, state_at=at, edition=F("edition") + 1):
        raise Conflict(
            _(
                "Jemand anderes hat den Stand inzwischen geändert. Hier ist der neue; Ihre Bemerkung steht noch da."
            )
        )
    ImprovementStep.objects.create(
        improvement=improvement, state=state, note=note, at=at, taken_by=actor
    )
    record(actor=actor, deed="crisis.settle_improvement", obj=improvement, state=state)
    improvement.refresh_from_db()


def question_of(improvement: Improvement) -> str:
    """The question that a concern made of it could ask, until somebody finds a better one."""
    room = MOST_ASKED - len(QUESTION % {"what": ""})
    what = " ".join(improvement.what.split()).rstrip(".!? ")
    if len(what) > room:
        what = f"{what[: room - 1].rpartition(' ')[0] or what[: room - 1]}…"
    return QUESTION % {"what": what}


@audited
def raise_concern(
    *, actor: "User", improvement: Improvement, mandate: Mandate, question: str
) -> Concern:
    """Make a draft of a concern of what was learnt, in a municipality's name; a second time it is the same."""
    there = Improvement.objects.select_related("concern").get(pk=improvement.pk)
    if there.concern is not None:  # somebody else was quicker
        improvement.concern = there.concern
        return there.concern
    region = mandate.region
    assert region is not None  # noqa: S101  the mandate is one of a municipality
    concern = draft_concern(
        actor=actor,
        owner=region,
        topic=Topic.SECURITY,
        question=question,
        background=f"{there.lesson}\n\n{there.what}\n\n{ORIGIN}",
        deadline=timezone.now() + timedelta(weeks=CONCERN_WEEKS),
        mandate=mandate,
    )
    Improvement.objects.filter(pk=there.pk).update(concern=concern)
    record(actor=actor, mandate=mandate, deed="crisis.raise_concern", obj=there)
    improvement.concern = concern
    return concern


def _tell_owner(improvement: Improvement, actor: "User") -> None:
    owner = improvement.owner
    if owner is not None and owner != actor:
        _tell(improvement, "neu", lambda: _("Eine Maßnahme für Sie: %(what)s"))


def remind_owners(today: date | None = None) -> None:
    """Remind those who promised something of it: a week before its day, and once it is over."""
    today = today or timezone.localdate()
    due = Improvement.objects.filter(
        state__in=TO_DO,
        owner__is_active=True,
        due_on__lte=today + REMINDED_BEFORE,
        # Whoever has not done it a month later has other reasons than not knowing of it.
        due_on__gte=today - timedelta(days=30),
    )
    for improvement in due.select_related("owner"):
        is_late = improvement.due_on < today
        title = (
            (lambda: _("Überfällig: %(what)s")) if is_late else (lambda: _("Bald fällig: %(what)s"))
        )
        _tell(improvement, "spaet" if is_late else "bald", title)


def _tell(improvement: Improvement, occasion: str, title: Any) -> None:
    owner, due = improvement.owner, improvement.due_on
    assert owner is not None  # noqa: S101  only those with an owner are told of
    notify(
        users=[owner],
        topic=TOLD,
        # Another day or another owner is another occasion.
        key=f"crisis.improvement-{improvement.pk}-{owner.pk}-{occasion}-{due:%Y%m%d}",
        title=lambda: title() % {"what": improvement.what},
        text=lambda: _("Aus einer Übung, bis %(day)s.") % {"day": date_format(due)},
        url=improvement.get_absolute_url(),
    )


def clear_improvement_persons(before: datetime) -> int:
    """Forget the names of those without an account who did something; returns of how many."""
    old = Improvement.objects.exclude(state__in=TO_DO).filter(state_at__lt=before)
    return old.exclude(person="").update(person="")
