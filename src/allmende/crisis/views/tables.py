"""Scripts as files: tables and workbooks, looked at before they are taken over; and everything to take along."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.changes import Row
from allmende.formats.exercise_script.document import write_script
from allmende.formats.exercise_script.tables import write_csv
from allmende.formats.exercise_script.workbooks import why_no_workbook, write_workbook
from allmende.formats.marks import Mark, without_marks
from allmende.portal.access import SignedInRequest, posted_number, requires, see_other
from allmende.portal.uploads import safe_name

from .. import rules, scripts, services  # noqa: F401  rules: they are registered by it
from ..forms.authoring.tables import ColumnsForm, TableForm, read_file
from ..models import InjectTable, ScriptDraft
from ..queries import drafts
from ..queries import tables as queries
from ..queries.attachments import contents_of
from ..services.exercises import tables as serve
from .authoring import mandate_for
from .imports import from_windows

MOST_SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OF_TABLE: Any = {"about": lambda table: table.draft, "login": True}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", drafts.get_draft, login=True)
def choose(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Send a table; nothing changes before it was looked at."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            book = read_file(file)
        except FormatError as error:
            form.add_error("file", str(error))
        else:
            name = safe_name(file.name or "")
            if book.from_windows:
                messages.info(request, from_windows())
            made = serve.keep_table(actor=request.user, draft=draft, file_name=name, book=book)
            return see_other(reverse("scripts:table", args=[made.pk]))
    context = {
        "form": form,
        "draft": draft,
        "waiting": queries.waiting_tables().filter(draft=draft),
    }
    return render(request, "crisis/exercises/script_choose_table.html", context)


@require_safe
@requires("crisis.write_script", queries.get_table, **OF_TABLE)
def table(request: SignedInRequest, table: InjectTable) -> HttpResponse:
    """What a table would change, as its columns are understood, or what is wrong with it."""
    return _shown(request, table, request.GET if "zuordnung" in request.GET else None)


def _shown(request: SignedInRequest, table: InjectTable, said: Any) -> HttpResponse:
    headings = list(without_marks(table.cells["headings"]))
    columns = None if said is None else ColumnsForm(said, headings=headings, columns={}).chosen()
    look = queries.look_at(table, columns)
    context = {
        "table": table,
        "draft": table.draft,
        "form": ColumnsForm(headings=headings, columns=dict(look.columns)),
        "look": look,
        "most": MOST_SHOWN,
        "parts": [
            (
                each.title,
                _named(each.new),
                [(drafts.title_of(one.row), one) for one in each.changed[:MOST_SHOWN]],
            )
            for each in look.merges
            if each.changes_something
        ],
        "more": any(max(len(each.new), len(each.changed)) > MOST_SHOWN for each in look.merges),
    }
    return render(request, "crisis/exercises/script_table.html", context)


@require_POST
@requires("crisis.write_script", queries.get_table, **OF_TABLE)
def carry_out(request: SignedInRequest, table: InjectTable) -> HttpResponse:
    """Take over all of it."""
    headings = list(without_marks(table.cells["headings"]))
    columns = ColumnsForm(request.POST, headings=headings, columns={}).chosen()
    try:
        merges = serve.carry_out_table(
            actor=request.user,
            mandate=mandate_for(request, table.draft),
            table=table,
            columns=columns,
            seen=posted_number(request, "revision"),
        )
    except (services.Conflict, FormatError) as error:
        messages.warning(request, str(error))
        return _shown(request, table, request.POST)
    said = _("Übernommen: %(new)s neu, %(changed)s geändert.")
    counts = {name: sum(len(getattr(each, name)) for each in merges) for name in ("new", "changed")}
    messages.success(request, said % counts)
    if any(each.part != "injects" for each in merges):
        return see_other(table.draft.get_absolute_url())
    return see_other(reverse("scripts:rows", args=[table.draft_id, "einlagen"]))


@require_POST
@requires("crisis.write_script", queries.get_table, **OF_TABLE)
def discard(request: SignedInRequest, table: InjectTable) -> HttpResponse:
    """Forget a table."""
    try:
        serve.discard_table(table=table)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("„%(file)s“ ist verworfen.") % {"file": table.file_name})
    return see_other(table.draft.get_absolute_url())


def _named(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Key and title of the first of some rows."""
    return [(str(row.get("key", "")), drafts.title_of(row)) for row in islice(rows, MOST_SHOWN)]


def _get_file(number: int, file: str) -> tuple[ScriptDraft, str]:
    if file not in FILES:
        raise Http404
    return drafts.get_draft(number), file


def _json(draft: ScriptDraft, mark: Mark) -> str:
    return write_script(drafts.script_of_draft(draft), mark, contents_of(draft))


def _csv(draft: ScriptDraft, mark: Mark) -> str:
    return write_csv(drafts.script_of_draft(draft).injects, mark)


def _workbook(draft: ScriptDraft, mark: Mark) -> bytes:
    return write_workbook(drafts.script_of_draft(draft), mark)


WORKBOOK = "drehbuch.xlsx"
FILES: dict[str, tuple[str, Callable[[ScriptDraft, Mark], str | bytes]]] = {
    "drehbuch.json": ("application/json; charset=utf-8", _json),
    WORKBOOK: (XLSX, _workbook),
    "einlagen.csv": ("text/csv; charset=utf-8", _csv),
}


def _template_called(file: str) -> str:
    key = file.removesuffix(".json")
    if not file.endswith(".json") or key not in dict(scripts.names()):
        raise Http404
    return key


@require_safe
@requires("crisis.add_exercise", _template_called, about=lambda _: None, login=True)
def template(request: SignedInRequest, key: str) -> HttpResponse:
    """One of our scripts as a file: an example of how such a file is made."""
    media_type = "application/json; charset=utf-8"
    script = scripts.read(key)
    content = write_script(script, files=scripts.files(key))
    headers = {"Content-Disposition": _disposition(script.name, "drehbuch.json")}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _disposition(title: str, file: str) -> str:
    """A download that says of which script it is."""
    slug = slugify(title, allow_unicode=True)[:60].strip("-")
    return content_disposition_header(True, f"{slug}-{file}" if slug else file) or ""


@require_safe
@requires("crisis.write_script", _get_file, about=lambda found: found[0], login=True)
def export(request: SignedInRequest, found: tuple[ScriptDraft, str]) -> HttpResponse:
    """Take a script along."""
    draft, file = found
    media_type, write = FILES[file]
    # What cannot be written nobody has taken along; writing it would keep the log waiting.
    if file == WORKBOOK and (reason := why_no_workbook(drafts.script_of_draft(draft))):
        messages.warning(request, reason)
        return see_other(draft.get_absolute_url())
    mark = serve.export_draft(
        actor=request.user, mandate=mandate_for(request, draft), draft=draft, form=file
    )
    content = write(draft, mark)
    headers = {
        "Content-Disposition": _disposition(draft.title, file),
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=media_type, headers=headers)
