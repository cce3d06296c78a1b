"""Rows of a script, edited one by one: injects, roles, goals and all the others."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.changes import Row, find_row, key_field, rows_of, stand_of
from allmende.formats.exercise_script.model import Option
from allmende.portal.access import SignedInRequest, posted_number, requires, see_other

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.authoring import FacilityRowForm, InjectForm, OptionForm, RowForm, ShiftForm
from ..forms.authoring.filters import FacilityFilterForm, InjectFilterForm
from ..forms.authoring.rows import ScriptForm
from ..models import ScriptDraft
from ..queries import drafts as queries
from ..queries.drafts import Section
from ..queries.injects import lines_of
from ..queries.places import places_in
from ..queries.worlds import fault_of
from ..services.exercises import authoring as serve
from .authoring import mandate_for

PAGE_SIZE = {"injects": 200, "facilities": 50}
# What the list of rows is narrowed to, and its page.
LIST = ("strang", "an", "ziel", "stand", "q", "leistung", "seite")
FORMS: dict[str, type[RowForm]] = {"injects": InjectForm, "facilities": FacilityRowForm}
LONGEST_SEEN = 500
Found = tuple[ScriptDraft, Section]
OF_DRAFT: Any = {"about": lambda found: found[0], "login": True}


def address(
    draft: ScriptDraft, section: Section, key: str = "", page: str = "row", **more: str
) -> str:
    """The page of a row; without a key, of a new one."""
    query = ({"nr": key} if key else {}) | more
    path = reverse(f"scripts:{page}", args=[draft.pk, section.slug])
    return f"{path}?{urlencode(query)}" if query else path


def list_address(draft: ScriptDraft, section: Section, *, seen: str, key: str = "") -> str:
    """The list of rows as somebody left it: its filter and page, at this row.

    ``seen`` is what the list's own address said; pages of rows hand it on („liste“).
    """
    said = QueryDict(seen[:LONGEST_SEEN])
    kept = {name: value for name in LIST if (value := said.get(name))}
    place = f"#{row_anchor(key)}" if key else ""
    return address(draft, section, page="rows", **kept) + place


def row_anchor(key: str) -> str:
    """The name of a row within the page of the list, as the template writes it."""
    return f"zeile-{quote(key, safe='')}"


@require_safe
@requires("crisis.write_script", queries.get_section, **OF_DRAFT)
def rows(request: SignedInRequest, found: Found) -> HttpResponse:
    """All rows of one kind; injects and facilities as tables that can be filtered."""
    draft, section = found
    context: dict[str, Any] = {"draft": draft, "section": section, "sections": queries.SECTIONS}
    if section.name in ("injects", "facilities"):
        script = queries.script_of_draft(draft)
        if section.name == "injects":
            form: Any = InjectFilterForm(request.GET, script=script)
            lines: list[Any] = [*lines_of(script, **form.chosen())]
        elif stuck := _unreadable(request, draft, section):
            return stuck
        else:
            form = FacilityFilterForm(request.GET, script=script)
            lines = [*places_in(script, **form.chosen())]
        page = Paginator(lines, PAGE_SIZE[section.name]).get_page(request.GET.get("seite"))
        seen = request.GET.urlencode()[:LONGEST_SEEN]
        there = len(rows_of(draft.script, section.name))
        context |= {"form": form, "page": page, "all": there, "seen": seen}
        return render(request, f"crisis/exercises/script_{section.name}.html", context)
    name = key_field(section.name)
    context["rows"] = [
        {"key": row[name], "title": queries.title_of(row), "row": row}
        for row in rows_of(draft.script, section.name)
    ]
    if section.name == "attachments":
        files = dict(draft.files.values_list("name", "pk"))
        for each in context["rows"]:
            each["file"] = files.get(each["key"])
    return render(request, "crisis/exercises/script_rows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", queries.get_section, **OF_DRAFT)
def row(request: SignedInRequest, found: Found) -> HttpResponse:
    """One row: a new one, or the one with the key that the address names."""
    draft, section = found
    if stuck := _unreadable(request, draft, section):
        return stuck
    key = request.GET.get("nr", "")
    present = find_row(draft.script, section.name, key) if key else None
    if request.method != "POST" and key and present is None:
        return _gone(request, draft, section)
    form = _form(request, draft, section, present)
    seen = request.POST.get("stand", "")[:32] if request.method == "POST" else stand_of(present)
    differences: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        said = form.said
        if section.name == "decisions":
            said["options"] = (present or {}).get("options", [])
        seen, differences, saved = save(
            request, draft, form, section=section, said=said, key=key, seen=seen
        )
        if saved:
            return see_other(_after(request, draft, section, said))
    context = {
        "form": form,
        "draft": draft,
        "section": section,
        "key": key,
        "row": present,
        "stand": seen,
        "differences": differences,
        "here": queries.title_of(present or {}) or _("Neu"),
        "seen": request.GET.get("liste", "")[:LONGEST_SEEN],
        "back": list_address(draft, section, seen=request.GET.get("liste", ""), key=key),
    }
    return render(request, "crisis/exercises/script_row.html", context)


def _form(
    request: SignedInRequest, draft: ScriptDraft, section: Section, row: Row | None
) -> RowForm:
    return FORMS.get(section.name, RowForm)(
        request.POST or None,
        section=section,
        script=queries.script_of_draft(draft),
        row=row,
        document=draft.script,
    )


def save(
    request: SignedInRequest,
    draft: ScriptDraft,
    form: ScriptForm,
    *,
    section: Section,
    said: Row,
    key: str,
    seen: str,
) -> tuple[str, list[tuple[str, str, str]], bool]:
    """Keep a row; else what the page has seen from now on, and what differs from what was typed."""
    try:
        serve.put_row(
            actor=request.user,
            mandate=mandate_for(request, draft),
            draft=draft,
            section=section.name,
            row=said,
            key=key,
            seen=seen,
        )
    except services.Overtaken as conflict:
        form.add_error(None, str(conflict))
        there = conflict.there
        return stand_of(there), form.differences(there, section.kind) if there else [], False
    except services.Conflict as conflict:
        form.add_error(key_field(section.name) if "key" in form.fields else None, str(conflict))
    except FormatError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("Gespeichert."))
        return seen, [], True
    return seen, [], False


def _after(request: SignedInRequest, draft: ScriptDraft, section: Section, said: Row) -> str:
    """Where it goes on: to the next new row, to the options of a decision, or back to where it was in the list."""
    seen = request.GET.get("liste", "")[:LONGEST_SEEN]
    if "weiter" in request.POST:
        return address(draft, section, **({"liste": seen} if seen else {}))
    if section.name == "decisions":
        return address(draft, section, said["key"])
    return list_address(draft, section, seen=seen, key=said[key_field(section.name)])


def _unreadable(
    request: SignedInRequest, draft: ScriptDraft, section: Section
) -> HttpResponse | None:
    """Where it goes instead if the network cannot be read, so that no facility of it can be changed."""
    if section.name != "facilities" or not (fault := fault_of(queries.script_of_draft(draft))):
        return None
    messages.warning(request, fault)
    return see_other(reverse("scripts:world", args=[draft.pk]))


def _gone(request: SignedInRequest, draft: ScriptDraft, section: Section) -> HttpResponse:
    messages.warning(request, serve.gone())
    return see_other(address(draft, section, page="rows"))


@require_POST
@requires("crisis.write_script", queries.get_section, **OF_DRAFT)
def copy(request: SignedInRequest, found: Found) -> HttpResponse:
    """Copy a row, and go on with the copy."""
    draft, section = found
    if stuck := _unreadable(request, draft, section):
        return stuck
    try:
        new = serve.copy_row(
            actor=request.user,
            mandate=mandate_for(request, draft),
            draft=draft,
            section=section.name,
            key=request.POST.get("nr", ""),
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
        return see_other(address(draft, section, page="rows"))
    messages.success(request, _("Das ist die Kopie."))
    return see_other(address(draft, section, new))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", queries.get_section, **OF_DRAFT)
def remove(request: SignedInRequest, found: Found) -> HttpResponse:
    """Take a row away, after saying who refers to it."""
    draft, section = found
    if stuck := _unreadable(request, draft, section):
        return stuck
    key = request.POST.get("nr", request.GET.get("nr", ""))
    present = find_row(draft.script, section.name, key)
    if present is None:
        return _gone(request, draft, section)
    if request.method == "POST":
        try:
            serve.remove_row(
                actor=request.user,
                mandate=mandate_for(request, draft),
                draft=draft,
                section=section.name,
                key=key,
                seen=request.POST.get("stand", "")[:32],
            )
        except services.Conflict:
            messages.warning(
                request,
                _("Jemand anderes hat diese Zeile inzwischen geändert. So steht sie jetzt da."),
            )
            return see_other(address(draft, section, key))
        except FormatError as error:
            messages.warning(request, str(error))
            return see_other(address(draft, section, key))
        messages.success(request, _("Gelöscht."))
        return see_other(address(draft, section, page="rows"))
    referrers, more = queries.referrers(draft, section, key)
    context = {
        "draft": draft,
        "section": section,
        "key": key,
        "title": queries.title_of(present),
        "stand": stand_of(present),
        "referrers": referrers,
        "more": more,
    }
    return render(request, "crisis/exercises/script_remove_row.html", context)


@require_POST
@requires("crisis.write_script", queries.get_draft, login=True)
def switch(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Let an inject come, or not."""
    section, key = queries.BY_NAME["injects"], request.POST.get("nr", "")
    try:
        serve.switch_inject(
            actor=request.user,
            mandate=mandate_for(request, draft),
            draft=draft,
            key=key,
            enabled=request.POST.get("an") == "1",
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(list_address(draft, section, seen=request.POST.get("liste", ""), key=key))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", queries.get_draft, login=True)
def shift(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Move the injects of a strand in time."""
    section = queries.BY_NAME["injects"]
    form = ShiftForm(request.POST or None, script=queries.script_of_draft(draft))
    if request.method == "POST" and form.is_valid():
        try:
            count = serve.shift_injects(
                actor=request.user,
                mandate=mandate_for(request, draft),
                draft=draft,
                minutes=form.cleaned_data["minutes"],
                strand=form.strand_key,
                seen=posted_number(request, "revision"),
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("%(count)s Einlagen sind verschoben.") % {"count": count})
            return see_other(address(draft, section, page="rows"))
    context = {"form": form, "draft": draft, "section": section}
    return render(request, "crisis/exercises/script_shift.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", queries.get_draft, login=True)
def option(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """One option of a decision, and what follows from it."""
    section = queries.BY_NAME["decisions"]
    key, own = request.GET.get("nr", ""), request.GET.get("wahl", "")
    decision = find_row(draft.script, "decisions", key)
    if decision is None:
        return _gone(request, draft, section)
    others = [each for each in decision["options"] if each["key"] != own]
    present = next((each for each in decision["options"] if each["key"] == own), None)
    form = OptionForm(
        request.POST or None,
        script=queries.script_of_draft(draft),
        row=present,
        taken={each["key"] for each in others},
    )
    seen = request.POST.get("stand", "")[:32] if request.method == "POST" else stand_of(decision)
    differences: list[tuple[str, str, str]] = []
    away = present is not None and "entfernen" in request.POST
    if request.method == "POST" and (form.is_valid() or away):
        options = [form.said if each is present else each for each in decision["options"]]
        options = others if away else options if present else [*others, form.said]
        said = decision | {"options": options}
        seen, _whole, saved = save(
            request, draft, form, section=section, said=said, key=key, seen=seen
        )
        if saved:
            return see_other(address(draft, section, key))
        if present is not None:
            differences = form.differences(present, Option)
    context = {
        "form": form,
        "draft": draft,
        "section": section,
        "decision": decision,
        "option": present,
        "stand": seen,
        "differences": differences,
    }
    return render(request, "crisis/exercises/script_option.html", context)
