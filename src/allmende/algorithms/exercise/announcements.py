"""What an exercise hears of the simulation: who is told what, when; the words come from elsewhere.

A facility that runs on its store calls (its operator, with the hours left); one that fails is noticed (by
citizens and media); one that is back stands in the situation report. Where much happens at once, the first
few are told one by one, and the rest of the quarter of an hour together at its end: so nothing that was told
depends on what comes later, and a decision changes only what is still to be told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .clock import MINUTE
from .conditions import BUFFERED, FAILED, REPAIRING
from .cues import Cue
from .replay import Future, Transition

RESTORED = "restored"
OPERATOR, PUBLIC, SITUATION = "operator", "public", "situation"
AUDIENCES = {BUFFERED: OPERATOR, FAILED: PUBLIC, RESTORED: SITUATION}
PREFIX = "simulation/"


class Item(NamedTuple):
    """What is said of one facility.

    left : hours in store, where it runs on that; persons : whom it supplies
    missing : the sectors of the suppliers that fail it; empty if it is damaged or switched off
    """

    facility: str
    sector: str
    persons: float
    left: float
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Announcement:
    """One inject of the simulation; the same key says the same, in whichever run."""

    key: str
    due: int  # microseconds of exercise time
    kind: str  # BUFFERED, FAILED, RESTORED
    municipality: str
    items: tuple[Item, ...]
    gathered: bool = False

    @property
    def audience(self) -> str:
        return AUDIENCES[self.kind]


def announcements(
    future: Future,
    *,
    most: int = 3,
    window: int = 15 * MINUTE,
    municipalities: Collection[str] | None = None,
) -> list[Announcement]:
    """Say what the simulation tells an exercise.

    Parameters
    ----------
    future : Future
    most : int
        How many of a kind are told one by one in each window of a municipality.
    window : int
        Microseconds.
    municipalities : collection of str, optional
        Those that are played; without it, all.

    Returns
    -------
    list of Announcement
        By the time at which they are due. What was before the exercise began is not told.

    Raises
    ------
    ValueError
        If a window has no length, or fewer than none are told.

    References
    ----------
    docs/algorithms/exercise.md
    """
    if window < 1 or most < 0:
        raise ValueError("a window has a length, and none or more are told in it")
    homes = _homes(future)
    found: list[Announcement] = []
    counts: dict[tuple[str, str, int], list[Transition]] = {}
    for kind, each in _told(future):
        moment, home = future.world.moment(each.hour), homes[each.facility]
        if moment < 0 or (municipalities is not None and home not in municipalities):
            continue
        here = counts.setdefault((kind, home, moment // window), [])
        here.append(each)
        if len(here) <= most:
            key = f"{PREFIX}{kind}/{each.facility}/{moment}"
            found.append(Announcement(key, moment, kind, home, (_item(future, each),)))
    for (kind, home, number), here in counts.items():
        if len(here) > most:
            items = tuple(_item(future, each) for each in here[most:])
            key = f"{PREFIX}{kind}/{home}/{number}"
            due = (number + 1) * window
            found.append(Announcement(key, due, kind, home, items, gathered=True))
    return sorted(found, key=lambda each: each.due)


def cues_of(
    found: Sequence[Announcement], recipients: dict[tuple[str, str], tuple[str, ...]]
) -> list[Cue]:
    """Say when and for whom announcements are due, as deliveries need it.

    Parameters
    ----------
    found : sequence of Announcement
    recipients : dict of (str, str) to tuple of str
        By audience and municipality; those of municipality "" hear of all.

    Returns
    -------
    list of Cue
        Without those that nobody hears.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    cues = []
    for each in found:
        named = (
            *recipients.get((each.audience, each.municipality), ()),
            *recipients.get((each.audience, ""), ()),
        )
        if named:
            cues.append(Cue(each.key, tuple(dict.fromkeys(named)), at=each.due))
    return cues


def _told(future: Future) -> list[tuple[str, Transition]]:
    """Transitions that somebody notices, each with its kind; at one moment, what most people miss first."""
    net = future.run.network
    served = dict(zip(net.facilities.tolist(), net.served.tolist(), strict=True))
    down: set[str] = set()
    found = []
    for each in future.transitions:
        falls = each.state in (FAILED, REPAIRING)
        if falls and each.facility not in down:
            down.add(each.facility)
            found.append((FAILED, each))
        elif not falls and each.facility in down:
            down.discard(each.facility)
            found.append((RESTORED, each))
        if each.state == BUFFERED:
            found.append((BUFFERED, each))
    return sorted(found, key=lambda f: (f[1].hour, -served[f[1].facility], f[1].facility))


def _item(future: Future, each: Transition) -> Item:
    net = future.run.network
    place = net.position(each.facility)
    suppliers = future.suppliers(each.cause)
    sectors = [net.sector_names[net.sectors[net.position(key)]] for key in suppliers]
    return Item(
        each.facility,
        net.sector_names[net.sectors[place]],
        float(net.served[place]),
        each.left,
        tuple(dict.fromkeys(sectors)),
    )


def _homes(future: Future) -> dict[str, str]:
    """The municipality of each facility: where it supplies most."""
    net = future.run.network
    found: dict[str, str] = {}
    order = np.argsort(-net.share_persons, kind="stable")
    for share in order.tolist():
        key = str(net.facilities[net.share_facility[share]])
        found.setdefault(key, net.municipalities[net.share_municipality[share]])
    return found
