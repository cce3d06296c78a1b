"""The exercise control: the clock, and what comes now, not at all, or once more."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.audit.services import audited, record
from allmende.formats.exercise_script.check import undecidable
from allmende.forum.services import Conflict

from ...models import ClockChange, Exercise, ExerciseState, Order, OrderKind
from .playing import changed, deliver_due, lock, microseconds
from .yardsticks import want_yardstick

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.algorithms.exercise.clock import Clock

REASONS = {
    "not started": gettext_lazy("Die Übung hat noch nicht begonnen."),
    "too slow": gettext_lazy("Langsamer als ein Zehntel geht nicht: Halten Sie die Übung dann an."),
    "too fast": gettext_lazy(
        "Schneller als 360-fach geht nicht: Sonst kommt an, was niemand mehr nacheinander lesen kann."
    ),
    "backwards": gettext_lazy(
        "Zurück geht die Uhr nicht: Was schon ankam, lässt sich nicht zurücknehmen."
    ),
    "after the end": gettext_lazy("Das liegt hinter dem Ende der Übung."),
}


@audited
def start_exercise(*, actor: "User", exercise: Exercise, wall: int | None = None) -> None:
    """Begin to play at the speed of the script. Who presses second changes nothing.

    Raises ``Conflict`` if nobody plays, somebody would be asked without a choice, or the exercise is over.
    """
    from allmende.algorithms.exercise.clock import REAL_TIME

    wall = microseconds() if wall is None else wall
    game = lock(exercise, wall)
    if game.exercise.state == ExerciseState.ENDED:
        raise Conflict(_("Diese Übung ist beendet."))
    if game.clock.started:
        return
    if not game.exercise.parts.exclude(role="").exists():
        raise Conflict(
            _("Noch spielt niemand mit. Geben Sie zuerst den Link zum Mitmachen weiter.")
        )
    # Files could be sent here before the check knew of it.
    if open_questions := undecidable(game.script):
        raise Conflict(
            _(
                "Die Entscheidung „%(question)s“ hat weniger als zwei Möglichkeiten. Ergänzen Sie das Drehbuch, und nehmen Sie es dann unter „Anderes Drehbuch“ neu."
            )
            % {"question": open_questions[0].question}
        )
    _keep(
        game.exercise,
        game.clock.start(wall=wall, speed=round(game.script.speed * REAL_TIME)),
        actor,
    )
    Exercise.objects.filter(pk=exercise.pk).update(
        state=ExerciseState.RUNNING, started_at=timezone.now()
    )
    record(actor=actor, deed="crisis.start_exercise", obj=exercise)
    changed(exercise)
    deliver_due(exercise=exercise, wall=wall)


def change_clock(
    *,
    actor: "User",
    exercise: Exercise,
    change: str,
    value: int = 0,
    seen: int | None = None,
    wall: int | None = None,
) -> None:
    """Pause, resume, set the speed (thousandths) or jump (to microseconds of exercise time).

    ``seen`` is how often the clock had been changed when the page was shown. A jump counts only if that is
    still so: pressed twice, it is one. Raises ``Conflict`` with what the clock cannot do, and why.
    """
    from allmende.algorithms.exercise.clock import ClockError

    wall = microseconds() if wall is None else wall
    with transaction.atomic():
        game = lock(exercise, wall)
        if game.exercise.state == ExerciseState.ENDED:
            raise Conflict(_("Diese Übung ist beendet."))
        if change == "jump" and seen not in {None, len(game.clock.segments)}:
            raise Conflict(
                _("Die Uhr wurde inzwischen gestellt. Sehen Sie nach, ob Sie noch springen wollen.")
            )
        try:
            clock = {
                "pause": lambda: game.clock.pause(wall=wall),
                "resume": lambda: game.clock.resume(wall=wall),
                "speed": lambda: game.clock.set_speed(wall=wall, speed=value),
                "jump": lambda: game.clock.jump(wall=wall, to=value),
            }[change]()
        except ClockError as error:
            raise Conflict(str(REASONS[error.reason])) from error
        _keep(game.exercise, clock, actor)
        deliver_due(exercise=exercise, wall=wall)
        changed(exercise)


def _keep(exercise: Exercise, clock: "Clock", actor: "User | None") -> None:
    """Store what is new of a clock."""
    there = exercise.clock_changes.count()
    ClockChange.objects.bulk_create(
        ClockChange(
            exercise=exercise,
            number=number,
            wall=segment.wall,
            at=segment.exercise,
            speed=segment.speed,
            runs=segment.runs,
            changed_by=actor,
        )
        for number, segment in enumerate(clock.segments)
        if number >= there
    )


def give_order(
    *,
    actor: "User",
    exercise: Exercise,
    kind: str,
    inject: str,
    attempt: int | None = None,
    wall: int | None = None,
) -> None:
    """Deliver an inject now, leave it out, or deliver it once more; two who press at once mean the same.

    ``attempt`` says of the latter which one it is to be: one that has come already is not made again. Raises ``Conflict`` if it is not in the script, or the exercise does not run.
    """
    wall = microseconds() if wall is None else wall
    with transaction.atomic():
        game = lock(exercise, wall)
        if game.exercise.state != ExerciseState.RUNNING:
            raise Conflict(_("Das geht nur, während die Übung läuft."))
        attempts = [attempt for (key, _to, attempt) in game.ledger.delivered if key == inject]
        if inject not in {cue.inject for cue in game.cues}:
            raise Conflict(_("Diese Einlage steht nicht im Drehbuch."))
        if (kind == OrderKind.AGAIN) != bool(attempts):
            raise Conflict(
                _("Diese Einlage ist schon angekommen.")
                if attempts
                else _("Diese Einlage ist noch nicht angekommen.")
            )
        if attempt is not None and attempt in attempts:
            return
        attempt = max(attempts, default=0) + 1
        Order.objects.get_or_create(
            exercise=exercise,
            kind=kind,
            inject=inject,
            attempt=attempt,
            defaults={"at": game.stamp(), "given_by": actor},
        )
        deliver_due(exercise=exercise, wall=wall)
        changed(exercise)


@audited
def end_exercise(*, actor: "User | None", exercise: Exercise, wall: int | None = None) -> None:
    """End it for good: what is due by now still comes, nothing after it. Twice is once."""
    wall = microseconds() if wall is None else wall
    game = lock(exercise, wall)
    if game.exercise.state == ExerciseState.ENDED:
        return
    deliver_due(exercise=exercise, wall=wall)
    if game.clock.started:
        _keep(game.exercise, game.clock.pause(wall=wall), actor)
    Exercise.objects.filter(pk=exercise.pk).update(
        state=ExerciseState.ENDED, ended_at=timezone.now(), next_wall=None
    )
    exercise.join_requests.all().delete()
    changed(exercise)
    want_yardstick(exercise)
    record(actor=actor, deed="crisis.end_exercise", obj=exercise)
