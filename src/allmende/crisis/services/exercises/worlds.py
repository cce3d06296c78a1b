"""The register as the world of a script."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from allmende.audit.services import audited
from allmende.forum.services import Conflict
from allmende.registry.models import Mandate

from ...models import ScriptDraft
from ...queries.worlds import MOST_FACILITIES, World
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
    if not world.names:
        raise Conflict(
            _("Im Register steht noch keine Einrichtung Ihres Gebiets, die in Betrieb ist.")
        )
    if world.is_too_large:
        raise Conflict(
            _(
                "Das Register hat mehr als %(most)s Einrichtungen in Ihrem Gebiet. So viele trägt ein Drehbuch nicht."
            )
            % {"most": MOST_FACILITIES}
        )
    document = there.script | {"model": world.model, "facility_names": world.names}
    document.pop("facility_places", None)  # of the network that was there
    keep(actor, mandate, there, document, part="model", name="", facilities=len(world.names))
    return len(world.names)
