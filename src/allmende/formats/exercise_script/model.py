"""What a script says: people, goals, injects, decisions, and the network that all of it is played on.

Times are minutes of the exercise. Names in the file are those of the attributes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMAT = "allmende-exercise/1"

Condition = Mapping[str, Any]
Act = Mapping[str, Any]


@dataclass(frozen=True)
class Goal:
    """What is to be practised."""

    key: str
    name: str
    description: str = ""
    priority: int = 1
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Capability:
    """What somebody must be able to do to reach goals."""

    key: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class Strand:
    """A line of the story."""

    key: str
    name: str
    description: str = ""


@dataclass(frozen=True)
class Team:
    key: str
    name: str
    municipality: str = ""


@dataclass(frozen=True)
class Role:
    """Who plays. ``simulated``: the exercise control speaks for it."""

    key: str
    name: str
    team: str = ""
    description: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class Unit:
    """A mobile generator: hours until it works at a facility; ``sites``: those that it can feed, empty: all."""

    key: str
    name: str
    hours: float = 1.0
    travel_hours: Mapping[str, float] = field(default_factory=dict)
    sites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    key: str
    name: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A question that a role answers; what follows happens in the simulation."""

    key: str
    question: str
    role: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Article:
    """What media say."""

    key: str
    medium: str
    headline: str
    text: str


@dataclass(frozen=True)
class PhoneScript:
    """How the control plays a call."""

    key: str
    caller: str
    opening: str
    facts: str = ""
    manner: str = ""
    questions: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with injects, by its name."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class Facility:
    """A facility of the network, with its name and where it lies; the network holds it in several parts.

    shares : persons by municipality, instead of one ``municipality``
    repair_hours : median; None: nobody repairs it
    east, north : kilometres, as in ``facility_places``
    """

    key: str
    name: str
    sector: str
    municipality: str = ""
    served: float = 0.0
    east: float | None = None
    north: float | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    repair_hours: float | None = 24.0
    repair_spread: float = 0.0
    rank: int = 0
    pool: str = ""
    starts_alone: bool = True


@dataclass(frozen=True)
class Hearer:
    """Who hears what the simulation tells; without a municipality, of all."""

    audience: str
    roles: tuple[str, ...]
    municipality: str = ""


@dataclass(frozen=True)
class Announce:
    """How much the simulation tells one by one, and to whom."""

    most: int = 3
    window_minutes: int = 15
    to: tuple[Hearer, ...] = ()


@dataclass(frozen=True)
class Inject:
    """One inject (Einlage).

    at : minute; None: only when the control orders it
    until : if it has not come by then, it lapses
    to : roles, teams, or names of municipalities
    controller : role that is responsible for it
    asks_for : decisions that open to their roles once it has come
    claims : what it says of facilities, for the check
    synopsis : what it is about, for the control
    fallback : the inject that comes instead if its condition does not hold by then
    classification : who may know it, as the script says; part of the play
    """

    key: str
    at: int | None
    title: str
    text: str = ""
    strand: str = ""
    kind: str = "contextual"
    sender: str = ""
    to: tuple[str, ...] = ()
    channel: str = "mail"
    controller: str = ""
    goals: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    expected_action: str = ""
    expected_minutes: int | None = None
    asks_for: tuple[str, ...] = ()
    note: str = ""
    article: str = ""
    phone_script: str = ""
    attachments: tuple[str, ...] = ()
    condition: Condition | None = None
    until: int | None = None
    claims: Mapping[str, str] = field(default_factory=dict)
    status: str = "draft"
    enabled: bool = True
    synopsis: str = ""
    fallback: str = ""
    classification: str = "open"


@dataclass(frozen=True)
class Script:
    """A whole script.

    speed : exercise time by time here
    starts_at : time of day at which the exercise begins
    begins_hours : hour of the simulation at which it begins
    facility_names : what people call the facilities of ``model``
    facility_places : where they lie on the map of the exercise, in kilometres to the east and to the north
    from_register : its network names real facilities, so who only looks on is shown sums
    model : the document of ``allmende cascade``; None: nothing is simulated
    """

    name: str
    duration_minutes: int
    summary: str = ""
    starts_at: str = "08:00"
    speed: float = 1.0
    seed: int = 0
    begins_hours: float = 0.0
    goals: tuple[Goal, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    strands: tuple[Strand, ...] = ()
    teams: tuple[Team, ...] = ()
    roles: tuple[Role, ...] = ()
    units: tuple[Unit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    articles: tuple[Article, ...] = ()
    phone_scripts: tuple[PhoneScript, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    announce: Announce = field(default_factory=Announce)
    injects: tuple[Inject, ...] = ()
    facility_names: Mapping[str, str] = field(default_factory=dict)
    facility_places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    from_register: bool = False
    model: Mapping[str, Any] | None = None

    @property
    def people(self) -> dict[str, str]:
        """What roles and teams are called, by key; they share their keys."""
        return {each.key: each.name for each in self.roles} | {
            each.key: each.name for each in self.teams
        }

    def names_of(self, role: Role) -> set[str]:
        """All names by which a role is reached: its own, its team's, its municipality's."""
        places = (each.municipality for each in self.teams if each.key == role.team)
        return {role.key, role.team, *places} - {""}

    @property
    def facilities(self) -> list[Mapping[str, Any]]:
        """Rows of the model, as far as they are any: it is checked elsewhere."""
        return self._rows("facilities")

    @property
    def supplies(self) -> list[Mapping[str, Any]]:
        """The same of its supplies."""
        return self._rows("supplies")

    @property
    def municipalities(self) -> set[str]:
        """Where people are supplied, and where teams are."""
        found = {team.municipality for team in self.teams}
        for row in self.facilities:
            shares = row.get("shares")
            found |= {
                str(row.get("municipality", "")),
                *(shares if isinstance(shares, dict) else ()),
            }
        return found - {""}

    def _rows(self, name: str) -> list[Mapping[str, Any]]:
        rows = (self.model or {}).get(name)
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def facility_name(self, key: str) -> str:
        return self.facility_names.get(key, key)

    @property
    def instead_of(self) -> dict[str, Inject]:
        """By the key of each fallback, the inject in whose place it comes: the first that names it."""
        found: dict[str, Inject] = {}
        for inject in self.injects:
            if inject.fallback:
                found.setdefault(inject.fallback, inject)
        return found

    @property
    def asking(self) -> dict[str, list[Inject]]:
        """Which injects ask for each decision, in their order; a decision for which none asks is open from the
        beginning.
        """
        found: dict[str, list[Inject]] = {}
        for inject in self.injects:
            for decision in inject.asks_for if inject.enabled else ():
                found.setdefault(decision, []).append(inject)
        return found
