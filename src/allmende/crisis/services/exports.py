"""Taking along what may name facilities: nobody does so without a trace, and each file says for whom it was made."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from allmende.audit.services import audited, record
from allmende.formats.marks import Mark

from .. import queries
from ..models import Exercise
from ..queries.exercises import hosting_mandates, part_of
from ..queries.games import script_of_exercise

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.audit.models import Entry


def export_facilities(*, actor: "User", format_: str, filters: list[str], count: int) -> Mark:
    """Write down that somebody takes facilities along, and say what her file has to carry.

    The log knows the names of the filters, not their words, and how many facilities there were.
    """
    return _export_of_register(
        actor,
        deed="crisis.export_facilities",
        format=format_,
        filters=sorted(filters),
        facilities=count,
    )


def export_generators(*, actor: "User", format_: str, filters: list[str], count: int) -> Mark:
    """The same of generators."""
    return _export_of_register(
        actor,
        deed="crisis.export_generators",
        format=format_,
        filters=sorted(filters),
        generators=count,
    )


def export_terms(*, actor: "User", count: int) -> Mark:
    """The same of what is due at facilities, for a calendar."""
    return _export_of_register(actor, deed="crisis.export_terms", terms=count)


@audited
def _export_of_register(actor: "User", *, deed: str, **details: Any) -> Mark:
    mandates = queries.reading_mandates(actor)
    entry = record(actor=actor, mandate=mandates[0], deed=deed, obj=actor, **details)
    return mark_of(entry, " / ".join(mandate.capacity for mandate in mandates))


@audited
def export_of_exercise(*, actor: "User", exercise: Exercise, deed: str, format_: str) -> Mark:
    """The same of an exercise, whose files may name the facilities of a register: as host, or as what she takes part."""
    mandate = hosting_mandates(actor).get(exercise.host)
    entry = record(actor=actor, mandate=mandate, deed=deed, obj=exercise, format=format_)
    return mark_of(entry, entry.capacity or _part(actor, exercise))


def mark_of(entry: "Entry", capacity: str) -> Mark:
    """What a file carries whose making an entry of the log tells of."""
    at = timezone.localtime(entry.at).strftime("%d.%m.%Y %H:%M")
    return Mark(capacity, at, f"{entry.number}-{entry.hash[:8]}")


def _part(actor: "User", exercise: Exercise) -> str:
    """As what somebody without an office at the host takes part, in German as all files are."""
    part = part_of(actor, exercise)
    if part is None:
        return str(exercise.host)
    roles = {role.key: role.name for role in script_of_exercise(exercise).roles}
    # Kinds of parts are German words.
    return f"{roles.get(part.role) or part.kind.capitalize()} · {exercise.host}"
