"""In whose name a person may speak: her mandates for municipalities, and herself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.registry.models import (
    AGENT_KINDS,
    Mandate,
    Organisation,
    OrganisationKind,
    Proxy,
    Region,
    Right,
)
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


def agent_mandates(user: "Person") -> list[Mandate]:
    """One mandate for each organisation for whose members a person may answer, if there are any.

    Where that organisation wants four eyes, only who may release: there are no drafts for others.
    """
    chosen: dict[int, Mandate] = {}
    for mandate in (mandate for right in VOTES for mandate in mandates_with(right, user)):
        if mandate.organisation.kind in AGENT_KINDS and not needs_release(user, mandate):
            chosen.setdefault(mandate.organisation_id, mandate)
    return sorted(chosen.values(), key=lambda mandate: mandate.organisation.name)


def topics_answered(user: "Person") -> frozenset[tuple[str, bool]]:
    """In which topic areas a person may answer for members, each with whether they are invented."""
    agents = [mandate.organisation_id for mandate in agent_mandates(user)]
    if not agents or not user.is_authenticated:
        return frozenset()
    held = Proxy.objects.current().filter(agent__in=agents).order_by()
    return user.remember(
        "forum.topics_answered",
        lambda: frozenset(held.values_list("topic", "member__is_example").distinct()),
    )


@dataclass(frozen=True)
class Voice:
    """In whose name a person takes part in a concern: a municipality's or her own.

    With ``agent``, she answers for a municipality that lets her organisation do so; without ``region``
    then for all of them, ``members`` in number.
    """

    user: "User"
    region: Region | None
    mandate: Mandate | None = None
    agent: Organisation | None = None
    members: int = 1

    @property
    def needs_release(self) -> bool:
        """Whether what is said with it is a draft first."""
        return self.mandate is not None and needs_release(self.user, self.mandate)

    @property
    def key(self) -> str:
        """How addresses and forms name this voice."""
        if self.agent:
            return f"{self.agent.slug}.{self.region.ars}" if self.region else self.agent.slug
        return self.region.ars if self.region else "persoenlich"

    @property
    def label(self) -> str:
        if self.agent:
            members = ngettext("%(count)s Mitglied", "%(count)s Mitglieder", self.members)
            whom = self.region.name if self.region else members % {"count": self.members}
            return _("%(whom)s (in Vollmacht: %(agent)s)") % {"whom": whom, "agent": self.agent}
        return self.region.name if self.region else _("Sie persönlich")

    @property
    def kind(self) -> Voices:
        return Voices.OFFICIAL if self.region or self.agent else Voices.PERSONAL


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
