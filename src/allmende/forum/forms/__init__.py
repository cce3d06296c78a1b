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
from .contributions import (
    ComplaintForm,
    ConcernSummaryForm,
    ContributionForm,
    DiscussionFilterForm,
    RemovalForm,
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
from .queue import BoilerplateFilterForm, BoilerplateForm, FilterNameForm, QueueFilterForm
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
    "BoilerplateFilterForm",
    "BoilerplateForm",
    "ChangeConcernForm",
    "ChangeSectionForm",
    "CloseForm",
    "CommitmentFilterForm",
    "CommitmentForm",
    "CompareForm",
    "ComplaintForm",
    "ConcernFilterForm",
    "ConcernForm",
    "ConcernSummaryForm",
    "ContributionForm",
    "DecisionForm",
    "DiscussionFilterForm",
    "EvidenceForm",
    "FilterNameForm",
    "FinishForm",
    "MemberAnswerForm",
    "MemberSearchForm",
    "MergeForm",
    "MilestoneForm",
    "MinistryForm",
    "OfficialForm",
    "OutcomeForm",
    "ParticipantFilterForm",
    "PostponeForm",
    "PublishForm",
    "QueueFilterForm",
    "QueueForm",
    "ReleaseForm",
    "RemovalForm",
    "ReportForm",
    "ResultFilterForm",
    "SealForm",
    "SectionAnswerForm",
    "SectionForm",
    "ServerForm",
    "SignerForm",
    "StatementForm",
    "StatementOrderForm",
    "SummaryForm",
    "SupportFilterForm",
    "TermsForm",
    "VerdictFilterForm",
    "VerdictForm",
    "VoiceForm",
    "VoteForm",
    "WithdrawForm",
    "WordFilterForm",
    "WordForm",
    "again",
    "caught_up",
    "checked_files",
]
