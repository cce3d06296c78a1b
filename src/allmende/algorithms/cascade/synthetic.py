"""An invented country to try things on: facilities at random places, each supplied by the nearest ones.

Shares of sectors, stores and repair times are assumptions. What comes of it says nothing about Germany.

>>> network = make_country(400, seed=1)
>>> network.size, network.group_count > 800
(400, True)
"""

from dataclasses import dataclass
from math import ceil

import numpy as np

from .network import Facility, Floats, Ints, Network, Supply, make_wires

PEOPLE_OF_A_MUNICIPALITY = 7_700  # 83 million in 10,754
FACILITIES_OF_A_MUNICIPALITY = 3.7
REGIONS = 16


@dataclass(frozen=True)
class Kind:
    """A kind of facility: its part of all, and how long repairs take (median, and σ of the logarithm)."""

    name: str
    part: float
    repair_hours: float
    spread: float


@dataclass(frozen=True)
class Need:
    """What a kind needs: ``needed`` of the ``nearest`` of another, or its store."""

    kind: str
    of: str
    needed: int
    nearest: int
    buffer_hours: float


KINDS = (
    Kind("umspannwerk", 0.01, 48.0, 0.6),
    Kind("ortsnetz", 0.22, 12.0, 0.8),
    Kind("telekommunikation", 0.25, 10.0, 0.8),
    Kind("wasser", 0.2, 24.0, 0.7),
    Kind("krankenhaus", 0.05, 72.0, 0.5),
    Kind("ernährung", 0.22, 36.0, 0.6),
    Kind("kraftstoff", 0.05, 24.0, 0.6),
)
NEEDS = (
    Need("umspannwerk", "telekommunikation", 1, 3, 8.0),
    Need("ortsnetz", "umspannwerk", 1, 2, 0.0),
    Need("ortsnetz", "telekommunikation", 1, 2, 12.0),
    Need("telekommunikation", "ortsnetz", 1, 1, 4.0),
    Need("telekommunikation", "kraftstoff", 1, 3, 72.0),
    Need("wasser", "ortsnetz", 1, 2, 6.0),
    Need("wasser", "telekommunikation", 1, 2, 24.0),
    Need("krankenhaus", "ortsnetz", 1, 2, 72.0),
    Need("krankenhaus", "wasser", 1, 2, 8.0),
    Need("krankenhaus", "telekommunikation", 2, 3, 4.0),
    Need("krankenhaus", "kraftstoff", 1, 3, 96.0),
    Need("ernährung", "ortsnetz", 1, 1, 4.0),
    Need("ernährung", "kraftstoff", 1, 2, 72.0),
    Need("kraftstoff", "ortsnetz", 1, 1, 0.0),
    Need("kraftstoff", "telekommunikation", 1, 2, 12.0),
)


