"""What people fill in, and what becomes of it."""

from .concerns import ChangeConcernForm, CloseForm, ConcernFilterForm, ConcernForm
from .evidence import EvidenceForm, ServerForm, WithdrawForm
from .results import ParticipantFilterForm, ResultFilterForm, StatementOrderForm
from .statements import DecisionForm, QueueForm, StatementForm
from .votes import AnswerForm, MemberSearchForm, ReleaseForm, VoiceForm, VoteForm

__all__ = [
    "AnswerForm",
    "ChangeConcernForm",
    "CloseForm",
    "ConcernFilterForm",
    "ConcernForm",
    "DecisionForm",
    "EvidenceForm",
    "MemberSearchForm",
    "ParticipantFilterForm",
    "QueueForm",
    "ReleaseForm",
    "ResultFilterForm",
    "ServerForm",
    "StatementForm",
    "StatementOrderForm",
    "VoiceForm",
    "VoteForm",
    "WithdrawForm",
]
