"""In whose name a person may speak: her mandates for municipalities, and herself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allmende.registry.models import Mandate, OrganisationKind, Region, Right
from allmende.registry.queries import mandates_of, mandates_with

from ..models import Concern, Voices

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

# Any of these lets somebody vote for a municipality, or write for it; looked for in this order.
VOTES = (Right.RELEASE, Right.VOTE)
WRITES = (*VOTES, Right.CONTRIBUTE)


def municipal_mandates(user: "Person", *rights: Right) -> list[Mandate]:
    """One mandate for each municipality for which a person has one of these rights, by name.

    Where several fit, the first right decides. Without rights: for each to which she belongs.
    """
    found = (
        [mandate for right in rights for mandate in mandates_with(right, user)]
        if rights
        else mandates_of(user)
    )
    chosen: dict[int, Mandate] = {}
    for mandate in found:
        if mandate.organisation.kind == OrganisationKind.MUNICIPALITY:
            chosen.setdefault(mandate.organisation_id, mandate)
    return sorted(chosen.values(), key=lambda mandate: mandate.organisation.name)


def municipalities_of(user: "Person", *rights: Right) -> list[Region]:
    """The municipalities for which a person has one of these rights."""
    mandates = municipal_mandates(user, *rights)
    return [region for mandate in mandates if (region := mandate.region)]


def mandate_for(user: "Person", region_id: int | None, *rights: Right) -> Mandate | None:
    """The mandate in which a person does one of these things for a municipality, if she may."""
    fitting = (
        m for m in municipal_mandates(user, *rights) if m.organisation.region_id == region_id
    )
    return next(fitting, None)


def needs_release(user: "Person", mandate: Mandate) -> bool:
    """Whether what somebody says in this mandate waits for the release by somebody else."""
    organisation = mandate.organisation
    return organisation.four_eyes and not mandates_with(Right.RELEASE, user, organisation)


@dataclass(frozen=True)
class Voice:
    """In whose name a person takes part in a concern: a municipality's or her own."""

    user: "User"
    region: Region | None
    mandate: Mandate | None = None

    @property
    def needs_release(self) -> bool:
        """Whether what is said with it is a draft first."""
        return self.mandate is not None and needs_release(self.user, self.mandate)

    @property
    def key(self) -> str:
        """How addresses and forms name this voice."""
        return self.region.ars if self.region else "persoenlich"

    @property
    def label(self) -> str:
        return self.region.name if self.region else "Sie persönlich"

    @property
    def kind(self) -> Voices:
        return Voices.OFFICIAL if self.region else Voices.PERSONAL


def official_voices(
    *, user: "Person", concern: Concern, rights: Iterable[Right] = VOTES
) -> list[Voice]:
    """The municipalities for which a person may vote in a concern, or do what ``rights`` allow.

    Invented ones have a voice in example data only, and real ones in real concerns.
    """
    if not user.is_authenticated:
        return []
    return [
        Voice(user, region, mandate)
        for mandate in municipal_mandates(user, *rights)
        if (region := mandate.region) and region.invented == concern.is_example
    ]


def voices_of(*, user: "Person", concern: Concern, rights: Iterable[Right] = VOTES) -> list[Voice]:
    """All voices that a person has in a concern: those of municipalities, and then her own."""
    voices = official_voices(user=user, concern=concern, rights=rights)
    if user.is_authenticated and concern.takes_personal_voices:
        voices.append(Voice(user, None))
    return voices
