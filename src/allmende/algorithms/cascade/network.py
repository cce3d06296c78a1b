"""Facilities and what each needs from others, checked and laid out for the simulation.

>>> network = make_network(
...     [Facility("werk", "strom"), Facility("klinik", "gesundheit", served=900.0)],
...     [Supply("klinik", ("werk",), buffer_hours=72.0)],
... )
>>> network.size, network.facilities.tolist()
(2, ['werk', 'klinik'])
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_POOL = ""


class ModelError(ValueError):
    """A network or a scenario that cannot be; says where."""


@dataclass(frozen=True)
class Facility:
    """One facility.

    served : persons that it supplies, zero or more
    shares : persons of each municipality among them; without any, all are of ``municipality``
    pool : the crews that repair it
    rank : it is repaired before those with a higher one
    repair_hours : median of its repair time; infinite: nobody repairs it
    spread : σ of the logarithm of its repair time; 0: always the median
    starts_alone : False: once it is down, it comes up only by suppliers that are up without it
    """

    key: str
    sector: str
    municipality: str = ""
    served: float = 0.0
    shares: Mapping[str, float] = field(default_factory=dict)
    pool: str = NO_POOL
    rank: int = 0
    repair_hours: float = 24.0
    spread: float = 0.0
    starts_alone: bool = True


@dataclass(frozen=True)
class Supply:
    """What a facility needs: enough of these suppliers, or what it has in store.

    needed : how many of them must be up; with ``weights``, the sum of theirs
    buffer_hours : how long the full store lasts without them; infinite: for ever
    recharge : hours of store that an hour of supply brings back
    weights : what each supplier counts, whole numbers from 1; without: 1 each
    """

    facility: str
    suppliers: tuple[str, ...]
    needed: int = 1
    buffer_hours: float = 0.0
    recharge: float = 1.0
    weights: tuple[int, ...] = ()


class Wires(NamedTuple):
    """The network as the simulation walks it; groups are sorted by the facility that needs them."""

    owner: Ints  # (G,) facility that needs the group
    needed: Ints  # (G,)
    buffer: Floats  # (G,) hours
    recharge: Floats  # (G,) hours an hour
    full: Ints  # (G,) what its suppliers count if all are up
    groups_from: Ints  # (N + 1,) groups of facility i: groups_from[i] to groups_from[i + 1]
    supplies_from: Ints  # (N + 1,) what facility i supplies, as ranges of the two below
    supplied: Ints  # (E,) group
    weight: Ints  # (E,) what the facility counts in it
    pool: Ints  # (N,)
    pool_from: Ints  # (P + 1,) where the queue of each pool begins
    starts_alone: NDArray[np.bool_]  # (N,)


@dataclass(frozen=True)
class Network:
    """A checked network of N facilities with G supply groups of E suppliers in all.

    facilities : (N,) str
    sectors : (N,) int, positions in ``sector_names``
    served : (N,) float, persons
    ranks : (N,) int
    repair_hours, spreads : (N,) float
    groups : the supplies in the order of ``wires``; empty if made from arrays
    share_facility, share_municipality, share_persons : (S,) who supplies how many persons where
    """

    facilities: NDArray[np.str_]
    sectors: Ints
    sector_names: tuple[str, ...]
    served: Floats
    ranks: Ints
    repair_hours: Floats
    spreads: Floats
    pools: tuple[str, ...]
    municipalities: tuple[str, ...]
    share_facility: Ints
    share_municipality: Ints
    share_persons: Floats
    wires: Wires

    @property
    def size(self) -> int:
        """Number of facilities."""
        return len(self.facilities)

    @property
    def group_count(self) -> int:
        return len(self.wires.owner)

    def position(self, key: str) -> int:
        """Where a facility stands; ``ModelError`` if there is none of that key."""
        try:
            return self._positions[key]
        except KeyError:
            raise ModelError(f"unknown facility: {key!r}") from None

    def groups_of(self, position: int) -> range:
        """The groups that a facility needs."""
        first, last = self.wires.groups_from[position : position + 2].tolist()
        return range(first, last)

    @property
    def _positions(self) -> dict[str, int]:
        found: dict[str, int] = self.__dict__.get("positions", {})
        if not found:
            found = {key: position for position, key in enumerate(self.facilities.tolist())}
            self.__dict__["positions"] = found
        return found


def make_network(facilities: Iterable[Facility], supplies: Iterable[Supply]) -> Network:
    """Check and lay out a network.

    Parameters
    ----------
    facilities : iterable of Facility
    supplies : iterable of Supply
        Cycles are allowed.

    Returns
    -------
    Network

    Raises
    ------
    ModelError
        A key twice, an unknown facility or supplier, one that supplies itself or a group twice, more
        needed than there are, a negative or missing number.

    References
    ----------
    docs/algorithms/cascade.md

    S. V. Buldyrev et al., "Catastrophic cascade of failures in interdependent networks", Nature 464
    (2010), doi:10.1038/nature08932.
    """
    nodes, groups = list(facilities), list(supplies)
    positions: dict[str, int] = {}
    for position, node in enumerate(nodes):
        if node.key in positions:
            raise ModelError(f"facility {node.key!r} is there twice")
        positions[node.key] = position
        _check_facility(node)
    for group in groups:
        _check_supply(group, positions)
    owners = np.array([positions[group.facility] for group in groups], dtype=np.int64)
    order = np.argsort(owners, kind="stable")
    groups = [groups[place] for place in order.tolist()]
    suppliers = [positions[key] for group in groups for key in group.suppliers]
    weights = [
        weight for group in groups for weight in (group.weights or (1,) * len(group.suppliers))
    ]
    sectors = _numbered(node.sector for node in nodes)
    pools = _numbered(node.pool for node in nodes)
    shares = [
        (position, municipality, persons)
        for position, node in enumerate(nodes)
        for municipality, persons in (node.shares or {node.municipality: node.served}).items()
    ]
    municipalities = _numbered(municipality for _position, municipality, _persons in shares)
    return Network(
        facilities=np.array([node.key for node in nodes], dtype=np.str_),
        sectors=sectors[1],
        sector_names=sectors[0],
        served=np.array([node.served for node in nodes], dtype=np.float64),
        ranks=np.array([node.rank for node in nodes], dtype=np.int64),
        repair_hours=np.array([node.repair_hours for node in nodes], dtype=np.float64),
        spreads=np.array([node.spread for node in nodes], dtype=np.float64),
        pools=pools[0],
        municipalities=municipalities[0],
        share_facility=np.array([share[0] for share in shares], dtype=np.int64),
        share_municipality=municipalities[1],
        share_persons=np.array([share[2] for share in shares], dtype=np.float64),
        wires=make_wires(
            size=len(nodes),
            owner=owners[order],
            needed=np.array([group.needed for group in groups], dtype=np.int64),
            buffer=np.array([group.buffer_hours for group in groups], dtype=np.float64),
            recharge=np.array([group.recharge for group in groups], dtype=np.float64),
            group_of=np.repeat(
                np.arange(len(groups)), [len(group.suppliers) for group in groups]
            ).astype(np.int64),
            suppliers=np.array(suppliers, dtype=np.int64),
            weights=np.array(weights, dtype=np.int64),
            pool=pools[1],
            starts_alone=np.array([node.starts_alone for node in nodes], dtype=np.bool_),
        ),
    )


def make_wires(
    *,
    size: int,
    owner: Ints,
    needed: Ints,
    buffer: Floats,
    recharge: Floats,
    group_of: Ints,
    suppliers: Ints,
    weights: Ints,
    pool: Ints,
    starts_alone: NDArray[np.bool_],
) -> Wires:
    """Lay out a network given as arrays.

    Parameters
    ----------
    size : int
        Number N of facilities.
    owner : (G,) int
        Who needs each group, ascending.
    needed : (G,) int
    buffer : (G,) float
        Hours.
    recharge : (G,) float
        Hours an hour.
    group_of, suppliers, weights : (E,) int
        To which group a supplier belongs, who it is, and what it counts there.
    pool : (N,) int
    starts_alone : (N,) bool

    Returns
    -------
    Wires

    Raises
    ------
    ModelError
        As in `make_network`, or if the groups are not sorted.

    References
    ----------
    docs/algorithms/cascade.md
    """
    count = len(owner)
    if np.any(np.diff(owner) < 0):
        raise ModelError("groups are not sorted by facility")
    for what, values in (("owner", owner), ("supplier", suppliers)):
        if len(values) and (values.min() < 0 or values.max() >= size):
            raise ModelError(f"unknown {what}")
    full = np.bincount(group_of, weights=weights, minlength=count).astype(np.int64)
    for what, wrong in (
        ("more is needed than there is", (needed < 1) | (needed > full)),
        ("a buffer is negative or not a number", ~(buffer >= 0)),
        ("a recharge is negative or no number", ~((recharge >= 0) & (recharge < inf))),
    ):
        if wrong.any():
            raise ModelError(f"group {int(np.flatnonzero(wrong)[0])}: {what}")
    if np.any(owner[group_of] == suppliers):
        raise ModelError("a facility supplies itself")
    order = np.argsort(suppliers, kind="stable")
    return Wires(
        owner=owner,
        needed=needed,
        buffer=buffer,
        recharge=recharge,
        full=full,
        groups_from=_starts(owner, size),
        supplies_from=_starts(suppliers[order], size),
        supplied=group_of[order],
        weight=weights[order],
        pool=pool,
        pool_from=_starts(np.sort(pool), int(pool.max()) + 1 if size else 0),
        starts_alone=starts_alone,
    )


def _starts(sorted_keys: Ints, size: int) -> Ints:
    return np.searchsorted(sorted_keys, np.arange(size + 1)).astype(np.int64)


def _numbered(names: Iterable[str]) -> tuple[tuple[str, ...], Ints]:
    """Names in the order in which they come, each once, and the number of each."""
    numbers: dict[str, int] = {}
    found = [numbers.setdefault(name, len(numbers)) for name in names]
    return tuple(numbers), np.array(found, dtype=np.int64)


def _check_facility(node: Facility) -> None:
    what = f"facility {node.key!r}"
    for name, value in (("served", node.served), ("spread", node.spread)):
        if not (isfinite(value) and value >= 0):
            raise ModelError(f"{what}: {name} is negative or not a number")
    if not 0 < node.repair_hours <= inf:
        raise ModelError(f"{what}: repair takes no time, or less")
    for municipality, persons in node.shares.items():
        if not (isfinite(persons) and persons >= 0):
            raise ModelError(f"{what}: its share in {municipality!r} is negative or not a number")
    # Rounded figures need not add up to the person, but to the hundredth.
    if node.shares and abs(sum(node.shares.values()) - node.served) > 0.01 * max(node.served, 1.0):
        raise ModelError(f"{what}: its shares are not those whom it serves")


def _check_supply(group: Supply, positions: Mapping[str, int]) -> None:
    what = f"supply of {group.facility!r}"
    unknown: Sequence[str] = [
        key for key in (group.facility, *group.suppliers) if key not in positions
    ]
    if unknown:
        raise ModelError(f"{what}: unknown facility {unknown[0]!r}")
    if group.facility in group.suppliers:
        raise ModelError(f"{what}: it supplies itself")
    if len(set(group.suppliers)) < len(group.suppliers):
        raise ModelError(f"{what}: a supplier is there twice")
    if group.weights and (len(group.weights) != len(group.suppliers) or min(group.weights) < 1):
        raise ModelError(f"{what}: each supplier needs a weight of 1 or more")
    total = sum(group.weights) or len(group.suppliers)
    if not 1 <= group.needed <= total:
        raise ModelError(f"{what}: {group.needed} needed of {total}")
    if not group.buffer_hours >= 0:
        raise ModelError(f"{what}: buffer is negative or not a number")
    if not 0 <= group.recharge < inf:
        raise ModelError(f"{what}: recharge is negative or no number")
