"""A script tried out: what the check finds, and a dry run with decisions of one's choice."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from allmende.formats.exercise_script.findings import ERROR, Place
from allmende.portal.access import SignedInRequest, requires

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.authoring.rehearsals import RehearsalForm
from ..models import ScriptDraft
from ..queries import drafts as queries
from ..queries.rehearsals import CannotPlay, check_draft, rehearse_draft

PARTS = {"announce": "scripts:announce", "head": "scripts:head", "model": "scripts:world"}


@require_safe
@requires("crisis.write_script", queries.get_draft, login=True)
def check(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Everything that would go wrong, each with the way to where it is mended."""
    kept = set(draft.files.values_list("name", flat=True))
    checked = check_draft(queries.script_of_draft(draft), kept)
    findings = [(each, each.severity == ERROR, _address(draft, each.at)) for each in checked.found]
    context = {"draft": draft, "checked": checked, "findings": findings}
    return render(request, "crisis/exercises/script_check.html", context)


def _address(draft: ScriptDraft, found: Place) -> str:
    if found.section in PARTS:
        return reverse(PARTS[found.section], args=[draft.pk])
    section = queries.BY_NAME[found.section]
    if found.section == "attachments":
        # Files are added beside the list, not in a row.
        return reverse("scripts:rows", args=[draft.pk, section.slug])
    address = reverse("scripts:row", args=[draft.pk, section.slug])
    return f"{address}?{urlencode({'nr': found.key})}"


@require_safe
@requires("crisis.write_script", queries.get_draft, login=True)
def rehearsal(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """A dry run: what would come when, and who would be without supply."""
    script = queries.script_of_draft(draft)
    form = RehearsalForm(request.GET or {}, script=script)
    context: dict[str, Any] = {"draft": draft, "form": form, "section": None}
    if form.is_valid():
        try:
            role = form.cleaned_data["rolle"]
            context["run"] = rehearse_draft(script, form.choices, role=role)
        except CannotPlay as reason:
            context["reason"] = str(reason)
    return render(request, "crisis/exercises/script_rehearsal.html", context)
