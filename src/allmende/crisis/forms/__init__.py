"""What people type in about facilities and crisis staffs."""

from .contacts import ContactForm, DocumentForm
from .duties import FulfilmentForm
from .facilities import FacilityFilterForm, FacilityForm
from .incidents import STEPS, HandInForm
from .kritis import MeasureForm, ReportingOfficeForm, ThresholdForm
from .staff import InsightForm, SeatForm
from .supplies import ServiceForm, SupplyForm

__all__ = [
    "STEPS",
    "ContactForm",
    "DocumentForm",
    "FacilityFilterForm",
    "FacilityForm",
    "FulfilmentForm",
    "HandInForm",
    "InsightForm",
    "MeasureForm",
    "ReportingOfficeForm",
    "SeatForm",
    "ServiceForm",
    "SupplyForm",
    "ThresholdForm",
]
