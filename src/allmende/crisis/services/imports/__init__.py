"""Facilities and needs from files: looked at first, then carried out as a whole or not at all."""

from .carrying_out import carry_out_import
from .checking import keep_import
from .clearing import clear_imports, discard_import, note_problem
from .later import carry_out_wanted, pick_up_imports, request_import

__all__ = [
    "carry_out_import",
    "carry_out_wanted",
    "clear_imports",
    "discard_import",
    "keep_import",
    "note_problem",
    "pick_up_imports",
    "request_import",
]
