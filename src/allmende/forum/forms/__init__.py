"""What people fill in, and what becomes of it."""

from .concerns import ChangeConcernForm, CloseForm, ConcernFilterForm, ConcernForm
from .contributions import (
    ComplaintForm,
    ContributionForm,
    DiscussionFilterForm,
    RemovalForm,
    SummaryForm,
    again,
    checked_files,
)
from .evidence import EvidenceForm, ServerForm, WithdrawForm
from .results import ParticipantFilterForm, ResultFilterForm, StatementOrderForm
from .statements import DecisionForm, QueueForm, StatementForm
from .votes import MemberSearchForm, ReleaseForm, VoiceForm, VoteForm

__all__ = [
    "ChangeConcernForm",
    "CloseForm",
    "ComplaintForm",
    "ConcernFilterForm",
    "ConcernForm",
    "ContributionForm",
    "DecisionForm",
    "DiscussionFilterForm",
    "EvidenceForm",
    "MemberSearchForm",
    "ParticipantFilterForm",
    "QueueForm",
    "ReleaseForm",
    "RemovalForm",
    "ResultFilterForm",
    "ServerForm",
    "StatementForm",
    "StatementOrderForm",
    "SummaryForm",
    "VoiceForm",
    "VoteForm",
    "WithdrawForm",
    "again",
    "checked_files",
]
