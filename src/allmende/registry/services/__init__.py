"""Changing the registry: importing registers, making organisations, giving mandates."""

from ..queries import Totals
from .mandates import MandateError, end_mandate, grant_mandate
from .organisations import OrganisationError, create_organisation, organisation_of
from .registers import import_register, import_registers
from .report import Ended, ImportRefusedError, ImportReport, Renamed

__all__ = [
    "Ended",
    "ImportRefusedError",
    "ImportReport",
    "MandateError",
    "OrganisationError",
    "Renamed",
    "Totals",
    "create_organisation",
    "end_mandate",
    "grant_mandate",
    "import_register",
    "import_registers",
    "organisation_of",
]
