"""What people type and choose in the registry."""

from .organisations import OrganisationFilterForm
from .regions import ListForm, SearchForm

__all__ = ["ListForm", "OrganisationFilterForm", "SearchForm"]
