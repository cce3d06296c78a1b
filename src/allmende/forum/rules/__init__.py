"""Who may do what in the forum: sentences made of predicates, one module for each kind of thing."""

from . import answers, concerns, contributions, ministry, positions, sittings, way

__all__ = ["answers", "concerns", "contributions", "ministry", "positions", "sittings", "way"]
