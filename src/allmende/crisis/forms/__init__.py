"""What people type in about facilities and crisis staffs."""

from .facilities import FacilityFilterForm, FacilityForm
from .staff import InsightForm, SeatForm
from .supplies import ServiceForm, SupplyForm

__all__ = [
    "FacilityFilterForm",
    "FacilityForm",
    "InsightForm",
    "SeatForm",
    "ServiceForm",
    "SupplyForm",
]
