"""Signs that tell later which cells of a row were changed, without keeping what stood in them.

A file carries four signs for each cell of a facility or need, in the order of the columns before „Stand“. Read
again, a cell whose signs still fit was not changed in the file; and where those of the register do not fit any
more, somebody has changed it there. One text in 1,048,576 has the same signs as another.

>>> checks_of(["Wasserwerk", 48.1, None])
'J3IGW23UAAAA'
>>> sign_of("48,1")
'W23U'
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

from .cells import Cell, written

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LENGTH = 4


def sign_of(text: str) -> str:
    """The signs of a cell, as it is written."""
    value = crc32(text.encode())
    return "".join(SIGNS[value >> 5 * place & 31] for place in range(LENGTH))


def checks_of(cells: Iterable[Cell]) -> str:
    """The signs of all cells of a row."""
    return "".join(sign_of(written(cell)) for cell in cells)


def signs_in(checks: str | None, fields: Sequence[str]) -> dict[str, str]:
    """The signs of each cell by field; none if they are not of these columns."""
    if not checks or len(checks) != LENGTH * len(fields):
        return {}
    return {
        field: checks[LENGTH * place : LENGTH * (place + 1)] for place, field in enumerate(fields)
    }
