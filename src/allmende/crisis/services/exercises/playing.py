"""What happens while an exercise is played: what is due is delivered, people decide and write.

Whoever changes an exercise holds its row first, so that all changes come one after the other; SQLite has one
writer at a time anyway. What is due is computed from what is stored, so who crashes in between loses nothing:
the next who asks computes the same.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.forum.services import Conflict

from ...models import CONTROL, Choice, Delivery, Exercise, ExerciseState, Note, Part
from ...queries.exercises import newest_choice
from ...queries.games import Game
from ...queries.recipients import readers_of, recipients_of
from .words import said

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.algorithms.exercise.delivery import Delivery as Due


def microseconds() -> int:
    """The moment it is here."""
    return int(timezone.now().timestamp() * 1_000_000)


def lock(exercise: Exercise, wall: int) -> Game:
    """Hold an exercise until the end of the transaction, and look at it anew."""
    held = Exercise.objects.select_for_update(of=("self",)).defer("script").get(pk=exercise.pk)
    return Game(held, wall)


def changed(exercise: Exercise, *roles: str) -> None:
    """Let every page of the control and of those who watch ask for what is new, and the players' in these roles.

    Who names roles holds the exercise's row.
    """
    news = {}
    if roles:
        [there] = Exercise.objects.filter(pk=exercise.pk).values_list("news", flat=True)
        news = {"news": there | {role: there.get(role, 0) + 1 for role in roles}}
    Exercise.objects.filter(pk=exercise.pk).update(revision=F("revision") + 1, **news)


def deliver_due(*, exercise: Exercise, wall: int | None = None) -> int:
    """Deliver what is due, each inject once, and note when something is due next; returns how many came."""
    from allmende.algorithms.exercise.delivery import missing
    from allmende.algorithms.exercise.rehearsal import facts_of

    wall = microseconds() if wall is None else wall
    with transaction.atomic():
        game = lock(exercise, wall)
        if game.exercise.state != ExerciseState.RUNNING:
            return 0
        new = missing(
            game.cues,
            game.ledger,
            now=game.now,
            orders=game.orders,
            facts=facts_of(game.made, game.future),
        )
        Delivery.objects.bulk_create(
            Delivery(
                exercise=exercise,
                inject=each.inject,
                recipient=each.recipient,
                attempt=each.attempt,
                due=each.due,
                wall=wall,
                **said(game, each.inject),
            )
            for each in new
        )
        after = Game(game.exercise, wall)
        Exercise.objects.filter(pk=exercise.pk).update(next_wall=after.next_due())
        if new:
            changed(exercise, *_reached(game, new))
    return len(new)


def _reached(game: Game, new: "list[Due]") -> set[str]:
    """The roles to which something is news: who gets it, and who decides what it asks for, whoever gets it."""
    injects = {each.inject for each in new}
    asked = {key for row in game.script.injects if row.key in injects for key in row.asks_for}
    deciding = {each.role for each in game.script.decisions if each.key in asked}
    return deciding | {each.recipient for each in new}


def advance(exercise: Exercise, wall: int | None = None) -> None:
    """Deliver what is due, if anything can be, and end the exercise when its time has run out.

    Everybody who looks at the exercise calls this: usually it compares two numbers.
    """
    from .control import end_exercise

    wall = microseconds() if wall is None else wall
    if exercise.state != ExerciseState.RUNNING:
        return
    if exercise.next_wall is None or wall < exercise.next_wall:
        return
    with transaction.atomic():
        # All who look ask at the same moment: whoever waited for the first finds it done.
        held = lock(exercise, wall).exercise
        if held.next_wall is not None and wall >= held.next_wall:
            deliver_due(exercise=exercise, wall=wall)
    if Game(exercise, wall).is_over:
        end_exercise(actor=None, exercise=exercise, wall=wall)
    exercise.refresh_from_db(fields=["state", "next_wall", "revision", "news"])


def decide(
    *,
    actor: "User",
    part: Part,
    key: UUID,
    decision: str,
    option: str,
    reason: str = "",
    seen: int | None = None,
    wall: int | None = None,
) -> Choice:
    """Make a decision for a role; what follows happens in the simulation. Sent twice, it is one.

    ``seen`` is which decision was the last one when the page was shown, 0 if none was. Raises ``Conflict`` if
    it no longer is, the exercise does not run, nobody has asked yet, or it is not this role's to decide.
    """
    wall = microseconds() if wall is None else wall
    with transaction.atomic():
        game = lock(part.exercise, wall)
        if there := Choice.objects.filter(exercise=game.exercise, key=key).first():
            return there
        _require_running(game)
        row = next((each for each in game.script.decisions if each.key == decision), None)
        if row is None or row.role != part.role:
            raise Conflict(_("Diese Entscheidung trifft eine andere Rolle."))
        if option not in {each.key for each in row.options}:
            raise Conflict(_("Bitte wählen Sie eine der Möglichkeiten."))
        _require_newest(game, decision, seen)
        deliver_due(exercise=game.exercise, wall=wall)
        if decision not in Game(game.exercise, wall).open_since:
            raise Conflict(
                _(
                    "Noch steht diese Entscheidung nicht an. Sie können entscheiden, sobald die Einlage da ist, die danach fragt."
                )
            )
        choice = Choice.objects.create(
            exercise=game.exercise,
            key=key,
            at=max(Game(game.exercise, wall).stamp(), _last_choice(game.exercise) + 1),
            wall=wall,
            role=part.role,
            decision=decision,
            option=option,
            reason=reason,
            made_by=actor,
        )
        deliver_due(exercise=game.exercise, wall=wall)
        changed(game.exercise, part.role)
    return choice


def _require_newest(game: Game, decision: str, seen: int | None) -> None:
    """Nobody overrules unknowingly what somebody else in her role has just decided."""
    newest = newest_choice(game.exercise, decision)
    if seen is None or seen == newest:
        return
    option = game.exercise.choices.get(pk=newest).option
    row = next(each for each in game.script.decisions if each.key == decision)
    name = next(each.name for each in row.options if each.key == option)
    raise Conflict(
        _(
            "Inzwischen wurde schon entschieden: %(option)s. Wollen Sie bei Ihrer Entscheidung bleiben, senden Sie sie noch einmal."
        )
        % {"option": name}
    )


def _last_choice(exercise: Exercise) -> int:
    return exercise.choices.order_by("-at").values_list("at", flat=True).first() or -1


def _require_running(game: Game) -> None:
    if game.exercise.state == ExerciseState.PREPARED:
        raise Conflict(_("Die Übung hat noch nicht begonnen."))
    if game.exercise.state == ExerciseState.ENDED or game.is_over:
        raise Conflict(_("Diese Übung ist beendet."))


def send_note(
    *,
    actor: "User",
    part: Part,
    key: UUID,
    recipient: str,
    text: str,
    outside: str = "",
    wall: int | None = None,
) -> Note:
    """Write to a role, to a whole team or to the control, who writes as anybody. Sent twice, it is one.

    In a pause people may write, too. Raises ``Conflict`` if the exercise does not run, nobody is called so, or
    the one who writes only looks on.
    """
    wall = microseconds() if wall is None else wall
    with transaction.atomic():
        game = lock(part.exercise, wall)
        if there := Note.objects.filter(exercise=game.exercise, key=key).first():
            return there
        _require_running(game)
        sender = CONTROL if part.is_control else part.role
        roles, teams = recipients_of(game.script, sender)
        known = {CONTROL, *(role.key for role in roles), *(team.key for team in teams)} - {sender}
        if not sender or recipient not in known:
            raise Conflict(_("An diese Rolle können Sie nicht schreiben."))
        note = Note.objects.create(
            exercise=game.exercise,
            key=key,
            at=game.now,
            wall=wall,
            sender=sender,
            recipient=recipient,
            outside=outside,
            text=text,
            sent_by=actor,
        )
        changed(game.exercise, sender, *readers_of(game.script, recipient))
    return note


def mark_seen(*, delivery: Delivery, wall: int | None = None) -> None:
    """Note that its role has opened a delivery, the first time."""
    wall = microseconds() if wall is None else wall
    if Delivery.objects.filter(pk=delivery.pk, seen_wall=None).update(seen_wall=wall):
        changed(delivery.exercise)
