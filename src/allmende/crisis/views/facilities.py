"""The register: what the public sees, the list, one facility, and forms."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.portal.access import (
    SignedInRequest,
    posted_number,
    public,
    requires,
    see_other,
)
from allmende.portal.tables import csv_response

from .. import queries, rules, services  # noqa: F401  rules: they are registered by it
from ..forms import FacilityFilterForm, FacilityForm
from ..models import Facility, FacilityQuerySet, Incident

PAGE_SIZE = 50
MOST_INCIDENTS = 5


@require_safe
@public
def start(request: HttpRequest) -> HttpResponse:
    """What everybody may know: how many facilities there are; and where those who need it go on."""
    return render(
        request,
        "crisis/start.html",
        {
            "counts": queries.counts_by_sector_and_land(),
            "fewest": queries.FEWEST_SHOWN,
            "staffs": queries.administered_staffs(request.user),
            "needs_factor": queries.needs_second_factor(request.user),
        },
    )


@require_safe
@public
def counts_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same counts for a spreadsheet."""
    few = _("unter %(fewest)s") % {"fewest": queries.FEWEST_SHOWN}
    return csv_response(
        "anzahl.csv",
        [_("Land"), _("Sektor"), _("Einrichtungen"), _("Beispieldaten")],
        (
            [
                row.land,
                row.sector.label,
                few if row.count is None else row.count,
                _("ja") if row.is_example else _("nein"),
            ]
            for row in queries.counts_by_sector_and_land()
        ),
    )


@require_safe
@requires("crisis.open_register", login=True)
def facilities(request: SignedInRequest) -> HttpResponse:
    """The facilities that a person needs to know of."""
    form = FacilityFilterForm(request.GET)
    page = Paginator(filtered(request, form), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "crisis/facilities.html", {"form": form, "page": page})


def filtered(request: SignedInRequest, form: FacilityFilterForm) -> FacilityQuerySet:
    """What the list shows, in its order."""
    needs = Count("supplies", distinct=True)
    helps = Count("supplier_rows__supply__facility", distinct=True)
    return chosen_facilities(request, form.chosen()).annotate(needs=needs, helps=helps)


def chosen_facilities(request: SignedInRequest, chosen: dict[str, str]) -> FacilityQuerySet:
    """What a person sees and has asked for, by name."""
    found = queries.visible_facilities(request.user)
    found = found.exclude(closed_on=None) if chosen["stand"] else found.working()
    if chosen["sektor"]:
        found = found.of_sector(chosen["sektor"])
    for word in chosen["q"].split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(provider__name__icontains=word)
            | Q(provider_name__icontains=word)
        )
    return found.order_by("name", "pk")


@require_safe
@requires("crisis.view_facility", queries.get_facility, login=True)
def facility(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """One facility: whom it supplies, what it needs, and what needs it."""
    visible = queries.visible_neighbours(request.user, facility)
    needed_by = list(queries.needed_by(facility))
    needs, generators = list(queries.needs_of(facility)), list(queries.generators_of(facility))
    return render(
        request,
        "crisis/facility.html",
        {
            "facility": facility,
            "shares": facility.shares.select_related("region"),
            "needs": needs,
            "needed_by": [supply for supply in needed_by if supply.facility_id in visible],
            "hidden": sum(supply.facility_id not in visible for supply in needed_by),
            "visible": visible,
            "status": queries.status_of(facility, on=timezone.localdate()),
            "contacts": facility.contacts.all(),
            "generators": generators,
            "doubt_hours": queries.doubt_hours(generators, needs),
            "incidents": Incident.objects.filter(facility=facility)[:MOST_INCIDENTS],
            "documents": facility.documents.select_related("upload"),
            "history": list(tell(history_of(facility)[:20], reader=request.user)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.add_facility", login=True)
def add(request: SignedInRequest) -> HttpResponse:
    """Enter a facility."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        made = services.add_facility(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, Facility(**form.said)),
            fields=form.said,
            shares=form.shares,
        )
        messages.success(
            request, _("Die Einrichtung steht im Register. Was braucht sie von anderen?")
        )
        _warn_of_place(request, made)
        return see_other(made.get_absolute_url())
    return render(request, "crisis/edit_facility.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility, login=True)
def change(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Change what is said of a facility."""
    form = _form(request, instance=facility)
    seen = posted_number(request, "version") if request.method == "POST" else facility.version
    differences = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_facility(
                actor=request.user,
                mandate=queries.changing_mandate(request.user, facility),
                facility=facility,
                seen=seen,
                fields=form.said,
                shares=form.shares,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
            # Told of what is there by now, she may save over it.
            if there := getattr(conflict, "there", None):
                seen, differences = there.version, form.differences(there)
        else:
            messages.success(request, _("Gespeichert."))
            _warn_of_place(request, facility)
            return see_other(facility.get_absolute_url())
    context = {"form": form, "facility": facility, "version": seen}
    return render(request, "crisis/edit_facility.html", context | {"differences": differences})


def _warn_of_place(request: SignedInRequest, facility: Facility) -> None:
    """It may be true: nothing is refused."""
    if doubt := queries.doubt_place(facility):
        asked = _("Stimmen Länge und Breite, und sind sie nicht vertauscht?")
        messages.warning(request, f"{doubt} {asked}")


def _form(request: SignedInRequest, **options: Any) -> FacilityForm:
    providers = queries.possible_providers(request.user)
    if (there := options.get("instance")) and there.provider and there.provider not in providers:
        providers.append(there.provider)
    return FacilityForm(
        request.POST or None,
        regions=queries.possible_regions(request.user),
        providers=providers,
        **options,
    )


@require_POST
@requires("crisis.close_facility", queries.get_facility, login=True)
def close(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Say that it is there no more, or that it is."""
    serve = services.reopen_facility if facility.closed_on else services.close_facility
    try:
        serve(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            facility=facility,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        said = (
            _("Die Einrichtung ist wieder in Betrieb.")
            if facility.closed_on
            else _("Die Einrichtung gilt als aufgegeben. Das lässt sich rückgängig machen.")
        )
        messages.success(request, said)
    return see_other(facility.get_absolute_url())
