"""Who may be hit by water, by wind, or by an attack on a part of a group, and who is in one draw.

Water and wind come at a point or along a line between two places, with the same strength everywhere within a
distance. Who is damaged is drawn from curves by service (``algorithms.cascade.hazards``); the curves are rules
of thumb, for nobody has published any for German facilities of all kinds.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..models import Service
from ..queries import Node, Register

if TYPE_CHECKING:
    from allmende.algorithms.cascade.hazards import Exposure

KM_OF_A_DEGREE = 111.2  # of latitude
Point = tuple[float, float]  # longitude and latitude in degrees


class Hazard(TextChoices):
    """What comes over an area."""

    FLOOD = "hochwasser", _("Hochwasser")
    STORM = "sturm", _("Sturm")


# At how much water (m above ground) and at which gusts (km/h) every second facility is damaged.
_USUAL = {Hazard.FLOOD: 1.0, Hazard.STORM: 220.0}
_OTHERS: dict[Hazard, dict[Service, float]] = {
    Hazard.FLOOD: {
        Service.TRANSIT: 0.5,
        Service.ROADS: 0.5,
        Service.FOOD: 0.6,
        Service.POWER: 0.8,
        Service.FUEL: 0.8,
        Service.COMPUTING: 0.8,
    },
    Hazard.STORM: {
        Service.TRANSIT: 120.0,
        Service.ROADS: 130.0,
        Service.POWER: 160.0,
        Service.TELECOM: 180.0,
        Service.SATELLITES: 180.0,
    },
}
# Whoever is hit less often than once in a thousand times is told to be out of danger.
LEAST = 0.001
# σ of the logarithm: how gradually more strength damages more.
SPREADS = {Hazard.FLOOD: 0.5, Hazard.STORM: 0.2}


@dataclass(frozen=True)
class Area:
    """All within ``km`` of the line between two points; if they are the same, a circle."""

    begin: Point
    end: Point
    km: float

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it.

        >>> strip = Area((11.0, 49.0), (11.2, 49.0), 3)
        >>> strip.holds((11.1, 49.02)), strip.holds((11.1, 49.03)), strip.holds((11.3, 49.0))
        (True, False, False)
        """
        # Flat is exact enough: an area is small.
        wide = KM_OF_A_DEGREE * cos(radians(self.begin[1]))
        x, y = _away(self.begin, point, wide)
        to_x, to_y = _away(self.begin, self.end, wide)
        length = to_x**2 + to_y**2
        part = min(1.0, max(0.0, (x * to_x + y * to_y) / length)) if length else 0.0
        return hypot(x - part * to_x, y - part * to_y) <= self.km


def _away(begin: Point, point: Point, wide: float) -> tuple[float, float]:
    return (point[0] - begin[0]) * wide, (point[1] - begin[1]) * KM_OF_A_DEGREE


def half_damaged(hazard: Hazard, service: Service) -> float:
    """The strength at which every second facility of a service is damaged."""
    return _OTHERS[hazard].get(service, _USUAL[hazard])


def curves_of(register: Register) -> list[tuple[str, float, float]]:
    """For each service that there is: at how much water and at which gusts every second one is damaged."""
    there = {node.service for node in register.nodes.values()}
    return [
        (
            str(each.label),
            half_damaged(Hazard.FLOOD, each),
            half_damaged(Hazard.STORM, each),
        )
        for each in Service
        if each in there
    ]


def middle_of(register: Register, town: int) -> Point | None:
    """The middle of the facilities of a municipality; None if nobody knows where one of them is."""
    points = [
        point
        for node in register.nodes.values()
        if node.town == town and (point := _point(node)) is not None
    ]
    if not points:
        return None
    lons, lats = zip(*points, strict=True)
    return sum(lons) / len(points), sum(lats) / len(points)


def chances_in_area(
    register: Register, hazard: Hazard, area: Area, *, strength: float
) -> dict[int, float]:
    """With which chance water or wind of a strength damages each facility within an area."""
    from allmende.algorithms.cascade.hazards import Fragility, field_hazard

    network = register.network
    force = [
        strength if (point := _point(node)) is not None and area.holds(point) else 0.0
        for node in register.nodes.values()
    ]
    curves = {
        name: Fragility(half_damaged(hazard, Service(name)), SPREADS[hazard])
        for name in network.sector_names
    }
    return _by_number(register, field_hazard(network, force, curves))


def chances_of_part(
    register: Register, users: Collection[int], *, share: float
) -> dict[int, float]:
    """With which chance each of a group is hit, if a share of them is."""
    from allmende.algorithms.cascade.hazards import attack

    places = [place for place, number in enumerate(register.nodes) if number in users]
    return _by_number(register, attack(register.network, places, share=share, at=0.0, hours=1.0))


def exposure_of(
    register: Register, chances: Mapping[int, float], *, hours: float | None = None
) -> "Exposure":
    """Facilities with their chances as the simulation takes them, damaged at the beginning.

    ``hours`` is how long the damage lasts, None: as the repair of each does.
    """
    import numpy as np

    from allmende.algorithms.cascade.draws import keys_of
    from allmende.algorithms.cascade.hazards import Exposure

    network = register.network
    names = [str(number) for number in sorted(chances)]
    places = np.array([network.position(name) for name in names], dtype=np.int64)
    none = np.zeros(len(places))
    return Exposure(
        places,
        np.array([chances[number] for number in sorted(chances)], dtype=np.float64),
        none,
        network.repair_hours[places] if hours is None else none + hours,
        network.spreads[places] if hours is None else none,
        keys_of(names),
    )


def draw(register: Register, chances: Mapping[int, float], *, seed: int) -> frozenset[int]:
    """Who is hit: always the same for the same seed."""
    if all(chance >= 1 for chance in chances.values()):
        return frozenset(chances)
    numbers = list(register.nodes)
    return frozenset(numbers[place] for place in exposure_of(register, chances).draw(seed).what)


def _by_number(register: Register, exposure: "Exposure") -> dict[int, float]:
    numbers = list(register.nodes)
    return {
        numbers[place]: chance
        for place, chance in zip(exposure.facility.tolist(), exposure.chance.tolist(), strict=True)
        if chance >= LEAST
    }


def _point(node: Node) -> Point | None:
    return None if node.lon is None or node.lat is None else (node.lon, node.lat)
