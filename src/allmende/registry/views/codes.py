"""Redeeming a code: typed in first, so that signing in comes when it is known what for.

What was typed waits in the session, for an hour at most: it survives signing in and signing up.
"""

import time

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from allmende.formats.letters import read_code
from allmende.portal.access import PageRequest, SignedInRequest, public, see_other, signed_in

from .. import services
from ..forms import CodeForm, OfficeForm
from ..models import Letter, LetterState, Office

KEPT_SECONDS = 3_600
KEY = "letter_code"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public
def enter(request: PageRequest) -> HttpResponse:
    """Type in the code of a letter."""
    form = CodeForm(request.POST or None, initial={"code": _kept(request)})
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        _keep(request, code)
        if not request.user.is_authenticated:
            return see_other(redirect_to_login(reverse("registry:letter")).url)
        try:
            services.check_code(actor=request.user, code=code)
        except services.LetterError as error:
            request.session.pop(KEY, None)
            form.add_error("code", str(error))
        else:
            _keep(request, code, checked=True)
            return see_other(reverse("registry:redeem"))
    return render(request, "registry/letter_enter.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def redeem(request: SignedInRequest) -> HttpResponse:
    """See whom the code is for, name the office, and get the mandate."""
    letter = _checked(request)
    if letter is None:
        return redirect("registry:letter")
    form = OfficeForm(request.POST or None, organisation=letter.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            mandate = services.redeem_letter(
                actor=request.user,
                code=_kept(request),
                office=Office(form.cleaned_data["amt"]),
                title=form.cleaned_data["genauer"],
            )
        except (services.LetterError, services.MandateError) as error:
            form.add_error(None, str(error))
        else:
            request.session.pop(KEY, None)
            messages.success(
                request,
                _("Sie sprechen jetzt für %(organisation)s.")
                % {"organisation": mandate.organisation},
            )
            # By way of setting up a second factor, where she has none (accounts.middleware).
            return see_other(mandate.organisation.get_absolute_url())
    return render(
        request, "registry/letter_redeem.html", {"form": form, "organisation": letter.organisation}
    )


def _keep(request: HttpRequest, code: str, *, checked: bool = False) -> None:
    request.session[KEY] = {"code": code, "checked": checked, "until": time.time() + KEPT_SECONDS}


def _kept(request: HttpRequest) -> str:
    kept = request.session.get(KEY)
    if not kept or kept["until"] < time.time():
        return ""
    code: str = kept["code"]
    return code


def _checked(request: HttpRequest) -> Letter | None:
    """The letter whose code this person has typed in rightly, if it is still open."""
    code = _kept(request)
    if not code or not request.session[KEY]["checked"]:
        return None
    letters = Letter.objects.in_state(LetterState.OPEN).select_related("organisation__region")
    return letters.filter(serial=read_code(code).serial).first()
