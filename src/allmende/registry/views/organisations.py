"""Public pages: which organisations there are, and who may speak for them."""

import rules
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.accounts.models import ConsentKind
from allmende.accounts.queries import consenting
from allmende.audit.words import tell
from allmende.portal.access import SignedInRequest, public, requires, see_other
from allmende.portal.tables import csv_response

from .. import queries, services
from ..forms import OrganisationFilterForm, RequestForm
from ..models import Organisation, OrganisationQuerySet

PAGE_SIZE = 50
MOST_HISTORY = 20


@require_safe
@public
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Organisations that somebody speaks for."""
    form = OrganisationFilterForm(request.GET)
    page = Paginator(_listed(form), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "registry/organisations.html", {"form": form, "page": page})


@require_safe
@public
def organisation_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    return csv_response(
        "organisationen.csv",
        ["Name", "Art", "Schlüssel", "Menschen mit Mandat", "Vier-Augen-Prinzip",
         "Beispieldaten", "Adresse"],
        (
            [
                row.name,
                row.get_kind_display(),
                row.region.key if row.region else "",
                row.people,
                "ja" if row.four_eyes else "nein",
                "ja" if row.is_example else "nein",
                request.build_absolute_uri(row.get_absolute_url()),
            ]
            for row in _listed(OrganisationFilterForm(request.GET)).iterator(chunk_size=500)
        ),
    )  # fmt: skip


def _listed(form: OrganisationFilterForm) -> OrganisationQuerySet:
    wishes = form.cleaned_data if form.is_valid() else {}
    return queries.listed_organisations(
        wishes.get("q", ""), kind=wishes.get("art", ""), land=wishes.get("land", "")
    )


@require_safe
@public
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Who may speak for an organisation, since when, and who has confirmed it."""
    found = get_object_or_404(
        Organisation.objects.select_related("region__parent", "parent"), slug=slug
    )
    people = Paginator(queries.people_of(found), PAGE_SIZE).get_page(request.GET.get("seite"))
    entries = queries.history_of_people(
        found,
        inside=rules.has_perm("registry.view_people", request.user, found),
        most=MOST_HISTORY,
    )
    return render(
        request,
        "registry/organisation.html",
        {
            "organisation": found,
            "people": people,
            "named": consenting(ConsentKind.PUBLIC_NAME, [mandate.user for mandate in people]),
            "powers": queries.powers_of(found),
            "branches": found.branches.filter(dissolved_on=None),
            "history": list(tell(entries, reader=request.user)),
        },
    )


@require_http_methods(["GET", "POST"])
@requires("registry.request_mandate", queries.get_organisation, login=True)
def request_mandate(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Ask for a mandate with an official address."""
    form = RequestForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            services.request_mandate(
                actor=request.user, organisation=organisation, **form.cleaned_data
            )
        except services.RequestError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("Angefragt. Die Antwort bekommen Sie per E-Mail."))
        return see_other(organisation.get_absolute_url())
    addresses = queries.official_addresses(request.user, organisation)
    return render(
        request,
        "registry/request_mandate.html",
        {"form": form, "organisation": organisation, "address": addresses[0]},
    )
