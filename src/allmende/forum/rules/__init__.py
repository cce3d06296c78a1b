"""Who may do what in the forum: sentences made of predicates, one module for each kind of thing."""

from . import concerns, positions, sittings, way

__all__ = ["concerns", "positions", "sittings", "way"]
