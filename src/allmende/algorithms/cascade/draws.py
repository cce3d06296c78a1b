"""Draws that belong to a facility and a purpose, not to the order in which somebody draws.

A decision or another facility in the register therefore shifts no other draw: two runs with the same seed
differ only by what people did (common random numbers). Each draw is a hash: SplitMix64 (Steele, Lea, Flood
2014, doi 10.1145/2660193.2660195) of seed, facility and purpose.

>>> keys = keys_of(["klinik", "werk"])
>>> (uniforms(7, keys, "damage") == uniforms(7, keys_of(["werk", "klinik"]), "damage")[::-1]).all()
np.True_
"""

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from .network import Floats, Ints
from .speed import COMPILED, compiled

Keys = NDArray[np.uint64]
Marks = NDArray[np.bool_]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
STEP = 2.0**-52


def _number_of(text: str) -> int:
    """A number of 64 bits that stands for a text, everywhere and always the same."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def keys_of(facilities: Iterable[str]) -> Keys:
    """Number facilities: always and everywhere the same number of 64 bits for a key.

    Parameters
    ----------
    facilities : iterable of str
        Their keys.

    Returns
    -------
    (N,) uint64

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    return np.array([_number_of(key) for key in facilities], dtype=np.uint64)


def salted(keys: Keys, salt: str) -> Keys:
    """Other numbers for the same facilities, so that one more hazard draws for itself.

    Parameters
    ----------
    keys : (N,) uint64
    salt : str

    Returns
    -------
    (N,) uint64

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    found: Keys = keys ^ np.uint64(_number_of(salt))
    return found


def uniforms(seed: int, keys: Keys, purpose: str) -> Floats:
    """Draw evenly between 0 and 1, both excluded.

    Parameters
    ----------
    seed : int
    keys : (N,) uint64
        See `keys_of`.
    purpose : str
        What it is drawn for.

    Returns
    -------
    (N,) float64

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
    doi:10.1145/2660193.2660195.
    """
    # 52 bits, and half a step: never 0 and never 1.
    return ((_mix(_start(seed, purpose) ^ keys) >> np.uint64(12)).astype(np.float64) + 0.5) * STEP


def below(seed: int, keys: Keys, purpose: str, limits: Floats) -> Ints:
    """Say whose number of `uniforms` is less than a limit of its own, sooner than by drawing all numbers.

    Parameters
    ----------
    seed, keys, purpose
        As in `uniforms`.
    limits : (N,) float64

    Returns
    -------
    (K,) int64
        Positions, rising.

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if not COMPILED:
        return np.flatnonzero(uniforms(seed, keys, purpose) < limits)
    marks = np.empty(len(keys), dtype=np.bool_)
    _mark(_start(seed, purpose)[0], keys, limits, marks)
    return np.flatnonzero(marks)


def normals(seed: int, keys: Keys, purpose: str) -> Floats:
    """Draw from the standard normal distribution.

    Parameters
    ----------
    seed, keys, purpose
        As in `uniforms`.

    Returns
    -------
    (N,) float64

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014,
    doi:10.1145/2660193.2660195.
    """
    from scipy.special import ndtri

    found: Floats = ndtri(uniforms(seed, keys, purpose))
    return found


def _start(seed: int, purpose: str) -> Keys:
    """(1,) where the draws of a seed and a purpose begin."""
    return _mix(np.array([_number_of(f"{seed}/{purpose}")], dtype=np.uint64))


@compiled
def _mark(start: np.uint64, keys: Keys, limits: Floats, marks: Marks) -> None:
    """The same as `_mix` and `uniforms`, in one pass and without an array between."""
    for place in range(len(keys)):
        value = (start ^ keys[place]) + GOLDEN
        value = (value ^ (value >> np.uint64(30))) * FIRST
        value = (value ^ (value >> np.uint64(27))) * SECOND
        value = value ^ (value >> np.uint64(31))
        marks[place] = (np.float64(value >> np.uint64(12)) + 0.5) * STEP < limits[place]


def _mix(values: Keys) -> Keys:
    """SplitMix64's next number; overflow belongs to it."""
    with np.errstate(over="ignore"):
        values = values + GOLDEN
        values = (values ^ (values >> np.uint64(30))) * FIRST
        values = (values ^ (values >> np.uint64(27))) * SECOND
    return values ^ (values >> np.uint64(31))
