"""The register of critical facilities, and who may see it."""

from .facilities import SERVICES, Facility, FacilityQuerySet, Sector, Service, Share
from .imports import ImportCheck
from .staff import SEAT_KINDS, STAFF_KINDS, Function, Insight, Seat
from .supplies import Supplier, Supply

__all__ = [
    "SEAT_KINDS",
    "SERVICES",
    "STAFF_KINDS",
    "Facility",
    "FacilityQuerySet",
    "Function",
    "ImportCheck",
    "Insight",
    "Seat",
    "Sector",
    "Service",
    "Share",
    "Supplier",
    "Supply",
]
