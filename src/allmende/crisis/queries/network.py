"""The part of the register that a person may see, as a network that can be simulated.

It is read in four queries, whatever its size, and no facility of it becomes a model. What does not fit
together is neither refused nor passed over: a rule says what is assumed instead, and ``findings`` tell it.

- Suppliers that have been given up supply nobody.
- Suppliers that this person may not see count as always up (``hidden`` says how many there are).
- Where more suppliers are needed than are left, all that are left are needed; where none is left, the need
  counts as met. So everything works as long as nothing fails, as the register says it does today.
- Where shares do not add up to the people served, the shares count.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Facility, FacilityQuerySet, Service, Share, Supplier, Supply

if TYPE_CHECKING:
    from allmende.algorithms.cascade.network import Network

HOURS_UNKNOWN = 24.0


class Node(NamedTuple):
    """A facility as the register names it; ``lon`` and ``lat`` are its own, or its municipality's."""

    number: int
    name: str
    service: str
    town: int
    provider: str
    lon: float | None
    lat: float | None
    served: int
    repair_hours: float
    spread: float
    rank: int
    starts_alone: bool
    vendor: str
    feed_in_kw: int | None

    @property
    def service_name(self) -> str:
        return str(Service(self.service).label)


class Need(NamedTuple):
    """What a facility needs: ``needed`` of ``suppliers``, who are seen; ``hidden`` more are not."""

    number: int
    facility: int
    service: str
    needed: int
    buffer_hours: float
    recharge: float
    suppliers: tuple[int, ...]
    hidden: int

    @property
    def service_name(self) -> str:
        return str(Service(self.service).label)

    @property
    def of(self) -> int:
        """How many could supply it."""
        return len(self.suppliers) + self.hidden

    @property
    def is_always_met(self) -> bool:
        """Whether nothing that can be seen here could ever take it away."""
        return not self.suppliers or self.hidden >= self.needed


class Finding(NamedTuple):
    """What does not fit together in the register, and what is assumed instead."""

    facility: int
    name: str
    said: str


@dataclass(frozen=True)
class Register:
    """What somebody may see: ``nodes`` and ``towns`` by number, ``shares`` by facility and municipality."""

    nodes: dict[int, Node]
    needs: list[Need]
    shares: dict[int, dict[int, int]]
    towns: dict[int, str]
    hidden: int
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def needs_of(self) -> dict[int, list[Need]]:
        """Needs by the facility that has them."""
        found: dict[int, list[Need]] = defaultdict(list)
        for need in self.needs:
            found[need.facility].append(need)
        return found

    @cached_property
    def needed_by(self) -> dict[int, list[Need]]:
        """Needs by a facility that can meet them."""
        found: dict[int, list[Need]] = defaultdict(list)
        for need in self.needs:
            for supplier in need.suppliers:
                found[supplier].append(need)
        return found

    def simulated_needs_of(self, facility: int) -> list[Need]:
        """Those that are groups of the network, in its order."""
        return [need for need in self.needs_of.get(facility, ()) if not need.is_always_met]

    def persons_of(self, node: Node) -> dict[int, int]:
        """Whom a facility supplies, by municipality."""
        return self.shares.get(node.number) or {node.town: node.served}

    def town_of(self, node: Node) -> str:
        return self.towns.get(node.town, "")

    @cached_property
    def network(self) -> "Network":
        """The same for the simulation: keys are numbers, sectors are services, towns their numbers."""
        from allmende.algorithms.cascade.network import Facility, make_network
        from allmende.algorithms.cascade.network import Supply as Group

        return make_network(
            (
                Facility(
                    str(node.number),
                    node.service,
                    municipality=str(node.town),
                    served=float(sum(self.persons_of(node).values())),
                    shares={str(town): n for town, n in self.persons_of(node).items()},
                    rank=node.rank,
                    repair_hours=node.repair_hours,
                    spread=node.spread,
                    starts_alone=node.starts_alone,
                )
                for node in self.nodes.values()
            ),
            (
                Group(
                    str(need.facility),
                    tuple(map(str, need.suppliers)),
                    needed=need.needed - need.hidden,
                    buffer_hours=need.buffer_hours,
                    recharge=need.recharge,
                )
                for number in self.nodes
                for need in self.simulated_needs_of(number)
            ),
        )


