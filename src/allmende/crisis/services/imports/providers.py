"""Who runs a facility after a file was taken over, and what that takes away from whoever runs it now."""

from typing import Any

from django.utils.translation import gettext as _

from ...models import STAFF_KINDS
from .world import World


def provider_in(world: World, after: dict[str, Any], there: dict[str, Any]) -> str:
    """What whoever runs it afterwards is called; ``there`` is the facility as it is, empty if it is new."""
    if there and after["provider_id"] == there["provider_id"] is not None:
        return str(there["provider__name"])
    names = {each.pk: each.name for each in world.providers.values()}
    return names.get(after["provider_id"]) or str(after["provider_name"])


def lost_by(world: World, there: dict[str, Any] | None, after: dict[str, Any]) -> str:
    """What it means in words that somebody else runs a facility; empty if nobody loses sight of it.

    Who runs it may know of it for that alone; the crisis staffs of the municipality, the Gemeindeverband and the
    Kreis know of it anyway.
    """
    if not there or there["provider_id"] in {None, after["provider_id"]}:
        return ""
    own, place = there["provider__region__ars"], world.places.by_pk[after["region_id"]].ars
    if there["provider__kind"] in STAFF_KINDS and own is not None and place.startswith(own):
        return ""
    said = [
        _(
            "„%(provider)s“ betreibt diese Einrichtung dann nicht mehr: Wer dort arbeitet, sieht sie nicht "
            "mehr und kann sie nicht mehr ändern."
        )
        % {"provider": there["provider__name"]}
    ]
    if after["provider_id"] is None:
        words = {"provider": after["provider_name"]}
        said.append(_("„%(provider)s“ steht dann nur als Name im Register.") % words)
    if world.mandate_for(after["provider_id"], after["region_id"]) is None:
        said.append(_("Auch Sie können sie dann nicht mehr ändern."))
    return " ".join(said)
