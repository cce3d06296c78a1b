"""Incidents: written down, changed, handed in, discarded; their contacts forgotten in time."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import gettext as _

from allmende.audit.models import Entry
from allmende.audit.services import audited, record
from allmende.forum.services import Conflict, Overtaken
from allmende.registry.models import Mandate

from ..models import Facility, HandedIn, Incident, IncidentState, Stage
from ..queries.incidents import said_of

if TYPE_CHECKING:
    from allmende.accounts.models import User

NEXT_STATE = {
    Stage.FIRST: IncidentState.SENT,
    Stage.UPDATE: IncidentState.SENT,
    Stage.FINAL: IncidentState.CLOSED,
}


@audited
def add_incident(
    *,
    actor: "User",
    mandate: Mandate | None,
    facility: Facility,
    fields: Mapping[str, Any],
) -> Incident:
    """Write down that something failed. The same draft twice is one: a button was pressed twice."""
    same = Incident.objects.filter(
        facility=facility,
        state=IncidentState.DRAFT,
        **{name: fields[name] for name in ("what", "began_at", "known_at")},
    )
    if there := same.first():
        return there
    incident = Incident.objects.create(facility=facility, added_by=actor, **fields)
    record(actor=actor, mandate=mandate, deed="crisis.add_incident", obj=incident)
    return incident


def _take(incident: Incident, seen: int, **fields: Any) -> None:
    """Count a change of an incident's, if nobody else was quicker; ``fields`` change with it."""
    there = Incident.objects.filter(pk=incident.pk)
    still_open = there.filter(version=seen).exclude(state=IncidentState.CLOSED)
    if still_open.update(version=F("version") + 1, **fields):
        return
    if not there.exclude(state=IncidentState.CLOSED).exists():
        raise Conflict(_("Diese Meldung ist inzwischen abgeschlossen oder verworfen."))
    raise Overtaken(
        _(
            "Jemand anderes hat diese Meldung inzwischen geändert. Vergleichen Sie Ihre Angaben mit dem "
            "neuen Stand und speichern Sie noch einmal."
        ),
        there=there.get(),
    )


@audited
def change_incident(
    *,
    actor: "User",
    mandate: Mandate | None,
    incident: Incident,
    seen: int,
    fields: Mapping[str, Any],
) -> None:
    """Say more of it, or otherwise; ``seen`` is the version that the page showed.

    Raises ``Overtaken`` if somebody else has changed it since, ``Conflict`` if it is closed or gone.
    """
    _take(incident, seen, **fields)
    record(actor=actor, mandate=mandate, deed="crisis.change_incident", obj=incident)


@audited
def hand_in(
    *,
    actor: "User",
    mandate: Mandate | None,
    incident: Incident,
    seen: int,
    stage: str,
    at: datetime,
    to: str,
    is_legal: bool,
) -> HandedIn:
    """Note that a report was handed in, and what stood in it; the platform itself sends nothing.

    Raises ``Overtaken`` and ``Conflict`` as ``change_incident`` does; ``Conflict`` also if it is not its turn.
    """
    if (stage == Stage.FIRST) != (incident.state == IncidentState.DRAFT):
        raise Conflict(_("Diese Meldung ist jetzt nicht an der Reihe."))
    _take(incident, seen, state=NEXT_STATE[Stage(stage)])
    incident.refresh_from_db()
    said = said_of(incident, is_legal=is_legal)
    del said["kontakt"]
    report = HandedIn.objects.create(
        incident=incident, stage=stage, at=at, to=to, said=said, added_by=actor
    )
    record(
        actor=actor,
        mandate=mandate,
        deed="crisis.hand_in",
        obj=incident,
        stage=str(stage),
        at=at.isoformat(),
    )
    return report


@audited
def discard_incident(*, actor: "User", mandate: Mandate | None, incident: Incident) -> None:
    """Remove a draft that nobody has handed in. Raises ``Conflict`` if somebody has, or it is gone."""
    record(actor=actor, mandate=mandate, deed="crisis.discard_incident", obj=incident)
    if not Incident.objects.filter(pk=incident.pk, state=IncidentState.DRAFT).delete()[0]:
        raise Conflict(_("Diese Meldung ist schon abgegeben oder verworfen."))


@audited
def export_incident(
    *, actor: "User", mandate: Mandate | None, incident: Incident, format_: str
) -> Entry:
    """Write down that somebody takes a report along."""
    return record(
        actor=actor, mandate=mandate, deed="crisis.export_incident", obj=incident, format=format_
    )


def clear_incident_contacts(before: datetime) -> int:
    """Forget who answered for incidents known before; returns of how many."""
    old = Incident.objects.filter(known_at__lt=before).exclude(
        contact_name="", contact_telephone="", contact_email=""
    )
    return old.update(contact_name="", contact_telephone="", contact_email="")
