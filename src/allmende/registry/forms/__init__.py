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
from .regions import ListForm, SearchForm

__all__ = [
    "CodeForm",
    "LetterFilterForm",
    "ListForm",
    "NoteForm",
    "OfficeForm",
    "OrganisationFilterForm",
    "ReasonForm",
    "RecipientsForm",
    "SearchForm",
]
