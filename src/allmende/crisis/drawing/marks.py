"""Ten marks that can be told apart without colour: five shapes, full or hollow.

>>> str(legend_mark(Mark(7)))[:60]
'<svg class="al-legend" viewBox="-10 -10 20 20" aria-hidden="'
"""

from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

SHAPES = 5


class Mark(NamedTuple):
    """The look of the kind number ``number``; 0 to 9 differ in shape or filling, and in colour."""

    number: int

    @property
    def classes(self) -> str:
        return f"al-g{self.number % SHAPES} {'al-hollow' if self.number >= SHAPES else 'al-full'}"

    def path(self, radius: float) -> str:
        """A closed figure around (0, 0), relative, so that it can be set anywhere by a move."""
        r = round(radius, 1)
        side, arm, thin = round(0.88 * r, 1), round(1.25 * r, 1), round(0.42 * r, 1)
        rest = round(arm - thin, 1)
        return (
            f"m-{r} 0a{r} {r} 0 1 0 {2 * r:g} 0a{r} {r} 0 1 0-{2 * r:g} 0z",
            f"m-{side}-{side}h{2 * side:g}v{2 * side:g}h-{2 * side:g}z",
            f"m0-{1.25 * r:g}l{1.15 * r:g} {2 * r:g}h-{2.3 * r:g}z",
            f"m0-{1.3 * r:g}l{1.3 * r:g} {1.3 * r:g}-{1.3 * r:g} {1.3 * r:g}-{1.3 * r:g}-{1.3 * r:g}z",
            f"m-{thin}-{arm}h{2 * thin:g}v{rest:g}h{rest:g}v{2 * thin:g}h-{rest:g}v{rest:g}"
            f"h-{2 * thin:g}v-{rest:g}h-{rest:g}v-{2 * thin:g}h{rest:g}z",
        )[self.number % SHAPES]


def legend_mark(mark: Mark) -> SafeString:
    """The mark for legends and tables; what it means stands beside it."""
    return format_html(
        '<svg class="al-legend" viewBox="-10 -10 20 20" aria-hidden="true">'
        '<path class="{}" d="M0 0{}"/></svg>',
        mark.classes,
        mark.path(6.5),
    )
