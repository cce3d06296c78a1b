"""What people type and choose in the registry."""

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
from .regions import (
    ListForm,
    SearchForm,
)

__all__ = [
    "CodeForm",
    "DeskFilterForm",
    "DissolveForm",
    "DomainForm",
    "EndForm",
    "FourEyesForm",
    "InvitationFilterForm",
    "LetterFilterForm",
    "ListForm",
    "MandateFilterForm",
    "MandateForm",
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
    "RightsStep",
    "SearchForm",
    "SignUpForm",
]
