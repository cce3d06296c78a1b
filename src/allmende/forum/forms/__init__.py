"""What people fill in, and what becomes of it."""

from .concerns import ChangeConcernForm, CloseForm, ConcernFilterForm, ConcernForm
from .evidence import EvidenceForm, ServerForm, WithdrawForm
from .positions import (
    ChangeSectionForm,
    CompareForm,
    SealForm,
    SectionForm,
    WordFilterForm,
    WordForm,
)
from .results import ParticipantFilterForm, ResultFilterForm, StatementOrderForm
from .statements import DecisionForm, QueueForm, StatementForm
from .votes import MemberSearchForm, ReleaseForm, VoiceForm, VoteForm

__all__ = [
    "ChangeConcernForm",
    "ChangeSectionForm",
    "CloseForm",
    "CompareForm",
    "ConcernFilterForm",
    "ConcernForm",
    "DecisionForm",
    "EvidenceForm",
    "MemberSearchForm",
    "ParticipantFilterForm",
    "QueueForm",
    "ReleaseForm",
    "ResultFilterForm",
    "SealForm",
    "SectionForm",
    "ServerForm",
    "StatementForm",
    "StatementOrderForm",
    "VoiceForm",
    "VoteForm",
    "WithdrawForm",
    "WordFilterForm",
    "WordForm",
]
