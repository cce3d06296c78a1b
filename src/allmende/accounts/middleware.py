"""Who may do what is worth stealing sets up a second factor before going anywhere else."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from .models import User

# Set at sign-in with a directory that is trusted to have asked for a second factor itself.
FACTOR_OF_DIRECTORY = "factor_of_directory"

# The start page names it as the first task; the others help where setting up fails.
OPEN_PAGES = frozenset({"start", "health", "sources"})
OPEN_PREFIXES = ("account", "mfa_", "usersessions_", "socialaccount_", "openid_connect_", "legal")


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
        if name in OPEN_PAGES or name.startswith(OPEN_PREFIXES):
            return None
        user = request.user
        if request.method not in {"GET", "HEAD"} or not user.is_authenticated:
            return None
        if user.has_second_factor or not user.needs_second_factor:
            return None
        address = f"{reverse('mfa_index')}?{urlencode({'next': request.get_full_path()})}"
        if "HX-Request" in request.headers:
            return HttpResponseClientRedirect(address)
        return redirect(address)
