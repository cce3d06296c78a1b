"""What people type in about facilities and crisis staffs."""

from .facilities import FacilityFilterForm, FacilityForm
from .files import ExportForm, ImportForm
from .staff import InsightForm, SeatForm
from .supplies import ServiceForm, SupplyForm

__all__ = [
    "ExportForm",
    "FacilityFilterForm",
    "FacilityForm",
    "ImportForm",
    "InsightForm",
    "SeatForm",
    "ServiceForm",
    "SupplyForm",
]
