"""The situation of an exercise: which facility is how, who is without what, and what happened."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from allmende.formats.exercise_script.model import Inject, Script
from allmende.formats.exercise_script.words import MARK, has_store, words_of
from allmende.portal.templatetags.portal import enumerated

from ..models import CONTROL, Delivery, OrderKind, Part, Service
from .games import Game

CHANNELS = {
    "mail": pgettext_lazy("Weg", "E-Mail"),
    "phone": pgettext_lazy("Weg", "Telefon"),
    "media": pgettext_lazy("Weg", "Medien"),
    "radio": pgettext_lazy("Weg", "Funk"),
    "situation": pgettext_lazy("Weg", "Lagemeldung"),
    "person": pgettext_lazy("Weg", "persönlich"),
}
CLASSIFICATIONS = {
    "open": pgettext_lazy("Einstufung", "offen"),
    "control": gettext_lazy("nur für die Übungsleitung"),
    "restricted": gettext_lazy("VS – nur für den Dienstgebrauch (Übung)"),
}
A_DAY = 24 * 60
MINUTE = 60_000_000
FAR = 10**18
EXPECTED_ACTION = "expected-action"


@dataclass(frozen=True)
class ExerciseTime:
    """A moment of an exercise in words: „Tag 2, 14:30 Uhr“."""

    day: int
    clock: str

    def __str__(self) -> str:
        return _("Tag %(day)s, %(clock)s Uhr") % {"day": self.day, "clock": self.clock}

    @property
    def short(self) -> str:
        """The same for pictures and tables: „Tag 2, 14:30“."""
        return _("Tag %(day)s, %(time)s") % {"day": self.day, "time": self.clock}


def exercise_time(game: Game, at: int) -> ExerciseTime:
    """Exercise time in words: days and the time of day from when the script says it begins."""
    hours, minutes = (int(part) for part in game.script.starts_at.split(":")[:2])
    total = hours * 60 + minutes + at // 60_000_000
    return ExerciseTime(total // A_DAY + 1, f"{total % A_DAY // 60:02}:{total % 60:02}")


@dataclass(frozen=True)
class Shown:
    """One facility as it stands; ``left`` are hours, None where there is no end in sight."""

    key: str
    name: str
    service: str
    municipality: str
    state: str
    label: str
    left: float | None
    why: str
    served: int


# Worst first.
ORDER = ("failed", "repairing", "buffered", "operational")


def state_label(state: str, sector: str = "") -> str:
    """The state of a facility in words; a dike has no store."""
    if state == "buffered" and not has_store(sector):
        return pgettext("Einrichtung", "vorerst sicher")
    return {
        "operational": pgettext("Einrichtung", "in Betrieb"),
        "buffered": pgettext("Einrichtung", "auf Vorrat"),
        "failed": pgettext("Einrichtung", "ausgefallen"),
        "repairing": pgettext("Einrichtung", "in Reparatur"),
    }[state]


def facilities_in(game: Game, at: int) -> list[Shown]:
    """All facilities at a time of the exercise, the worst first; among equals, those that last least."""
    from allmende.algorithms.exercise.replay import NORMAL

    if game.future is None:
        return []
    standing = game.future.standing(at)
    found = []
    for row in game.script.facilities:
        here = standing.get(row["key"], NORMAL)
        found.append(
            Shown(
                key=row["key"],
                name=game.script.facility_name(row["key"]),
                service=service_label(row["sector"]),
                municipality=row.get("municipality", ""),
                state=here.state,
                label=state_label(here.state, row["sector"]),
                left=here.left if isfinite(here.left) and here.left > 0 else None,
                why=why(game, here.cause),
                served=round(row.get("served", 0)),
            )
        )
    return sorted(found, key=lambda one: (ORDER.index(one.state), one.left or 0.0, one.name))


def why(game: Game, cause: str) -> str:
    """Why a facility is as it is."""
    if cause in {"damage", "decision"}:
        return _("beschädigt") if cause == "damage" else _("abgeschaltet")
    assert game.future is not None  # noqa: S101  only asked where there is a simulation
    suppliers = game.future.suppliers(cause)
    if not suppliers:
        return ""
    names = [game.script.facility_name(key) for key in suppliers]
    return _("ohne Lieferung von %(names)s") % {"names": enumerated(names)}


def channel_label(channel: str) -> str:
    """The way on which an inject comes, in words."""
    return str(CHANNELS.get(channel, channel))


def classification_label(classification: str) -> str:
    """Who may know an inject, in words."""
    return str(CLASSIFICATIONS[classification])


def service_label(sector: str) -> str:
    """A service in words; a script may have others than the register."""
    return str(Service(sector).label) if sector in Service.values else sector


@dataclass(frozen=True)
class Missing:
    """People of one municipality who are without one service."""

    municipality: str
    service: str
    persons: int


def people_without(game: Game, at: int) -> list[Missing]:
    """Who is without what at a time of the exercise, most people first."""
    if game.future is None:
        return []
    net = game.future.run.network
    table = game.future.without_supply(at)
    found = [
        Missing(municipality, service_label(sector), round(persons))
        for sector, row in zip(net.sector_names, table.tolist(), strict=True)
        for municipality, persons in zip(net.municipalities, row, strict=True)
        if round(persons)
    ]
    return sorted(found, key=lambda one: (-one.persons, one.municipality, one.service))


def role_names(game: Game) -> dict[str, str]:
    """How people call the roles of an exercise, its teams as a whole, and its control."""
    return role_names_of(game.script)


def role_names_of(script: Script) -> dict[str, str]:
    """The same by its script; roles of one name are told apart by their teams."""
    found = {role.key: role.name for role in script.roles}
    teams = {team.key: team.name for team in script.teams}
    often = Counter(role.name for role in script.roles)
    for role in script.roles:
        if role.team and often[role.name] > 1:
            found[role.key] = f"{role.name} · {teams.get(role.team, role.team)}"
    whole = {key: _("das ganze Team „%(team)s“") % {"team": name} for key, name in teams.items()}
    return found | whole | {CONTROL: _("Übungsleitung")}


@dataclass(frozen=True)
class Came:
    """One inject as it came, to all roles at once."""

    first: Delivery
    to: tuple[Delivery, ...]

    @property
    def unread(self) -> int:
        return sum(each.seen_wall is None for each in self.to)


def by_inject(deliveries: Iterable[Delivery], *, cut: bool = False) -> list[Came]:
    """What came, each inject once, in the order of ``deliveries``.

    If these were ``cut`` off, the last inject may lack roles: it is left to the page that shows all.
    """
    found: dict[tuple[str, int], list[Delivery]] = {}
    for each in deliveries:
        found.setdefault((each.inject, each.attempt), []).append(each)
    came = [Came(first=to[0], to=tuple(to)) for to in found.values()]
    return came[:-1] if cut and len(came) > 1 else came


@dataclass(frozen=True)
class Coming:
    """An inject that has not come: when it will if nobody acts (None: only by order), for whom, and the
    questions that it opens.
    """

    key: str
    title: str
    text: str
    time: ExerciseTime | None
    to: tuple[str, ...]
    kind: str
    expected: str
    call: str
    skipped: bool
    asks_for: tuple[str, ...]
    opens: tuple[str, ...]
    synopsis: str
    instead: str
    planned: datetime | None
    classification: str


def coming_in(game: Game) -> list[Coming]:
    """What the script still has, in the order in which it will come; what waits for an order stands last."""
    told = {inject for inject, _to, _attempt in game.ledger.delivered}
    due = {cue.inject: at for at, cue in game.coming}
    instead = game.script.instead_of
    names = role_names(game)
    calls = {each.key: each for each in game.script.phone_scripts}
    to = {cue.inject: cue.recipients for cue in game.cues}
    closed = {
        each.key: each.question for each in game.script.decisions if each.key not in game.open_since
    }
    left_out = {order.inject for order in game.orders if order.kind == OrderKind.SKIP}
    found = [
        Coming(
            key=row.key,
            title=row.title,
            text=row.text,
            time=exercise_time(game, due[row.key]) if row.key in due else None,
            to=tuple(names.get(role, role) for role in to.get(row.key, ())),
            kind=row.kind,
            expected=row.expected_action,
            call=calls[row.phone_script].opening if row.phone_script in calls else "",
            skipped=row.key in left_out,
            asks_for=row.asks_for,
            opens=tuple(closed[each] for each in row.asks_for if each in closed),
            synopsis=row.synopsis,
            # Once it has begun, clock and script part; what counts then is the exercise time.
            planned=None if row.at is None or game.clock.started else game.planned(row.at * MINUTE),
            classification=""
            if row.classification == "open"
            else classification_label(row.classification),
            instead=instead[row.key].title if row.key in instead else "",
        )
        for row in game.script.injects
        if row.key not in told and row.enabled
    ]
    return sorted(found, key=lambda one: due.get(one.key, FAR))


@dataclass(frozen=True)
class Answer:
    """How long a role took for what it was expected to do: minutes of the exercise until it opened the
    inject, and until its first message or decision after it; None if there was none.

    ``acted`` is below zero if what the inject asks for was decided before it came, and not again after it.
    """

    delivery: int
    inject: str
    role: str
    at: int
    title: str
    who: str
    expected: str
    within: int | None
    opened: int | None
    acted: int | None


def is_task(row: Inject) -> bool:
    """Whether who gets an inject is expected to do something."""
    return asks_for_deeds(row.kind, row.expected_action)


def asks_for_deeds(kind: str, expected: str) -> bool:
    """The same by its kind, and by what is expected."""
    return bool(expected) or kind == EXPECTED_ACTION


def answers_in(game: Game, part: Part | None = None) -> list[Answer]:
    """What was expected of roles, and when they did anything: facts, no marks. Players see their role's.

    A role acts once the inject has come, whether or not it says that it has read it.
    """
    expected = {row.key: row for row in game.script.injects if is_task(row)}
    names = role_names(game)
    deeds: dict[str, list[int]] = {}
    for sender, at in game.exercise.notes.values_list("sender", "at"):
        deeds.setdefault(sender, []).append(at)
    decided: dict[tuple[str, str], list[int]] = {}
    for role, decision, at in game.exercise.choices.values_list("role", "decision", "at"):
        deeds.setdefault(role, []).append(at)
        decided.setdefault((role, decision), []).append(at)
    found: list[Answer] = []
    if part is not None and part.is_spectator:
        return found
    shown = game.exercise.deliveries.filter(inject__in=expected, attempt=1)
    if part is not None and part.is_player:
        shown = shown.filter(recipient=part.role)
    for each in shown.order_by("due", "pk"):
        row = expected[each.inject]
        seen = None if each.seen_wall is None else game.clock.at(each.seen_wall)
        after = [at for at in deeds.get(each.recipient, ()) if at >= each.due]
        asked = [at for key in row.asks_for for at in decided.get((each.recipient, key), ())]
        last = max(asked, default=each.due)
        first = last if last < each.due else min(after, default=None)
        found.append(
            Answer(
                delivery=each.pk,
                inject=each.inject,
                role=each.recipient,
                at=each.due,
                title=row.title,
                who=names.get(each.recipient, each.recipient),
                expected=row.expected_action,
                within=row.expected_minutes,
                opened=None if seen is None else (seen - each.due) // MINUTE,
                acted=None if first is None else (first - each.due) // MINUTE,
            )
        )
    return found


def inject_title(game: Game, inject: str) -> str:
    """What an inject of the script, or one that the simulation tells, is called."""
    if announcement := game.announced.get(inject):
        script = game.script
        words = words_of(announcement, names=script.facility_names, starts_at=script.starts_at)
        return words.title.removeprefix(f"{MARK}: ")
    return next((row.title for row in game.script.injects if row.key == inject), inject)


def moment_of(wall: int) -> datetime:
    """A moment here, of the microseconds since 1970."""
    return datetime.fromtimestamp(wall / 1_000_000, tz=UTC)
