"""Changing the registry: importing registers, giving and ending mandates."""

from ..queries import Totals
from .mandates import MandateError, end_mandate, grant_mandate
from .registers import import_register, import_registers
from .report import Ended, ImportRefusedError, ImportReport, Renamed

__all__ = [
    "Ended",
    "ImportRefusedError",
    "ImportReport",
    "MandateError",
    "Renamed",
    "Totals",
    "end_mandate",
    "grant_mandate",
    "import_register",
    "import_registers",
]
