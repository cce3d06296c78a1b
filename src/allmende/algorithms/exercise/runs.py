"""Which run of the simulation something comes from: a hash that anybody can compute again.

>>> world = world_hash({"model": None, "seed": 7})
>>> run_hash(world, []) == run_hash(world, [(60, "wohin", "klinik")])
False
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

# What a run follows from, besides what was decided when; and what stands there if a script says nothing.
PARTS: Mapping[str, Any] = {
    "begins_hours": 0,
    "decisions": [],
    "model": None,
    "seed": 0,
    "units": [],
}


def world_hash(document: Mapping[str, Any]) -> str:
    """Name the world of a script: network, scenario, seed, units, and what decisions do.

    Parameters
    ----------
    document : mapping
        As docs/reference/exercise-json.md tells.

    Returns
    -------
    str
        SHA-256, in hexadecimal digits.

    Raises
    ------
    TypeError
        If the document is none that JSON can say.

    References
    ----------
    docs/algorithms/exercise.md
    """
    return _hash({name: document.get(name, plain) for name, plain in PARTS.items()})


def run_hash(world: str, decided: Iterable[tuple[int, str, str]]) -> str:
    """Name a run: a world, and what was decided in it.

    Parameters
    ----------
    world : str
        As `world_hash` gives it.
    decided : iterable of (int, str, str)
        Exercise time in microseconds, decision, option; in their order.

    Returns
    -------
    str
        SHA-256, in hexadecimal digits.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    return _hash({"decided": [list(each) for each in decided], "world": world})


def _hash(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
