"""Incident reports: written in three steps, taken along, and noted as handed in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.formats.kritis import Mark, incident_json, incident_paper, write_pdf
from allmende.portal.access import SignedInRequest, posted_number, requires, see_other
from allmende.portal.templatetags.portal import enumerated

from .. import queries, services
from ..forms import STEPS, HandInForm
from ..models import Facility, Incident, IncidentState
from ..queries import IncidentStep
from .duties import file_response

PAGE_SIZE = 50


def _facility_of(found: Incident | IncidentStep) -> Facility:
    return found.facility


@require_safe
@requires("crisis.open_register", login=True)
def incidents(request: SignedInRequest) -> HttpResponse:
    """The incidents of all facilities that a person may know of."""
    found = Paginator(queries.incidents_seen_by(request.user), PAGE_SIZE)
    context = {"page": found.get_page(request.GET.get("seite"))}
    return render(request, "crisis/incidents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility, login=True)
def add(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Begin a report: what failed, and since when; the rest is filled in from the register."""
    now = timezone.localtime()
    form = STEPS["was"](
        request.POST or None, facility=facility, initial={"began_at": now, "known_at": now}
    )
    if request.method == "POST" and form.is_valid():
        incident = services.add_incident(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            facility=facility,
            fields=form.cleaned_data | _prefilled(facility),
        )
        return see_other(_step(incident, "wen"))
    context = {"form": form, "facility": facility, "number": 1, "steps": len(STEPS)}
    return render(request, "crisis/edit_incident.html", context)


def _prefilled(facility: Facility) -> dict[str, object]:
    """What the register knows: the municipalities it supplies, how many people, and whom to ask."""
    names = [share.region.name for share in facility.shares.select_related("region")]
    contact = facility.contacts.first()
    provider = queries.particulars_of(facility.provider)
    if contact is not None:
        asked = (contact.name, contact.telephone, contact.email)
    elif provider is not None:
        asked = (provider.contact_name, provider.contact_telephone, provider.contact_email)
    else:
        asked = ("", "", "")
    return {
        "area": enumerated(names or [facility.region.name])[:2_000],
        "affected": facility.served or None,
        **dict(zip(("contact_name", "contact_telephone", "contact_email"), asked, strict=True)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_incident_step, about=_facility_of, login=True)
def change(request: SignedInRequest, step: IncidentStep) -> HttpResponse:
    """One of the three steps."""
    incident, facility = step.incident, step.facility
    form = STEPS[step.key](request.POST or None, facility=facility, instance=incident)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_incident(
                actor=request.user,
                mandate=queries.changing_mandate(request.user, facility),
                incident=incident,
                seen=posted_number(request, "version"),
                fields=form.cleaned_data,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            address = _step(incident, step.next_key) if step.next_key else None
            return see_other(address or incident.get_absolute_url())
    context = {"form": form, "facility": facility, "incident": incident, "number": step.number}
    return render(request, "crisis/edit_incident.html", context | {"steps": len(STEPS)})


def _step(incident: Incident, key: str) -> str:
    return reverse("crisis:change_incident", args=[incident.pk, key])


@require_safe
@requires("crisis.view_facility", queries.get_incident, about=_facility_of, login=True)
def incident(request: SignedInRequest, incident: Incident) -> HttpResponse:
    """What is said of an incident, until when it is to be told, and where."""
    return _page(request, incident)


def _page(
    request: SignedInRequest, incident: Incident, form: HandInForm | None = None
) -> HttpResponse:
    facility = incident.facility
    offices = list(queries.reporting_offices(facility.region.land))
    is_legal = queries.must_report(facility)
    initial = {"at": timezone.localtime(), "to": offices[-1].name if offices else ""}
    context = {
        "incident": incident,
        "facility": facility,
        "is_legal": is_legal,
        "offices": offices,
        "is_open": incident.state != IncidentState.CLOSED,
        "is_draft": incident.state == IncidentState.DRAFT,
        "deadlines": queries.deadlines_of(incident, now=timezone.now()),
        "paper": incident_paper(queries.said_of(incident, is_legal=is_legal)),
        "form": form or HandInForm(incident=incident, initial=initial),
        "history": list(tell(history_of(incident)[:20], reader=request.user)),
    }
    return render(request, "crisis/incident.html", context)


@require_POST
@requires("crisis.change_facility", queries.get_incident, about=_facility_of, login=True)
def hand_in(request: SignedInRequest, incident: Incident) -> HttpResponse:
    """Note that a report was handed in."""
    form = HandInForm(request.POST, incident=incident)
    if not form.is_valid():
        return _page(request, incident, form)
    try:
        services.hand_in(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, incident.facility),
            incident=incident,
            seen=posted_number(request, "version"),
            is_legal=queries.must_report(incident.facility),
            **form.cleaned_data,
        )
    except services.Conflict as conflict:
        form.add_error(None, str(conflict))
        return _page(request, queries.get_incident(incident.pk), form)
    messages.success(request, _("Festgehalten: Die Meldung ist abgegeben."))
    return see_other(incident.get_absolute_url())


@require_POST
@requires("crisis.change_facility", queries.get_incident, about=_facility_of, login=True)
def discard(request: SignedInRequest, incident: Incident) -> HttpResponse:
    """Remove a draft."""
    try:
        services.discard_incident(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, incident.facility),
            incident=incident,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
        return see_other(incident.facility.get_absolute_url())
    messages.success(request, _("Der Entwurf ist verworfen."))
    return see_other(incident.facility.get_absolute_url())


@require_POST
@requires("crisis.change_facility", queries.get_incident, about=_facility_of, login=True)
def fetch(request: SignedInRequest, incident: Incident) -> HttpResponse:
    """Take a report along, as PDF or JSON; recorded, and marked with office, day and number."""
    format_ = "json" if request.POST.get("als") == "json" else "pdf"
    entry = services.export_incident(
        actor=request.user,
        mandate=queries.changing_mandate(request.user, incident.facility),
        incident=incident,
        format_=format_,
    )
    with override("de"):
        mark = Mark(entry.capacity, date_format(timezone.localdate()), entry.number)
    said = queries.said_of(incident, is_legal=queries.must_report(incident.facility))
    content = (
        incident_json(said, mark=mark)
        if format_ == "json"
        else write_pdf(incident_paper(said), mark=mark)
    )
    return file_response(content, f"stoerung-{incident.pk}.{format_}")
