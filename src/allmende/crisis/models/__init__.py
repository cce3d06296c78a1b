"""The register of critical facilities, who may see it, and exercises."""

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
from .facilities import SERVICES, Facility, FacilityQuerySet, Sector, Service, Share
from .staff import SEAT_KINDS, STAFF_KINDS, Function, Insight, Seat
from .supplies import Supplier, Supply

__all__ = [
    "CONTROL",
    "SEAT_KINDS",
    "SERVICES",
    "STAFF_KINDS",
    "Choice",
    "ClockChange",
    "Delivery",
    "Exercise",
    "ExerciseState",
    "Facility",
    "FacilityQuerySet",
    "Function",
    "Insight",
    "Note",
    "Order",
    "OrderKind",
    "Part",
    "PartKind",
    "Seat",
    "Sector",
    "Service",
    "Share",
    "Supplier",
    "Supply",
]
