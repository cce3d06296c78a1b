"""What people type in about facilities and crisis staffs."""

from .contacts import ContactForm, DocumentForm
from .duties import FulfilmentForm
from .facilities import FacilityFilterForm, FacilityForm
from .files import DisputesForm, ExportForm, ImportForm
from .generators import GeneratorFilterForm, GeneratorForm, OwnedGeneratorForm
from .incidents import STEPS, HandInForm
from .kritis import MeasureForm, ReportingOfficeForm, ThresholdForm
from .providers import ParticularsForm
from .staff import InsightForm, SeatForm
from .supplies import ServiceForm, SupplyForm

__all__ = [
    "STEPS",
    "ContactForm",
    "DisputesForm",
    "DocumentForm",
    "ExportForm",
    "FacilityFilterForm",
    "FacilityForm",
    "FulfilmentForm",
    "GeneratorFilterForm",
    "GeneratorForm",
    "HandInForm",
    "ImportForm",
    "InsightForm",
    "MeasureForm",
    "OwnedGeneratorForm",
    "ParticularsForm",
    "ReportingOfficeForm",
    "SeatForm",
    "ServiceForm",
    "SupplyForm",
    "ThresholdForm",
]
