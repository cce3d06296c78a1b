"""Who may see a page: every view says it at its head, in one of three words.

>>> @public                                      # doctest: +SKIP
... def start(request): ...
>>> @signed_in                                   # doctest: +SKIP
... def my_concerns(request): ...
>>> @requires("forum.moderate_concern", get_concern)   # doctest: +SKIP
... def moderate(request, concern): ...

``requires`` finds the object and asks the rule in one step, so that no view can do one without the
other. An object that a person may not see is answered exactly as one that does not exist: 404.
A house test visits every address and fails where a view says nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import rules
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from allmende.accounts.models import User

View = Callable[..., HttpResponseBase]


class PageRequest(HttpRequest):
    """What our middleware makes of a request, for the type checker."""

    htmx: HtmxDetails


class SignedInRequest(PageRequest):
    """A request behind ``signed_in`` or ``requires(…, login=True)``: its user is a person."""

    user: "User"


PUBLIC = "public"
SIGNED_IN = "signed in"


def public(view: View) -> View:
    """Everybody may see this page."""
    view.rule = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Everybody with an account may see this page; what is on it is her own."""
    guarded: View = login_required(view)
    guarded.rule = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def requires(
    rule: str,
    find: Callable[..., Any] | None = None,
    *,
    about: Callable[[Any], object] = lambda found: found,
    login: bool = False,
) -> Callable[[View], View]:
    """Only who satisfies ``rule`` may see this page.

    ``find(**address_parts)`` returns the object that the view gets in place of the address's parts;
    it raises ``Http404`` or the model's ``DoesNotExist``. The rule is asked about that object, or
    about what ``about`` makes of it: a statement's concern, say. With ``login``, somebody who is not
    signed in is asked to sign in first, which tells nothing about the object: it happens before the
    object is looked for.
    """
    if not rules.perm_exists(rule):
        # Rules are registered when their module is imported; an app's views import it first.
        raise LookupError(f"no such rule: {rule}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **parts: Any) -> HttpResponseBase:
            if login and not request.user.is_authenticated:
                return _sign_in_first(request)
            if find is None:
                if not rules.has_perm(rule, request.user):
                    raise Http404
                return view(request, **parts)
            try:
                found = find(**parts)
            except models.ObjectDoesNotExist:
                raise Http404 from None
            if not rules.has_perm(rule, request.user, about(found)):
                raise Http404
            return view(request, found)

        guarded.rule = rule  # type: ignore[attr-defined]
        guarded.asks_to_sign_in = login  # type: ignore[attr-defined]
        return guarded

    return decorate


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send the browser to the page for signing in; all of it, not the part that htmx would replace."""
    to_login = redirect_to_login(_come_back_to(request))
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(to_login.url)
    return to_login


def _come_back_to(request: HttpRequest) -> str:
    """The page to return to after signing in: a form's address cannot be opened, its page can."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return request.headers.get("Referer", "/")


def posted_number(request: HttpRequest, field: str) -> int:
    """A whole number that the page has sent; who sends something else gets -1, which nothing has."""
    said = request.POST.get(field, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1


def see_other(address: str) -> HttpResponse:
    """Answer a form: the browser fetches ``address``, and reloading it sends nothing twice."""
    return HttpResponse(status=303, headers={"Location": address})


def explain_form_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: the address of a form, opened as a page, says so; Django answers with nothing.

    People come there with the back button, and from bookmarks.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method == "GET":
            page = render(request, "portal/form_address.html", status=405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    return answer
