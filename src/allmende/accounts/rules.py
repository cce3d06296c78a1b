"""Who may do what with accounts, and the sentences that the apps above begin theirs with."""

from typing import TYPE_CHECKING

import rules
from rules.predicates import predicate

from .models import Scope

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .models import User

    Person = User | AnonymousUser


@predicate
def is_signed_in(user: "Person") -> bool:
    return user.is_authenticated


@predicate
def is_operator(user: "Person") -> bool:
    """Runs this installation, and has signed in with a second factor."""
    return (
        user.is_authenticated
        and user.is_operator
        and user.has_second_factor
        and user.allows(Scope.OPERATE)
    )


rules.add_perm("accounts.operate", is_operator)
