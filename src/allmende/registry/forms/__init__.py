"""What people type and choose in the registry."""

from .organisations import OrganisationFilterForm
from .proxies import AgentSearchForm, GrantForm, MemberFilterForm, RevokeForm
from .regions import ListForm, SearchForm

__all__ = [
    "AgentSearchForm",
    "GrantForm",
    "ListForm",
    "MemberFilterForm",
    "OrganisationFilterForm",
    "RevokeForm",
    "SearchForm",
]
