"""Reading who has co-signed a concern, and how far that is from the quorum."""

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from allmende.registry.models import Mandate, Organisation, OrganisationKind
from allmende.registry.names import fold
from allmende.registry.queries import mandates_with, people_of

from ..models import (
    Concern,
    ConcernQuerySet,
    ConcernState,
    Responsibility,
    Support,
    SupportQuerySet,
    Terms,
)
from .mandates import VOTES, needs_release

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

SUPPORTING_KINDS = (OrganisationKind.MUNICIPALITY, OrganisationKind.ASSOCIATION)
# From its opening until it is sent.
SUPPORTED_IN = (ConcernState.OPEN, ConcernState.POSITION)

OF_MUNICIPALITIES = Q(organisation__kind=OrganisationKind.MUNICIPALITY)
OF_ASSOCIATIONS = Q(organisation__kind=OrganisationKind.ASSOCIATION)


def terms() -> Terms:
    """What the Alliance has agreed on; the usual values where nobody has said otherwise."""
    return Terms.objects.filter(pk=1).first() or Terms(pk=1)


@dataclass(frozen=True)
class Quorum:
    """How many stand behind a concern, beside how many the Alliance asks for."""

    municipalities: int
    laender: int
    associations: int
    terms: Terms

    @property
    def is_reached(self) -> bool:
        enough = (
            self.municipalities >= self.terms.quorum_municipalities
            and self.laender >= self.terms.quorum_laender
        )
        return enough or self.associations >= self.terms.quorum_associations

    @property
    def shown(self) -> int:
        """How far a progress bar goes: to its end once it is reached, and not before."""
        most = self.terms.quorum_municipalities
        if self.is_reached:
            return most
        missing_laender = self.municipalities >= most
        return most - 1 if missing_laender else self.municipalities

    @property
    def count(self) -> int:
        return self.municipalities + self.associations


def quorum_of(concern: Concern) -> Quorum:
    """How far a concern has come, in two queries."""
    counted = concern.supports.current().aggregate(
        municipalities=Count("pk", filter=OF_MUNICIPALITIES),
        laender=Count("organisation__region__land", distinct=True, filter=OF_MUNICIPALITIES),
        associations=Count("pk", filter=OF_ASSOCIATIONS),
    )
    return Quorum(**counted, terms=terms())


def concerns_at_quorum(agreed: Terms) -> ConcernQuerySet:
    """Concerns that have enough supports by these terms, and for which nobody has noted it yet."""
    current = Q(supports__withdrawn_at=None)
    municipal = current & Q(supports__organisation__kind=OrganisationKind.MUNICIPALITY)
    associated = current & Q(supports__organisation__kind=OrganisationKind.ASSOCIATION)
    waiting = Concern.objects.filter(quorum_at=None, state__in=SUPPORTED_IN, supports__isnull=False)
    return waiting.annotate(
        signed=Count("supports", filter=municipal, distinct=True),
        laender=Count("supports__organisation__region__land", filter=municipal, distinct=True),
        associations=Count("supports", filter=associated, distinct=True),
    ).filter(
        Q(signed__gte=agreed.quorum_municipalities, laender__gte=agreed.quorum_laender)
        | Q(associations__gte=agreed.quorum_associations)
    )


def supports_of(concern: Concern, *, words: str = "", land: str = "") -> SupportQuerySet:
    """Who stands behind a concern, by name; ``land`` is the key of a Land, such as 09."""
    found = concern.supports.current().select_related("organisation__region", "mandate")
    for word in fold(words).split():
        found = found.filter(organisation__search_key__contains=word)
    if land:
        found = found.filter(organisation__region__land=land)
    return found.order_by("organisation__name", "pk")


@dataclass(frozen=True)
class Signer:
    """An organisation for which somebody may co-sign, and whether it has."""

    mandate: Mandate
    support: Support | None
    needs_release: bool

    @property
    def organisation(self) -> Organisation:
        return self.mandate.organisation

    @property
    def releasers(self) -> QuerySet[Mandate]:
        """Who may do it where this person may not."""
        return people_of(self.organisation).filter(may_release=True)


def signing_mandates(user: "Person", concern: Concern) -> list[Mandate]:
    """One mandate for each organisation that may co-sign a concern and for which a person votes.

    Real ones stand behind real concerns, invented ones behind example data.
    """
    chosen: dict[int, Mandate] = {}
    for mandate in (mandate for right in VOTES for mandate in mandates_with(right, user)):
        organisation = mandate.organisation
        if organisation.kind in SUPPORTING_KINDS and organisation.is_example == concern.is_example:
            chosen.setdefault(organisation.pk, mandate)
    return sorted(chosen.values(), key=lambda mandate: mandate.organisation.name)


def signers_of(user: "Person", concern: Concern) -> list[Signer]:
    """For whom a person may co-sign a concern, each with what that organisation has done so far."""
    mandates = signing_mandates(user, concern)
    if not mandates:
        return []
    signed = concern.supports.current().filter(
        organisation__in=[mandate.organisation_id for mandate in mandates]
    )
    by_organisation = {support.organisation_id: support for support in signed}
    return [
        Signer(mandate, by_organisation.get(mandate.organisation_id), needs_release(user, mandate))
        for mandate in mandates
    ]


def responsible_now() -> dict[str, Organisation]:
    """Which ministry is responsible for which topic (by its key), where one is."""
    rows = Responsibility.objects.select_related("ministry")
    return {row.topic: row.ministry for row in rows}


def edition_of_terms() -> str:
    """Another one whenever somebody has changed the terms or a responsibility."""
    agreed = terms()
    written = [
        agreed.quorum_municipalities,
        agreed.quorum_laender,
        agreed.quorum_associations,
        agreed.answer_weeks,
        sorted((topic, ministry.pk) for topic, ministry in responsible_now().items()),
    ]
    return sha256(repr(written).encode()).hexdigest()[:32]
