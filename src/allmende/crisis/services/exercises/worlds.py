"""The register as the world of a script."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from allmende.audit.services import audited
from allmende.formats.exercise_script.changes import stand_of
from allmende.formats.exercise_script.network import NETWORK
from allmende.forum.services import Conflict
from allmende.registry.models import Mandate

from ...models import ScriptDraft
from ...queries.worlds import (
    MOST_FACILITIES,
    World,
    can_be_put_back,
    units_of_register,
    with_network,
    with_units,
)
from .authoring import keep, take_draft

if TYPE_CHECKING:
    from allmende.accounts.models import User


@audited
def take_register(
    *, actor: "User", mandate: Mandate | None, draft: ScriptDraft, world: World, seen: int
) -> int:
    """Put a network in the place of the script's; says how many facilities it has.

    What refers to facilities that are not in it stays, and the check tells of it. ``seen`` is the revision
    that the page showed. Raises ``Conflict`` if the draft has changed since, or the network is empty or too large.
    """
    there = take_draft(draft)
    if there.revision != seen:
        raise Conflict(
            _(
                "Das Drehbuch wurde inzwischen geändert. Sehen Sie noch einmal nach, ob Sie das Netz ersetzen wollen."
            )
        )
    if world.is_too_large:
        raise Conflict(
            _(
                "Das Register hat mehr als %(most)s Einrichtungen in Ihrem Gebiet. So viele trägt ein Drehbuch nicht."
            )
            % {"most": MOST_FACILITIES}
        )
    if not world.names:
        raise Conflict(
            _("Im Register steht noch keine Einrichtung Ihres Gebiets, die in Betrieb ist.")
        )
    document = with_network(there.script, world)
    keep(actor, mandate, there, document, part="model", name="", facilities=len(world.names))
    if there.script.get("model"):
        kept = {name: there.script[name] for name in NETWORK if name in there.script}
        now = ScriptDraft.objects.get(pk=there.pk).script
        replaced = {
            "stand": stand_of(now["model"]),
            "network": kept,
            "units": units_of_register(there.script),
        }
        ScriptDraft.objects.filter(pk=there.pk).update(replaced=replaced)
    return len(world.names)


@audited
def put_network_back(*, actor: "User", mandate: Mandate | None, draft: ScriptDraft) -> None:
    """Undo ``take_register``; what else was written meanwhile stays.

    Raises ``Conflict`` if there is nothing to undo, or the network was changed since.
    """
    there = take_draft(draft)
    if not can_be_put_back(there) or there.replaced is None:
        raise Conflict(
            _("Das lässt sich nicht mehr rückgängig machen: Das Netz wurde inzwischen geändert.")
        )
    document = {name: value for name, value in there.script.items() if name not in NETWORK}
    document = with_units(document | there.replaced["network"], there.replaced.get("units", ()))
    keep(actor, mandate, there, document, part="model", name="")
    ScriptDraft.objects.filter(pk=there.pk).update(replaced=None)
