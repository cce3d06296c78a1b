"""The operator's desk: organisations, mandates and invitations. Offices and states, hardly names."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.tables import csv_response, moment

from .. import queries, services
from ..forms import (
    DeskFilterForm,
    DissolveForm,
    InvitationFilterForm,
    MandateFilterForm,
    NameForm,
    OrganisationFilterForm,
    OrganisationForm,
)
from ..models import (
    InvitationQuerySet,
    MandateQuerySet,
    Organisation,
    OrganisationQuerySet,
    Region,
)

OPERATE = "accounts.operate"
PAGE_SIZE = 50


@require_safe
@requires(OPERATE, login=True)
def organisation_list(request: HttpRequest) -> HttpResponse:
    """All organisations, and requests that nobody else can decide on."""
    form = DeskFilterForm(request.GET)
    page = Paginator(_organisations(form), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(
        request,
        "registry/desk_organisations.html",
        {"form": form, "page": page, "requests": queries.desk_requests()},
    )


@require_safe
@requires(OPERATE, login=True)
def organisation_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    return csv_response(
        "organisationen.csv",
        [
            "Name",
            "Art",
            "Schlüssel",
            "Menschen mit Mandat",
            "Jemand verwaltet",
            "Aufgelöst am",
        ],
        (
            [
                row.name,
                row.get_kind_display(),
                row.region.key if row.region else "",
                row.people,
                "ja" if row.has_manager else "nein",
                row.dissolved_on or "",
            ]
            for row in _organisations(DeskFilterForm(request.GET)).iterator(chunk_size=500)
        ),
    )


def _organisations(form: DeskFilterForm) -> OrganisationQuerySet:
    words, kind, land, state = _wishes(form)
    return queries.desk_organisations(words, kind=kind, land=land, state=state)


def _wishes(form: OrganisationFilterForm) -> tuple[str, str, str, str]:
    said = form.cleaned_data if form.is_valid() else {}
    return said.get("q", ""), said.get("art", ""), said.get("land", ""), said.get("stand", "")


@require_http_methods(["GET", "POST"])
@requires(OPERATE, login=True)
def create(request: SignedInRequest) -> HttpResponse:
    """Make an organisation that is no region."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_organisation(actor=request.user, **form.cleaned_data)
        except services.OrganisationError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Angelegt. Laden Sie jetzt die erste Person ein."))
            return see_other(reverse("registry:invite", args=[made.slug]))
    return render(request, "registry/create_organisation.html", {"form": form})


@require_POST
@requires(OPERATE, queries.get_region, login=True)
def begin(request: SignedInRequest, region: Region) -> HttpResponse:
    """Invite the first person of a region that nobody has spoken for yet."""
    try:
        organisation = services.organisation_of(region)
    except services.OrganisationError as error:
        messages.warning(request, str(error))
        return see_other(region.get_absolute_url())
    return see_other(reverse("registry:invite", args=[organisation.slug]))


@require_http_methods(["GET", "POST"])
@requires(OPERATE, queries.get_organisation, login=True)
def rename(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Give an organisation another name."""
    form = NameForm(request.POST or None, initial={"name": organisation.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_organisation(
                actor=request.user, organisation=organisation, **form.cleaned_data
            )
        except services.OrganisationError as error:
            form.add_error("name", str(error))
        else:
            return see_other(organisation.get_absolute_url())
    context = {"form": form, "organisation": organisation}
    return render(request, "registry/rename_organisation.html", context)


@require_http_methods(["GET", "POST"])
@requires(OPERATE, queries.get_organisation, login=True)
def dissolve(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """End an organisation."""
    form = DissolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.dissolve_organisation(
                actor=request.user, organisation=organisation, **form.cleaned_data
            )
        except services.OrganisationError as error:
            form.add_error(None, str(error))
        else:
            return see_other(organisation.get_absolute_url())
    context = {"form": form, "organisation": organisation}
    return render(request, "registry/dissolve_organisation.html", context)


@require_safe
@requires(OPERATE, login=True)
def mandate_list(request: HttpRequest) -> HttpResponse:
    """All mandates: offices and days."""
    form = MandateFilterForm(request.GET)
    page = Paginator(_mandates(form), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "registry/desk_mandates.html", {"form": form, "page": page})


@require_safe
@requires(OPERATE, login=True)
def mandate_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    return csv_response(
        "mandate.csv",
        [
            "Mandat",
            "Organisation",
            "Amt",
            "Seit",
            "Bis",
            "Rechte",
            "Bestätigt",
        ],
        (
            [
                row.pk,
                row.organisation.name,
                row.office_name,
                row.since,
                row.until or "",
                ", ".join(str(right.label) for right in sorted(row.rights)),
                row.get_confirmation_display(),
            ]
            for row in _mandates(MandateFilterForm(request.GET)).iterator(chunk_size=500)
        ),
    )


def _mandates(form: MandateFilterForm) -> MandateQuerySet:
    words, kind, land, state = _wishes(form)
    return queries.desk_mandates(words, kind=kind, land=land, state=state)


@require_safe
@requires(OPERATE, login=True)
def invitation_list(request: HttpRequest) -> HttpResponse:
    """All invitations, with their addresses: somebody has to find out why a mail did not arrive."""
    form = InvitationFilterForm(request.GET)
    page = Paginator(_invitations(form), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "registry/desk_invitations.html", {"form": form, "page": page})


@require_safe
@requires(OPERATE, login=True)
def invitation_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    return csv_response(
        "einladungen.csv",
        ["Organisation", "E-Mail", "Amt", "Stand", "Eingeladen", "Gilt bis"],
        (
            [
                row.organisation.name,
                row.email,
                row.office_name,
                row.state,
                moment(row.created_at),
                moment(row.expires_at),
            ]
            for row in _invitations(InvitationFilterForm(request.GET)).iterator(chunk_size=500)
        ),
    )


def _invitations(form: InvitationFilterForm) -> InvitationQuerySet:
    said = form.cleaned_data if form.is_valid() else {}
    return queries.desk_invitations(said.get("q", ""), state=said.get("stand", ""))
