"""What people type and choose in the registry."""

from .organisations import (
    DeskFilterForm,
    DomainForm,
    FourEyesForm,
    InvitationFilterForm,
    MandateFilterForm,
    NameForm,
    OrganisationFilterForm,
    OrganisationForm,
    ReasonForm,
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
from .regions import ListForm, SearchForm

__all__ = [
    "DeskFilterForm",
    "DomainForm",
    "EndForm",
    "FourEyesForm",
    "InvitationFilterForm",
    "ListForm",
    "MandateFilterForm",
    "MandateForm",
    "NameForm",
    "OfficeStep",
    "OrganisationFilterForm",
    "OrganisationForm",
    "PersonStep",
    "ReasonForm",
    "RequestDecisionForm",
    "RequestForm",
    "RightsStep",
    "SearchForm",
    "SignUpForm",
]
