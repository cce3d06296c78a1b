"""Duties of the law: what is to be done until when, that it was done, and its prepared papers."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.calendars import write_terms
from allmende.formats.kritis import (
    PAPERS,
    Level,
    Mark,
    duty_paper,
    read_duties,
    write_docx,
    write_pdf,
)
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.calendars import calendar_response
from allmende.portal.uploads import download
from allmende.registry.models import Organisation

from .. import queries, services
from ..forms import FulfilmentForm
from ..models import Facility, Fulfilment
from ..queries import Duties, FacilityDuty

PAGE_SIZE = 50
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _of_duty(one: FacilityDuty) -> Facility:
    return one.facility


def _of_fulfilment(one: Fulfilment) -> Facility:
    return one.facility


@require_safe
@requires("crisis.open_register", login=True)
def duties(request: SignedInRequest) -> HttpResponse:
    """What is to be done for which facility, by who runs it."""
    found = queries.duties_seen_by(request.user)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    rows = queries.duties_of(page.object_list, on=timezone.localdate())
    context = {"page": page, "providers": _with_law_first(rows)}
    return render(request, "crisis/duties.html", context)


def _asks_nothing(row: Duties) -> bool:
    return row.since is None and row.status.level == Level.LOCAL and row.status.ahead is None


class Provider(NamedTuple):
    """Whoever runs facilities: those with a list or a word on why there is none, and the rest."""

    name: str
    organisation: Organisation | None
    rows: list[Duties]
    rest: list[Duties]


def _with_law_first(found: Iterable[Duties]) -> list[Provider]:
    """Those by who runs them; of whom the law asks something comes first."""
    providers = []
    for name, group in groupby(found, key=lambda each: each.facility.who_runs_it):
        every = list(group)
        rest = [row for row in every if _asks_nothing(row)]
        rows = [row for row in every if row not in rest]
        providers.append(Provider(name, every[0].facility.provider, rows, rest))
    return sorted(providers, key=lambda each: not any(row.is_legal for row in each.rows))


@require_safe
@requires("crisis.open_register", login=True)
def calendar(request: SignedInRequest) -> HttpResponse:
    """The same days and deadlines that are this person's tasks, for her calendar.

    A file, no address that calendars ask by themselves: the register asks everybody for a second factor.
    """
    terms = list(
        queries.terms_of(request.user, now=timezone.now(), absolute=request.build_absolute_uri)
    )
    mark = services.export_terms(actor=request.user, count=len(terms))
    text = write_terms(_("Pflichten und Störungen"), terms, mark=mark.line)
    return calendar_response("pflichten.ics", text)


@require_safe
@requires("crisis.view_facility", queries.get_facility, login=True)
def facility_duties(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """The duties of one facility, and when they were done."""
    [found] = queries.duties_of([facility], on=timezone.localdate())
    titles = {duty.key: duty.title for duty in read_duties()}
    done = [
        (one, titles.get(one.duty, one.duty))
        for one in facility.fulfilments.select_related("upload")
    ]
    context = {
        "facility": facility,
        "duties": found,
        "titles": titles,
        "done": done,
        "papers": set(PAPERS),
        "particulars": queries.particulars_of(facility.provider),
    }
    return render(request, "crisis/facility_duties.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility_duty, about=_of_duty, login=True)
def fulfil(request: SignedInRequest, one: FacilityDuty) -> HttpResponse:
    """Say that a duty was done."""
    form = FulfilmentForm(
        request.POST or None, request.FILES or None, initial={"done_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        services.fulfil_duty(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, one.facility),
            facility=one.facility,
            duty=one.duty.key,
            **form.cleaned_data,
        )
        messages.success(request, _("Gespeichert. Was darauf folgt, hat jetzt seinen Tag."))
        return see_other(_page(one.facility))
    context = {"form": form, "facility": one.facility, "duty": one.duty}
    return render(request, "crisis/fulfil_duty.html", context)


@require_POST
@requires("crisis.change_facility", queries.get_fulfilment, about=_of_fulfilment, login=True)
def withdraw(request: SignedInRequest, fulfilment: Fulfilment) -> HttpResponse:
    """Take back that a duty was done."""
    facility = fulfilment.facility
    try:
        services.withdraw_fulfilment(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            fulfilment=fulfilment,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Der Eintrag ist zurückgenommen."))
    return see_other(_page(facility))


@require_POST
@requires("crisis.change_facility", queries.get_fulfilment, about=_of_fulfilment, login=True)
def evidence(request: SignedInRequest, fulfilment: Fulfilment) -> HttpResponse | FileResponse:
    """The file that proves it; that somebody fetches it is written down."""
    if fulfilment.upload is None:
        messages.warning(request, _("Zu diesem Eintrag gibt es keine Datei."))
        return see_other(_page(fulfilment.facility))
    services.export_paper(
        actor=request.user,
        mandate=queries.changing_mandate(request.user, fulfilment.facility),
        facility=fulfilment.facility,
        paper=fulfilment.duty,
        format_="nachweis",
    )
    return download(fulfilment.upload)


@require_POST
@requires("crisis.change_facility", queries.get_facility, login=True)
def volunteer(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Keep the same dates without having to, or no more."""
    wanted = request.POST.get("freiwillig") == "ja"
    services.volunteer(
        actor=request.user,
        mandate=queries.changing_mandate(request.user, facility),
        facility=facility,
        wanted=wanted,
    )
    said = (
        _("Sie führen die Liste jetzt freiwillig.")
        if wanted
        else _("Die freiwillige Liste ist abgeschaltet. Was erledigt ist, bleibt stehen.")
    )
    messages.success(request, said)
    return see_other(_page(facility))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility_duty, about=_of_duty, login=True)
def paper(request: SignedInRequest, one: FacilityDuty) -> HttpResponse:
    """The paper that a duty asks for, prepared from the register: read here, taken along by POST."""
    facility, key = one.facility, one.duty.key
    if key not in PAPERS:
        return see_other(_page(facility))
    made = duty_paper(key, queries.sheet_of(facility, reader=request.user))
    if request.method != "POST":
        return render(request, "crisis/paper.html", {"paper": made, "one": one})
    format_ = "docx" if request.POST.get("als") == "docx" else "pdf"
    mandate = queries.changing_mandate(request.user, facility)
    entry = services.export_paper(
        actor=request.user, mandate=mandate, facility=facility, paper=key, format_=format_
    )
    with override("de"):
        mark = Mark(entry.capacity, date_format(timezone.localdate()), entry.number)
    content = (write_docx if format_ == "docx" else write_pdf)(made, mark=mark)
    return file_response(content, f"{key}-{facility.pk}.{format_}")


def file_response(content: bytes, name: str) -> HttpResponse:
    """A confidential file to be saved."""
    kinds = {"pdf": "application/pdf", "docx": DOCX, "json": "application/json"}
    return HttpResponse(
        content,
        content_type=kinds[name.rpartition(".")[2]],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _page(facility: Facility) -> str:
    return reverse("crisis:facility_duties", args=[facility.pk])
