"""Who may do what in the forum: sentences made of predicates, one module for each kind of thing."""

from . import concerns, contributions, positions, sittings, way

__all__ = ["concerns", "contributions", "positions", "sittings", "way"]
