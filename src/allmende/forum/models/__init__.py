"""Concerns, statements, votes, and what is computed from them.

A *concern* asks a question. *Participants* take part in it: a municipality (through whoever holds
its mandate), a person for herself, or a participant of an imported conversation. Participants write
*statements* and give *votes* on them. Where an organisation wants four eyes, what its staff says is a
*draft* until somebody releases it. A *result* is what the opinion map says about the votes of one kind
of participants; official and personal voices never stand in one figure.
"""

from .concerns import Concern, ConcernQuerySet, ConcernState
from .drafts import CURRENT, Draft, DraftKind, DraftQuerySet, DraftState
from .evidence import Evidence, EvidenceQuerySet, OParlServer
from .levels import DECISIONS, VoiceLevel
from .participants import Participant, Voices
from .results import Result
from .statements import Exposure, Presentation, Statement, StatementState
from .votes import Ballot, Stand, Vote

__all__ = [
    "CURRENT",
    "DECISIONS",
    "Ballot",
    "Concern",
    "ConcernQuerySet",
    "ConcernState",
    "Draft",
    "DraftKind",
    "DraftQuerySet",
    "DraftState",
    "Evidence",
    "EvidenceQuerySet",
    "Exposure",
    "OParlServer",
    "Participant",
    "Presentation",
    "Result",
    "Stand",
    "Statement",
    "StatementState",
    "VoiceLevel",
    "Voices",
    "Vote",
]
