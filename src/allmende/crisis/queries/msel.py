"""Every inject of an exercise with what has become of it: planned when, where it stands, from which run it came.

Nothing of this is stored: it follows from the script, the planned beginning, and what was delivered and ordered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, overload

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from allmende.formats.exercise_script.fields import SIMULATED
from allmende.formats.exercise_script.model import Inject

from ..models import Delivery, ExerciseState, OrderKind
from .games import Game, world_of_exercise
from .situation import (
    FAR,
    MINUTE,
    ExerciseTime,
    classification_label,
    exercise_time,
    inject_title,
    moment_of,
    role_names,
    state_label,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What a script may choose, and what only the simulation brings.
SCRIPT_KINDS: "dict[str, StrOrPromise]" = {
    "contextual": gettext_lazy("Information"),
    "expected-action": gettext_lazy("Aufgabe"),
    "contingency": gettext_lazy("Reserve"),
}
KINDS = SCRIPT_KINDS | {SIMULATED: gettext_lazy("Simulation")}


class InjectState(models.TextChoices):
    """What has become of an inject; as long as nothing has, what its script says of it."""

    DRAFT = "draft", gettext_lazy("Entwurf")
    APPROVED = "approved", gettext_lazy("freigegeben")
    OFF = "off", gettext_lazy("kommt nicht vor")
    SCHEDULED = "scheduled", pgettext_lazy("Einlage", "geplant")
    DELIVERED = "delivered", gettext_lazy("zugestellt")
    READ = "acknowledged", pgettext_lazy("Einlage", "gelesen")
    SKIPPED = "skipped", pgettext_lazy("Einlage", "ausgelassen")
    LAPSED = "lapsed", gettext_lazy("nicht gekommen")
    ERROR = "error", gettext_lazy("Fehler")


@dataclass(frozen=True)
class Planned:
    """One inject. ``at``: exercise time at which it came, will come or was meant to; None: by order or condition.

    planned : the moment here that the script means, by the planned beginning
    came, read : moments here; it is read when all have opened it
    source, run : what of the simulation it tells, and the hash of the run that it comes from
    """

    key: str
    title: str
    kind: str
    to: tuple[str, ...]
    at: int | None
    planned: datetime | None
    state: InjectState
    row: Inject | None = None
    instead_of: str = ""
    came: datetime | None = None
    read: datetime | None = None
    source: str = ""
    run: str = ""
    time: ExerciseTime | None = None

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def classification(self) -> str:
        return classification_label(self.row.classification if self.row else "open")

    @property
    def is_open(self) -> bool:
        """Whether everybody may know it."""
        return self.row is None or self.row.classification == "open"


def source_of(game: Game, inject: str) -> str:
    """What of the simulation an inject tells: facilities, and what happened to them; else empty."""
    told = game.announced.get(inject)
    if told is None:
        return ""
    what = _("wieder in Betrieb") if told.kind == "restored" else state_label(told.kind)
    names = ", ".join(game.script.facility_name(each.facility) for each in told.items)
    return f"{names}: {what}"


def run_of(game: Game, inject: str, due: int) -> str:
    """The hash of the run from which an inject of the simulation came; else empty.

    Whatever was decided later counts from a later time, so it is the same whenever somebody asks.
    """
    from allmende.algorithms.exercise.runs import run_hash

    if inject not in game.announced:
        return ""
    decided = [(each.at, each.decision, each.option) for each in game.made if each.at <= due]
    return run_hash(world_of_exercise(game.exercise), decided)


class _Place(NamedTuple):
    """Where an inject stands among all: by its time."""

    at: int | None
    key: str
    row: Inject | None


class PlannedInjects(Sequence[Planned]):
    """All injects of the script, and those of the simulation that have come or will if nobody acts, by their time.

    What has become of one is found out when somebody asks for it: a page asks for few of many.
    """

    def __init__(self, game: Game) -> None:
        from allmende.algorithms.exercise.delivery import still_open
        from allmende.algorithms.exercise.rehearsal import facts_of

        self.game = game
        self.due = {cue.inject: at for at, cue in game.coming}
        self.came: dict[str, list[Delivery]] = {}
        for each in game.exercise.deliveries.defer("text").order_by("due", "pk"):
            self.came.setdefault(each.inject, []).append(each)
        self.skipped = {each.inject for each in game.orders if each.kind == OrderKind.SKIP}
        self.open = set(
            still_open(
                game.cues,
                game.ledger,
                now=game.now,
                end=game.plan.duration,
                orders=game.orders,
                facts=facts_of(game.made, game.future),
            )
        )

        self.recipients = {cue.inject: cue.recipients for cue in game.cues}
        self.instead = game.script.instead_of
        self.names = role_names(game)

    @cached_property
    def places(self) -> list[_Place]:
        """The order of all, and nothing else of them."""
        found = [_Place(self._at(row.key, row), row.key, row) for row in self.game.script.injects]
        found += [
            _Place(self._at(key), key, None)
            for key in {**self.due, **self.came}
            if key in self.game.announced
            and (key in self.came or self.game.exercise.state != ExerciseState.ENDED)
        ]
        return sorted(found, key=lambda one: FAR if one.at is None else one.at)

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> Planned: ...
    @overload
    def __getitem__(self, place: slice) -> list[Planned]: ...
    def __getitem__(self, place: int | slice) -> Planned | list[Planned]:
        if isinstance(place, slice):
            return [self._planned(*each) for each in self.places[place]]
        return self._planned(*self.places[place])

    def _at(self, key: str, row: Inject | None = None) -> int | None:
        """When it came, will come, or was meant to."""
        if came := self.came.get(key):
            return came[0].due
        return self.due.get(key, _meant(row))

    def _planned(self, at: int | None, key: str, row: Inject | None) -> Planned:
        game, came = self.game, self.came.get(key, ())
        recipients, instead = self.recipients.get(key, ()), self.instead.get(key)
        read = [each.seen_wall for each in came if each.seen_wall is not None]
        planned = _meant(row) if row is not None else at
        return Planned(
            key=key,
            title=row.title if row else inject_title(game, key),
            kind=row.kind if row else SIMULATED,
            to=tuple(self.names.get(role, role) for role in recipients),
            at=at,
            planned=None if planned is None else game.planned(planned),
            state=self._state(key, row, reached=bool(recipients)),
            row=row,
            instead_of=instead.key if instead else "",
            came=moment_of(came[0].wall) if came else None,
            read=moment_of(max(read)) if came and len(read) == len(came) else None,
            source=source_of(game, key),
            run=run_of(game, key, at) if at is not None and came else "",
            time=None if at is None else exercise_time(game, at),
        )

    def _state(self, key: str, row: Inject | None, *, reached: bool) -> InjectState:
        if came := self.came.get(key):
            return state_of(came)
        if row is not None and not row.enabled:
            return InjectState.OFF
        if not reached:
            return InjectState.ERROR
        if self.game.exercise.state == ExerciseState.PREPARED:
            return _said(row)
        if self.game.exercise.state == ExerciseState.ENDED or key in self.skipped:
            return InjectState.SKIPPED if key in self.skipped else InjectState.LAPSED
        return self._to_come(key, row)

    def _to_come(self, key: str, row: Inject | None) -> InjectState:
        if key in self.due:
            # What is overdue should have come with the page that shows it.
            return InjectState.ERROR if self.due[key] <= self.game.now else InjectState.SCHEDULED
        by_order = row is not None and row.at is None and key not in self.game.script.instead_of
        return _said(row) if by_order or key in self.open else InjectState.LAPSED


def _meant(row: Inject | None) -> int | None:
    """The exercise time that the script says."""
    return None if row is None or row.at is None else row.at * MINUTE


def _said(row: Inject | None) -> InjectState:
    """What the script says of an inject; what the simulation will tell needs nobody's word."""
    return InjectState.SCHEDULED if row is None else InjectState(row.status)


def state_of(came: list[Delivery]) -> InjectState:
    """What has become of an inject that came."""
    return InjectState.READ if all(each.seen_wall for each in came) else InjectState.DELIVERED
