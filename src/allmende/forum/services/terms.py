"""The rules of the Alliance: changed by the operator, in force for what runs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Organisation

from ..models import Concern, Responsibility, Terms
from ..queries import (
    concerns_at_quorum,
    edition_of_terms,
    responsible_now,
    terms,
    without_ministry,
)
from .errors import Overtaken
from .sending import choose_ministry, reach_quorum, send_if_ready
from .way_notices import tell_ministry

if TYPE_CHECKING:
    from allmende.accounts.models import User


@audited
def change_terms(
    *,
    actor: "User",
    seen: str,
    agreed: Mapping[str, int],
    responsible: Mapping[str, Organisation],
) -> int:
    """Set quorum, weeks to answer and the ministry of each topic (by its key).

    A lower quorum holds for running concerns at once, and a ministry for those that wait for one; dates
    that run stay. Returns how many concerns reached the quorum by it. Raises ``Overtaken`` if somebody
    else has changed something since the edition ``seen``.
    """
    if edition_of_terms() != seen:
        raise Overtaken(
            _(
                "Jemand anderes hat die Regeln inzwischen geändert. Was Sie eingegeben haben, steht noch "
                "hier. Vergleichen Sie beides und speichern Sie dann noch einmal."
            )
        )
    before = terms()
    changes: dict[str, Any] = {
        name: [getattr(before, name), value]
        for name, value in agreed.items()
        if getattr(before, name) != value
    }
    row, _made = Terms.objects.update_or_create(pk=1, defaults=dict(agreed))
    changes |= _change_responsibilities(responsible)
    record(actor=actor, deed="forum.change_terms", obj=row, **changes)
    reached = [reach_quorum(concern=concern) for concern in list(concerns_at_quorum(row))]
    for concern in list(without_ministry()):
        _find_ministry(concern)
    return sum(reached)


def _change_responsibilities(responsible: Mapping[str, Organisation]) -> dict[str, Any]:
    """Store who is responsible for what; returns what is another than before, by topic."""
    before = responsible_now()
    changes: dict[str, Any] = {}
    for topic in sorted({*before, *responsible}):
        old, new = before.get(topic), responsible.get(topic)
        if old == new:
            continue
        if new is None:
            Responsibility.objects.filter(topic=topic).delete()
        else:
            Responsibility.objects.update_or_create(topic=topic, defaults={"ministry": new})
        changes[topic] = [old.slug if old else "", new.slug if new else ""]
    return changes


def _find_ministry(concern: Concern) -> None:
    """Give a ministry to a concern that has reached the quorum and waits for one."""
    choose_ministry(concern=concern)
    if concern.ministry_id is not None and not send_if_ready(concern=concern):
        tell_ministry(concern)
