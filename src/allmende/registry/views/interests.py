"""Of which topics and regions somebody wants to hear news."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.portal.access import SignedInRequest, see_other, signed_in

from .. import queries, services
from ..forms import InterestsForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def interests(request: SignedInRequest) -> HttpResponse:
    """Choose topics and regions; those of her mandates count without that."""
    home = list(queries.home_regions(request.user))
    form = InterestsForm(
        request.POST if request.method == "POST" else None,
        chosen=queries.interests_of(request.user),
        proposed=queries.lands_above(home),
    )
    if request.method == "POST" and form.is_valid():
        services.choose_interests(
            user=request.user,
            topics=form.cleaned_data["themen"],
            regions=form.cleaned_data["gebiete"],
        )
        messages.success(request, _("Gespeichert."))
        return see_other(reverse("registry:interests"))
    return render(request, "registry/interests.html", {"form": form, "home": home})
