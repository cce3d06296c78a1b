"""Regions, registers, organisations and mandates."""

from .interests import MOST_REGIONS, Interest
from .invitations import Invitation, InvitationList, InvitationQuerySet, MandateRequest
from .letters import MOST_WRONG_TRIES, Letter, LetterBatch, LetterQuerySet, LetterState
from .mandates import (
    GUARDED,
    HEADS,
    OFFICES,
    Confirmation,
    Mandate,
    MandateQuerySet,
    Office,
    Right,
    Rights,
    as_columns,
    usual_rights,
)
from .organisations import (
    AGENT_KINDS,
    OF_REGIONS,
    EmailDomain,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Proxy,
    ProxyQuerySet,
)
from .regions import Level, Region, RegionQuerySet, SizeClass
from .registers import RegisterChange, RegisterImport
from .topics import Topic

__all__ = [
    "AGENT_KINDS",
    "GUARDED",
    "HEADS",
    "MOST_REGIONS",
    "MOST_WRONG_TRIES",
    "OFFICES",
    "OF_REGIONS",
    "Confirmation",
    "EmailDomain",
    "Interest",
    "Invitation",
    "InvitationList",
    "InvitationQuerySet",
    "Letter",
    "LetterBatch",
    "LetterQuerySet",
    "LetterState",
    "Level",
    "Mandate",
    "MandateQuerySet",
    "MandateRequest",
    "Office",
    "Organisation",
    "OrganisationKind",
    "OrganisationQuerySet",
    "Proxy",
    "ProxyQuerySet",
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
