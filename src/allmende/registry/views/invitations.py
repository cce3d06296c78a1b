"""Inviting people to a mandate; and the page that the link in their mail opens."""

from typing import Any

from allauth.account.utils import complete_signup
from allauth.decorators import rate_limit
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.accounts.models import User
from allmende.portal.access import PageRequest, SignedInRequest, public, requires, see_other

from .. import queries, services
from ..forms import OfficeStep, PersonStep, RightsStep, SignUpForm
from ..models import Invitation, Office, Organisation, Right, usual_rights
from .people import MANAGE, its_organisation, people_page

STEPS = (_("Wen laden Sie ein?"), _("In welchem Amt?"), _("Was darf die Person?"))


@require_http_methods(["GET", "POST"])
@requires(MANAGE, queries.get_organisation, login=True)
def invite(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Invite somebody, one question after the other; what was answered travels along."""
    said = request.POST.get("schritt", "")
    asked = int(said) if said in {"1", "2", "3"} else 0
    values: dict[str, Any] = {}
    for number in range(1, asked + 1):
        form = _step(number, organisation, request.POST)
        if not form.is_valid():
            return _ask(request, organisation, number, form)
        values |= form.cleaned_data
    if asked < len(STEPS):
        preset = {"rights": _proposed(organisation, values["office"])} if asked == 2 else {}
        form = _step(asked + 1, organisation, None, preset)
        return _ask(request, organisation, asked + 1, form)
    try:
        invitation = services.invite(actor=request.user, organisation=organisation, **values)
    except services.InvitationError as error:
        form = _step(1, organisation, request.POST)
        form.add_error(None, str(error))
        return _ask(request, organisation, 1, form)
    messages.success(
        request, gettext("Die Einladung an %(email)s ist unterwegs.") % {"email": invitation.email}
    )
    return see_other(people_page(organisation))


def _proposed(organisation: Organisation, office: Office) -> list[Right]:
    """What the office usually allows; and managing, where nobody does so yet."""
    rights = usual_rights(office)
    if not queries.managers_of(organisation).exists():
        rights |= {Right.MANAGE}
    return sorted(rights)


def _step(
    number: int,
    organisation: Organisation,
    data: QueryDict | None,
    initial: dict[str, Any] | None = None,
) -> Form:
    if number == 1:
        return PersonStep(data)
    if number == 2:
        return OfficeStep(data, organisation=organisation)
    return RightsStep(data, initial=initial)


def _ask(
    request: SignedInRequest, organisation: Organisation, number: int, form: Form
) -> HttpResponse:
    """One question; the answers to the others stand in hidden fields."""
    others = [
        (name, value)
        for name in ("email", "name", "office", "title", "until", "rights")
        if name not in form.fields
        for value in request.POST.getlist(name)
    ]
    context = {
        "organisation": organisation,
        "form": form,
        "number": number,
        "question": STEPS[number - 1],
        "others": others,
        "back": people_page(organisation),
    }
    return render(request, "registry/invite.html", context)


@require_POST
@requires(MANAGE, queries.get_invitation, about=its_organisation, login=True)
def resend(request: SignedInRequest, invitation: Invitation) -> HttpResponse:
    """Send the mail again, with a new link."""
    try:
        services.resend_invitation(actor=request.user, invitation=invitation)
        messages.success(
            request,
            gettext("Die Einladung an %(email)s ist wieder unterwegs.")
            % {"email": invitation.email},
        )
    except services.InvitationError as error:
        messages.warning(request, str(error))
    return see_other(people_page(invitation.organisation))


@require_POST
@requires(MANAGE, queries.get_invitation, about=its_organisation, login=True)
def revoke(request: SignedInRequest, invitation: Invitation) -> HttpResponse:
    """Withdraw an invitation."""
    try:
        services.revoke_invitation(actor=request.user, invitation=invitation)
        messages.success(request, gettext("Zurückgezogen. Der Link in der Mail gilt nicht mehr."))
    except services.InvitationError as error:
        messages.warning(request, str(error))
    return see_other(people_page(invitation.organisation))


def _opened(request: HttpRequest, token: str) -> Invitation | None:
    """The invitation behind a link, if it can still be answered, or was accepted by this person."""
    found = queries.find_invitation(services.hash_of(token))
    if found is None or (found.mandate and found.mandate.user_id == request.user.pk):
        return found
    return found if found.state == "offen" and found.organisation.is_current else None


def _invalid(request: HttpRequest) -> HttpResponse:
    """One answer for every link that opens nothing."""
    return render(request, "registry/invitation_invalid.html", status=404)


@require_safe
@never_cache
@public
def invitation(request: PageRequest, token: str) -> HttpResponse:
    """Who invites to what; what to do next depends on who looks."""
    found = _opened(request, token)
    if found is None:
        return _invalid(request)
    if found.mandate is not None:
        messages.info(request, "Sie haben diese Einladung schon angenommen.")
        return see_other(found.organisation.get_absolute_url())
    form = SignUpForm(email=found.email, initial={"name": found.name})
    return _invitation_page(request, found, token, form)


def _invitation_page(
    request: HttpRequest, found: Invitation, token: str, form: SignUpForm
) -> HttpResponse:
    user = request.user
    context = {
        "invitation": found,
        "organisation": found.organisation,
        "token": token,
        # Not the request's own address: that of a form cannot be opened after signing in.
        "here": reverse("registry:invitation", args=[token]),
        "form": form,
        "is_hers": isinstance(user, User) and services.is_for(user, found),
        "has_account": queries.has_account(found.email),
    }
    return render(request, "registry/invitation.html", context)


@require_POST
@never_cache
@public
def accept(request: PageRequest, token: str) -> HttpResponse:
    """Take over the mandate; pressed twice, it is one."""
    found = _opened(request, token)
    if found is None:
        return _invalid(request)
    user = request.user
    if not isinstance(user, User):
        return see_other(reverse("registry:invitation", args=[token]))
    try:
        services.accept_invitation(actor=user, invitation=found)
    except services.InvitationError as error:
        messages.warning(request, str(error))
        return see_other(reverse("registry:invitation", args=[token]))
    messages.success(
        request,
        gettext("Willkommen. Sie haben jetzt ein Mandat für %(organisation)s.")
        % {"organisation": found.organisation},
    )
    return see_other(found.organisation.get_absolute_url())


@require_POST
@never_cache
@public
def decline(request: PageRequest, token: str) -> HttpResponse:
    """Whoever holds the link does not want it."""
    found = _opened(request, token)
    user = request.user
    try:
        if found is None:
            return _invalid(request)
        services.decline_invitation(
            actor=user if isinstance(user, User) else None, invitation=found
        )
    except services.InvitationError:
        return _invalid(request)
    return render(request, "registry/invitation_declined.html", {"invitation": found})


@require_POST
@never_cache
@rate_limit(action="signup")  # type: ignore[untyped-decorator]
@public
def sign_up(request: PageRequest, token: str) -> HttpResponseBase:
    """Make an account on the spot, and take over the mandate."""
    found = _opened(request, token)
    if found is None:
        return _invalid(request)
    form = SignUpForm(request.POST, email=found.email)
    if request.user.is_authenticated or not form.is_valid():
        return _invitation_page(request, found, token, form)
    try:
        user = services.sign_up_invited(
            invitation=found,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password1"],
        )
        services.accept_invitation(actor=user, invitation=found)
    except services.InvitationError as error:
        form.add_error(None, str(error))
        return _invitation_page(request, found, token, form)
    messages.success(
        request,
        gettext("Willkommen. Sie haben jetzt ein Mandat für %(organisation)s.")
        % {"organisation": found.organisation},
    )
    signed_in: HttpResponseBase = complete_signup(
        request, user, None, found.organisation.get_absolute_url()
    )
    return signed_in
