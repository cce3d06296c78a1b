"""Facilities and needs from files: looked at first, then carried out as a whole or not at all."""

from .carrying_out import carry_out_import
from .checking import keep_import
from .clearing import clear_imports

__all__ = ["carry_out_import", "clear_imports", "keep_import"]
