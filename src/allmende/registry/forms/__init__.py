"""What people type and choose in the registry."""

from .letters import (
    CodeForm,
    LetterFilterForm,
    NoteForm,
    OfficeForm,
    ReasonForm,
    RecipientsForm,
)
from .organisations import OrganisationFilterForm
from .proxies import AgentSearchForm, GrantForm, MemberFilterForm, RevokeForm
from .regions import ListForm, SearchForm

__all__ = [
    "AgentSearchForm",
    "CodeForm",
    "GrantForm",
    "LetterFilterForm",
    "ListForm",
    "MemberFilterForm",
    "NoteForm",
    "OfficeForm",
    "OrganisationFilterForm",
    "ReasonForm",
    "RecipientsForm",
    "RevokeForm",
    "SearchForm",
]
