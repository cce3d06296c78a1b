"""What play is held against, computed by a worker when an exercise ends: seconds that no page waits for.

It depends on the script alone, so that it is computed once for all who play it, and never again. A worker that
dies leaves it wanted, and ``pick_up_yardsticks`` lets another one begin anew.
"""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ...models import Exercise, Yardstick
from ...queries.games import Game
from ..jobs import waiting


def want_yardstick(exercise: Exercise) -> None:
    """Let a worker compute what all play of this script is held against, unless somebody has wanted it."""
    _there, is_new = Yardstick.objects.get_or_create(script_hash=exercise.script_hash)
    if is_new:
        _enqueue(exercise.script_hash)


def _enqueue(script_hash: str) -> None:
    from ...tasks import hold_against

    hold_against.enqueue(script_hash)


def compute_yardstick(script_hash: str) -> None:
    """Compute it, if it is wanted still; empty if the script simulates nothing."""
    from allmende.algorithms.exercise.rehearsal import yardstick

    wanted = Yardstick.objects.filter(script_hash=script_hash, found__isnull=True)
    exercise = Exercise.objects.filter(script_hash=script_hash).defer("script").first()
    if exercise is None or not wanted.update(
        tries=F("tries") + 1,
        wanted_at=timezone.now(),  # from now on it counts how long it takes, not how long it waited
    ):
        return
    found = yardstick(Game(exercise, 0).plan)
    wanted.update(
        found={}
        if found is None
        else {
            "nothing": dict(found.nothing),
            "placed": None if found.placed is None else dict(found.placed),
            "places": [[each.unit, each.facility] for each in found.places],
            "sent": [list(each) for each in found.places],
            "exact": found.exact,
        }
    )


def pick_up_yardsticks() -> int:
    """Let a worker begin anew with what another one has left lying; returns how many there are.

    What waits for its turn, however long, is not lost: it gets no second job.
    """
    now = timezone.now()
    lost = Yardstick.objects.filter(
        found__isnull=True,
        tries__lt=Yardstick.MOST_TRIES,
        wanted_at__lt=now - Yardstick.LOST_AFTER,
    )
    hashes = set(lost.values_list("script_hash", flat=True))
    if hashes:
        from ...tasks import hold_against

        hashes -= waiting(hold_against)
    for script_hash in hashes:
        with transaction.atomic():
            if lost.filter(script_hash=script_hash).update(wanted_at=now):
                _enqueue(script_hash)
    return len(hashes)
