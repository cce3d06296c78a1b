"""The injects of a script as a table: by time, with the names of whom and what they concern."""

from typing import NamedTuple

from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.model import Inject, Script

from .situation import channel_label


class Line(NamedTuple):
    """One inject, in words."""

    inject: Inject
    when: str
    to: str
    strand: str
    way: str
    instead_of: str


def lines_of(
    script: Script, *, strand: str = "", recipient: str = "", goal: str = "", status: str = ""
) -> list[Line]:
    """By time, those that only the control orders last; narrowed to what is asked for."""
    names = script.people
    strands = {each.key: each.name for each in script.strands}
    reached = _reaching(script, recipient)
    instead = script.instead_of
    found = [
        each
        for each in script.injects
        if strand in ("", each.strand)
        and (not reached or reached & set(each.to))
        and (not goal or goal in each.goals)
        and _has(each, status)
    ]
    found.sort(key=lambda each: (each.at is None, each.at or 0))
    return [
        Line(
            each,
            format_minutes(each.at),
            " · ".join(names.get(name, name) for name in each.to),
            strands.get(each.strand, each.strand),
            str(channel_label(each.channel)),
            instead[each.key].key if each.key in instead else "",
        )
        for each in found
    ]


def _has(inject: Inject, status: str) -> bool:
    return not inject.enabled if status == "off" else status in ("", inject.status)


def _reaching(script: Script, recipient: str) -> set[str]:
    """All names by which a role or a team is reached."""
    if not recipient:
        return set()
    team = next((role.team for role in script.roles if role.key == recipient), recipient)
    place = next((each.municipality for each in script.teams if each.key == team), "")
    return {recipient, team, place} - {""}
