"""What an organisation has settled for itself: four eyes, and its official addresses."""

import re
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record

from .. import queries
from ..models import EmailDomain, Organisation, Right
from ..names import search_key
from .organisations import OrganisationError

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Whoever wants one gets an address there: it says nothing about who she is.
FREEMAIL = frozenset(
    [
        "aol.com",
        "arcor.de",
        "freenet.de",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "hotmail.de",
        "icloud.com",
        "live.de",
        "mail.de",
        "mailbox.org",
        "me.com",
        "online.de",
        "outlook.com",
        "outlook.de",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "t-online.de",
        "tutanota.com",
        "vodafone.de",
        "web.de",
        "yahoo.com",
        "yahoo.de",
    ]
)
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


@audited
def choose_four_eyes(*, actor: "User", organisation: Organisation, four_eyes: bool) -> None:
    """Let what staff says officially wait for a release, or not; twice the same is once."""
    changed = Organisation.objects.filter(pk=organisation.pk).exclude(four_eyes=four_eyes)
    if changed.update(four_eyes=four_eyes):
        _record(actor, "registry.choose_four_eyes", organisation, four_eyes=four_eyes)


@audited
def add_domain(*, actor: "User", organisation: Organisation, domain: str) -> EmailDomain:
    """Take addresses of this domain as official ones.

    Raises
    ------
    OrganisationError
        If it is no domain, one where everybody gets an address, or not the actor's own.
    """
    domain = domain.strip().lower().removeprefix("@")
    if not DOMAIN.fullmatch(domain):
        raise OrganisationError(_("Das ist keine Domain. Gemeint ist der Teil nach dem @."))
    if domain in FREEMAIL:
        raise OrganisationError(
            _(
                "Bei %(domain)s bekommt jede und jeder eine Adresse; sie belegt kein Amt. Laden Sie Menschen mit solchen Adressen einzeln ein."
            )
            % {"domain": domain}
        )
    if not actor.is_operator and domain not in queries.confirmed_domains(actor):
        raise OrganisationError(
            _(
                "Sie haben selbst keine bestätigte Adresse bei %(domain)s. Fügen Sie sie Ihrem Konto hinzu, oder bitten Sie den Betrieb."
            )
            % {"domain": domain}
        )
    added, is_new = EmailDomain.objects.get_or_create(organisation=organisation, domain=domain)
    if is_new:
        _record(actor, "registry.add_domain", organisation, domain=domain)
    return added


@audited
def remove_domain(*, actor: "User", organisation: Organisation, domain: str) -> None:
    """Take addresses of this domain as official no longer; mandates that were given stay."""
    removed, _ = EmailDomain.objects.filter(organisation=organisation, domain=domain).delete()
    if removed:
        _record(actor, "registry.remove_domain", organisation, domain=domain)


@audited
def rename_organisation(*, actor: "User", organisation: Organisation, name: str) -> None:
    """Give another name to what is no region; its address stays.

    Raises
    ------
    OrganisationError
        If it is a region: registers name those.
    """
    if organisation.region_id is not None:
        raise OrganisationError(_("Wie ein Gebiet heißt, sagt das amtliche Verzeichnis."))
    before, organisation.name = organisation.name, name
    organisation.search_key = search_key([name])
    organisation.save(update_fields=["name", "search_key"])
    _record(actor, "registry.rename_organisation", organisation, before=before, name=name)


@audited
def dissolve_organisation(*, actor: "User", organisation: Organisation, reason: str) -> None:
    """End an organisation: nobody speaks for it any more, what it said stays.

    Raises
    ------
    OrganisationError
        If it is a region, or dissolved already.
    """
    if organisation.region_id is not None:
        raise OrganisationError(
            _("Wann es ein Gebiet nicht mehr gibt, sagt das amtliche Verzeichnis.")
        )
    there = Organisation.objects.filter(pk=organisation.pk, dissolved_on=None)
    if not there.update(dissolved_on=timezone.localdate()):
        raise OrganisationError(_("Diese Organisation ist schon aufgelöst."))
    _record(actor, "registry.dissolve_organisation", organisation, reason=reason)


def _record(
    actor: "User", deed: str, organisation: Organisation, reason: str = "", **details: object
) -> None:
    mandate = queries.acting_mandate(actor, organisation, Right.MANAGE)
    record(actor=actor, deed=deed, obj=organisation, reason=reason, mandate=mandate, **details)
