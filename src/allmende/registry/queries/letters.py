"""Reading letters: whom to write to, what has become of what was written."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import (
    Letter,
    LetterBatch,
    LetterQuerySet,
    LetterState,
    Level,
    Mandate,
    OrganisationQuerySet,
    Region,
    RegionQuerySet,
    SizeClass,
)
from .regions import CITY_KREISE


def regions_to_write_to(
    *, level: Level, land: str = "", size: SizeClass | None = None, only_without: bool = True
) -> RegionQuerySet:
    """Municipalities, Kreise or Verbände of today; with ``only_without``, where nobody speaks for them yet.

    What is invented is left out: letters go to real people.
    """
    if level == Level.GEMEINDE:
        found = Region.objects.municipalities()
    else:
        found = Region.objects.current().filter(level=level, invented=False)
    # A Kreis that is one city gets the city's letter.
    found = found.exclude(level=Level.KREIS, kind__in=CITY_KREISE)
    if land:
        found = found.filter(land=land)
    if size is not None:
        found = found.filter(size_class=size)
    if only_without:
        spoken_for = Mandate.objects.current().filter(organisation__region=OuterRef("pk"))
        found = found.exclude(Exists(spoken_for))
    return found


def open_letters_to(chosen: RegionQuerySet | OrganisationQuerySet) -> LetterQuerySet:
    """Letters that could still be redeemed for one of these."""
    is_open = Letter.objects.in_state(LetterState.OPEN)
    if isinstance(chosen, RegionQuerySet):
        return is_open.filter(organisation__region__in=chosen)
    return is_open.filter(organisation__in=chosen)


def letter_batches() -> QuerySet[LetterBatch]:
    """All batches, newest first, with the numbers of their letters."""
    now = timezone.now()
    counts = {
        "letter_count": Count("letters"),
        "open_count": _number_in(LetterState.OPEN, now),
        "redeemed_count": _number_in(LetterState.REDEEMED, now),
    }
    return LetterBatch.objects.select_related("created_by").annotate(**counts).order_by("-pk")


def letter_counts(batch: LetterBatch) -> list[tuple[LetterState, int]]:
    """How many letters of a batch are in which state; states without any are left out."""
    now = timezone.now()
    counts = [(state, batch.letters.in_state(state, now).count()) for state in LetterState]
    return [(state, count) for state, count in counts if count]


def letters_of(batch: LetterBatch, state: LetterState | None = None) -> LetterQuerySet:
    """The letters of a batch in the order in which they are printed: by postcode, for the post."""
    letters: LetterQuerySet = (
        batch.letters.all() if state is None else batch.letters.in_state(state)
    )
    return letters.select_related("organisation__region").order_by(
        "organisation__region__postcode", "organisation__name", "pk"
    )


def _number_in(state: LetterState, now: datetime) -> Coalesce:
    letters = Letter.objects.in_state(state, now).filter(batch=OuterRef("pk")).order_by()
    counts = letters.values("batch").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts), 0)
