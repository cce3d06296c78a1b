"""Minutes of a sitting as a tagged PDF."""

from .pages import Addendum, Item, Minutes, Promise, write_minutes

__all__ = ["Addendum", "Item", "Minutes", "Promise", "write_minutes"]
