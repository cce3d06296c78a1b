"""Who may do what in the forum: sentences made of predicates, one module for each kind of thing."""

from . import concerns, contributions, positions, way

__all__ = ["concerns", "contributions", "positions", "way"]
