"""What people type and choose in the registry."""

from .interests import InterestsForm
from .letters import (
    CodeForm,
    LetterFilterForm,
    NoteForm,
    OfficeForm,
    ReasonForm,
    RecipientsForm,
)
from .organisations import (
    DeskFilterForm,
    DissolveForm,
    DomainForm,
    FourEyesForm,
    InvitationFilterForm,
    InvitationListForm,
    MandateFilterForm,
    NameForm,
    OrganisationFilterForm,
    OrganisationForm,
)
from .people import (
    EndForm,
    MandateForm,
    OfficeStep,
    PersonStep,
    RequestDecisionForm,
    RequestForm,
    RightsStep,
    SignUpForm,
)
from .proxies import AgentSearchForm, GrantForm, MemberFilterForm, RevokeForm
from .regions import (
    ListForm,
    SearchForm,
)

__all__ = [
    "AgentSearchForm",
    "CodeForm",
    "DeskFilterForm",
    "DissolveForm",
    "DomainForm",
    "EndForm",
    "FourEyesForm",
    "GrantForm",
    "InterestsForm",
    "InvitationFilterForm",
    "InvitationListForm",
    "LetterFilterForm",
    "ListForm",
    "MandateFilterForm",
    "MandateForm",
    "MemberFilterForm",
    "NameForm",
    "NoteForm",
    "OfficeForm",
    "OfficeStep",
    "OrganisationFilterForm",
    "OrganisationForm",
    "PersonStep",
    "ReasonForm",
    "RecipientsForm",
    "RequestDecisionForm",
    "RequestForm",
    "RevokeForm",
    "RightsStep",
    "SearchForm",
    "SignUpForm",
]
