"""Reading who stands behind a sealed position: endorsements and dissents."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from allmende.formats import position as documents
from allmende.portal.prepared import PreparedRows, slots
from allmende.registry.models import Mandate, Organisation, OrganisationKind
from allmende.registry.names import fold
from allmende.registry.queries import mandates_with

from ..models import (
    Concern,
    ConcernState,
    Participant,
    SealedPosition,
    SealedSection,
    Support,
    Vote,
    Word,
    WordKind,
)
from ..results.queries import lands
from .mandates import VOTES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

# Who can stand behind a position.
KINDS = (OrganisationKind.MUNICIPALITY, OrganisationKind.ASSOCIATION)


def word_mandates(user: "Person", concern: Concern) -> list[Mandate]:
    """One mandate for each municipality and association for which a person may give its word.

    Real ones about real concerns, invented ones about example data. With four eyes, only who releases
    speaks; others find out on the page who that is.
    """
    chosen: dict[int, Mandate] = {}
    for mandate in (found for right in VOTES for found in mandates_with(right, user)):
        organisation = mandate.organisation
        region = mandate.region
        invented = region.invented if region else organisation.is_example
        if organisation.kind in KINDS and invented == concern.is_example:
            chosen.setdefault(organisation.pk, mandate)
    return sorted(chosen.values(), key=lambda mandate: mandate.organisation.name)


@dataclass(frozen=True)
class Standing:
    """How many organisations stand behind the whole or a section, and how many dissent."""

    endorse: int = 0
    dissent: int = 0


def standings(position: SealedPosition) -> dict[int | None, Standing]:
    """By number of the section, ``None`` for the whole.

    Who has given a word about a section counts there with that; all others with what they said about
    the whole.
    """
    words = Word.objects.current().filter(position=position).order_by()
    whole = _by_kind(words.filter(section=None).values_list("kind").annotate(n=Count("pk")))
    of_whole = Word.objects.current().filter(
        position=position, section=None, organisation=OuterRef("organisation")
    )
    about_sections = (
        words.exclude(section=None)
        .annotate(whole=Subquery(of_whole.values("kind")[:1]))
        .values_list("section__number", "kind", "whole")
        .annotate(n=Count("pk"))
    )
    numbers = position.sections.values_list("number", flat=True)
    counts: dict[int | None, dict[str, int]] = {number: dict(whole) for number in (None, *numbers)}
    for number, kind, of_the_whole, n in about_sections:
        counts[number][kind] += n
        if of_the_whole:
            counts[number][of_the_whole] -= n
    return {
        number: Standing(by[WordKind.ENDORSEMENT], by[WordKind.DISSENT])
        for number, by in counts.items()
    }


def _by_kind(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {str(kind): 0 for kind in WordKind} | dict(rows)


def words_of(
    position: SealedPosition, *, kind: str = "", section: str = "", words: str = ""
) -> QuerySet[Word]:
    """What is said about an edition today, by name; ``section`` is a number or ``ganz``."""
    found = Word.objects.current().filter(position=position)
    if kind:
        found = found.filter(kind=kind)
    if section:
        whole = section == "ganz"
        found = found.filter(section=None) if whole else found.filter(section__number=section)
    for word in fold(words).split():
        found = found.filter(organisation__search_key__contains=word)
    return found.select_related(
        "section", "organisation__region", "mandate__organisation"
    ).order_by("organisation__search_key", "organisation", "section__number", "pk")


def dissents(position: SealedPosition) -> dict[int | None, list[Word]]:
    """All dissents by number of the section, ``None`` for the whole."""
    by_section: dict[int | None, list[Word]] = {}
    for word in words_of(position, kind=WordKind.DISSENT):
        by_section.setdefault(word.section.number if word.section else None, []).append(word)
    return by_section


def own_words(position: SealedPosition, mandate: Mandate) -> dict[int | None, Word]:
    """What an organisation says today, by number of the section, ``None`` for the whole."""
    own = Word.objects.current().filter(position=position, organisation=mandate.organisation_id)
    return {
        word.section.number if word.section else None: word
        for word in own.select_related("section")
    }


def get_sealed_section(position: SealedPosition, number: int | None) -> SealedSection | None:
    """A section of an edition by its number; nothing for the whole. Raises ``DoesNotExist``."""
    return None if number is None else position.sections.get(number=number)


def printed_words(position: SealedPosition) -> list[documents.Word]:
    """What is said today, as documents print it: municipalities with their Land."""
    names = lands()
    return [
        documents.Word(
            key=word.organisation.slug,
            organisation=printed_name(word, names),
            section=word.section.number if word.section else None,
            endorses=word.kind == WordKind.ENDORSEMENT,
            text=word.text,
            given_at=word.given_at,
        )
        for word in words_of(position)
    ]


def printed_name(word: Word, names: dict[str, str]) -> str:
    """„Neustadt (Bayern)“: there are many of that name."""
    organisation = word.organisation
    land = names.get(organisation.region.land, "") if organisation.region else ""
    return f"{organisation.name} ({land})" if land else organisation.name


def asked_organisations(concern: Concern) -> QuerySet[Organisation]:
    """Municipalities that voted, or co-signed it: who is asked to say whether it endorses the position."""
    voted = Vote.objects.filter(
        participant__concern=concern, participant__region__isnull=False
    ).values("participant__region")
    signed = Support.objects.current().filter(concern=concern).values("organisation")
    return Organisation.objects.current().filter(Q(region__in=voted) | Q(pk__in=signed))


def _asked() -> QuerySet[Any, Any]:
    """Concerns with a position that is not answered, each with an organisation that co-signed or voted."""
    sealed = Exists(SealedPosition.objects.filter(concern=OuterRef("concern")))
    rows = {
        "organisation": Support.objects.current(),
        "region__organisation": Participant.objects.filter(
            Exists(Vote.objects.filter(participant=OuterRef("pk")))
        ),
    }
    signed, voted = (
        found.filter(sealed, concern__state__in=(ConcernState.POSITION, ConcernState.SENT))
        .filter(**{f"{whose}__pk__among": slots("organisations")})
        .order_by()
        .values_list("concern", whose)
        for whose, found in rows.items()
    )
    return signed.union(voted)


_asked_of = PreparedRows(_asked)


def silent_about_positions(organisations: list[int]) -> list[tuple[Concern, Organisation]]:
    """Concerns of which an organisation has to say whether it endorses the position, oldest first.

    It voted or co-signed, an edition is sealed, and it has said nothing of the newest one. Four queries.
    """
    asked = {(concern, who) for concern, who in _asked_of(organisations=organisations)}
    if not asked:
        return []
    sealed = SealedPosition.objects.filter(concern__in={concern for concern, _ in asked})
    newest = {
        position.concern_id: position
        for position in sealed.select_related("concern").defer("document").order_by("number")
    }
    said = set(
        Word.objects.current()
        .filter(position__in=newest.values(), organisation__in=organisations)
        .values_list("position__concern", "organisation")
    )
    names = Organisation.objects.in_bulk(list({organisation for _, organisation in asked - said}))
    return sorted(
        ((newest[concern].concern, names[organisation]) for concern, organisation in asked - said),
        key=lambda pair: (newest[pair[0].pk].sealed_at, pair[1].name),
    )
