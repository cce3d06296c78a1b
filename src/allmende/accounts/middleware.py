"""Who may do what is worth stealing sets up a second factor before going anywhere else."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from allmende.portal.api.frame import CHANGES, PREFIX
from allmende.portal.api.problems import Problem, as_response

from .models import User
from .token_services import person_of

# Set at sign-in with a directory that is trusted to have asked for a second factor itself.
FACTOR_OF_DIRECTORY = "factor_of_directory"

# In the session: where somebody was going who had to set up a second factor first. The pages that show that
# it is there lead on to it; allauth's forms know no address to go on to.
WANTED_PAGE = "wanted_page"

# The start page names it as the first task; the others help where setting up fails.
OPEN_PAGES = frozenset({"start", "health", "sources"})
OPEN_PREFIXES = (
    "api",
    "account",
    "mfa_",
    "usersessions_",
    "socialaccount_",
    "openid_connect_",
    "legal",
)


def identify_program(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: below ``/api/``, only a token says who somebody is; cookies count for nothing.

    So no other site can make a browser act there in the name of whoever is signed in.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(f"{PREFIX}v"):
            return get_response(request)
        request.user = AnonymousUser()
        said = request.headers.get("Authorization", "")
        if said:
            kind, _space, text = said.partition(" ")
            person = (
                person_of(text.strip(), changes=request.method in CHANGES)
                if kind.lower() == "bearer"
                else None
            )
            if person is None:
                return as_response(unknown_token())
            request.user = person
        return get_response(request)

    return answer


def unknown_token() -> Problem:
    """The same for tokens that never were, have expired, or were revoked."""
    return Problem(
        401,
        _(
            "Dieser Schlüssel gilt nicht (mehr). Einen neuen machen Sie unter „Ihr Konto“ → „Schlüssel "
            "für Programme“. Er gehört in die Kopfzeile „Authorization: Bearer …“."
        ),
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )


class SecondFactorMiddleware:
    """Leads to the page for setting up; until then, the rules count such rights as absent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = request.user
        if (
            settings.OIDC_TRUSTS_FACTOR
            and isinstance(user, User)
            and user.memory is not None
            and request.session.get(FACTOR_OF_DIRECTORY)
        ):
            user.memory["has_second_factor"] = True
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Redirect instead of showing the page, where that is due."""
        match = request.resolver_match
        name = (match.view_name if match else "") or ""
        if name == "mfa_index":
            _remember_wanted_page(request)
        if name in OPEN_PAGES or name.startswith(OPEN_PREFIXES):
            return None
        user = request.user
        if request.method not in {"GET", "HEAD"} or not user.is_authenticated:
            return None
        if user.has_second_factor or not user.needs_second_factor:
            request.session.pop(WANTED_PAGE, None)
            return None
        address = f"{reverse('mfa_index')}?{urlencode({'next': request.get_full_path()})}"
        if "HX-Request" in request.headers:
            return HttpResponseClientRedirect(address)
        return redirect(address)


def _remember_wanted_page(request: HttpRequest) -> None:
    wanted = request.GET.get("next", "")
    if request.user.is_authenticated and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        request.session[WANTED_PAGE] = wanted
