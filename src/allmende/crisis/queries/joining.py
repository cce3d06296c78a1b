"""Who comes into an exercise by its link at once, and who waits until the control lets her in.

The network of a register names real facilities, which only those see who need to know them: who sees them in
the register comes in, all others are named by the control.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from allmende.formats.exercise_script.model import Script
from allmende.registry.models import Mandate

from ..models import Exercise, Facility, JoinRequest, PartKind
from .exercises import MOST_DIGITS
from .facilities import visible_facilities
from .games import script_of_exercise
from .staff import seat_of
from .worlds import key_of, name_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from allmende.accounts.models import User

# Key and name of each facility.
Named = frozenset[tuple[str, str]]


def has_to_wait(user: "User", exercise: Exercise, kind: str) -> bool:
    """Whether somebody who comes by the link waits for the control; who only looks on is shown no facility."""
    return exercise.from_register and kind != PartKind.SPECTATOR and not _knows_of(user, exercise)


def _knows_of(user: "User", exercise: Exercise) -> bool:
    """Whether a person sits in the host's crisis staff, or the register shows her every facility of the network."""
    if seat_of(user, exercise.host) is not None:
        return True
    # Somebody may have added facilities by hand.
    named = named_in(exercise)
    return named == _among(named, visible_facilities(user))


def _among(named: Named, facilities: "QuerySet[Facility]") -> Named:
    """Those that are these facilities of the register.

    A script may come from another register, in which the same numbers are other facilities.
    """
    ends = [key.rpartition("-")[2] for key, _name in named]
    numbers = [
        int(each)
        for each in ends
        if each.isascii() and each.isdecimal() and len(each) < MOST_DIGITS
    ]
    if not numbers:
        return frozenset()
    rows = facilities.filter(pk__in=numbers).order_by().values_list("service", "pk", "name")
    return named & {(key_of(service, number), name_of(name)) for service, number, name in rows}


def named_in(exercise: Exercise) -> Named:
    """The facilities of a register in an exercise's network; none if the network is invented."""
    return _named(script_of_exercise(exercise)) if exercise.from_register else frozenset()


def _named(script: Script) -> Named:
    keys = (str(row.get("key")) for row in script.facilities)
    return frozenset((key, script.facility_name(key)) for key in keys)


def as_protected(script: Script) -> Script:
    """The same; one that has a facility of the register in it is on the register's network, whatever its file says."""
    if script.from_register or not _among(_named(script), Facility.objects.all()):
        return script
    return replace(script, from_register=True)


def request_of(user: "User", exercise: Exercise) -> JoinRequest | None:
    """What a person waits for, or was declined."""
    return JoinRequest.objects.filter(exercise=exercise, user=user).first()


def requests_of(user: "User") -> list[JoinRequest]:
    """All that a person waits for."""
    found = JoinRequest.objects.filter(user=user, declined_at=None)
    return list(found.select_related("exercise__host").defer("exercise__script"))


def requests_in(exercise: Exercise) -> tuple[list[JoinRequest], list[JoinRequest]]:
    """Who waits and who was declined, each with whom she speaks for (``organisations``)."""
    found = list(exercise.join_requests.select_related("user"))
    speaks_for = _organisations_of(request.user_id for request in found) if found else {}
    for request in found:
        request.organisations = speaks_for.get(request.user_id, [])  # type: ignore[attr-defined]
    return (
        [request for request in found if request.declined_at is None],
        [request for request in found if request.declined_at is not None],
    )


def _organisations_of(people: Iterable[int]) -> dict[int, list[str]]:
    mandates = Mandate.objects.current().filter(user__in=list(people)).order_by("pk")
    found: dict[int, list[str]] = defaultdict(list)
    for user, name in mandates.values_list("user_id", "organisation__name"):
        if name not in found[user]:
            found[user].append(name)
    return found
