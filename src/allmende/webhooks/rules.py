"""Who keeps webhooks: who manages the organisation, and who runs the installation."""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_operator
from allmende.registry.models import Right
from allmende.registry.queries import mandates_with

from .models import Webhook

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


@predicate
def manages_an_organisation(user: "Person") -> bool:
    return bool(mandates_with(Right.MANAGE, user))


@predicate
def manages_its_organisation(user: "Person", webhook: Webhook) -> bool:
    organisation = webhook.organisation
    return organisation is not None and bool(mandates_with(Right.MANAGE, user, organisation))


may_keep: Predicate = manages_its_organisation | is_operator

rules.add_perm("webhooks.add_webhook", manages_an_organisation | is_operator)
rules.add_perm("webhooks.change_webhook", may_keep)
