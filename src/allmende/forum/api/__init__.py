"""The forum for programs: everything public to read, and all that a mandate allows through the same services."""

from ninja import Router

from . import (
    answers,
    commitments,
    concerns,
    contributions,
    ministries,
    positions,
    sittings,
    statements,
    votes,
    way,
)

router = Router()
for part in (
    concerns,
    statements,
    votes,
    way,
    positions,
    answers,
    commitments,
    sittings,
    contributions,
    ministries,
):
    router.add_router("", part.router)

__all__ = ["router"]
