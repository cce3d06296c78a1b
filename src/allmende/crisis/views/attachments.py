"""Files that go with injects."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.uploads import download

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.authoring.files import FileForm
from ..models import ExerciseFile, ScriptDraft, ScriptFile
from ..queries import attachments as queries
from ..queries import drafts
from ..services.exercises import attachments as serve
from .authoring import mandate_for

OF_FILE: Any = {"about": lambda file: file.draft, "login": True}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", drafts.get_draft, login=True)
def add(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Add a file, or put another in the place of one that is called the same."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            name = serve.add_file(
                actor=request.user,
                mandate=mandate_for(request, draft),
                draft=draft,
                file=form.cleaned_data["file"],
            )
        except services.Conflict as conflict:
            form.add_error("file", str(conflict))
        else:
            messages.success(
                request,
                _("„%(name)s“ ist da. Nennen Sie die Datei jetzt in einer Einlage.")
                % {"name": name},
            )
            return see_other(reverse("scripts:rows", args=[draft.pk, "anlagen"]))
    return render(request, "crisis/exercises/script_add_file.html", {"form": form, "draft": draft})


@require_safe
@requires("crisis.write_script", queries.get_script_file, **OF_FILE)
def of_draft(request: HttpRequest, file: ScriptFile) -> HttpResponseBase:
    """A file of a draft."""
    return download(file.upload)


@require_safe
@requires("crisis.fetch_attachment", queries.get_exercise_file, login=True)
def of_exercise(request: HttpRequest, file: ExerciseFile) -> HttpResponseBase:
    """A file that came with an inject."""
    return download(file.upload)
