"""What is to be done for which facility until when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from allmende.formats.kritis import Due, Duty, Level, due_dates, duties_on, read_duties

from ..models import Facility, FacilityQuerySet, Fulfilment, Measure
from .facilities import any_of, get_facility, visible_facilities
from .kritis import Status, statuses
from .staff import changing_mandate, providing_mandates, seats_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

# A task shows up so long before it is due.
AHEAD = timedelta(days=93)


@dataclass(frozen=True)
class FacilityDuty:
    """A duty as an address names it: of which facility, and which."""

    facility: Facility
    duty: Duty


@dataclass(frozen=True)
class Duties:
    """The duties of a facility. ``since`` is None where neither law nor its provider asks for any."""

    facility: Facility
    status: Status
    since: date | None
    dues: tuple[Due, ...]
    exempt: tuple[Duty, ...]  # that the law asks of other sectors
    reports_incidents: bool

    @property
    def is_legal(self) -> bool:
        """Whether the law asks for them."""
        return self.status.level == Level.BUND

    @property
    def open(self) -> list[Due]:
        """What has a day, the earliest first."""
        return sorted(
            (due for due in self.dues if due.due_on), key=lambda due: due.due_on or date.max
        )

    @property
    def rows(self) -> list[tuple[Due, datetime | None]]:
        """Each with the end of the day on which it is due."""
        return [(due, end_of(due.due_on)) for due in self.dues]

    @property
    def next_at(self) -> datetime | None:
        """The end of the day on which the next one is due."""
        return end_of(self.open[0].due_on) if self.open else None


def end_of(day: date | None) -> datetime | None:
    """The last minute of a day."""
    return timezone.make_aware(datetime.combine(day, time(23, 59))) if day else None


def duties_of(facilities: Iterable[Facility], *, on: date) -> list[Duties]:
    """The duties of each facility; four questions, however many there are."""
    facilities = list(facilities)
    status = statuses(facilities, on=on)
    done: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    rows = Fulfilment.objects.filter(facility__in=[one.pk for one in facilities]).order_by()
    for number, duty, day in rows.values_list("facility", "duty", "done_on"):
        done[number][duty].append(day)
    return [_duties(one, status[one.pk], done[one.pk], on) for one in facilities]


def _duties(facility: Facility, status: Status, done: dict[str, list[date]], on: date) -> Duties:
    asked = duties_on(on, sector=facility.sector)
    legal = status.level == Level.BUND
    since = (status.since or on) if legal else facility.voluntary_since
    return Duties(
        facility=facility,
        status=status,
        since=since,
        dues=due_dates(asked, since=since, done=done) if since is not None else (),
        exempt=tuple(
            duty
            for duty in read_duties()
            if duty not in asked and facility.sector in duty.exempt_sectors
        ),
        reports_incidents=legal and any(duty.key == "stoerungsmeldung" for duty in asked),
    )


def with_duties(facilities: FacilityQuerySet) -> FacilityQuerySet:
    """Those that may have any: somebody has said how much they supply, or that she volunteers."""
    measured = Measure.objects.filter(facility=OuterRef("pk"))
    may_have = Exists(measured) | Q(voluntary_since__isnull=False)
    return facilities.working().filter(may_have).order_by("provider__name", "name", "pk")


def duties_seen_by(user: "Person") -> FacilityQuerySet:
    """The facilities with duties that a person may know of, by provider."""
    return with_duties(visible_facilities(user))


def duties_in_charge(user: "User", *, on: date) -> list[Duties]:
    """The duties of what a person's own organisations run, if she may write about it."""
    organisations = {
        *(mandate.organisation_id for mandate in providing_mandates(user)),
        *(seat.mandate.organisation_id for seat in seats_of(user)),
    }
    if not organisations:
        return []
    run = Facility.objects.filter(provider__in=organisations).values("pk")
    own = any_of(Facility.objects.select_related("provider", "region"), [run])
    mine = [one for one in with_duties(own) if changing_mandate(user, one) is not None]
    return [each for each in duties_of(mine, on=on) if each.since is not None]


def get_facility_duty(number: int, key: str) -> FacilityDuty:
    """A facility and a duty that stands in the law's data for its sector today."""
    facility = get_facility(number)
    duties = {duty.key: duty for duty in duties_on(timezone.localdate(), sector=facility.sector)}
    if key not in duties:
        raise Fulfilment.DoesNotExist
    return FacilityDuty(facility, duties[key])


def get_fulfilment(number: int) -> Fulfilment:
    """That a duty was done, with its facility and file."""
    found = Fulfilment.objects.select_related(
        "upload", "facility__provider", "facility__region__parent"
    )
    return found.get(pk=number)
