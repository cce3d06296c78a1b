"""Incidents: who sees them, until when they are to be told, and what is said of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

from allmende.formats.kritis import incident_deadlines

from ..models import Facility, Incident, IncidentState, Stage
from .duties import duties_of
from .facilities import visible_facilities
from .providers import particulars_of
from .staff import changing_mandate, providing_mandates, seats_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


# The parts of a report, as addresses name them, in the order in which they are asked.
STEP_KEYS = ("was", "wen", "warum")


@dataclass(frozen=True)
class IncidentStep:
    """A part of a report as an address names it."""

    incident: Incident
    key: str

    @property
    def facility(self) -> Facility:
        return self.incident.facility

    @property
    def number(self) -> int:
        return STEP_KEYS.index(self.key) + 1

    @property
    def next_key(self) -> str:
        """What comes after it, or nothing."""
        return "".join(STEP_KEYS[self.number : self.number + 1])


@dataclass(frozen=True)
class Deadline:
    """Until when a report is to be handed in, and when it was."""

    stage: Stage
    until: datetime
    met_at: datetime | None
    now: datetime

    @property
    def is_over(self) -> bool:
        return self.met_at is None and self.until < self.now

    @property
    def is_late(self) -> bool:
        """Whether it was handed in, but after its time."""
        return self.met_at is not None and self.met_at > self.until

    @property
    def _minutes(self) -> int:
        return int(abs((self.until - self.now).total_seconds()) // 60)

    @property
    def days(self) -> int:
        return self._minutes // 1440

    @property
    def hours(self) -> int:
        """What is left or over beyond whole days; all of it while it is less than three days."""
        return self._minutes // 60 if self.days < 3 else self._minutes % 1440 // 60

    @property
    def minutes(self) -> int:
        return self._minutes % 60


def get_incident(number: int) -> Incident:
    """An incident with its facility."""
    found = Incident.objects.select_related("facility__provider", "facility__region__parent")
    return found.get(pk=number)


def get_incident_step(number: int, key: str) -> IncidentStep:
    """A part of a report that is not closed."""
    incident = get_incident(number)
    if key not in STEP_KEYS or incident.state == IncidentState.CLOSED:
        raise Incident.DoesNotExist
    return IncidentStep(incident, key)


def incidents_seen_by(user: "Person") -> QuerySet[Incident]:
    """The incidents of all facilities that a person may know of, the newest first."""
    found = Incident.objects.filter(facility__in=visible_facilities(user).values("pk"))
    return found.select_related("facility__provider", "facility__region")


def deadlines_of(incident: Incident, *, now: datetime) -> list[Deadline]:
    """The first and the full report, with the time that is left."""
    first, full = incident_deadlines(timezone.localtime(incident.known_at))
    met = {report.stage: report.at for report in incident.handed_in.all()}
    return [
        Deadline(stage, until, met.get(stage), now)
        for stage, until in ((Stage.FIRST, first), (Stage.FINAL, full))
    ]


def next_deadline(incident: Incident) -> tuple[Stage, datetime]:
    """What is to be handed in next, and until when; of one that is not closed."""
    first, full = incident_deadlines(timezone.localtime(incident.known_at))
    is_draft = incident.state == IncidentState.DRAFT
    return (Stage.FIRST, first) if is_draft else (Stage.FINAL, full)


def incidents_in_charge(user: "User") -> list[Incident]:
    """What is still to be told of facilities that a person's own organisations run."""
    organisations = {
        *(mandate.organisation_id for mandate in providing_mandates(user)),
        *(seat.mandate.organisation_id for seat in seats_of(user)),
    }
    if not organisations:
        return []
    found = Incident.objects.filter(facility__provider__in=organisations)
    found = found.exclude(state=IncidentState.CLOSED).filter(facility__closed_on=None)
    found = found.select_related("facility__provider", "facility__region")
    return [one for one in found if changing_mandate(user, one.facility) is not None]


def must_report(facility: Facility) -> bool:
    """Whether the law asks for reports on a facility."""
    [duties] = duties_of([facility], on=timezone.localdate())
    return duties.reports_incidents


def said_of(incident: Incident, *, is_legal: bool) -> dict[str, Any]:
    """All that is said of an incident, as ``formats.kritis.incident_paper`` takes it; German."""
    facility = incident.facility
    until = incident.ended_at or timezone.now()
    provider = particulars_of(facility.provider)
    share = (
        round(min(1.0, incident.affected / facility.served), 4)
        if incident.affected is not None and facility.served
        else None
    )
    with override(settings.LANGUAGE_CODE):
        return {
            "gesetzlich": is_legal,
            "beispieldaten": facility.is_example,
            "einrichtung": {
                "name": facility.name,
                "betreiber": facility.who_runs_it,
                "rechtsform": provider.legal_form if provider else "",
                "handelsregister": provider.register if provider else "",
                "anschrift_betreiber": provider.address if provider else "",
                "gemeinde": facility.region.name,
                "sektor": str(facility.sector.label),
                "leistung": str(facility.get_service_display()),
                "versorgte": facility.served,
            },
            "was": incident.what,
            "beginn": _iso(incident.began_at),
            "bekannt_seit": _iso(incident.known_at),
            "ende": _iso(incident.ended_at),
            "voraussichtlich_bis": _iso(incident.expected_until),
            "dauer_stunden": round((until - incident.began_at).total_seconds() / 3600, 1),
            "betroffen": {
                "menschen": incident.affected,
                "anteil": share,
                "gebiet": incident.area,
                "andere_staaten": incident.other_states,
            },
            "ursache": incident.cause,
            "kontakt": {
                "name": incident.contact_name,
                "telefon": incident.contact_telephone,
                "email": incident.contact_email,
            },
            "abgegeben": [
                {"art": report.stage, "am": _iso(report.at), "an": report.to}
                for report in incident.handed_in.all()
            ],
        }


def _iso(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="minutes") if moment else None
