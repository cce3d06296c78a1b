"""What a sitting is to talk about, in which order, and what members propose."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.mail.services import notify
from allmende.registry.models import Mandate, Organisation

from ...models import AgendaItem, Concern, ItemState, Sitting, SittingState
from ...queries.sittings import people_to_invite
from ..errors import Conflict
from .telling import TOPIC

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_ITEMS = 100


@audited
def add_item(
    *,
    actor: "User",
    mandate: Mandate | None,
    sitting: Sitting,
    title: str = "",
    concern: Concern | None = None,
) -> AgendaItem:
    """Put a concern or a free point at the end of the agenda.

    Raises ``Conflict`` if the concern stands there, the agenda is full, or the sitting is over.
    """
    _check_open(sitting)
    _check_new(sitting, concern)
    item = AgendaItem.objects.create(
        sitting=sitting,
        place=_last_place(sitting) + 1,
        title=title or (concern.question if concern else ""),
        concern=concern,
    )
    record(actor=actor, mandate=mandate, deed="forum.add_item", obj=sitting, item=item.title)
    return item


@audited
def propose_item(
    *,
    actor: "User",
    mandate: Mandate,
    sitting: Sitting,
    title: str,
    why: str,
    concern: Concern | None = None,
) -> AgendaItem:
    """Propose a point in a member's name; the host's people hear of it and decide.

    Raises ``Conflict`` where the concern stands on the agenda, or it takes no proposals any more.
    """
    _check_open(sitting)
    if sitting.state != SittingState.INVITED:
        raise Conflict(_("Diese Sitzung nimmt keine Vorschläge mehr an."))
    _check_new(sitting, concern)
    item = AgendaItem.objects.create(
        sitting=sitting,
        place=0,
        title=title or (concern.question if concern else ""),
        concern=concern,
        why=why,
        proposer=mandate.organisation,
        state=ItemState.PROPOSED,
    )
    record(actor=actor, mandate=mandate, deed="forum.propose_item", obj=sitting, item=item.title)
    _tell(
        sitting.series.host,
        key=f"{TOPIC}-proposal-{item.pk}",
        title=lambda: _("Vorschlag für die Tagesordnung: %(title)s") % {"title": item.title},
        text=lambda: (
            _("%(proposer)s schlägt das für „%(sitting)s“ vor.")
            % {"proposer": mandate.organisation, "sitting": sitting.title}
        ),
        url=reverse("sittings:agenda", args=[sitting.pk]),
    )
    return item


@audited
def decide_item(
    *, actor: "User", mandate: Mandate | None, item: AgendaItem, accept: bool, reason: str = ""
) -> None:
    """Take a proposal onto the agenda or not; whoever proposed it hears that, with the reason.

    Raises ``Conflict`` if somebody else has decided, or the sitting is over.
    """
    sitting = item.sitting
    _check_open(sitting)
    waiting = AgendaItem.objects.filter(pk=item.pk, state=ItemState.PROPOSED)
    decided = waiting.update(
        state=ItemState.ACCEPTED if accept else ItemState.DECLINED,
        place=_last_place(sitting) + 1 if accept else 0,
        reason=reason,
    )
    if not decided:
        raise Conflict(_("Über diesen Vorschlag hat schon jemand entschieden."))
    item.refresh_from_db()
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.accept_item" if accept else "forum.decline_item",
        obj=sitting,
        reason=reason,
        item=item.title,
    )
    if item.proposer:
        _tell(
            item.proposer,
            key=f"{TOPIC}-decided-{item.pk}",
            title=lambda: (
                (
                    _("Steht auf der Tagesordnung: %(title)s")
                    if accept
                    else _("Nicht auf der Tagesordnung: %(title)s")
                )
                % {"title": item.title}
            ),
            text=lambda: reason or sitting.title,
            url=sitting.get_absolute_url(),
        )


@audited
def move_item(
    *, actor: "User", mandate: Mandate | None, item: AgendaItem, seen: int, up: bool
) -> None:
    """Let a point change places with its neighbour; it stood at ``seen`` on the actor's page.

    Raises ``Conflict`` if it stands somewhere else by now; nothing happens at either end.
    """
    _check_open(item.sitting)
    item.refresh_from_db()
    accepted = item.sitting.agenda.filter(state=ItemState.ACCEPTED)
    order = list(accepted.order_by("place", "pk"))
    if item not in order:
        raise Conflict(_("Dieser Punkt steht nicht mehr auf der Tagesordnung."))
    if item.place != seen:
        raise Conflict(_("Die Reihenfolge hat sich inzwischen geändert. Hier ist der neue Stand."))
    at = order.index(item)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return
    # Only these two: after a removal numbers are missing, and closing such a gap could give a point that
    # moves the number back that was seen.
    pair = [order[at], order[to]]
    pair[0].place, pair[1].place = pair[1].place, pair[0].place
    AgendaItem.objects.bulk_update(pair, ["place"])
    record(actor=actor, mandate=mandate, deed="forum.move_item", obj=item.sitting, item=item.title)


@audited
def remove_item(*, actor: "User", mandate: Mandate | None, item: AgendaItem) -> None:
    """Take a point off the agenda. Raises ``Conflict`` if something was written about it."""
    _check_open(item.sitting)
    deleted, _kinds = AgendaItem.objects.filter(
        pk=item.pk, state=ItemState.ACCEPTED, minutes="", decision="", commitments=None
    ).delete()
    if not deleted:
        raise Conflict(
            _("Zu diesem Punkt ist schon etwas geschrieben, oder er steht nicht mehr hier.")
        )
    record(
        actor=actor, mandate=mandate, deed="forum.remove_item", obj=item.sitting, item=item.title
    )


def _check_open(sitting: Sitting) -> None:
    sitting.refresh_from_db()
    if sitting.is_over:
        raise Conflict(_("Die Sitzung ist vorbei. Ihre Tagesordnung steht fest."))


def _check_new(sitting: Sitting, concern: Concern | None) -> None:
    items = sitting.agenda.exclude(state=ItemState.DECLINED)
    if items.count() >= MOST_ITEMS:
        raise Conflict(
            _("Mehr als %(most)d Punkte fasst eine Sitzung nicht.") % {"most": MOST_ITEMS}
        )
    if concern and items.filter(concern=concern).exists():
        raise Conflict(
            _("Dieses Anliegen steht schon auf der Tagesordnung oder ist vorgeschlagen.")
        )


def _last_place(sitting: Sitting) -> int:
    accepted = sitting.agenda.filter(state=ItemState.ACCEPTED)
    return accepted.aggregate(last=Max("place"))["last"] or 0


def _tell(
    organisation: Organisation,
    *,
    key: str,
    title: Callable[[], str],
    text: Callable[[], str],
    url: str,
) -> None:
    from django.contrib.auth import get_user_model

    people = people_to_invite([organisation.pk])
    notify(
        users=get_user_model().objects.filter(pk__in=people),
        topic=TOPIC,
        key=key,
        title=title,
        text=text,
        url=url,
    )
