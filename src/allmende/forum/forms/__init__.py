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
from .votes import MemberAnswerForm, MemberSearchForm, ReleaseForm, VoiceForm, VoteForm
from .way import (
    FinishForm,
    MergeForm,
    MinistryForm,
    OfficialForm,
    SignerForm,
    SupportFilterForm,
    TermsForm,
)

__all__ = [
    "ChangeConcernForm",
    "ChangeSectionForm",
    "CloseForm",
    "CompareForm",
    "ConcernFilterForm",
    "ConcernForm",
    "DecisionForm",
    "EvidenceForm",
    "FinishForm",
    "MemberAnswerForm",
    "MemberSearchForm",
    "MergeForm",
    "MinistryForm",
    "OfficialForm",
    "ParticipantFilterForm",
    "QueueForm",
    "ReleaseForm",
    "ResultFilterForm",
    "SealForm",
    "SectionForm",
    "ServerForm",
    "SignerForm",
    "StatementForm",
    "StatementOrderForm",
    "SupportFilterForm",
    "TermsForm",
    "VoiceForm",
    "VoteForm",
    "WithdrawForm",
    "WordFilterForm",
    "WordForm",
]
