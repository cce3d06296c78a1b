"""A whole exercise at once: what would be delivered when, with some decisions or with none.

What a running exercise asks at each moment (`cues_now`, `facts_of`) is what a rehearsal asks for all of them.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from allmende.algorithms.cascade.network import ModelError

from .announcements import Announcement, announcements, cues_of
from .clock import MINUTE
from .conditions import Facts, condition_of
from .cues import Cue, due_times
from .decisions import Act, Made, Send, act_of
from .placement import MOST_WORK, TooMuchError, place_units
from .replay import Future, Replay
from .world import world_of

Recipients = Mapping[tuple[str, str], tuple[str, ...]]
# Who hears what no role may: the control, by the name that it has in play.
CONTROL = "@leitung"


@dataclass(frozen=True)
class Exercise:
    """A script, laid out to be played.

    cues : its injects, in its order
    duration : microseconds of exercise time
    options : what follows from each option of each decision
    replay : the simulation; None: nothing is simulated
    recipients : who hears of it, by audience and municipality
    most, window : how many are told one by one, and in how long (see ``announcements``)
    """

    cues: tuple[Cue, ...]
    duration: int
    options: Mapping[tuple[str, str], tuple[Act, ...]] = field(default_factory=dict)
    replay: Replay | None = None
    recipients: Recipients = field(default_factory=dict)
    most: int = 3
    window: int = 15 * MINUTE

    def decide(self, at: int, decision: str, option: str) -> Made:
        """A decision of the script as it is logged; ``ModelError`` if there is no such option."""
        try:
            return Made(at, self.options[decision, option], decision, option)
        except KeyError:
            raise ModelError(f"unknown option: {decision!r}, {option!r}") from None


class Line(NamedTuple):
    """What is delivered at some exercise time; ``announcement`` if the simulation says it."""

    at: int
    inject: str
    recipients: tuple[str, ...]
    announcement: Announcement | None


@dataclass(frozen=True)
class Rehearsal:
    """The timeline, and the world that it comes from."""

    lines: tuple[Line, ...]
    future: Future | None


class Losses(NamedTuple):
    """Person-hours without supply, on the same draws.

    decided : with what was decided; nothing : if nobody had done anything
    placed : if all generators had been sent at the beginning to where they help most; places : where that
        is, by generator; exact : no other places are better, else they were chosen one after the other,
        which promises nothing
    """

    decided: float
    nothing: float
    placed: float
    places: tuple[Send, ...]
    exact: bool


class Yardstick(NamedTuple):
    """What play is held against, which depends on the script alone; person-hours without supply, by sector.

    nothing : if nobody had done anything
    placed : with all generators sent at the beginning to where they help most; None if there are so many
        choices that nobody has looked
    places, exact : as in `Losses`
    """

    nothing: Mapping[str, float]
    placed: Mapping[str, float] | None
    places: tuple[Send, ...]
    exact: bool


def exercise_of(document: Mapping[str, Any]) -> Exercise:
    """Lay out a script.

    Parameters
    ----------
    document : mapping
        As docs/reference/exercise-json.md tells; texts play no part here.

    Returns
    -------
    Exercise

    Raises
    ------
    ModelError
        If the network or an act cannot be.
    ValueError
        If a condition cannot be.

    References
    ----------
    docs/algorithms/exercise.md
    """
    people = _recipients(document)
    simulated = {role["key"] for role in document.get("roles", ()) if role.get("simulated")}
    announce = document.get("announce", {})
    replay = None
    if document.get("model"):
        world = world_of(
            document["model"],
            seed=document.get("seed", 0),
            begins=float(document.get("begins_hours", 0.0)),
            units=document.get("units", ()),
        )
        replay = Replay(world)
    heard: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in announce.get("to", ()):
        key = row["audience"], row.get("municipality", "")
        heard[key] = tuple(dict.fromkeys((*heard.get(key, ()), *_named(row["roles"], people))))
    return Exercise(
        cues=tuple(_cue(row, people, simulated) for row in document.get("injects", ())),
        duration=document["duration_minutes"] * MINUTE,
        options={
            (decision["key"], option["key"]): tuple(map(act_of, option.get("acts", ())))
            for decision in document.get("decisions", ())
            for option in decision["options"]
        },
        replay=replay,
        recipients=heard,
        most=announce.get("most", 3),
        window=announce.get("window_minutes", 15) * MINUTE,
    )


def told_by(exercise: Exercise, future: Future | None) -> list[Announcement]:
    """Say what the simulation tells an exercise, as its script wants it.

    Parameters
    ----------
    exercise : Exercise
    future : Future or None
        With all decisions so far.

    Returns
    -------
    list of Announcement

    Raises
    ------
    ValueError
        As `announcements`.

    References
    ----------
    docs/algorithms/exercise.md
    """
    if future is None:
        return []
    return announcements(future, most=exercise.most, window=exercise.window)


def cues_now(exercise: Exercise, found: Sequence[Announcement]) -> list[Cue]:
    """Name all that may be delivered: the script, and what the simulation tells.

    Parameters
    ----------
    exercise : Exercise
    found : sequence of Announcement
        See `told_by`.

    Returns
    -------
    list of Cue

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    return [*exercise.cues, *cues_of(found, dict(exercise.recipients))]


