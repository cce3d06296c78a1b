"""The forum for programs: everything public to read, and all that a mandate allows through the same services."""

from ninja import Router

from . import concerns, statements, votes

router = Router()
for part in (concerns, statements, votes):
    router.add_router("", part.router)

__all__ = ["router"]
