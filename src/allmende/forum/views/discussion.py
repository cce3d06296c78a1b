"""The discussion of a concern and of its statements, to be read by everybody."""

from operator import attrgetter

from django.core.paginator import Page, Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.portal.access import requires
from allmende.portal.tables import csv_response, moment
from allmende.portal.uploads import download

from .. import queries
from ..forms import DiscussionFilterForm
from ..models import Attachment, Concern, Contribution, ContributionQuerySet, Statement

THREADS_ON_PAGE = 20
ANSWERS_ON_PAGE = 50


@require_safe
@requires("forum.view_discussion", queries.get_concern)
def discussion(request: HttpRequest, concern: Concern) -> HttpResponse:
    """All threads of a concern, also those about its statements."""
    return _threads(request, concern)


@require_safe
@requires("forum.view_discussion", queries.get_discussed_statement, about=attrgetter("concern"))
def statement_discussion(request: HttpRequest, statement: Statement) -> HttpResponse:
    """The threads about one statement."""
    return _threads(request, statement.concern, statement)


def _threads(
    request: HttpRequest, concern: Concern, statement: Statement | None = None
) -> HttpResponse:
    form = DiscussionFilterForm(request.GET)
    firsts = queries.threads_of(concern, statement=statement, **form.chosen())
    page = Paginator(firsts, THREADS_ON_PAGE).get_page(request.GET.get("seite"))
    context = {
        "concern": concern,
        "statement": statement,
        "form": form,
        "page": page,
        "threads": queries.show_threads(
            page, answers=queries.first_answers(page), concern=concern, user=request.user
        ),
    }
    return render(request, "forum/discussion.html", context)


@require_safe
@requires("forum.view_discussion", queries.get_contribution, about=attrgetter("concern"))
def thread(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """One thread whole; the address of an answer leads to its place there."""
    if contribution.parent_id is not None:
        return redirect(_place_of(contribution))
    concern = contribution.concern
    first = queries.get_first(concern.slug, contribution.pk)
    answers = queries.answers_of(first)
    page = Paginator(answers, ANSWERS_ON_PAGE).get_page(request.GET.get("seite"))
    (shown,) = queries.show_threads([first], answers=_on(page), concern=concern, user=request.user)
    context = {"concern": concern, "thread": shown, "page": page}
    return render(request, "forum/thread.html", context)


def _on(page: Page[Contribution]) -> ContributionQuerySet:
    """What stands on one page of answers."""
    return Contribution.objects.filter(pk__in=[answer.pk for answer in page])


def _place_of(answer: Contribution) -> str:
    """The address of an answer within its thread: page and anchor."""
    before = Contribution.objects.filter(parent=answer.parent_id, pk__lt=answer.pk).count()
    page = before // ANSWERS_ON_PAGE + 1
    address = reverse("forum:thread", args=[answer.concern.slug, answer.parent_id])
    return f"{address}{f'?seite={page}' if page > 1 else ''}#beitrag-{answer.pk}"


@require_safe
@requires("forum.view_discussion", queries.get_concern)
def discussion_csv(request: HttpRequest, concern: Concern) -> StreamingHttpResponse:
    """The threads that the page shows, with all their answers, for a spreadsheet."""
    form = DiscussionFilterForm(request.GET)
    firsts = queries.threads_of(concern, **form.chosen())
    return csv_response(
        "diskussion.csv",
        [
            _("Beitrag"),
            _("Antwort auf"),
            _("Zur Aussage"),
            _("Organisation"),
            _("Amt"),
            _("Text"),
            _("Geschrieben"),
            _("Bearbeitet"),
            _("Entfernt: Begründung"),
            _("Adresse"),
        ],
        (
            [
                each.pk,
                each.parent_id,
                each.statement.text if each.statement else "",
                each.organisation or _("Persönlicher Beitrag"),
                each.mandate.get_office_display() if each.mandate else "",
                "" if each.removed_at else each.text,
                moment(each.written_at),
                moment(each.edited_at),
                each.removal_reason,
                request.build_absolute_uri(each.get_absolute_url()),
            ]
            for each in queries.with_all_answers(firsts, concern=concern)
        ),
    )


@require_safe
@requires("forum.view_attachment", queries.get_attachment)
def attachment(request: HttpRequest, attachment: Attachment) -> FileResponse:
    """A file of a contribution: to be saved, never shown."""
    return download(attachment.upload)
