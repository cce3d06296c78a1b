"""The register as rows of files: always the same number of queries."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from allmende.formats.facility_list import Called, Cell, Supplied, checks_of
from allmende.registry.models import Mandate

from ..models import (
    Contact,
    Facility,
    ImportCheck,
    Measure,
    Sector,
    Service,
    Share,
    Supplier,
    Supply,
)
from .staff import providing_mandates, seats_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


# Nobody has more of them in mind; they are removed after some days.
MOST_WAITING = 20


@dataclass(frozen=True)
class Words:
    """Services and sectors in German, as they stand in files, whoever takes them."""

    services: dict[str, str]
    sectors: dict[str, str]


def german_words() -> Words:
    with override(settings.LANGUAGE_CODE):
        return Words(
            services={each.value: str(each.label) for each in Service},
            sectors={each.value: str(each.label) for each in Sector},
        )


def reading_mandates(user: "Person") -> list[Mandate]:
    """The mandates in which a person sees the register."""
    found = (*(seat.mandate for seat in seats_of(user)), *providing_mandates(user))
    return list(dict.fromkeys(found))


def facility_rows(found: QuerySet[Facility]) -> Iterator[list[Cell]]:
    """Values in the order of ``FACILITY_COLUMNS``, then sector and the day on which it was given up."""
    words = german_words()
    shares: defaultdict[int, list[str]] = defaultdict(list)
    rows = Share.objects.filter(facility__in=found.order_by().values("pk")).order_by(
        "-persons", "pk"
    )
    for number, ags, ars, persons in rows.values_list(
        "facility", "region__ags", "region__ars", "persons"
    ):
        shares[number].append(f"{ags or ars} {persons}")
    keys = found.order_by().values("pk")
    contacts: defaultdict[int, list[str]] = defaultdict(list)
    for one in Contact.objects.filter(facility__in=keys).order_by("pk"):
        called = Called(one.name, one.telephone, one.email, one.reachable)
        contacts[one.facility_id].append(called.written)
    measures: defaultdict[int, list[str]] = defaultdict(list)
    for said in Measure.objects.filter(facility__in=keys).order_by("-year", "key"):
        supplied = Supplied(said.key, said.year, said.value)
        measures[said.facility_id].append(supplied.written)
    for facility in found.iterator(chunk_size=2_000):
        cells: list[Cell] = [
            facility.pk,
            facility.name,
            words.services[facility.service],
            facility.who_runs_it,
            facility.region.key,
            facility.region.name,
            facility.place,
            facility.lat,
            facility.lon,
            facility.served,
            "; ".join(shares[facility.pk]),
            facility.repair_hours,
            facility.repair_spread,
            facility.repair_rank,
            facility.starts_alone,
            facility.vendor,
            facility.feed_in_kw,
            facility.note,
            facility.group,
            "; ".join(contacts[facility.pk]),
            "; ".join(measures[facility.pk]),
        ]
        closed = facility.closed_on.strftime("%d.%m.%Y") if facility.closed_on else ""
        sector = words.sectors[facility.sector]
        yield [*cells, facility.version, checks_of(cells), sector, closed]


def need_rows(found: QuerySet[Facility]) -> Iterator[list[Cell]]:
    """Values in the order of ``NEED_COLUMNS``, by facility."""
    words = german_words()
    keys = found.order_by().values("pk")
    suppliers: defaultdict[int, list[str]] = defaultdict(list)
    rows = Supplier.objects.filter(supply__facility__in=keys).order_by("facility__name", "pk")
    for supply, number, name in rows.values_list("supply", "facility", "facility__name"):
        suppliers[supply].append(f"Nr. {number} {_in_a_list(name)}")
    needs = Supply.objects.filter(facility__in=keys).order_by("facility__name", "facility", "pk")
    for (
        pk,
        facility,
        name,
        ags,
        ars,
        region,
        service,
        needed,
        hours,
        recharge,
        note,
        version,
    ) in needs.values_list(
        *("pk", "facility", "facility__name", "facility__region__ags"),
        *("facility__region__ars", "facility__region__name", "service", "needed"),
        *("buffer_hours", "recharge", "note", "facility__version"),
    ).iterator(chunk_size=2_000):
        cells: list[Cell] = [
            *(pk, facility, name, ags or ars, region, words.services[service]),
            *("; ".join(suppliers[pk]), needed, hours, recharge, note),
        ]
        yield [*cells, version, checks_of(cells)]


def _in_a_list(name: str) -> str:
    """Semicolons part suppliers from each other; the number says which one it is."""
    return " ".join(name.replace(";", ",").split())


def waiting_imports(user: "Person") -> list[ImportCheck]:
    """Files that a person has loaded and not taken over, the last one first; without what they would change."""
    found = ImportCheck.objects.filter(created_by=user.pk, carried_out_at=None)
    found = found.defer("plan", "faults", "shown")[:MOST_WAITING]
    return [each for each in found if each.fault_count or each.changes_something]


def get_import(number: int) -> ImportCheck:
    """A file that was looked at, without what it would change in full."""
    return ImportCheck.objects.defer("plan", "faults").get(pk=number)
