"""The forum for programs: everything public to read, and all that a mandate allows through the same services."""

from ninja import Router

from . import (
    agendas,
    answers,
    commitments,
    concerns,
    contributions,
    drafts,
    meetings,
    members,
    ministries,
    minutes,
    positions,
    responsible,
    sections,
    sittings,
    statements,
    terms,
    votes,
    way,
)

router = Router()
for part in (
    concerns,
    statements,
    votes,
    drafts,
    members,
    way,
    responsible,
    sections,
    positions,
    answers,
    commitments,
    sittings,
    meetings,
    agendas,
    minutes,
    contributions,
    ministries,
    terms,
):
    router.add_router("", part.router)

__all__ = ["router"]
