"""The register of critical facilities, and who may see it."""

from .attachments import ExerciseFile, ScriptFile
from .contacts import CONTACT_LASTS, Contact, Document
from .drafts import InjectTable, ScriptDraft
from .duties import Fulfilment
from .exercises import (
    CONTROL,
    Choice,
    ClockChange,
    Delivery,
    Exercise,
    ExerciseState,
    Note,
    Order,
    OrderKind,
    Part,
    PartKind,
)
from .facilities import (
    SECTOR_OF,
    SERVICES,
    USUAL_KM,
    Facility,
    FacilityQuerySet,
    Sector,
    Service,
    Share,
)
from .generators import Fuel, Generator
from .imports import ImportCheck
from .incidents import HandedIn, Incident, IncidentState, Stage
from .kritis import LANDS, Measure, ReportingOffice, Threshold, ThresholdLevel
from .observing import (
    FEWEST_ANSWERS,
    QUESTIONNAIRE_LASTS,
    Mark,
    Observation,
    Questionnaire,
    Remark,
    Tally,
    questionnaire_ends,
    takes_answers,
)
from .providers import Particulars
from .reports import (
    TO_DO,
    Improvement,
    ImprovementState,
    ImprovementStep,
    Passage,
    Rating,
    Report,
    Yardstick,
)
from .staff import SEAT_KINDS, STAFF_KINDS, Function, Insight, Seat
from .supplies import Supplier, Supply

__all__ = [
    "CONTACT_LASTS",
    "CONTROL",
    "FEWEST_ANSWERS",
    "LANDS",
    "QUESTIONNAIRE_LASTS",
    "SEAT_KINDS",
    "SECTOR_OF",
    "SERVICES",
    "STAFF_KINDS",
    "TO_DO",
    "USUAL_KM",
    "Choice",
    "ClockChange",
    "Contact",
    "Delivery",
    "Document",
    "Exercise",
    "ExerciseFile",
    "ExerciseState",
    "Facility",
    "FacilityQuerySet",
    "Fuel",
    "Fulfilment",
    "Function",
    "Generator",
    "HandedIn",
    "ImportCheck",
    "Improvement",
    "ImprovementState",
    "ImprovementStep",
    "Incident",
    "IncidentState",
    "InjectTable",
    "Insight",
    "Mark",
    "Measure",
    "Note",
    "Observation",
    "Order",
    "OrderKind",
    "Part",
    "PartKind",
    "Particulars",
    "Passage",
    "Questionnaire",
    "Rating",
    "Remark",
    "Report",
    "ReportingOffice",
    "ScriptDraft",
    "ScriptFile",
    "Seat",
    "Sector",
    "Service",
    "Share",
    "Stage",
    "Supplier",
    "Supply",
    "Tally",
    "Threshold",
    "ThresholdLevel",
    "Yardstick",
    "questionnaire_ends",
    "takes_answers",
]
