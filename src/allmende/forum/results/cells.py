"""Small cells: which counts of personal opinions may be published. Everything that publishes asks here.

Fewer than five people who said the same could be recognised by those who know them. A count between one
and four is therefore hidden, and another one with it, since it could otherwise be computed as what is
missing from the total. What is shown is exact; nothing is rounded.

    >>> shown(12, 0, 9)
    Shown(agree=12, passed=0, disagree=9, total=21)
    >>> shown(12, 2, 9)  # 2, and with it 9: else 21 - 12 - 9 would tell it
    Shown(agree=12, passed=None, disagree=None, total=23)
    >>> shown(6, 4, 6)  # 6 and 4: else 10 together, one of them at most 6 and one at most 4
    Shown(agree=None, passed=None, disagree=None, total=16)
    >>> shown(4, 3, 0)
    Shown(agree=None, passed=None, disagree=None, total=None)
"""

from collections.abc import Iterable
from dataclasses import dataclass

# Below that, a figure about people who were promised anonymity would point at them.
FEWEST = 5


@dataclass(frozen=True)
class Shown:
    """The counts of a statement that may be published; ``None`` where one must not be."""

    agree: int | None
    passed: int | None
    disagree: int | None
    total: int | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is hidden, so that shares and what is computed from them may be shown."""
        return None not in (self.agree, self.passed, self.disagree, self.total)


def is_small(count: int) -> bool:
    """Whether so few must not be published; nobody at all may be."""
    return 0 < count < FEWEST


def shown(agree: int, passed: int, disagree: int) -> Shown:
    """What may be published of the votes of people on one statement.

    With a small count goes the smallest that is not; where all are small, so does their total, for
    small counts that are added up may be the only ones that give the sum.
    """
    counts = (agree, passed, disagree)
    total = sum(counts)
    small = {n for n, count in enumerate(counts) if is_small(count)}
    if not small:
        return Shown(agree, passed, disagree, total)
    large = [n for n, count in enumerate(counts) if count >= FEWEST]
    if not large:
        return Shown(None, None, None, None)
    hidden = {*small, min(large, key=lambda n: counts[n])}
    beside = [n for n in large if n not in hidden]
    if beside:
        # Whoever knows this rule knows that what is hidden with the small count is no larger than what
        # is shown. Where that leaves one possibility only, nothing but the total is shown.
        together = sum(counts[n] for n in hidden)
        possible = range(max(FEWEST, together - FEWEST + 1), min(together, counts[beside[0]]))
        if len(possible) < 2:
            hidden.update(beside)
    a, p, d = (None if n in hidden else count for n, count in enumerate(counts))
    return Shown(a, p, d, total)


def may_be_divided(counts: Iterable[tuple[int, int, int]]) -> bool:
    """Whether figures of the parts of all voters on one statement (agree, passed, disagree) may be shown.

    All of them or none: what one part hides, the others and their sum would tell.
    """
    return not any(is_small(count) for part in counts for count in part)
