"""The page about one's tokens, which programs use."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, see_other, signed_in

from . import token_services
from .forms import TokenForm
from .models import Token


@require_safe
@signed_in
def tokens(request: SignedInRequest) -> HttpResponse:
    """All of them, the newest first."""
    return render(request, "accounts/tokens.html", {"tokens": request.user.tokens.all()})


@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required  # type: ignore[untyped-decorator]
def make(request: SignedInRequest) -> HttpResponse:
    """Make one. What it says is on the answer to the form, and nowhere else ever after."""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = token_services.make_token(actor=request.user, **form.cleaned_data)
        except token_services.TokenError as error:
            form.add_error(None, str(error))
        else:
            response = render(request, "accounts/token_made.html", {"token": token, "text": text})
            response["Cache-Control"] = "no-store"
            return response
    return render(
        request, "accounts/make_token.html", {"form": form}, status=422 if form.errors else 200
    )


@require_POST
@signed_in
def revoke(request: SignedInRequest, number: int) -> HttpResponse:
    """Let one open nothing any more."""
    token = get_object_or_404(Token, pk=number, user=request.user)
    token_services.revoke_token(actor=request.user, token=token)
    messages.success(request, _("Der Schlüssel „%(name)s“ ist widerrufen.") % {"name": token.name})
    return see_other(reverse("account_tokens"))