def facts_of(made: Iterable[Made], future: Future | None) -> Facts:
    """Tell what conditions look at.

    Parameters
    ----------
    made : iterable of Made
    future : Future or None
        With all of these decisions.

    Returns
    -------
    Facts

    Raises
    ------
    ValueError
        Never.

    References
    ----------
    docs/algorithms/exercise.md
    """
    decided: dict[str, list[tuple[int, str]]] = {}
    for each in sorted(made, key=lambda decision: decision.at):
        if each.decision:
            decided.setdefault(each.decision, []).append((each.at, each.option))
    return Facts(decided, {} if future is None else future.spans())


def rehearse(exercise: Exercise, choices: Iterable[tuple[int, str, str]] = ()) -> Rehearsal:
    """Run through an exercise.

    Parameters
    ----------
    exercise : Exercise
    choices : iterable of (int, str, str)
        Exercise time, decision, option.

    Returns
    -------
    Rehearsal
        Everything that is delivered until the end, in its order.

    Raises
    ------
    ModelError
        If there is no such option.

    References
    ----------
    docs/algorithms/exercise.md
    """
    made = [exercise.decide(*choice) for choice in choices]
    future = exercise.replay.future(made) if exercise.replay else None
    found = told_by(exercise, future)
    by_key = {each.key: each for each in found}
    due = due_times(
        cues_now(exercise, found), until=exercise.duration, facts=facts_of(made, future)
    )
    lines = (Line(at, cue.inject, cue.recipients, by_key.get(cue.inject)) for at, cue in due)
    return Rehearsal(tuple(lines), future)


def states_seen(exercise: Exercise) -> set[tuple[str, str]]:
    """Try what may come of a script: nobody decides, or one option is chosen at the beginning.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    set of (str, str)
        Facilities and states that came up until the end of the exercise; other play may lead to others.

    Raises
    ------
    ModelError
        If an option names what is not there.

    References
    ----------
    docs/algorithms/exercise.md
    """
    if exercise.replay is None:
        return set()
    trials = [[], *([exercise.decide(0, *option)] for option in exercise.options)]
    return {
        (facility, state)
        for made in trials
        for facility, spans in exercise.replay.future(made).spans().items()
        for begin, end, state in spans
        if end > 0 and begin <= exercise.duration
    }


def losses(exercise: Exercise, made: Sequence[Made]) -> Losses | None:
    """Compare what was decided with doing nothing, and with the generators where they help most.

    Parameters
    ----------
    exercise : Exercise
    made : sequence of Made

    Returns
    -------
    Losses or None
        None if nothing is simulated.

    Raises
    ------
    ModelError
        If a decision names what is not there.

    References
    ----------
    docs/algorithms/exercise.md
    """
    if exercise.replay is None:
        return None
    decided, nothing = exercise.replay.future(made), exercise.replay.future(())
    sent, exact = place_units(exercise.replay.world)
    placed = exercise.replay.future([Made(0, sent)])
    return Losses(decided.person_hours, nothing.person_hours, placed.person_hours, sent, exact)


def yardstick(exercise: Exercise, *, work: int = MOST_WORK) -> Yardstick | None:
    """Compute what the play of a script is held against; once is enough for all who play it.

    Parameters
    ----------
    exercise : Exercise
    work : int
        Facilities times choices of places; beyond, no best places are looked for.

    Returns
    -------
    Yardstick or None
        None if nothing is simulated.

    Raises
    ------
    ModelError
        If the world cannot be.

    References
    ----------
    docs/algorithms/exercise.md
    """
    if exercise.replay is None:
        return None
    nothing = exercise.replay.future(()).by_sector
    try:
        sent, exact = place_units(exercise.replay.world, work=work)
    except TooMuchError:
        return Yardstick(nothing, None, (), exact=False)
    placed = exercise.replay.future([Made(0, sent)]).by_sector
    return Yardstick(nothing, placed, sent, exact)


def _recipients(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The roles behind each name: of a role, a team, a municipality."""
    teams = {team["key"]: team.get("municipality", "") for team in document.get("teams", ())}
    found: dict[str, tuple[str, ...]] = {}
    for role in document.get("roles", ()):
        team = role.get("team", "")
        for name in {role["key"], team, teams.get(team, "")} - {""}:
            found[name] = (*found.get(name, ()), role["key"])
    return found


def _named(names: Iterable[str], people: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(role for name in names for role in people.get(name, ())))


def _cue(
    row: Mapping[str, Any], people: Mapping[str, tuple[str, ...]], simulated: Container[str]
) -> Cue:
    minutes, until = row.get("at"), row.get("until")
    recipients = _named(row.get("to", ()), people)
    if row.get("classification") == "control":
        # The check refuses it elsewhere; what was prepared before it did is told to nobody else, either.
        recipients = tuple(role for role in recipients if role in simulated) or (CONTROL,)
    return Cue(
        inject=row["key"],
        recipients=recipients,
        at=None if minutes is None else minutes * MINUTE,
        until=None if until is None else until * MINUTE,
        condition=condition_of(row["condition"]) if row.get("condition") else None,
        enabled=row.get("enabled", True),
        asks_for=tuple(row.get("asks_for", ())),
        fallback=row.get("fallback", ""),
    )
