"""One concern or sitting with much of everything, as the largest there will be."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from alliance import first_organisations, vote_on_all
from allmende.forum.models import (
    AgendaItem,
    Attendance,
    Concern,
    Contribution,
    Participant,
    Sitting,
    Statement,
    Support,
    Word,
)
from allmende.registry.models import Organisation, Region
from population import keep


@dataclass(frozen=True)
class Grown:
    """How much a single concern or sitting has of everything."""

    statements: int
    participants: int
    contributions: int
    organisations: int  # that support, endorse, take part in a sitting
    items: int


GROWN = Grown(statements=60, participants=500, contributions=100, organisations=200, items=15)
# Enough for groups, without which a result says less.
GROWN_LITTLE = Grown(statements=12, participants=40, contributions=2, organisations=3, items=2)


def grow_concern(concern: Concern, size: Grown) -> None:
    """Add statements, voters, contributions, supports and words to a concern."""
    there = set(concern.participants.values_list("region", flat=True))
    regions = Region.objects.municipalities().exclude(pk__in=there).order_by("pk")
    organisations = first_organisations(size.organisations)
    keep(
        Statement,
        (
            Statement(concern=concern, text=f"Der Bund soll zahlen ({n}).", state="accepted")
            for n in range(size.statements)
        ),
    )
    keep(
        Participant,
        (
            Participant(concern=concern, voices="official", region=region)
            for region in regions[: size.participants]
        ),
    )
    vote_on_all([concern])
    statements = list(concern.statements.order_by("pk"))
    # What is there already stays on the first page, with its files.
    yesterday = timezone.now() - timedelta(days=1)
    keep(
        Contribution,
        (
            Contribution(
                concern=concern,
                statement=statements[0] if number % 2 else None,
                text=f"Bei uns auch ({number}).",
                written_at=yesterday,
            )
            for number in range(size.contributions)
        ),
    )
    keep(Support, (Support(concern=concern, organisation=each) for each in organisations))
    keep(
        Word,
        (
            Word(position=sealed, organisation=each, kind="endorsement")
            for sealed in concern.sealed_positions.all()
            for each in organisations
        ),
    )


def grow_sitting(sitting: Sitting, size: Grown) -> None:
    """Add items to the agenda, and who is invited."""
    invited = Organisation.objects.exclude(region=None).exclude(
        pk__in=sitting.attendances.values("organisation")
    )
    keep(
        AgendaItem,
        (
            AgendaItem(sitting=sitting, place=place, title="Bericht")
            for place in range(2, size.items + 2)
        ),
    )
    keep(
        Attendance,
        (
            Attendance(sitting=sitting, organisation=each)
            for each in invited.order_by("pk")[: size.organisations]
        ),
    )
