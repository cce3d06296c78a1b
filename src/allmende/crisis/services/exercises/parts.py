"""Who takes part in an exercise, and as what.

Who comes by the link into an exercise on a register's network, and does not see its facilities in the register,
waits: by letting her in the control names her as one who needs to know, which the log tells.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.forum.services import Conflict

from ...models import Exercise, ExerciseState, JoinRequest, Part, PartKind
from ...queries.exercises import opens_to
from ...queries.games import script_of_exercise
from ...queries.joining import Named, has_to_wait, named_in
from .observing import noted
from .playing import lock

if TYPE_CHECKING:
    from allmende.accounts.models import User

# All that join an exercise with a link; more cannot be told apart on a page.
MOST_PARTS = 400
LET_IN = "crisis.let_into_exercise"
TAKEN_OUT = "crisis.take_out_of_exercise"


def join(*, actor: "User", exercise: Exercise, kind: str, role: str) -> Part:
    """Take part in an exercise, by its link. Nobody becomes its control like that.

    Raises ``Conflict`` if the exercise is over or full, there is no such role, this person already takes
    part as somebody else (she asks the control to change it), lacks a second factor, or has to wait.
    """
    with transaction.atomic():
        held = lock(exercise, 0).exercise
        _check_joining(actor, held, kind, role)
        if has_to_wait(actor, held, kind):
            raise Conflict(_("In diese Übung lässt Sie die Übungsleitung ein."))
        part = _part_of(actor, held, kind, role)
        return part or held.parts.create(user=actor, kind=kind, role=role)


def ask_to_join(*, actor: "User", exercise: Exercise, kind: str, role: str) -> None:
    """Wait for the control to let one in. Who waits already, or was declined, stays what she is.

    Raises ``Conflict`` as ``join`` does.
    """
    with transaction.atomic():
        held = lock(exercise, 0).exercise
        _check_joining(actor, held, kind, role)
        if _part_of(actor, held, kind, role) is not None:
            return
        wish = {"kind": kind, "role": role}
        if held.join_requests.get_or_create(user=actor, defaults=wish)[1]:
            noted(held)


def withdraw_request(*, actor: "User", exercise: Exercise) -> None:
    """Wait no more. Who was declined stays so."""
    waiting = JoinRequest.objects.filter(exercise=exercise, user=actor, declined_at=None)
    if waiting.delete()[0]:
        noted(exercise)


@audited
def let_in(*, actor: "User", exercise: Exercise, requests: Collection[int]) -> list[str]:
    """Let people in who wait, or were declined, as what they chose; returns their names. Twice is once.

    Raises ``Conflict`` if the exercise is over, or one of them chose a role that is no more.
    """
    held = lock(exercise, 0).exercise
    names = []
    for request in held.join_requests.filter(pk__in=requests).select_related("user"):
        _check(held, request.kind, request.role)
        # She may look on meanwhile.
        if (there := held.parts.filter(user=request.user_id).first()) is not None:
            _keep_a_control(there)
        Part.objects.update_or_create(
            exercise=held,
            user=request.user,
            defaults={"kind": request.kind, "role": request.role},
        )
        _say(LET_IN, actor, held, request)
        request.delete()
        names.append(request.user.name)
    if names:
        noted(held)
    return names


def decline(*, exercise: Exercise, requests: Collection[int]) -> None:
    """Do not let people in who wait; the control can still do so later."""
    with transaction.atomic():
        held = lock(exercise, 0).exercise
        waiting = held.join_requests.filter(pk__in=requests, declined_at=None)
        if waiting.update(declined_at=timezone.now()):
            noted(held)


@audited
def change_part(*, actor: "User", exercise: Exercise, part: Part, kind: str, role: str) -> None:
    """Let somebody do something else in an exercise; its last control stays.

    Who looked on while she waited is let in by it, and waits no more.
    """
    held = lock(exercise, 0).exercise
    _check(held, kind, role)
    there = held.parts.filter(pk=part.pk).first()
    if there is None:
        raise Conflict(_("Diese Person nimmt nicht mehr teil."))
    if kind != PartKind.CONTROL:
        _keep_a_control(there)
    saw = not there.is_spectator
    there.kind, there.role = kind, role
    there.save(update_fields=["kind", "role"])
    waited = held.join_requests.filter(user=there.user_id)
    if not there.is_spectator and waited.delete()[0]:
        noted(held)
    if held.from_register and saw is there.is_spectator:
        _say(TAKEN_OUT if saw else LET_IN, actor, held, there)


@audited
def leave(*, actor: "User", part: Part) -> None:
    """Let somebody take part no more; what was done stays. The last control stays, too."""
    held = lock(part.exercise, 0).exercise
    there = held.parts.filter(pk=part.pk).first()
    if there is None:
        return
    _keep_a_control(there)
    if held.from_register and not there.is_spectator:
        _say(TAKEN_OUT, actor, held, there)
    there.delete()


def sort_parts(*, actor: "User", exercise: Exercise, shown: Named) -> None:
    """Let people wait, or wait no more, once an exercise has another network than the one that was ``shown``.

    On a register's network with facilities that were not shown, those wait who do not see them themselves,
    whoever let them see the others. Of the control, who brings the network stays: she knows it.
    """
    requests = exercise.join_requests
    if not exercise.from_register:
        for request in requests.filter(declined_at=None):
            wish = {"kind": request.kind, "role": request.role}
            exercise.parts.update_or_create(user=request.user, defaults=wish)
        requests.all().delete()
    elif not named_in(exercise) <= shown:
        for part in exercise.parts.exclude(user=actor).select_related("user"):
            if has_to_wait(part.user, exercise, part.kind):
                requests.create(user=part.user, kind=part.kind, role=part.role)
                _say(TAKEN_OUT, actor, exercise, part)
                part.delete()


def _say(deed: str, actor: "User", exercise: Exercise, who: Part | JoinRequest) -> None:
    """Enter into the log who lets whom see the facilities of an exercise, or no more."""
    record(actor=actor, deed=deed, obj=exercise, person=who.user_id, kind=who.kind, role=who.role)


def _keep_a_control(part: Part) -> None:
    others = Part.objects.filter(exercise=part.exercise_id, kind=PartKind.CONTROL)
    if part.is_control and not others.exclude(pk=part.pk).exists():
        raise Conflict(_("Ohne Übungsleitung geht es nicht. Bestimmen Sie zuerst jemand anderen."))


def _part_of(actor: "User", exercise: Exercise, kind: str, role: str) -> Part | None:
    """What somebody does who wants to do this; raises ``Conflict`` if it is something else."""
    there = exercise.parts.filter(user=actor).first()
    if there is None or (there.kind, there.role) == (kind, role):
        return there
    raise Conflict(
        _(
            "Sie nehmen schon teil, in einer anderen Rolle. In zwei Rollen zugleich geht nicht: "
            "Bitten Sie die Übungsleitung, Ihre zu ändern."
        )
    )


def _check_joining(actor: "User", exercise: Exercise, kind: str, role: str) -> None:
    _check(exercise, kind, role)
    if kind == PartKind.CONTROL:
        raise Conflict(_("Zur Übungsleitung gehört, wen die Übungsleitung dazu bestimmt."))
    if not opens_to(actor, exercise, kind):
        raise Conflict(
            _(
                "Das Netz dieser Übung kommt aus einem Register. Dafür brauchen Sie einen zweiten Faktor."
            )
        )
    if exercise.parts.count() + exercise.join_requests.count() >= MOST_PARTS:
        raise Conflict(
            _("An dieser Übung nehmen schon %(most)s Menschen teil.") % {"most": MOST_PARTS}
        )


def _check(exercise: Exercise, kind: str, role: str) -> None:
    if exercise.state == ExerciseState.ENDED:
        raise Conflict(_("Diese Übung ist beendet."))
    roles = {each.key for each in script_of_exercise(exercise).roles if not each.simulated}
    if (kind == PartKind.PLAYER) != (role in roles) or (role and role not in roles):
        raise Conflict(_("Bitte wählen Sie eine Rolle dieser Übung."))
