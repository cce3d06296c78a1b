"""Moderation of the discussion: reporting, the queues of what was reported, and decisions."""

from operator import attrgetter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.tables import csv_response, moment
from allmende.registry.models import Mandate

from .. import queries, services
from ..forms import ComplaintForm, QueueForm, RemovalForm
from ..models import Concern, Contribution

PAGE_SIZE = 50
ABOUT = attrgetter("concern")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.report_contribution", queries.get_contribution, login=True)
def report(request: SignedInRequest, contribution: Contribution) -> HttpResponse:
    """Tell those who moderate that a contribution should not stand there."""
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.report_contribution(
                actor=request.user, contribution=contribution, **form.cleaned_data
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(
                request, _("Danke. Ihre Meldung wird geprüft; was daraus wird, erfahren Sie.")
            )
            return see_other(contribution.get_absolute_url())
    context = {"concern": contribution.concern, "contribution": contribution, "form": form}
    return render(request, "forum/report_contribution.html", context)


@require_safe
@requires("forum.moderate_discussion", queries.get_concern, login=True)
def waiting(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """What was reported in one concern, the oldest first."""
    page = Paginator(queries.complaints_in(concern), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "forum/complaints.html", {"concern": concern, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.moderate_discussion", queries.get_contribution, about=ABOUT, login=True)
def remove(request: SignedInRequest, contribution: Contribution) -> HttpResponse:
    """Take a contribution down, with a reason."""
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_contribution(
                actor=request.user,
                mandate=_mandate(request, contribution),
                contribution=contribution,
                **form.cleaned_data,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Der Beitrag ist entfernt. Wer ihn schrieb, liest warum."))
            return see_other(contribution.get_absolute_url())
    context = {
        "concern": contribution.concern,
        "contribution": contribution,
        "form": form,
        "complaints": contribution.complaints.waiting(),
    }
    return render(request, "forum/remove_contribution.html", context)


@require_POST
@requires("forum.moderate_discussion", queries.get_contribution, about=ABOUT, login=True)
def restore(request: SignedInRequest, contribution: Contribution) -> HttpResponse:
    """Let a contribution stand there again."""
    try:
        services.restore_contribution(
            actor=request.user, mandate=_mandate(request, contribution), contribution=contribution
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Der Beitrag steht wieder da."))
    return see_other(contribution.get_absolute_url())


@require_POST
@requires("forum.moderate_discussion", queries.get_contribution, about=ABOUT, login=True)
def keep(request: SignedInRequest, contribution: Contribution) -> HttpResponse:
    """Decide that a reported contribution may stand."""
    try:
        services.keep_contribution(
            actor=request.user, mandate=_mandate(request, contribution), contribution=contribution
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Der Beitrag bleibt stehen. Die Meldungen sind erledigt."))
    return see_other(reverse("forum:complaints", args=[contribution.concern.slug]))


def _mandate(request: SignedInRequest, contribution: Contribution) -> Mandate | None:
    """The owner's, or none for those who run the installation."""
    return queries.mandate_for(request.user, contribution.concern.owner_id, *queries.VOTES)


@require_safe
@requires("accounts.operate", login=True)
def queue(request: HttpRequest) -> HttpResponse:
    """What was reported in any concern, on the operator's desk."""
    form = QueueForm(request.GET)
    page = Paginator(queries.complaint_queue(**form.chosen()), PAGE_SIZE).get_page(
        request.GET.get("seite")
    )
    return render(request, "forum/complaint_queue.html", {"form": form, "page": page})


@require_safe
@requires("accounts.operate", login=True)
def queue_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same for a spreadsheet."""
    found = queries.complaint_queue(**QueueForm(request.GET).chosen())
    return csv_response(
        "gemeldete-beitraege.csv",
        [_("Gemeldet"), _("Meldung"), _("Beitrag"), _("Von"), _("Anliegen"), _("Eingebracht von")],
        (
            [
                moment(complaint.reported_at),
                complaint.reason,
                complaint.contribution.text,
                str(complaint.contribution.organisation or _("Persönlicher Beitrag")),
                complaint.contribution.concern.question,
                str(complaint.contribution.concern.owner or ""),
            ]
            for complaint in found.iterator(chunk_size=500)
        ),
    )
