"""Regions, registers, organisations and mandates."""

from .mandates import (
    GUARDED,
    HEADS,
    OFFICES,
    Confirmation,
    Invitation,
    Letter,
    LetterBatch,
    Mandate,
    MandateQuerySet,
    MandateRequest,
    Office,
    Right,
    Rights,
    as_columns,
    usual_rights,
)
from .organisations import (
    OF_REGIONS,
    EmailDomain,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Proxy,
)
from .regions import Level, Region, RegionQuerySet, SizeClass
from .registers import RegisterChange, RegisterImport
from .topics import Topic

__all__ = [
    "GUARDED",
    "HEADS",
    "OFFICES",
    "OF_REGIONS",
    "Confirmation",
    "EmailDomain",
    "Invitation",
    "Letter",
    "LetterBatch",
    "Level",
    "Mandate",
    "MandateQuerySet",
    "MandateRequest",
    "Office",
    "Organisation",
    "OrganisationKind",
    "OrganisationQuerySet",
    "Proxy",
    "Region",
    "RegionQuerySet",
    "RegisterChange",
    "RegisterImport",
    "Right",
    "Rights",
    "SizeClass",
    "Topic",
    "as_columns",
    "usual_rights",
]
