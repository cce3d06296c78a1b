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
    "ComplaintForm",
    "ConcernFilterForm",
    "ConcernForm",
    "ContributionForm",
    "DecisionForm",
    "DiscussionFilterForm",
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
    "RemovalForm",
    "ResultFilterForm",
    "SealForm",
    "SectionForm",
    "ServerForm",
    "SignerForm",
    "StatementForm",
    "StatementOrderForm",
    "SummaryForm",
    "SupportFilterForm",
    "TermsForm",
    "VoiceForm",
    "VoteForm",
    "WithdrawForm",
    "WordFilterForm",
    "WordForm",
    "again",
    "checked_files",
]
