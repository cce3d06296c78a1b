"""Exercises before they are played."""

import json
import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.formats.exercise_script.document import document_of
from allmende.formats.exercise_script.model import Script
from allmende.forum.services import Conflict
from allmende.registry.models import Mandate, Organisation

from ...models import Exercise, ExerciseState, Part, PartKind
from ...queries.joining import as_protected, named_in
from .attachments import give_files
from .parts import sort_parts
from .playing import changed, lock
from .sent_files import FileAlong

if TYPE_CHECKING:
    from datetime import datetime

    from allmende.accounts.models import User


def _as_columns(script: Script) -> dict[str, Any]:
    script = as_protected(script)
    document = document_of(script)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    return {
        "title": script.name[:200],
        "script": document,
        "script_hash": sha256(text.encode()).hexdigest(),
        "from_register": script.from_register,
    }


@audited
def add_exercise(
    *,
    actor: "User | None",
    mandate: Mandate | None,
    host: Organisation,
    script: Script,
    files: Iterable[FileAlong] = (),
    planned_at: "datetime | None" = None,
) -> Exercise:
    """Prepare an exercise from a script and the files that go with it; who does so is its control."""
    exercise = Exercise.objects.create(
        **_as_columns(script),
        host=host,
        token=secrets.token_urlsafe(24),
        spectator_token=secrets.token_urlsafe(24),
        planned_at=planned_at,
        is_example=host.is_example,
    )
    give_files(actor=actor, exercise=exercise, files=files)
    if actor is not None:
        Part.objects.create(exercise=exercise, user=actor, kind=PartKind.CONTROL)
    record(actor=actor, mandate=mandate, deed="crisis.add_exercise", obj=exercise)
    return exercise


@audited
def replace_script(
    *, actor: "User", exercise: Exercise, script: Script, files: Iterable[FileAlong] = ()
) -> None:
    """Put another script in its place, before it begins. Roles that are no more leave nobody in them.

    Raises ``Conflict`` if it has begun.
    """
    shown = named_in(lock(exercise, 0).exercise)
    prepared = Exercise.objects.filter(pk=exercise.pk, state=ExerciseState.PREPARED)
    if not prepared.update(**_as_columns(script)):
        raise Conflict(_("Die Übung hat begonnen. Ihr Drehbuch ändert sich nicht mehr."))
    give_files(actor=actor, exercise=exercise, files=files)
    roles = [role.key for role in script.roles]
    exercise.parts.filter(kind=PartKind.PLAYER).exclude(role__in=roles).update(
        kind=PartKind.SPECTATOR, role=""
    )
    exercise.join_requests.filter(kind=PartKind.PLAYER).exclude(role__in=roles).delete()
    exercise.refresh_from_db()
    sort_parts(actor=actor, exercise=exercise, shown=shown)
    record(actor=actor, deed="crisis.replace_script", obj=exercise)


@audited
def plan_exercise(*, actor: "User", exercise: Exercise, planned_at: "datetime | None") -> None:
    """Say when it is meant to begin; None: not yet known. Raises ``Conflict`` if it has begun."""
    prepared = Exercise.objects.filter(pk=exercise.pk, state=ExerciseState.PREPARED)
    if not prepared.update(planned_at=planned_at):
        raise Conflict(_("Die Übung hat schon begonnen."))
    changed(exercise)
    record(actor=actor, deed="crisis.plan_exercise", obj=exercise)


@audited
def remove_exercise(*, actor: "User", exercise: Exercise) -> None:
    """Give up an exercise that has not begun. Raises ``Conflict`` if it has."""
    record(actor=actor, deed="crisis.remove_exercise", obj=exercise)
    if not Exercise.objects.filter(pk=exercise.pk, state=ExerciseState.PREPARED).delete()[0]:
        raise Conflict(_("Die Übung hat begonnen und bleibt, für ihre Auswertung."))
