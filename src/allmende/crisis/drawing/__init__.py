"""Pictures of the register as SVG: what hangs on what, where it lies, how many people are without it when.

They are drawn by the server, without script; colours come from classes, so that light and dark are the page's
matter, and nothing is told by colour alone. Every picture has a table with the same figures beside it.
"""

from .layers import Arrow, Box, draw_layers
from .lines import Line, draw_flags, draw_lines
from .maps import Dot, Town, draw_map
from .marks import Mark, legend_mark

__all__ = [
    "Arrow",
    "Box",
    "Dot",
    "Line",
    "Mark",
    "Town",
    "draw_flags",
    "draw_layers",
    "draw_lines",
    "draw_map",
    "legend_mark",
]
