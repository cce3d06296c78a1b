"""Crisis staffs: who sits in them, and which authorities may look into their area."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.registry.models import Organisation

from .. import queries, services
from ..forms import InsightForm, SeatForm
from ..models import STAFF_KINDS, Insight, Seat


@require_safe
@requires("crisis.appoint_staff", queries.get_staff, login=True)
def staff(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Who sits in a crisis staff."""
    return _page(request, organisation)


def _page(
    request: SignedInRequest,
    organisation: Organisation,
    *,
    seat_form: SeatForm | None = None,
    insight_form: InsightForm | None = None,
) -> HttpResponse:
    has_area = organisation.kind in STAFF_KINDS
    return render(
        request,
        "crisis/staff.html",
        {
            "organisation": organisation,
            "seats": queries.seats_in(organisation),
            "form": seat_form or SeatForm(candidates=queries.staff_candidates(organisation)),
            "has_area": has_area,
            "insights": queries.insights_given_by(organisation) if has_area else [],
            "insight_form": insight_form or InsightForm(authorities=queries.authorities()),
            "history": list(tell(history_of(organisation)[:20], reader=request.user)),
        },
    )


@require_POST
@requires("crisis.appoint_staff", queries.get_staff, login=True)
def appoint(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Let somebody sit in it."""
    form = SeatForm(request.POST, candidates=queries.staff_candidates(organisation))
    if not form.is_valid():
        return _page(request, organisation, seat_form=form)
    services.appoint(
        actor=request.user,
        mandate=queries.staffing_mandate(request.user, organisation),
        who=form.cleaned_data["who"],
        function=form.cleaned_data["function"],
    )
    messages.success(request, _("Die Person gehört jetzt zum Krisenstab."))
    return see_other(reverse("crisis:staff", args=[organisation.slug]))


@require_POST
@requires("crisis.appoint_staff", queries.get_seat, login=True)
def dismiss(request: SignedInRequest, seat: Seat) -> HttpResponse:
    """Let somebody sit in it no more."""
    organisation = seat.mandate.organisation
    try:
        services.dismiss(
            actor=request.user,
            mandate=queries.staffing_mandate(request.user, organisation),
            seat=seat,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Die Person gehört dem Krisenstab nicht mehr an."))
    return see_other(reverse("crisis:staff", args=[organisation.slug]))


@require_POST
@requires("crisis.give_insight", queries.get_staff, login=True)
def give_insight(request: SignedInRequest, organisation: Organisation) -> HttpResponse:
    """Let an authority look into its area."""
    form = InsightForm(request.POST, authorities=queries.authorities())
    if form.is_valid():
        try:
            services.give_insight(
                actor=request.user,
                mandate=queries.granting_mandate(request.user, organisation),
                staff=organisation,
                authority=form.cleaned_data["authority"],
                sector=form.cleaned_data["sector"],
            )
        except services.Conflict as conflict:
            form.add_error("authority", str(conflict))
        else:
            messages.success(
                request, _("Der Krisenstab dieser Behörde sieht jetzt, was in Ihrem Gebiet liegt.")
            )
            return see_other(reverse("crisis:staff", args=[organisation.slug]))
    return _page(request, organisation, insight_form=form)


@require_POST
@requires("crisis.revoke_insight", queries.get_insight, login=True)
def revoke_insight(request: SignedInRequest, insight: Insight) -> HttpResponse:
    """Take it back."""
    staff = queries.staff_of_area(request.user, insight)
    try:
        services.revoke_insight(
            actor=request.user,
            mandate=queries.granting_mandate(request.user, staff),
            insight=insight,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Die Einsicht ist entzogen."))
    return see_other(reverse("crisis:staff", args=[staff.slug]))
