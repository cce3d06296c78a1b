"""Which decisions play would take in a rehearsal, and when: what nobody has been asked, nobody can decide."""

from collections.abc import Iterable
from typing import NamedTuple

from .delivery import openings
from .rehearsal import Exercise, rehearse


class Wish(NamedTuple):
    """What somebody would decide, and when; ``at`` None: as soon as it is open."""

    at: int | None
    decision: str
    option: str


class Early(NamedTuple):
    """A wish that play would refuse; ``opens``: when it could be made, None: never."""

    wish: Wish
    opens: int | None


def in_play(
    exercise: Exercise, wishes: Iterable[Wish]
) -> tuple[list[tuple[int, str, str]], list[Early]]:
    """Say which decisions play would take, and when: none before an inject has asked for it.

    Parameters
    ----------
    exercise : Exercise
    wishes : iterable of Wish

    Returns
    -------
    list of (int, str, str)
        As `rehearse` takes them, by time.
    list of Early
        What comes too early, or is never asked for.

    Raises
    ------
    ModelError
        If there is no such option.

    Notes
    -----
    What is decided changes nothing before it. So the first that can be made next is made next, and only then is it
    looked at what opens after it.

    References
    ----------
    docs/algorithms/exercise.md
    """
    left = list(wishes)
    made: list[tuple[int, str, str]] = []
    early: list[Early] = []
    while left:
        delivered = {line.inject: line.at for line in reversed(rehearse(exercise, made).lines)}
        opened = openings(exercise.cues, {wish.decision for wish in left}, delivered)
        times = [opened.get(wish.decision) if wish.at is None else wish.at for wish in left]
        place = min(range(len(left)), key=lambda each: (times[each] is None, times[each] or 0))
        wish, at = left.pop(place), times[place]
        opens = opened.get(wish.decision)
        if at is None or opens is None or at < opens:
            early.append(Early(wish, opens))
        else:
            made.append((at, wish.decision, wish.option))
    return made, early
