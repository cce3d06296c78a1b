"""Reported contributions that wait for those who moderate."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from allmende.portal.offers import Task, TaskKind

from ..models import Complaint, Concern
from .words import marked


def complaint_tasks(in_charge: Q) -> Iterator[Task]:
    """One task for each of these concerns in which something was reported."""
    waiting = Complaint.objects.waiting().order_by().values("contribution__concern")
    counts = dict(waiting.values_list("contribution__concern").annotate(n=Count("pk")))
    for concern in Concern.objects.filter(in_charge, pk__in=list(counts)) if counts else ():
        n = counts[concern.pk]
        title = ngettext(
            "%(n)s gemeldeten Beitrag prüfen", "%(n)s Meldungen zu Beiträgen prüfen", n
        )
        yield Task(
            title=title % {"n": n},
            note=marked(concern, concern.question),
            url=reverse("forum:complaints", args=[concern.slug]),
            due=None,
            kind=TaskKind.REVIEW,
        )
