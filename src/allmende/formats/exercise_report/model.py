"""What a report says; docs/reference/exercise-report-json.md tells the same of its file.

Minutes are those of the exercise. Words are German, as they stand in the paper.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Present:
    """How many people played a role, or did something else."""

    team: str
    role: str
    people: int


@dataclass(frozen=True)
class Event:
    """Something that happened: ``kind`` is „Auslöser“, „Entscheidung“, „Einlage“, „Ausfall“ or „wieder da“."""

    minute: int
    time: str
    kind: str
    who: str
    text: str


# Why facilities fail: the script damages or switches them off, somebody decides it, or what they need is missing.
BY_DAMAGE, BY_OUTAGE = "beschädigt", "von außen ausgefallen"
# Events of that kind tell of these.
BEGAN = "Auslöser"
ORIGINS = frozenset({BY_DAMAGE, BY_OUTAGE})
BY_DECISION, BY_SUPPLY = "durch eine Entscheidung abgeschaltet", "ohne Lieferung"


@dataclass(frozen=True)
class Failure:
    """Facilities that failed at one moment for one reason; ``minute`` is negative before the exercise began.

    ``missing`` are those whose failure made them fail, ``stored`` the hours that they lasted on their store.
    """

    minute: int
    time: str
    facilities: tuple[str, ...]
    cause: str
    missing: tuple[str, ...]
    stored: float

    @property
    def is_origin(self) -> bool:
        """Whether the script brought it about, and nothing that happened before."""
        return self.cause in ORIGINS


@dataclass(frozen=True)
class Decision:
    """What a role was asked, what it chose, and why."""

    minute: int
    time: str
    who: str
    question: str
    option: str
    reason: str


@dataclass(frozen=True)
class Task:
    """What a role was expected to do; minutes until it opened the inject, and until it did anything: below zero
    if the decision that the inject asks for was made before it came.

    ``done``, ``partly``, ``not_done`` and ``not_seen`` count marks of observers.
    """

    minute: int
    time: str
    title: str
    who: str
    expected: str
    within: int | None
    opened: int | None
    acted: int | None
    done: int
    partly: int
    not_done: int
    not_seen: int


@dataclass(frozen=True)
class Goal:
    """``suggested`` follows from the marks of ``observed`` of its ``tasks``; ``rating`` is what people say."""

    key: str
    name: str
    description: str
    tasks: int
    observed: int
    suggested: str
    rating: str
    reasoning: str


@dataclass(frozen=True)
class Loss:
    """Person-hours without a service: with the decisions, without any, with the best places."""

    service: str
    decided: float
    nothing: float
    placed: float | None


@dataclass(frozen=True)
class Place:
    """Where a mobile unit helps most."""

    unit: str
    facility: str


@dataclass(frozen=True)
class MoreCrews:
    """How many person-hours more one crew more of a pool would have cost; no ``pool``: of the one without a name."""

    pool: str
    hours: float


@dataclass(frozen=True)
class Losses:
    """``units``: how many there are; ``exact``: no other places are better; ``looked``: anybody looked for them.

    ``crews``: where one crew more would have been worse; ``order``: person-hours that changing the order of repairs
    has cost, 0 if it was not changed or cost none.
    """

    services: tuple[Loss, ...]
    places: tuple[Place, ...]
    units: int
    exact: bool
    looked: bool
    crews: tuple[MoreCrews, ...]
    order: float


# How far the losses are; nothing if nothing is simulated.
LOSSES_THERE, LOSSES_AWAITED, LOSSES_FAILED = "berechnet", "wird berechnet", "nicht berechnet"


@dataclass(frozen=True)
class Question:
    """How many answered with 1, 2, 3, 4, 5."""

    text: str
    counts: tuple[int, ...]
    mean: float


@dataclass(frozen=True)
class Text:
    """A section that people wrote."""

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Improvement:
    """A lesson and what is done about it. ``concern``: its address in the forum, for those who may see it."""

    number: int
    goal: str
    lesson: str
    what: str
    who: str
    due_on: date
    state: str
    state_on: date
    note: str
    concern: str


@dataclass(frozen=True)
class ExerciseReport:
    """The whole report. Without ``closed_at`` it is a draft; ``as_of`` is when it was put together.

    ``stopped`` is the time of the exercise at which it was ended before its script was, in words; else empty.
    """

    title: str
    summary: str
    host: str
    is_example: bool
    began: datetime | None
    ended: datetime | None
    duration_minutes: int
    stopped: str
    closed_at: datetime | None
    as_of: datetime
    present: tuple[Present, ...]
    goals: tuple[Goal, ...]
    failures: tuple[Failure, ...]
    events: tuple[Event, ...]
    decisions: tuple[Decision, ...]
    tasks: tuple[Task, ...]
    losses_state: str
    losses: Losses | None
    asked: int
    questions: tuple[Question, ...]
    remarks: tuple[Text, ...]
    texts: tuple[Text, ...]
    improvements: tuple[Improvement, ...]

    @property
    def awaits_losses(self) -> bool:
        """Whether a worker still computes them."""
        return self.losses_state == LOSSES_AWAITED
