"""What people fill in, and what becomes of it."""

from .answers import (
    CommitmentForm,
    PublishForm,
    SectionAnswerForm,
    SummaryForm,
    caught_up,
)
from .commitments import (
    CommitmentFilterForm,
    MilestoneForm,
    OutcomeForm,
    PostponeForm,
    ReportForm,
    VerdictFilterForm,
    VerdictForm,
)
from .concerns import ChangeConcernForm, CloseForm, ConcernFilterForm, ConcernForm
from .evidence import EvidenceForm, ServerForm, WithdrawForm
from .results import ParticipantFilterForm, ResultFilterForm, StatementOrderForm
from .statements import DecisionForm, QueueForm, StatementForm
from .votes import MemberSearchForm, ReleaseForm, VoiceForm, VoteForm

__all__ = [
    "ChangeConcernForm",
    "CloseForm",
    "CommitmentFilterForm",
    "CommitmentForm",
    "ConcernFilterForm",
    "ConcernForm",
    "DecisionForm",
    "EvidenceForm",
    "MemberSearchForm",
    "MilestoneForm",
    "OutcomeForm",
    "ParticipantFilterForm",
    "PostponeForm",
    "PublishForm",
    "QueueForm",
    "ReleaseForm",
    "ReportForm",
    "ResultFilterForm",
    "SectionAnswerForm",
    "ServerForm",
    "StatementForm",
    "StatementOrderForm",
    "SummaryForm",
    "VerdictFilterForm",
    "VerdictForm",
    "VoiceForm",
    "VoteForm",
    "WithdrawForm",
    "caught_up",
]
