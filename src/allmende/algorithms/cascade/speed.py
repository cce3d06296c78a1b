"""Compiles the simulation where numba is installed (``allmende[speed]``); plain Python does the same, slower."""

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

try:
    from numba import config, njit
except ImportError:
    COMPILED = False
else:
    COMPILED = not config.DISABLE_JIT  # NUMBA_DISABLE_JIT=1: plain Python all the same


def compiled(function: F) -> F:
    """Compile at the first call, and keep that for the next process where there is a place for it.

    Parameters
    ----------
    function : callable

    Returns
    -------
    callable
        The same one where numba is not installed.

    Raises
    ------
    ValueError
        Never.

    Notes
    -----
    numba renews what it keeps when the file of the called function changes, and looks at no other:
    developing, whoever changes ``state.py`` or ``settle.py`` touches ``spread.py`` too.

    References
    ----------
    docs/algorithms/cascade.md
    """
    if not COMPILED:
        return function
    fast: F
    try:
        fast = njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    except RuntimeError:  # nowhere to keep it: then every process compiles anew
        fast = njit(nogil=True, error_model="numpy", _nrt=False)(function)
    return fast
