"""The end of a concern: it is closed, or goes on in another one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import FinishForm, MergeForm
from ..models import Concern, ConcernState

MOST_TARGETS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.finish_concern", queries.get_concern, login=True)
def finish(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Close a concern with a reason."""
    form = FinishForm(request.POST or None, concern=concern)
    if request.method == "POST" and form.is_valid():
        try:
            services.finish_concern(
                actor=request.user,
                concern=concern,
                reason=form.cleaned_data["reason"],
                since=ConcernState(concern.state),
                mandate=queries.mandate_for(request.user, concern.owner_id, *queries.VOTES),
            )
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _("Das Anliegen ist abgeschlossen."))
        return see_other(concern.get_absolute_url())
    return render(
        request,
        "forum/finish.html",
        {"concern": concern, "form": form, "open_commitments": form.without_outcome},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.merge_concern", queries.get_concern, login=True)
def merge(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Choose the concern in which this one goes on."""
    words = request.GET.get("q", "")[:100].strip()
    targets = queries.merge_targets(concern, user=request.user, words=words)
    form = MergeForm(request.POST or None, targets=targets)
    if request.method == "POST" and form.is_valid():
        try:
            services.merge_concern(
                actor=request.user,
                concern=concern,
                into=form.cleaned_data["ziel"],
                reason=form.cleaned_data["begruendung"],
                since=ConcernState(concern.state),
                mandate=queries.mandate_for(request.user, concern.owner_id, *queries.VOTES),
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(
                request,
                _("Zusammengeführt. Aussagen, Stimmen und Mitzeichnungen stehen jetzt hier."),
            )
            return see_other(form.cleaned_data["ziel"].get_absolute_url())
    # Keys first: to sort thousands of concerns with all that they say costs several times as much.
    shown = targets.filter(pk__in=list(targets.values_list("pk", flat=True)[:MOST_TARGETS]))
    context = {
        "concern": concern,
        "form": form,
        "targets": queries.with_counts(shown),
        "chosen": form["ziel"].value(),
        "words": words,
    }
    return render(request, "forum/merge.html", context)