def make_country(size: int, *, seed: int) -> Network:
    """Invent a country with all kinds of facilities; the same for the same seed.

    Parameters
    ----------
    size : int
        Number of facilities.
    seed : int

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        For fewer than 100.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if size < 100:
        raise ValueError("a country has at least 100 facilities")
    random = np.random.default_rng(seed)
    sizes = [max(3, round(kind.part * size)) for kind in KINDS]
    sizes[1] += size - sum(sizes)  # what rounding left over
    kinds = np.repeat(np.arange(len(KINDS)), sizes).astype(np.int64)
    places = random.random((size, 2))
    served, home, municipalities = _served(kinds, places, random)
    regions = (places[:, 0] * REGIONS).astype(np.int64)
    numbers = np.concatenate([np.arange(count) for count in sizes])
    return Network(
        facilities=np.array(
            [f"{KINDS[kind].name}-{number}" for kind, number in zip(kinds, numbers, strict=True)]
        ),
        sectors=kinds,
        sector_names=tuple(kind.name for kind in KINDS),
        served=served,
        ranks=np.zeros(size, dtype=np.int64),
        repair_hours=np.array([KINDS[kind].repair_hours for kind in kinds]),
        spreads=np.array([KINDS[kind].spread for kind in kinds]),
        pools=tuple(f"region-{number}" for number in range(REGIONS)),
        municipalities=tuple(f"gemeinde-{number}" for number in range(municipalities)),
        share_facility=np.arange(size, dtype=np.int64),
        share_municipality=home,
        share_persons=served,
        wires=make_wires(size=size, pool=regions, **_needs(kinds, places)),
    )


def parts_of(network: Network) -> tuple[list[Facility], list[Supply]]:
    """Take a network apart into what `make_network` makes it of.

    Parameters
    ----------
    network : Network

    Returns
    -------
    list of Facility, list of Supply

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    wires, keys = network.wires, network.facilities.tolist()
    suppliers: list[list[str]] = [[] for _ in range(network.group_count)]
    weights: list[list[int]] = [[] for _ in range(network.group_count)]
    starts = wires.supplies_from.tolist()
    for key, first, last in zip(keys, starts, starts[1:], strict=False):
        for edge in range(first, last):
            suppliers[wires.supplied[edge]].append(key)
            weights[wires.supplied[edge]].append(int(wires.weight[edge]))
    shares: list[dict[str, float]] = [{} for _ in keys]
    for place, where, persons in zip(
        network.share_facility.tolist(),
        network.share_municipality.tolist(),
        network.share_persons.tolist(),
        strict=True,
    ):
        shares[place][network.municipalities[where]] = persons
    columns = (
        network.sectors.tolist(),
        network.served.tolist(),
        wires.pool.tolist(),
        network.ranks.tolist(),
        network.repair_hours.tolist(),
        network.spreads.tolist(),
        wires.starts_alone.tolist(),
    )
    facilities = [
        Facility(
            key,
            network.sector_names[sector],
            next(iter(share), "") if len(share) == 1 else "",
            served,
            share if len(share) > 1 else {},
            network.pools[pool],
            rank,
            hours,
            spread,
            alone,
        )
        for key, share, sector, served, pool, rank, hours, spread, alone in zip(
            keys, shares, *columns, strict=True
        )
    ]
    supplies = [
        Supply(
            keys[owner],
            tuple(who),
            needed,
            buffer,
            recharge,
            tuple(counts) if max(counts) > 1 else (),
        )
        for owner, who, counts, needed, buffer, recharge in zip(
            wires.owner.tolist(),
            suppliers,
            weights,
            wires.needed.tolist(),
            wires.buffer.tolist(),
            wires.recharge.tolist(),
            strict=True,
        )
    ]
    return facilities, supplies


def _served(kinds: Ints, places: Floats, random: np.random.Generator) -> tuple[Floats, Ints, int]:
    """How many persons each supplies, in which municipality, and how many of those there are.

    In every sector, all people are supplied by somebody.
    """
    count = max(1, ceil(len(kinds) / FACILITIES_OF_A_MUNICIPALITY))
    people = random.lognormal(0.0, 1.2, count)
    people *= count * PEOPLE_OF_A_MUNICIPALITY / people.sum()
    home = random.integers(0, count, len(kinds))
    of_kind = np.bincount(kinds, weights=people[home], minlength=len(KINDS))
    served = np.round(people[home] * people.sum() / of_kind[kinds])
    return served, home.astype(np.int64), count


def _needs(kinds: Ints, places: Floats) -> dict[str, np.ndarray]:
    """The groups of all, sorted by owner, as ``make_wires`` takes them."""
    from scipy.spatial import cKDTree

    names = [kind.name for kind in KINDS]
    owner, needed, buffer, rows = [], [], [], []
    for need in NEEDS:
        own = np.flatnonzero(kinds == names.index(need.kind))
        others = np.flatnonzero(kinds == names.index(need.of))
        nearest = min(need.nearest, len(others))
        _distance, found = cKDTree(places[others]).query(places[own], k=nearest)
        owner.append(own)
        needed.append(np.full(len(own), min(need.needed, nearest)))
        buffer.append(np.full(len(own), need.buffer_hours))
        rows += list(others[found.reshape(len(own), nearest)])
    owners = np.concatenate(owner)
    order = np.argsort(owners, kind="stable")
    lengths = np.array([len(row) for row in rows])[order]
    return {
        "owner": owners[order].astype(np.int64),
        "needed": np.concatenate(needed)[order].astype(np.int64),
        "buffer": np.concatenate(buffer)[order],
        "recharge": np.ones(len(owners)),
        "group_of": np.repeat(np.arange(len(owners)), lengths).astype(np.int64),
        "suppliers": np.concatenate([rows[place] for place in order]).astype(np.int64),
        "weights": np.ones(int(lengths.sum()), dtype=np.int64),
        "starts_alone": np.ones(len(kinds), dtype=np.bool_),
    }
