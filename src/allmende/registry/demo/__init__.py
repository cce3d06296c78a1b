"""Example data: real places from open data, invented municipalities, and people who speak for them."""

from collections.abc import Iterator

from .people import CLERK, HEAD, MUNICIPALITIES, fill_people
from .places import KNOWN, create_invented_municipalities, ensure_laender, fill_places

__all__ = [
    "CLERK",
    "HEAD",
    "KNOWN",
    "MUNICIPALITIES",
    "create_invented_municipalities",
    "ensure_laender",
    "fill_demo",
    "fill_people",
]


def fill_demo(seed: int) -> Iterator[str]:
    """Fill in both, once; says how to sign in."""
    yield from fill_places(seed)
    yield from fill_people(seed)
