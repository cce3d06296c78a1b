"""Sittings of the Alliance: when they were, what was on the agenda, what was decided."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from allmende.portal.open_data.model import Column, Dataset, Kind

from ..models import Addendum, AgendaItem, ItemState, Sitting
from ..queries.sittings import visible_sittings
from .public import public_concerns, stream

Row = tuple[Any, ...]


def public_sittings() -> QuerySet[Sitting]:
    """Those that a visitor without an account may see: what is only planned may still change."""
    return visible_sittings(AnonymousUser()).select_related(None).order_by()


def sittings() -> Iterator[Row]:
    """Without the address of the video conference: it is for those who are invited."""
    return stream(
        public_sittings(),
        *("pk", "series__name", "title", "starts_at", "ends_at", "place", "state", "minutes_at"),
        "series__is_example",
    )


def agenda() -> Iterator[Row]:
    """What was said and decided only once the minutes are closed."""
    closed = Q(sitting__minutes_at__isnull=False)
    nothing = Value(None)
    return stream(
        AgendaItem.objects.filter(sitting__in=public_sittings(), state=ItemState.ACCEPTED).annotate(
            about=Case(
                When(concern__in=public_concerns().order_by(), then=F("concern__slug")),
                default=nothing,
            ),
            said=Case(When(closed, then=F("minutes")), default=nothing),
            decided=Case(When(closed, then=F("decision")), default=nothing),
        ),
        *("pk", "sitting", "place", "title", "about", "said", "decided"),
    )


def addenda() -> Iterator[Row]:
    """What was added to closed minutes."""
    return stream(
        Addendum.objects.filter(sitting__in=public_sittings()), *("pk", "sitting", "text", "at")
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
            Column("title", Kind.TEXT, _("Worum es geht")),
            Column("concern", Kind.TEXT, _("Anliegen"), refers_to="anliegen.slug"),
            Column("minutes", Kind.TEXT, _("Was besprochen wurde")),
            Column("decision", Kind.TEXT, _("Beschluss")),
        ),
        agenda,
        keywords=("Allianz", "Beschluss"),
    ),
    Dataset(
        "nachtraege",
        _("Nachträge zu Niederschriften"),
        _("Was zu einer Niederschrift hinzukam, nachdem sie abgeschlossen war."),
        (
            NUMBER,
            Column("sitting", Kind.INTEGER, _("Sitzung"), refers_to="sitzungen.number"),
            Column("text", Kind.TEXT, _("Wortlaut")),
            Column("at", Kind.MOMENT, _("Wann")),
        ),
        addenda,
        keywords=("Allianz", "Niederschrift"),
    ),
)
