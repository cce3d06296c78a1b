"""Concerns, statements, votes, and what is computed from them.

A *concern* asks a question. *Participants* take part in it: a municipality (through whoever holds
its mandate), a person for herself, or a participant of an imported conversation. Participants write
*statements* and give *votes* on them. Where an organisation wants four eyes, what its staff says is a
*draft* until somebody releases it. A *result* is what the opinion map says about the votes of one kind
of participants; official and personal voices never stand in one figure.

What unites becomes the *position*: *sections* with *versions*, sealed in editions to which municipalities
give their *word*. Enough *supports* send it to a ministry, whose *answer* goes section by section and
may hold *commitments*. *Contributions* discuss; *sittings* bring people together.
"""

from .answers import Answer, Disposition, Extension, SectionAnswer
from .commitments import (
    Commitment,
    CommitmentQuerySet,
    Milestone,
    Outcome,
    Postponement,
    Report,
    Verdict,
)
from .concerns import BEFORE_THE_END_OF_VOTING, Concern, ConcernQuerySet, ConcernState
from .contributions import (
    CHANGEABLE_FOR,
    MOST_FILES,
    NOT_DISCUSSED,
    Attachment,
    Complaint,
    ComplaintQuerySet,
    Contribution,
    ContributionQuerySet,
)
from .desks import Boilerplate, SavedFilter, queue_address
from .drafts import CURRENT, Draft, DraftKind, DraftQuerySet, DraftState
from .evidence import Evidence, EvidenceQuerySet, OParlServer
from .levels import DECISIONS, VoiceLevel
from .participants import Participant, Voices
from .positions import (
    SealedPosition,
    SealedSection,
    Section,
    SectionQuerySet,
    SectionVersion,
    Word,
    WordKind,
    WordQuerySet,
)
from .results import Result
from .sittings import (
    Addendum,
    AgendaItem,
    Attendance,
    ItemState,
    Presence,
    Series,
    Sitting,
    SittingQuerySet,
    SittingState,
)
from .statements import Exposure, Presentation, Statement, StatementState
from .steps import Responsibility, Step, Terms
from .supports import Support, SupportQuerySet
from .votes import Ballot, Stand, Vote

__all__ = [
    "BEFORE_THE_END_OF_VOTING",
    "CHANGEABLE_FOR",
    "CURRENT",
    "DECISIONS",
    "MOST_FILES",
    "NOT_DISCUSSED",
    "Addendum",
    "AgendaItem",
    "Answer",
    "Attachment",
    "Attendance",
    "Ballot",
    "Boilerplate",
    "Commitment",
    "CommitmentQuerySet",
    "Complaint",
    "ComplaintQuerySet",
    "Concern",
    "ConcernQuerySet",
    "ConcernState",
    "Contribution",
    "ContributionQuerySet",
    "Disposition",
    "Draft",
    "DraftKind",
    "DraftQuerySet",
    "DraftState",
    "Evidence",
    "EvidenceQuerySet",
    "Exposure",
    "Extension",
    "ItemState",
    "Milestone",
    "OParlServer",
    "Outcome",
    "Participant",
    "Postponement",
    "Presence",
    "Presentation",
    "Report",
    "Responsibility",
    "Result",
    "SavedFilter",
    "SealedPosition",
    "SealedSection",
    "Section",
    "SectionAnswer",
    "SectionQuerySet",
    "SectionVersion",
    "Series",
    "Sitting",
    "SittingQuerySet",
    "SittingState",
    "Stand",
    "Statement",
    "StatementState",
    "Step",
    "Support",
    "SupportQuerySet",
    "Terms",
    "Verdict",
    "VoiceLevel",
    "Voices",
    "Vote",
    "Word",
    "WordKind",
    "WordQuerySet",
    "queue_address",
]
