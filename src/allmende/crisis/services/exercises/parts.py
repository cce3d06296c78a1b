"""Who takes part in an exercise, and as what."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from allmende.forum.services import Conflict

from ...models import Exercise, ExerciseState, Part, PartKind
from ...queries.games import script_of_exercise

if TYPE_CHECKING:
    from allmende.accounts.models import User

# All that join an exercise with a link; more cannot be told apart on a page.
MOST_PARTS = 400


def join(*, actor: "User", exercise: Exercise, kind: str, role: str) -> Part:
    """Take part in an exercise, by its link. Nobody becomes its control like that.

    Raises ``Conflict`` if the exercise is over or full, there is no such role, or this person already takes
    part as somebody else: she asks the control to change it.
    """
    _check(exercise, kind, role)
    if kind == PartKind.CONTROL:
        raise Conflict(_("Zur Übungsleitung gehört, wen die Übungsleitung dazu bestimmt."))
    if exercise.parts.count() >= MOST_PARTS:
        raise Conflict(
            _("An dieser Übung nehmen schon %(most)s Menschen teil.") % {"most": MOST_PARTS}
        )
    try:
        with transaction.atomic():
            return Part.objects.create(exercise=exercise, user=actor, kind=kind, role=role)
    except IntegrityError:
        there = Part.objects.get(exercise=exercise, user=actor)
    if (there.kind, there.role) == (kind, role):
        return there
    raise Conflict(
        _(
            "Sie nehmen schon teil, in einer anderen Rolle. In zwei Rollen zugleich geht nicht: "
            "Bitten Sie die Übungsleitung, Ihre zu ändern."
        )
    )


def change_part(*, exercise: Exercise, part: Part, kind: str, role: str) -> None:
    """Let somebody do something else in an exercise; its last control stays."""
    _check(exercise, kind, role)
    with transaction.atomic():
        Exercise.objects.select_for_update().get(pk=exercise.pk)
        if kind != PartKind.CONTROL:
            _keep_a_control(part)
        Part.objects.filter(pk=part.pk).update(kind=kind, role=role)


def leave(*, part: Part) -> None:
    """Take part no more; what was done stays. The last control stays, too."""
    with transaction.atomic():
        Exercise.objects.select_for_update().get(pk=part.exercise_id)
        _keep_a_control(part)
        Part.objects.filter(pk=part.pk).delete()


def _keep_a_control(part: Part) -> None:
    others = Part.objects.filter(exercise=part.exercise_id, kind=PartKind.CONTROL)
    if part.is_control and not others.exclude(pk=part.pk).exists():
        raise Conflict(_("Ohne Übungsleitung geht es nicht. Bestimmen Sie zuerst jemand anderen."))


def _check(exercise: Exercise, kind: str, role: str) -> None:
    if exercise.state == ExerciseState.ENDED:
        raise Conflict(_("Diese Übung ist beendet."))
    roles = {each.key for each in script_of_exercise(exercise).roles if not each.simulated}
    if (kind == PartKind.PLAYER) != (role in roles) or (role and role not in roles):
        raise Conflict(_("Bitte wählen Sie eine Rolle dieser Übung."))
