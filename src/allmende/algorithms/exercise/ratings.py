"""How well a goal was reached, as the marks of those who watched suggest it. A person decides.

>>> rating_of([[1.0], [1.0, 0.5], [0.5]])
'S'
>>> rating_of([]) is None
True
"""

from collections.abc import Sequence
from math import fsum

# Without limits, with small ones, with large ones, not at all: the four steps that HSEEP knows.
WITHOUT_LIMITS, SMALL_LIMITS, LARGE_LIMITS, NOT_DONE = "P", "S", "M", "U"
MOSTLY = 2 / 3
# Means of marks such as 0.1 have lost a last bit.
NOTHING = 1e-9


def rating_of(tasks: Sequence[Sequence[float]]) -> str | None:
    """Suggest how well a goal was reached.

    Parameters
    ----------
    tasks : sequence of sequence of float
        For each task that serves the goal, the marks that observers gave it: 1 done, 0.5 in part, 0 not done.
        Tasks without marks were not observed, and count for nothing.

    Returns
    -------
    str or None
        ``WITHOUT_LIMITS`` if all tasks were done, ``SMALL_LIMITS`` if at least two thirds of them,
        ``LARGE_LIMITS`` if fewer, ``NOT_DONE`` if none; None if none was observed. A task that observers
        mark differently counts with the mean of its marks.

    Raises
    ------
    ValueError
        If a mark is not between 0 and 1.

    References
    ----------
    docs/algorithms/exercise.md

    FEMA, "Homeland Security Exercise and Evaluation Program (HSEEP)": ratings of core capabilities.
    """
    if any(not 0 <= mark <= 1 for marks in tasks for mark in marks):
        raise ValueError("a mark lies between 0 and 1")
    means = [fsum(marks) / len(marks) for marks in tasks if marks]
    if not means:
        return None
    done = fsum(means) / len(means)
    if done <= NOTHING:
        return NOT_DONE
    if done >= 1 - NOTHING:
        return WITHOUT_LIMITS
    return SMALL_LIMITS if done >= MOSTLY - NOTHING else LARGE_LIMITS
