"""One's own account; signing in with a directory."""

from collections.abc import Callable
from typing import cast

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from allmende.portal.access import SignedInRequest, public, see_other, signed_in
from allmende.portal.offers import all_offers


@require_safe
@signed_in
def account(request: SignedInRequest) -> HttpResponse:
    """All pages about oneself."""
    entries = [entry for offer in all_offers() for entry in offer.account]
    return render(
        request, "accounts/account.html", {"entries": sorted(entries, key=lambda e: e.order)}
    )


@require_POST
@signed_in
def end_session(request: SignedInRequest, number: int) -> HttpResponse:
    """Sign a browser out from here."""
    session = get_object_or_404(UserSession, pk=number, user=request.user)
    end_sessions(request, [session])
    messages.success(request, "Die Sitzung ist beendet.")
    return see_other(reverse("usersessions_list"))


@public
def enter_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to a directory to sign in there."""
    return _with_directory(openid_connect.login, request, provider_id)


@public
def return_from_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from a directory, signed in there or not."""
    return _with_directory(openid_connect.callback, request, provider_id)


def _with_directory(
    go: Callable[[HttpRequest, str], HttpResponse], request: HttpRequest, provider_id: str
) -> HttpResponse:
    """allauth asks the directory for its addresses where it expects no failure."""
    try:
        return go(request, provider_id)
    except (RequestException, KeyError, ValueError) as error:
        try:
            provider = get_adapter().get_provider(request, provider_id)
        except SocialApp.DoesNotExist:
            raise Http404 from None
        return cast(HttpResponse, render_authentication_error(request, provider, exception=error))
