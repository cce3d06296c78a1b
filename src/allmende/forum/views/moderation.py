"""The operator's desk: statements of all concerns that wait for somebody's decision."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.portal.access import requires
from allmende.portal.tables import csv_response, moment

from .. import queries
from ..forms import QueueForm

PAGE_SIZE = 50


@require_safe
@requires("accounts.operate", login=True)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; who raised a concern sees the same in that concern alone."""
    form = QueueForm(request.GET)
    page = Paginator(queries.moderation_queue(**form.chosen()), PAGE_SIZE).get_page(
        request.GET.get("seite")
    )
    return render(request, "forum/moderation.html", {"form": form, "page": page})


@require_safe
@requires("accounts.operate", login=True)
def queue_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same for a spreadsheet."""
    form = QueueForm(request.GET)
    return csv_response(
        "aussagen-zur-pruefung.csv",
        [_("Eingegangen"), _("Aussage"), _("Von"), _("Anliegen"), _("Eingebracht von"), _("Frist")],
        (
            [
                moment(statement.created_at),
                statement.text,
                str(statement.author or ""),
                statement.concern.question,
                str(statement.concern.owner or ""),
                timezone.localdate(statement.concern.deadline).strftime("%d.%m.%Y"),
            ]
            for statement in queries.moderation_queue(**form.chosen()).iterator(chunk_size=500)
        ),
    )
