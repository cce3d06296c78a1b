"""Writing scripts: the list of drafts, how one begins, and what stands in it once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.exercise_script.changes import rows_of, stand_of
from allmende.formats.exercise_script.faults import ScriptError
from allmende.formats.exercise_script.model import Announce, Script
from allmende.formats.exercise_script.workbooks import Book
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.uploads import safe_name
from allmende.registry.models import Mandate

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.authoring import AnnounceForm, BeginForm, HeadForm
from ..models import ScriptDraft
from ..queries import drafts as queries
from ..queries.exercises import hosting_mandates
from ..queries.tables import waiting_tables, with_waiting_tables
from ..services.exercises import authoring as serve
from ..services.exercises.tables import keep_table
from .imports import from_windows

PAGE_SIZE = 50


def mandate_for(request: SignedInRequest, draft: ScriptDraft) -> Mandate:
    """The one in which a person writes; the rules have seen to it that there is one."""
    return hosting_mandates(request.user)[draft.host]


@require_safe
@requires("crisis.add_exercise", login=True)
def drafts(request: SignedInRequest) -> HttpResponse:
    """The drafts of a person's crisis staffs."""
    page = Paginator(with_waiting_tables(queries.drafts_of(request.user)), PAGE_SIZE).get_page(
        request.GET.get("seite")
    )
    removed = queries.just_removed(request.user, request.GET.get("geloescht", ""))
    return render(request, "crisis/exercises/scripts.html", {"page": page, "removed": removed})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.add_exercise", login=True)
def add(request: SignedInRequest) -> HttpResponse:
    """Begin a draft."""
    mandates = hosting_mandates(request.user)
    form = BeginForm(
        request.POST or None,
        request.FILES or None,
        hosts=list(mandates),
        exercises=list(queries.past_scripts_of(request.user)[:PAGE_SIZE]),
    )
    if request.method == "POST" and form.is_valid():
        host, script = form.cleaned_data["host"], form.cleaned_data["script"]
        try:
            made = serve.add_draft(
                actor=request.user,
                mandate=mandates[host],
                host=host,
                script=script,
                files=form.files_along,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            return see_other(_opened(request, made, form.book, form.file_name))
    return render(request, "crisis/exercises/script_begin.html", {"form": form})


def _opened(request: SignedInRequest, made: ScriptDraft, book: Book | None, file_name: str) -> str:
    """Where a new draft goes on: with a table, at what it holds."""
    if book is None:
        return made.get_absolute_url()
    name = safe_name(file_name)
    if book.from_windows:
        messages.info(request, from_windows())
    table = keep_table(actor=request.user, draft=made, file_name=name, book=book)
    return reverse("scripts:table", args=[table.pk])


@require_safe
@requires("crisis.write_script", queries.get_draft, login=True)
def draft(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """A script: what it consists of, and what can be done with it."""
    counted = [
        (section, len(rows_of(draft.script, section.name))) for section in queries.SECTIONS.values()
    ]
    script = queries.script_of_draft(draft)
    context = {
        "draft": draft,
        "script": script,
        "duration": queries.long_words(script.duration_minutes),
        "sections": counted,
        "only_in_json": queries.only_in_json(draft),
        "waiting": waiting_tables().filter(draft=draft),
    }
    return render(request, "crisis/exercises/script.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", queries.get_draft, login=True)
def head(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Name, duration, speed."""
    form = HeadForm(
        request.POST or None, script=queries.script_of_draft(draft), document=draft.script
    )

    title = _("Name, Dauer und Geschwindigkeit")
    return _part(request, draft, form, title=title, names=serve.HEAD, kind=Script)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", queries.get_draft, login=True)
def announce(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Who hears what the simulation tells."""
    form = AnnounceForm(
        request.POST or None, script=queries.script_of_draft(draft), document=draft.script
    )
    title = _("Meldungen der Simulation")
    return _part(request, draft, form, title=title, names=("announce",), kind=Announce)


def _part(
    request: SignedInRequest,
    draft: ScriptDraft,
    form: HeadForm | AnnounceForm,
    *,
    title: str,
    names: tuple[str, ...],
    kind: type,
) -> HttpResponse:
    """A form for what stands in a script once."""
    now = stand_of({name: draft.script[name] for name in names if name in draft.script})
    seen = request.POST.get("stand", "")[:32] if request.method == "POST" else now
    differences: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            serve.change_part(
                actor=request.user,
                mandate=mandate_for(request, draft),
                draft=draft,
                part=names[0],
                values=form.values,
                seen=seen,
            )
        except services.Overtaken as conflict:
            form.add_error(None, str(conflict))
            seen = stand_of(conflict.there)
            there = conflict.there if kind is Script else conflict.there.get("announce", {})
            differences = form.differences(there, kind, only=form.fields)
        except ScriptError as error:
            form.add_error(None, str(error))
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(draft.get_absolute_url())
    context = {
        "form": form,
        "draft": draft,
        "stand": seen,
        "here": title,
        "differences": differences,
    }
    return render(request, "crisis/exercises/script_part.html", context)


@require_POST
@requires("crisis.write_script", queries.get_draft, login=True)
def copy(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Make another draft of the same."""
    from dataclasses import replace

    script = queries.script_of_draft(draft)
    name = _("%(title)s (Kopie)") % {"title": script.name[:280]}
    try:
        made = serve.add_draft(
            actor=request.user,
            mandate=mandate_for(request, draft),
            host=draft.host,
            script=replace(script, name=name),
            files=draft.files.select_related("upload"),
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
        return see_other(draft.get_absolute_url())
    messages.success(request, _("Das ist die Kopie."))
    return see_other(made.get_absolute_url())


@require_POST
@requires("crisis.write_script", queries.get_draft, login=True)
def remove(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Remove a draft; the list offers to put it back."""
    serve.remove_draft(actor=request.user, mandate=mandate_for(request, draft), draft=draft)
    return see_other(f"{reverse('scripts:drafts')}?geloescht={draft.pk}")


@require_POST
@requires("crisis.write_script", queries.get_removed_draft, login=True)
def restore(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Put a removed draft back."""
    serve.restore_draft(actor=request.user, mandate=mandate_for(request, draft), draft=draft)
    messages.success(request, _("Das Drehbuch ist wieder da."))
    return see_other(draft.get_absolute_url())
