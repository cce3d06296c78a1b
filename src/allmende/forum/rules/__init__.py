"""Who may do what in the forum: sentences made of predicates, one module for each kind of thing."""

<<<<<<< HEAD
from . import answers, concerns

__all__ = ["answers", "concerns"]
=======
from . import concerns, way

__all__ = ["concerns", "way"]
>>>>>>> main
