"""Co-signing a concern, and who has."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.tables import csv_response, moment
from allmende.registry.models import Mandate
from allmende.registry.queries import laender

from .. import queries, services
from ..forms import SignerForm, SupportFilterForm
from ..models import Concern

PAGE_SIZE = 50


@require_safe
@requires("forum.view_supports", queries.get_concern)
def supports(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Who has co-signed, how far that is from the quorum, and for whom this person may."""
    form = SupportFilterForm(request.GET)
    found = queries.supports_of(concern, **form.chosen())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    signers = queries.signers_of(request.user, concern)
    return render(
        request,
        "forum/supports.html",
        {
            "concern": concern,
            "form": form,
            "page": page,
            "names": {land.land: land.name for land in laender()},
            "quorum": queries.quorum_of(concern),
            "signers": signers,
            "may_sign": [s for s in signers if not s.support and not s.needs_release],
            "takes_supports": concern.state in queries.SUPPORTED_IN,
        },
    )


@require_safe
@requires("forum.view_supports", queries.get_concern)
def supports_csv(request: HttpRequest, concern: Concern) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    found = queries.supports_of(concern, **SupportFilterForm(request.GET).chosen())
    names = {land.land: land.name for land in laender()}
    return csv_response(
        f"mitzeichnung-{concern.slug}.csv",
        [_("Wer"), _("Art"), _("Land"), _("Schlüssel"), _("Mitgezeichnet am"), _("Im Amt")],
        (
            [
                support.organisation.name,
                support.organisation.get_kind_display(),
                names.get(region.land, "") if (region := support.organisation.region) else "",
                region.key if region else "",
                moment(support.signed_at),
                support.mandate.get_office_display() if support.mandate else "",
            ]
            for support in found.iterator(chunk_size=500)
        ),
    )


@require_POST
@requires("forum.support_concern", queries.get_concern, login=True)
def sign(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Say for an organisation that it wants an answer."""
    mandate = _mandate(request, concern)
    try:
        services.sign_concern(actor=request.user, mandate=mandate, concern=concern)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(
            request,
            _("%(organisation)s zeichnet dieses Anliegen jetzt mit.")
            % {"organisation": mandate.organisation},
        )
    return _back(concern)


@require_POST
@requires("forum.support_concern", queries.get_concern, login=True)
def withdraw(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Take that back."""
    mandate = _mandate(request, concern)
    try:
        services.withdraw_support(actor=request.user, mandate=mandate, concern=concern)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(
            request,
            _(
                "%(organisation)s zeichnet nicht mehr mit. Sie können jederzeit wieder mitzeichnen, "
                "bis das Anliegen beim Ministerium ist."
            )
            % {"organisation": mandate.organisation},
        )
    return _back(concern)


def _mandate(request: SignedInRequest, concern: Concern) -> Mandate:
    """In which mandate the form acts; without a word, in the only one there is."""
    form = SignerForm(request.POST)
    chosen = form.cleaned_data["als"] if form.is_valid() else None
    free = [
        mandate
        for mandate in queries.signing_mandates(request.user, concern)
        if not queries.needs_release(request.user, mandate)
        and chosen in (None, mandate.organisation.slug)
    ]
    if len(free) != 1:
        raise Http404
    return free[0]


def _back(concern: Concern) -> HttpResponse:
    return see_other(reverse("forum:supports", args=[concern.slug]))
