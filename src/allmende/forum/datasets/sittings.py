"""Sittings of the Alliance: when they were, what was on the agenda, what was decided."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from allmende.portal.open_data.model import Column, Dataset, Kind

from ..models import AgendaItem, ItemState, Sitting
from .public import public_concerns, stream

Row = tuple[Any, ...]


def sittings() -> Iterator[Row]:
    """Without the address of the video conference: it is for those who are invited."""
    return stream(
        Sitting.objects.announced(),
        *("pk", "series__name", "title", "starts_at", "ends_at", "place", "state", "minutes_at"),
        "series__is_example",
    )


def agenda() -> Iterator[Row]:
    """What was said and decided only once the minutes are closed."""
    closed = Q(sitting__minutes_at__isnull=False)
    nothing = Value(None)
    return stream(
        AgendaItem.objects.filter(
            state=ItemState.ACCEPTED, sitting__in=Sitting.objects.announced().order_by()
        ).annotate(
            about=Case(
                When(concern__in=public_concerns().order_by(), then=F("concern__slug")),
                default=nothing,
            ),
            said=Case(When(closed, then=F("minutes")), default=nothing),
            decided=Case(When(closed, then=F("decision")), default=nothing),
        ),
        *("pk", "sitting", "place", "title", "about", "said", "decided"),
    )


NUMBER = Column("number", Kind.INTEGER, _("Nummer"), key=True)

datasets_of_sittings = (
    Dataset(
        "sitzungen",
        _("Sitzungen der Allianz"),
        _("Wann und wo die Allianz zusammenkommt."),
        (
            NUMBER,
            Column("series", Kind.TEXT, _("Reihe")),
            Column("title", Kind.TEXT, _("Titel")),
            Column("starts_at", Kind.MOMENT, _("Beginn")),
            Column("ends_at", Kind.MOMENT, _("Ende")),
            Column("place", Kind.TEXT, _("Ort")),
            Column("state", Kind.TEXT, _("Stand: invited, running, held, cancelled")),
            Column("minutes_at", Kind.MOMENT, _("Wann die Niederschrift abgeschlossen wurde")),
            Column("is_example", Kind.BOOLEAN, _("Erfunden, als Beispiel")),
        ),
        sittings,
        keywords=("Allianz", "Sitzung"),
    ),
    Dataset(
        "tagesordnung",
        _("Tagesordnungen und Beschlüsse"),
        _(
            "Worüber gesprochen wurde; Besprochenes und Beschlüsse nach Abschluss der Niederschrift."
        ),
        (
            NUMBER,
            Column("sitting", Kind.INTEGER, _("Sitzung"), refers_to="sitzungen.number"),
            Column("place", Kind.INTEGER, _("Reihenfolge")),
            Column("title", Kind.TEXT, _("Gegenstand")),
            Column("concern", Kind.TEXT, _("Anliegen"), refers_to="anliegen.slug"),
            Column("minutes", Kind.TEXT, _("Was besprochen wurde")),
            Column("decision", Kind.TEXT, _("Beschluss")),
        ),
        agenda,
        keywords=("Allianz", "Beschluss"),
    ),
)
