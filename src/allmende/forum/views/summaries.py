"""The summary of a concern."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import ConcernSummaryForm
from ..models import Concern


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.keep_summary", queries.get_concern, login=True)
def write(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Write it anew; what somebody else has written meanwhile is shown beside what was typed."""
    values = {"summary": concern.summary, "seen": queries.summary_edition(concern.summary)}
    form = ConcernSummaryForm(request.POST or None, initial=values)
    shown: dict[str, object] = {"concern": concern, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            services.summarise_concern(
                actor=request.user,
                mandate=queries.rapporteur_mandate(request.user, concern),
                concern=concern,
                seen=form.cleaned_data["seen"],
                text=form.cleaned_data["summary"],
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            now = {"seen": queries.summary_edition(concern.summary)}
            form.data = dict(form.data.items()) | now
            shown["meanwhile"] = concern.summary
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("„Kurz gefasst“ ist gespeichert."))
            return see_other(reverse("forum:discussion", args=[concern.slug]))
    status = 409 if "meanwhile" in shown else 200
    return render(request, "forum/summary.html", shown, status=status)


@require_safe
@requires("forum.view_discussion", queries.get_concern)
def history(request: HttpRequest, concern: Concern) -> HttpResponse:
    """Every wording of it, newest first, with who wrote it."""
    wordings = list(queries.wordings_of(concern, reader=request.user))
    return render(request, "forum/summary_history.html", {"concern": concern, "wordings": wordings})
