"""The start pages: what waits for a person, and what everybody may know."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import offers
from ..access import SignedInRequest, public, signed_in
from ..forms import TaskFilterForm
from ..offers import Task, TaskKind
from ..tables import csv_response, moment

# Who speaks for twenty municipalities may have hundreds; the most urgent ones come first.
MOST_TASKS = 20
PAGE_SIZE = 20


@require_safe
@public
def start(request: HttpRequest) -> HttpResponse:
    """What waits for a person signed in, and what is new for her; for everybody else, the overview."""
    if not request.user.is_authenticated:
        return _overview(request)
    tasks = offers.tasks_of(request.user)
    groups = _by_kind(tasks[:MOST_TASKS])
    shown = {"groups": groups, "total": len(tasks), "blocks": offers.blocks_of(request.user)}
    shown |= {"more": len(tasks) > MOST_TASKS, "limits": offers.limits_of(request.user)}
    return render(request, "portal/start.html", shown)


def _by_kind(tasks: list[Task]) -> list[tuple[TaskKind, list[tuple[int, Task]]]]:
    """Numbered tasks by what they ask, what is most urgent first."""
    groups: dict[TaskKind, list[tuple[int, Task]]] = {}
    for number, task in enumerate(tasks, 1):
        groups.setdefault(task.kind, []).append((number, task))
    return list(groups.items())


@require_safe
@public
def overview(request: HttpRequest) -> HttpResponse:
    """What this is, what is being discussed, what was promised, what is overdue."""
    return _overview(request)


def _overview(request: HttpRequest) -> HttpResponse:
    shown = {"blocks": offers.public_blocks(), "today": timezone.localdate()}
    return render(request, "portal/overview.html", shown)


@require_safe
@signed_in
def tasks(request: SignedInRequest) -> HttpResponse:
    """What waits for her, and what that leaves out."""
    form = TaskFilterForm(request.GET, tasks=offers.tasks_of(request.user))
    page = Paginator(form.chosen(), PAGE_SIZE).get_page(request.GET.get("seite"))
    shown = {"form": form, "page": page, "limits": offers.limits_of(request.user)}
    return render(request, "portal/tasks.html", shown)


@require_safe
@signed_in
def tasks_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    form = TaskFilterForm(request.GET, tasks=offers.tasks_of(request.user))
    return csv_response(
        "aufgaben.csv",
        ["Aufgabe", "Näheres", "Art", "Für", "Bis", "Überfällig", "Adresse"],
        (
            [
                task.title,
                task.note,
                task.kind.label,
                task.whose.name if task.whose else "",
                moment(task.due),
                _("ja") if task.is_overdue else _("nein"),
                request.build_absolute_uri(task.url),
            ]
            for task in form.chosen()
        ),
    )