def read_register(visible: FacilityQuerySet) -> Register:
    """Read what can be seen of the register, in five queries."""
    working = visible.working().select_related(None).order_by()
    nodes: dict[int, Node] = {}
    towns: dict[int, str] = {}
    columns = (
        *("pk", "name", "service", "region_id", "region__name", "provider__name", "provider_name"),
        *("lon", "lat", "region__lon", "region__lat", "served", "repair_hours", "repair_spread"),
        *("repair_rank", "starts_alone", "vendor", "feed_in_kw"),
    )
    for row in working.order_by("name", "pk").values_list(*columns):
        number, name, service, town, town_name, provider, other, *where, served = row[:12]
        median, spread, rank, alone, vendor, power = row[12:]
        lon, lat = where[:2] if where[0] is not None else where[2:]
        towns[town] = town_name.split(",", 1)[0]
        nodes[number] = Node(
            *(number, name, service, town, provider or other, lon, lat, served),
            repair_hours=median if isfinite(median) and median > 0 else HOURS_UNKNOWN,
            spread=spread if isfinite(spread) and spread >= 0 else 0.0,
            rank=rank,
            starts_alone=alone,
            vendor=vendor,
            feed_in_kw=power,
        )
    shares: dict[int, dict[int, int]] = defaultdict(dict)
    # Who may see what has been asked once; that takes longer than to find the rest by numbers.
    rows = Share.objects.filter(facility__pk__among=list(nodes), persons__gt=0).order_by()
    for number, town, town_name, persons in rows.values_list(
        "facility_id", "region_id", "region__name", "persons"
    ):
        shares[number][town] = persons
        towns[town] = town_name.split(",", 1)[0]
    findings = [
        _finding(
            node, _("Die Angaben je Gemeinde ergeben nicht die Summe; gerechnet wird mit ihnen.")
        )
        for number, node in nodes.items()
        if number in shares and sum(shares[number].values()) != node.served
    ]
    needs, hidden, wrong = _read_needs(nodes)
    return Register(nodes, needs, dict(shares), towns, hidden, findings + wrong)


def _read_needs(nodes: dict[int, Node]) -> tuple[list[Need], int, list[Finding]]:
    """All needs of these facilities, how many suppliers are not seen, and what does not fit."""
    seen: dict[int, list[int]] = defaultdict(list)
    unseen: dict[int, set[int]] = defaultdict(set)
    supplies = (
        Supply.objects.filter(facility__pk__among=list(nodes))
        .order_by("facility_id", "pk")
        .values_list("pk", "facility_id", "service", "needed", "buffer_hours", "recharge")
    )
    keys = [key for key, *_rest in supplies]
    rows = Supplier.objects.filter(supply__pk__among=keys).order_by("supply_id", "pk")
    pairs = list(rows.values_list("supply_id", "facility_id"))
    strangers = {supplier for _supply, supplier in pairs} - nodes.keys()
    there = Facility.objects.filter(pk__among=list(strangers), closed_on=None).order_by()
    unseen_there = set(there.values_list("pk", flat=True))
    for supply, supplier in pairs:
        if supplier in nodes:
            seen[supply].append(supplier)
        elif supplier in unseen_there:
            unseen[supply].add(supplier)
    needs, findings = [], []
    for number, facility, service, needed, hours, recharge in supplies:
        suppliers = tuple(each for each in seen[number] if each != facility)
        left = len(suppliers) + len(unseen[number])
        node, what = nodes[facility], {"what": Service(service).label, "left": left}
        if len(suppliers) < len(seen[number]):
            findings.append(
                _finding(node, _("%(what)s: Sie liefert sich selbst; das zählt nicht.") % what)
            )
        if not left:
            said = _(
                "%(what)s: Kein Lieferant ist in Betrieb; gerechnet wird, als sei der Bedarf gedeckt."
            )
            findings.append(_finding(node, said % what))
        elif needed > left:
            said = ngettext(
                "%(what)s: Nötig sind %(needed)s Lieferanten, in Betrieb ist %(left)s; "
                "gerechnet wird, als müsse nur dieser liefern.",
                "%(what)s: Nötig sind %(needed)s Lieferanten, in Betrieb sind %(left)s; "
                "gerechnet wird, als müssten alle diese liefern.",
                left,
            )
            findings.append(_finding(node, said % (what | {"needed": needed})))
        needs.append(
            Need(
                *(number, facility, service, max(1, min(needed, left))),
                buffer_hours=hours if hours >= 0 else 0.0,
                recharge=recharge if isfinite(recharge) and recharge >= 0 else 0.0,
                suppliers=suppliers,
                hidden=len(unseen[number]),
            )
        )
    return needs, len(set().union(*unseen.values())), findings


def count_unseen_dependants(register: Register, failed: Collection[int]) -> int:
    """How many facilities that are not seen need one of those that fail."""
    rows = Supplier.objects.filter(
        facility__in=failed, supply__facility__closed_on__isnull=True
    ).order_by()
    found = rows.values_list("supply__facility", flat=True).distinct()
    return len(set(found) - register.nodes.keys())


def _finding(node: Node, said: str) -> Finding:
    return Finding(node.number, node.name, said)
