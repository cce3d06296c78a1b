"""Changing the registry: importing registers, making organisations, giving mandates and powers."""

from ..queries import Totals
from .mandates import MandateError, end_mandate, grant_mandate
from .organisations import OrganisationError, create_organisation, organisation_of
from .proxies import ProxyError, grant_proxy, revoke_proxy
from .registers import import_register, import_registers
from .report import Ended, ImportRefusedError, ImportReport, Renamed

__all__ = [
    "Ended",
    "ImportRefusedError",
    "ImportReport",
    "MandateError",
    "OrganisationError",
    "ProxyError",
    "Renamed",
    "Totals",
    "create_organisation",
    "end_mandate",
    "grant_mandate",
    "grant_proxy",
    "import_register",
    "import_registers",
    "organisation_of",
    "revoke_proxy",
]
