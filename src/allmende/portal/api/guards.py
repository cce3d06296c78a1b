"""Who may ask an operation what: checked before anything that was sent is read."""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any

import rules
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from ..access import PUBLIC, SIGNED_IN
from .problems import Problem

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from ninja import NinjaAPI
    from ninja.operation import Operation

    from allmende.accounts.models import User

# Larger numbers fit no key of a database.
MOST_DIGITS = 18


class ApiRequest(HttpRequest):
    """A request to the interface; its user is whom the token belongs to, or nobody."""

    user: "User | AnonymousUser"
    found: Any


class PersonRequest(ApiRequest):
    """The same behind a guard that asks for a scope: somebody is there."""

    user: "User"


class Guard:
    """Asks for the token's scope first, then finds the object, then asks the rule about it."""

    def __init__(
        self,
        rule: str,
        find: Callable[..., Any] | None,
        about: Callable[[Any], object],
        scope: str,
    ) -> None:
        self.rule, self.find, self.about, self.scope = rule, find, about, scope

    def __call__(self, request: ApiRequest) -> bool:
        """Raises ``Problem`` (401, 403) or ``Http404``; else the operation goes on."""
        user = request.user
        if (self.scope or self.rule == SIGNED_IN) and not user.is_authenticated:
            raise Problem(
                401,
                _(
                    "Dafür braucht es einen Schlüssel: „Ihr Konto“ → „Schlüssel für Programme“. "
                    "Er gehört in die Kopfzeile „Authorization: Bearer …“."
                ),
                headers={"WWW-Authenticate": 'Bearer realm="Allmende"'},
            )
        if self.scope and user.is_authenticated and not user.allows(self.scope):
            raise Problem(
                403,
                _("Dem Schlüssel fehlt der Bereich „%(scope)s“.") % {"scope": self.scope},
                headers={
                    "WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope}"'
                },
            )
        parts = request.resolver_match.kwargs if request.resolver_match else {}
        request.found = self._look(user, parts)
        return True

    def _look(self, user: "User | AnonymousUser", parts: dict[str, Any]) -> Any:
        if any("\0" in str(part) or len(str(part)) > 200 for part in parts.values()):
            raise Http404
        if any(isinstance(part, int) and len(str(part)) > MOST_DIGITS for part in parts.values()):
            raise Http404
        if self.find is None:
            if self.rule not in {PUBLIC, SIGNED_IN} and not rules.has_perm(self.rule, user):
                raise Http404
            return None
        try:
            found = self.find(**parts)
        except models.ObjectDoesNotExist:
            raise Http404 from None
        if self.rule not in {PUBLIC, SIGNED_IN} and not rules.has_perm(
            self.rule, user, self.about(found)
        ):
            raise Http404
        return found


def guarded(
    rule: str = PUBLIC,
    find: Callable[..., Any] | None = None,
    *,
    about: Callable[[Any], object] = lambda found: found,
    scope: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say at an operation's head who may call it, as ``portal.access.requires`` does for pages.

    ``find(**address_parts)`` returns the object that the operation gets after its request, in place of
    the address's parts. With ``scope``, only tokens that have it may call it; whatever changes
    something names one.
    """
    if rule not in {PUBLIC, SIGNED_IN} and not rules.perm_exists(rule):
        raise LookupError(f"no such rule: {rule}")
    guard = Guard(rule, find, about, scope)

    def decorate(operation: Callable[..., Any]) -> Callable[..., Any]:
        parts = list(inspect.signature(find).parameters.values()) if find else []
        first, *others = inspect.signature(operation).parameters.values()
        own = others[1:] if find else others

        @wraps(operation)
        def guarded_operation(request: ApiRequest, **values: Any) -> Any:
            kept = {name: value for name, value in values.items() if name not in names}
            return operation(request, request.found, **kept) if find else operation(request, **kept)

        names = {part.name for part in parts}
        # What ninja reads: the parts of the address, then what the operation itself asks for.
        guarded_operation.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                first,
                *(part.replace(kind=inspect.Parameter.KEYWORD_ONLY) for part in parts),
                *(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own),
            ]
        )
        guarded_operation._ninja_contribute_to_operation = [  # type: ignore[attr-defined]
            lambda made: _stand_before(made, guard)
        ]
        guarded_operation.guard = guard  # type: ignore[attr-defined]
        return guarded_operation

    return decorate


def _stand_before(operation: "Operation", guard: Guard) -> None:
    operation.auth_param = operation.auth_callbacks = [guard]


def operations(api: "NinjaAPI") -> Iterator[tuple[str, str, Guard]]:
    """Every operation: method, path below ``/api``, and who stands before it."""
    from ninja.utils import normalize_path

    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                guard: Guard = operation.view_func.guard  # type: ignore[attr-defined]
                for method in operation.methods:
                    yield method, normalize_path(f"/{router.prefix}/{path}"), guard
