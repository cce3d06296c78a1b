"""One's own account; signing in with a directory."""

from collections.abc import Callable
from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from allmende.portal.access import PageRequest, SignedInRequest, public, see_other, signed_in
from allmende.portal.languages import keep_choice
from allmende.portal.offers import all_offers

from . import queries, services
from .forms import ConsentForm, DeleteForm, LanguageForm, RenameForm
from .models import ConsentKind


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
    messages.success(request, _("Die Sitzung ist beendet."))
    return see_other(reverse("usersessions_list"))


@require_http_methods(["GET", "POST"])
@signed_in
def change_name(request: SignedInRequest) -> HttpResponse:
    """Be called differently."""
    form = RenameForm(request.POST or None, initial={"name": request.user.name})
    if form.is_valid():
        services.change_name(actor=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Ihr Name ist geändert."))
        return see_other(reverse("account"))
    return render(request, "accounts/name.html", {"form": form}, status=422 if form.errors else 200)


# Without a token, which would give every visitor a cookie. Who sends somebody here from elsewhere
# changes the language of pages: the session's cookie does not come along, so never her account.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
def language(request: PageRequest) -> HttpResponse:
    """Choose the language of all pages, here or at the head of each; in an account, of mails, too."""
    form = LanguageForm(request.POST or None, initial={"language": get_language()})
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "accounts/language.html", {"form": form}, status=status)
    if request.user.is_authenticated:
        services.choose_language(user=request.user, language=form.cleaned_data["language"])
    response = see_other(_own_address(request, request.POST.get("next", "")))
    keep_choice(response, form.cleaned_data["language"])
    return response


@require_http_methods(["GET", "POST"])
@signed_in
def consents(request: SignedInRequest) -> HttpResponse:
    """What one allows; one button each to give it or take it back, and the history below."""
    if request.method == "POST":
        form = ConsentForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Das ging nicht: Bitte wählen Sie noch einmal."))
            return see_other(reverse("account_consents"))
        give = form.cleaned_data["give"]
        change = services.give_consent if give else services.withdraw_consent
        change(actor=request.user, kind=ConsentKind(form.cleaned_data["kind"]))
        messages.success(
            request,
            _("Ihre Einwilligung gilt.") if give else _("Die Einwilligung ist zurückgenommen."),
        )
        return see_other(reverse("account_consents"))
    history = list(request.user.consents.all())
    given = {consent.kind for consent in history if consent.withdrawn_at is None}
    kinds = [{"kind": kind, "is_given": kind in given} for kind in ConsentKind]
    return render(request, "accounts/consents.html", {"kinds": kinds, "history": history})


@require_safe
@signed_in
def data(request: SignedInRequest) -> HttpResponse:
    """Where to get a copy of everything about oneself."""
    return render(request, "accounts/data.html")


@require_safe
@signed_in
@reauthentication_required  # type: ignore[untyped-decorator]
def data_json(request: SignedInRequest) -> HttpResponse:
    """Everything about oneself, for programs."""
    parts = {part.title: part.rows for part in queries.everything_about(request.user)}
    return _as_file(
        JsonResponse(parts, json_dumps_params={"ensure_ascii": False, "indent": 2}), "json"
    )


@require_safe
@signed_in
@reauthentication_required  # type: ignore[untyped-decorator]
def data_html(request: SignedInRequest) -> HttpResponse:
    """Everything about oneself, for reading: one file that needs no other."""
    context = {"parts": queries.everything_about(request.user), "now": timezone.now()}
    return _as_file(render(request, "accounts/copy.html", context), "html")


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required  # type: ignore[untyped-decorator]
def delete(request: SignedInRequest) -> HttpResponse:
    """Leave: says what stays and why, and deletes the account after a typed word."""
    form = DeleteForm(request.POST or None)
    try:
        if form.is_valid():
            services.delete_account(actor=request.user)
            logout(request)
            messages.success(request, _("Ihr Konto ist gelöscht."))
            return see_other(reverse("start"))
        stays = services.foresee_deletion(request.user)
    except services.DeletionError as error:
        return render(request, "accounts/delete.html", {"hindrance": error}, status=409)
    context = {"form": form, "stays": stays}
    return render(request, "accounts/delete.html", context, status=422 if form.errors else 200)


@public
def enter_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to a directory to sign in there."""
    return _with_directory(openid_connect.login, request, provider_id)


@public
def return_from_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from a directory, signed in there or not."""
    return _with_directory(openid_connect.callback, request, provider_id)


def _own_address(request: HttpRequest, address: str) -> str:
    """Where a form leads back to; never to another site."""
    own = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if own else reverse("account_language")


def _as_file(response: HttpResponse, ending: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="allmende-meine-daten.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


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
