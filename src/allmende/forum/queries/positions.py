"""Reading the joint position: its draft, its sealed editions, and who may write it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, QuerySet, Subquery

from allmende.formats.position import Figures
from allmende.formats.position.document import read_figures
from allmende.registry.models import Mandate, Organisation, OrganisationKind, Right
from allmende.registry.queries import mandates_with, search_organisations

from ..models import Concern, SealedPosition, Section, SectionVersion
from .mandates import VOTES, WRITES, needs_release

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


def get_position(slug: str) -> Concern:
    """A concern with all that the rules about its position ask for."""
    found = Concern.objects.select_related("owner", "ministry").prefetch_related("rapporteurs")
    return found.get(slug=slug)


def writing_mandates(user: "Person", concern: Concern, *rights: Right) -> list[Mandate]:
    """One mandate for each organisation for which a person writes the position, its owner first.

    The owner writes it, and so do the organisations among its rapporteurs.
    """
    rapporteurs = {organisation.pk for organisation in concern.rapporteurs.all()}
    chosen: dict[int, Mandate] = {}
    for mandate in (found for right in rights or WRITES for found in mandates_with(right, user)):
        organisation = mandate.organisation
        owns = concern.owner_id is not None and organisation.region_id == concern.owner_id
        if owns or organisation.pk in rapporteurs:
            chosen.setdefault(organisation.pk, mandate)
    return sorted(
        chosen.values(), key=lambda mandate: mandate.organisation.region_id != concern.owner_id
    )


def sealing_mandates(user: "Person", concern: Concern) -> list[Mandate]:
    """Those in which nobody else has to agree."""
    found = writing_mandates(user, concern, *VOTES)
    return [mandate for mandate in found if not needs_release(user, mandate)]


@dataclass(frozen=True)
class Row:
    """A section of the draft with its newest version."""

    section: Section
    version: SectionVersion

    @cached_property
    def figures(self) -> Figures | None:
        return read_figures(self.section.figures)


def draft_rows(concern: Concern, *, removed: bool = False) -> list[Row]:
    """The sections of the draft in order, or those that were taken out of it."""
    sections = Section.objects.filter(concern=concern, removed_at__isnull=not removed)
    newest = SectionVersion.objects.filter(section=OuterRef("section")).order_by("-number")
    versions = SectionVersion.objects.filter(
        section__concern=concern, number=Subquery(newest.values("number")[:1])
    ).select_related("mandate__organisation")
    by_section = {version.section_id: version for version in versions}
    return [
        Row(section, by_section[section.pk]) for section in sections.select_related("statement")
    ]


def edition_of(rows: Iterable[Row]) -> str:
    """Another one whenever the draft says something else: who seals it says which she has read."""
    said = [(row.section.pk, row.version.number) for row in rows]
    return sha256(repr(said).encode()).hexdigest()[:32]


def get_section(slug: str, number: int) -> Section:
    """A section of the draft, with all that the rules ask for."""
    sections = Section.objects.select_related("concern__owner", "statement").prefetch_related(
        "concern__rapporteurs"
    )
    return sections.get(concern__slug=slug, pk=number)


def versions_of(section: Section) -> QuerySet[SectionVersion]:
    """All that a section has said, the newest first."""
    return section.versions.select_related("mandate__organisation", "written_by").order_by(
        "-number"
    )


def newest_version(section: Section) -> SectionVersion:
    """What a section says now."""
    version = versions_of(section).first()
    assert version is not None  # noqa: S101  a section is made with its first version
    return version


def editions_of(concern: Concern) -> QuerySet[SealedPosition]:
    """All sealed editions, the newest first, without their documents."""
    return concern.sealed_positions.select_related("mandate__organisation").defer("document")


def get_edition(slug: str, number: int) -> SealedPosition:
    """A sealed edition of a concern's position, with all that the rules ask for."""
    sealed = SealedPosition.objects.select_related(
        "concern__owner", "concern__ministry", "mandate__organisation"
    ).prefetch_related("concern__rapporteurs")
    return sealed.get(concern__slug=slug, number=number)


def possible_rapporteurs(concern: Concern, words: str) -> "QuerySet[Organisation]":
    """Organisations that could help to write the position: real ones for real concerns; no ministry."""
    found = search_organisations(words).filter(is_example=concern.is_example)
    there = concern.rapporteurs.values("pk")
    owner = Q(region=concern.owner_id) if concern.owner_id else Q(pk=None)
    return (
        found.exclude(kind=OrganisationKind.MINISTRY)
        .exclude(Q(pk__in=there) | owner)
        .select_related("region")
    )
