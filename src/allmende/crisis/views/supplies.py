"""What a facility needs from others: added, changed, removed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.portal.access import SignedInRequest, posted_number, requires, see_other

from .. import queries, services
from ..forms import ServiceForm, SupplyForm
from ..models import Facility, Service, Supply


def _facility_of(supply: Supply) -> Facility:
    return supply.facility


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility, login=True)
def add(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Say what a facility needs: first what, then of whom."""
    choice = ServiceForm(request.GET or None)
    if (service := choice.chosen()) is None:
        return render(request, "crisis/choose_service.html", {"form": choice, "facility": facility})
    near = queries.possible_suppliers(request.user, facility, service)
    form = SupplyForm(request.POST or None, near=near)
    if request.method == "POST" and form.is_valid():
        services.add_supply(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            facility=facility,
            **form.said(service),
        )
        messages.success(request, _("Gespeichert."))
        return see_other(facility.get_absolute_url())
    context = {"form": form, "facility": facility, "service": service, "near": near}
    return render(request, "crisis/edit_supply.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_supply, about=_facility_of, login=True)
def change(request: SignedInRequest, supply: Supply) -> HttpResponse:
    """Say it otherwise."""
    facility, service = supply.facility, Service(supply.service)
    near = queries.with_present_ones(
        supply, queries.possible_suppliers(request.user, facility, service)
    )
    form = SupplyForm(request.POST or None, near=near, instance=supply)
    seen = posted_number(request, "version") if request.method == "POST" else facility.version
    differences = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_supply(
                actor=request.user,
                mandate=queries.changing_mandate(request.user, facility),
                supply=supply,
                seen=seen,
                **form.said(service),
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
            # Told of what is there by now, she may save over it.
            if there := getattr(conflict, "there", None):
                seen, stored = there.version, Supply.objects.filter(pk=supply.pk).first()
                differences = form.differences(stored) if stored else None
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(facility.get_absolute_url())
    context = {"form": form, "facility": facility, "supply": supply, "service": service}
    more = {"near": near, "version": seen, "differences": differences}
    return render(request, "crisis/edit_supply.html", context | more)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_supply, about=_facility_of, login=True)
def remove(request: SignedInRequest, supply: Supply) -> HttpResponse:
    """Say that it does not need it; asks first."""
    facility = supply.facility
    if request.method != "POST":
        context = {
            "deed": _("Bedarf löschen"),
            "name": supply.get_service_display(),
            "where": facility.name,
            "meaning": _(
                "Jede Simulation rechnet dann so, als brauche die Einrichtung das nicht. Das lässt sich nicht zurücknehmen."
            ),
            "facility": facility,
            "back": facility.get_absolute_url(),
        }
        return render(request, "crisis/remove.html", context)
    try:
        services.remove_supply(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            supply=supply,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Der Bedarf ist gelöscht."))
    return see_other(facility.get_absolute_url())
