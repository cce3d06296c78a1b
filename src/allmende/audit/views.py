"""The log on the operator's desk: a list with filters, one entry, and files to take along."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires
from allmende.portal.tables import csv_response

from . import queries, services
from .chain import canonical, digest, to_json
from .forms import LogFilterForm
from .models import Entry
from .words import Line, tell

PAGE_SIZE = 50
CHUNK = 1_000
HEADER = [
    "Nummer",
    "Zeitpunkt",
    "Konto",
    "Name",
    "Mandat",
    "Was",
    "Tat",
    "Art",
    "Schlüssel",
    "Gegenstand",
    "Begründung",
    "Einzelheiten",
    "Prüfsumme",
]


@require_safe
@requires("accounts.operate", login=True)
def log(request: SignedInRequest) -> HttpResponse:
    """The newest entries that fit, and older ones page by page."""
    form = LogFilterForm(request.GET)
    entries = form.entries()
    before = request.GET.get("vor", "")
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(number__lt=int(before))
    found = list(entries[: PAGE_SIZE + 1])
    return render(
        request,
        "audit/log.html",
        {
            "form": form,
            "lines": list(tell(found[:PAGE_SIZE], reader=request.user)),
            "older": found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else None,
            "newest": not before,
            "filtered": bool(form.chosen),
        },
    )


@require_safe
@requires("accounts.operate", queries.get_entry, about=lambda _: None, login=True)
def entry(request: SignedInRequest, entry: Entry) -> HttpResponse:
    """One entry in full, with the hashes that join it to its neighbours."""
    before, after = queries.neighbours_of(entry)
    return render(
        request,
        "audit/entry.html",
        {
            "line": next(tell([entry], reader=request.user)),
            "is_sound": digest(entry.as_link()) == entry.hash,
            "details": [(name, to_json(value)) for name, value in entry.details.items()],
            "before": before,
            "after": after,
            "address": _address_of(entry),
        },
    )


def _address_of(entry: Entry) -> str:
    """The page of the object, where it is there and has one."""
    try:
        obj = apps.get_model(entry.object_kind).objects.filter(pk=entry.object_key).first()
    except (LookupError, ValueError):
        return ""
    address: str = obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else ""
    return address


@require_POST
@requires("accounts.operate", login=True)
def export_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """What fits, for a spreadsheet; that somebody has taken it along is recorded."""
    rows = (_row(line) for line in _exported(request, "csv"))
    return csv_response("protokoll.csv", HEADER, rows)


@require_POST
@requires("accounts.operate", login=True)
def export_json(request: SignedInRequest) -> StreamingHttpResponse:
    """The same for programs: one entry a line, exactly as its hash covers it; oldest first."""
    lines = (
        canonical(line.entry.as_link()).decode()[:-1] + f',"hash":"{line.entry.hash}"}}\n'
        for line in _exported(request, "json")
    )
    return StreamingHttpResponse(
        lines,
        content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="protokoll.jsonl"'},
    )


def _exported(request: SignedInRequest, format_: str) -> Iterator[Line]:
    form = LogFilterForm(request.POST)
    entries = form.entries().order_by("number")
    # Up to here: without the entry about this export itself.
    newest = queries.head()
    entries = entries.filter(number__lte=newest.number if newest else 0)
    services.record_export(actor=request.user, format_=format_, filters=list(form.chosen))
    return tell(entries.iterator(chunk_size=CHUNK), reader=request.user)


def _row(line: Line) -> list[Any]:
    entry = line.entry
    return [
        entry.number,
        timezone.localtime(entry.at).strftime("%d.%m.%Y %H:%M:%S"),
        entry.actor_id,
        entry.actor or "",
        entry.capacity,
        line.what,
        entry.deed,
        entry.object_kind,
        entry.object_key,
        entry.object_name,
        entry.reason,
        to_json(entry.details) if entry.details else "",
        entry.hash,
    ]
