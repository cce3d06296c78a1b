"""What a script lacks or contradicts, each finding with its place and what to do about it (in German).

A script that can be read may still not be played: its injects go to nobody, wait for what cannot happen, or
come faster than anybody reads. What the simulation would do is asked of whoever can compute it.

>>> from allmende.formats.exercise_script.model import Script
>>> [finding.message for finding in check_script(Script("Leer", 60))]
['Niemand spielt mit.', 'Es gibt keine Einlagen.']
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from allmende.formats.cascade_model.reader import model_of
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.conditions import never_reasons
from allmende.formats.exercise_script.fallbacks import wrong_fallbacks
from allmende.formats.exercise_script.findings import (
    ERROR,
    HEAD,
    NETWORK,
    WARNING,
    Finding,
    place_of,
    quoted,
)
from allmende.formats.exercise_script.model import Decision, Inject, Role, Script
from allmende.formats.exercise_script.openings import Spans, shut_reasons
from allmende.formats.exercise_script.references import unknown_names
from allmende.formats.exercise_script.services import slips
from allmende.formats.exercise_script.words import state_words_in
from allmende.formats.facility_list.cells import spoken

MINUTE = 60_000_000  # spans are in microseconds

# What somebody reads while also talking and deciding; five minutes are looked at together.
WORDS_A_MINUTE = 100
INJECTS_A_MINUTE = 2
MINUTES_TOGETHER = 5
# Two reports on one facility that are closer than this and differ contradict each other.
CLOSE = 15
LONGEST_PLAY, SHORTEST_PLAY = 600, 10
FEWEST_OPTIONS = 2


def check_script(
    script: Script, *, spans: Spans | None = None, seen: Collection[tuple[str, str]] | None = None
) -> list[Finding]:
    """Find what would go wrong.

    Parameters
    ----------
    script
    spans, seen
        What trial runs have shown, as `check_play` takes it.

    Returns
    -------
    list of Finding
        Errors first; none if nothing is wrong.
    """
    found = [*_people(script), *_model(script), *unknown_names(script), *_times(script)]
    found += wrong_fallbacks(script)
    # What waits for something unknown is told as that.
    named = {finding.place for finding in found}
    found += [each for each in never_reasons(script) if each.place not in named]
    found += [
        *_decisions(script),
        *_goals(script),
        *_channels(script),
        *_classified(script),
        *_reading(script),
        *_contradictions(script),
        *slips(script),
    ]
    found += check_play(script, spans=spans, seen=seen)
    return sorted(found, key=lambda finding: finding.severity != ERROR)


def check_play(
    script: Script, *, spans: Spans | None, seen: Collection[tuple[str, str]] | None
) -> list[Finding]:
    """Find what trial runs of a script speak against.

    Parameters
    ----------
    script
    spans
        When each facility is in which state if nobody decides anything (``Future.spans``).
    seen
        Facilities and states that came up in some trial run (``states_seen``).

    Returns
    -------
    list of Finding
        Without what `check_script` says already.
    """
    found: list[Finding] = []
    if seen is not None:
        known = set(never_reasons(script))
        found += [each for each in never_reasons(script, seen) if each not in known]
    if spans:
        told = {each.place for each in shut_reasons(script)}
        found += [each for each in shut_reasons(script, spans) if each.place not in told]
    return [*found, *_against_simulation(script, spans or {})]


def _people(script: Script) -> Iterator[Finding]:
    playing = [role for role in script.roles if not role.simulated]
    if not playing:
        yield Finding(
            ERROR,
            HEAD,
            "Niemand spielt mit.",
            "Legen Sie Rollen an, die nicht simuliert sind.",
        )
    if not script.injects:
        yield Finding(ERROR, HEAD, "Es gibt keine Einlagen.", "Schreiben Sie eine erste Einlage.")
        return
    reached = {name for inject in script.injects if inject.enabled for name in inject.to}
    reached |= {name for hearer in script.announce.to for name in hearer.roles}
    for role in playing:
        if not script.names_of(role) & reached:
            yield Finding(
                WARNING,
                place_of(role),
                "Sie bekommt während der ganzen Übung nichts.",
                "Richten Sie Einlagen an sie, oder streichen Sie die Rolle.",
            )


def _model(script: Script) -> Iterator[Finding]:
    if script.model is None:
        return
    try:
        model = model_of({"format": "allmende-cascade/1", **script.model})
    except FormatError as error:
        yield Finding(ERROR, NETWORK, str(error), "Berichtigen Sie das Netz („model“).")
        return
    if model.scenario.interventions:
        yield Finding(
            ERROR,
            NETWORK,
            "Es enthält schon Maßnahmen („interventions“).",
            "Maßnahmen entscheiden die Spielenden; machen Sie Entscheidungen daraus.",
        )
    last = script.begins_hours + script.duration_minutes / 60
    if model.scenario.horizon_hours < last:
        yield Finding(
            ERROR,
            NETWORK,
            f"Die Simulation endet nach {spoken(model.scenario.horizon_hours)} Stunden, die Übung erst nach {spoken(last)}.",
            f"Lassen Sie die Simulation mindestens {spoken(last)} Stunden rechnen („horizon_hours“).",
        )


def _times(script: Script) -> Iterator[Finding]:
    for inject in script.injects:
        if inject.at is not None and inject.at > script.duration_minutes:
            yield Finding(
                ERROR,
                place_of(inject),
                f"Sie kommt nach dem Ende der Übung ({format_minutes(script.duration_minutes)}).",
                "Ziehen Sie die Einlage vor, oder verlängern Sie die Übung.",
            )
        elif inject.at is not None and inject.at < 0:
            yield Finding(
                ERROR, place_of(inject), "Sie kommt vor dem Beginn.", "Frühestens T+00:00."
            )
        if inject.until is not None and inject.at is not None and inject.until < inject.at:
            yield Finding(
                ERROR,
                place_of(inject),
                "Sie verfällt, bevor sie kommt.",
                "Setzen Sie „Verfällt“ später.",
            )
    real = script.duration_minutes / script.speed
    if real > LONGEST_PLAY or real < SHORTEST_PLAY:
        what = "mehr als zehn Stunden" if real > LONGEST_PLAY else "weniger als zehn Minuten"
        yield Finding(
            WARNING,
            HEAD,
            f"Bei dieser Geschwindigkeit dauert die Übung {what}.",
            "Ändern Sie die Dauer oder die Geschwindigkeit.",
        )


def _decisions(script: Script) -> Iterator[Finding]:
    """Who is asked must have a choice."""
    for decision in undecidable(script):
        there = "nur eine Möglichkeit" if decision.options else "keine Möglichkeit"
        yield Finding(
            ERROR,
            place_of(decision),
            f"Sie lässt {there} zur Wahl.",
            "Legen Sie mindestens zwei Möglichkeiten an, oder streichen Sie die Entscheidung.",
        )
    yield from shut_reasons(script)


def undecidable(script: Script) -> list[Decision]:
    """The decisions that have fewer than two options."""
    return [each for each in script.decisions if len(each.options) < FEWEST_OPTIONS]


def _goals(script: Script) -> Iterator[Finding]:
    for inject in script.injects:
        expects = inject.expected_action or inject.kind == "expected-action"
        if expects and not inject.goals:
            yield Finding(
                WARNING,
                place_of(inject),
                "Sie erwartet eine Reaktion, gehört aber zu keinem Ziel.",
                "Ordnen Sie ihr ein Ziel zu; sonst lässt sich die Reaktion nicht auswerten.",
            )
        if inject.kind == "expected-action" and not inject.expected_action:
            yield Finding(
                WARNING,
                place_of(inject),
                "Sie ist eine Aufgabe, sagt aber nicht, was erwartet wird.",
                "Beschreiben Sie die erwartete Reaktion.",
            )
    used = {goal for inject in script.injects for goal in inject.goals}
    for goal in script.goals:
        if goal.key not in used:
            yield Finding(
                WARNING,
                place_of(goal),
                "Keine Einlage dient ihm.",
                "Ordnen Sie ihm Einlagen zu, oder streichen Sie das Ziel.",
            )


def _channels(script: Script) -> Iterator[Finding]:
    for inject in script.injects:
        if inject.channel == "media" and not (inject.article or inject.text):
            yield Finding(
                WARNING,
                place_of(inject),
                "Der Medienbericht hat keinen Text.",
                "Geben Sie einen Artikel an.",
            )
        if inject.channel == "phone" and not (inject.phone_script or inject.text):
            yield Finding(
                WARNING,
                place_of(inject),
                "Zum Anruf gibt es weder Text noch Leitfaden.",
                "Geben Sie einen Gesprächsleitfaden an.",
            )


def _classified(script: Script) -> Iterator[Finding]:
    """What only the control may know and others get."""
    playing = [role for role in script.roles if not role.simulated]
    for inject in script.injects:
        reached = any(script.names_of(role) & set(inject.to) for role in playing)
        if inject.classification == "control" and reached:
            yield Finding(
                ERROR,
                place_of(inject),
                "Sie ist nur für die Übungsleitung, geht aber an Rollen, die gespielt werden.",
                "Ändern Sie die Einstufung, oder richten Sie sie nur an simulierte Rollen.",
            )


def _reading(script: Script) -> Iterator[Finding]:
    """More at once than somebody can read, most of all where strands meet."""
    window = MINUTES_TOGETHER * script.speed
    articles = {article.key: article.text for article in script.articles}
    for role in script.roles:
        if role.simulated:
            continue
        names = script.names_of(role)
        mine = sorted(
            (inject for inject in _fixed(script) if names & set(inject.to)),
            key=lambda each: each.at or 0,
        )
        words = [_words(inject, articles) for inject in mine]
        told, last, sum_of_words = -1.0, 0, 0
        for place, inject in enumerate(mine):
            start = float(inject.at or 0)
            while last < len(mine) and (mine[last].at or 0) < start + window:
                sum_of_words += words[last]
                last += 1
            count = last - place
            much = (
                count > INJECTS_A_MINUTE * MINUTES_TOGETHER
                or sum_of_words > WORDS_A_MINUTE * MINUTES_TOGETHER
            )
            if count > 1 and much and start >= told:
                told = start + window
                yield _too_much(script, role, mine[place:last], sum_of_words)
            sum_of_words -= words[place]


def _words(inject: Inject, articles: Mapping[str, str]) -> int:
    return len(f"{inject.title} {inject.text} {articles.get(inject.article, '')}".split())


def _too_much(script: Script, role: Role, together: Sequence[Inject], words: int) -> Finding:
    names = {strand.key: strand.name for strand in script.strands}
    strands = dict.fromkeys(names.get(each.strand, each.strand) for each in together if each.strand)
    listed = (
        f" aus den Strängen {', '.join(f'„{name}“' for name in strands)}"
        if len(strands) > 1
        else ""
    )
    return Finding(
        WARNING,
        place_of(role).within(f"ab {format_minutes(together[0].at)}"),
        f"In {MINUTES_TOGETHER} wirklichen Minuten kommen {len(together)} Einlagen mit {words} Wörtern{listed}.",
        "Verteilen Sie die Einlagen auf mehr Zeit oder mehr Rollen, oder spielen Sie langsamer.",
    )


def _contradictions(script: Script) -> Iterator[Finding]:
    """Two injects that say different things of one facility at about the same time."""
    words = state_words_in(script)
    said: dict[str, list[tuple[Inject, str]]] = {}
    for inject in sorted(_fixed(script), key=lambda each: each.at or 0):
        for facility, state in inject.claims.items():
            said.setdefault(facility, []).append((inject, state))
    for facility, claims in said.items():
        for (first, one), (second, other) in pairwise(claims):
            if one != other and (second.at or 0) - (first.at or 0) < CLOSE:
                yield Finding(
                    ERROR,
                    place_of(second),
                    f"„{script.facility_name(facility)}“ ist hier {words(facility, other)}, in der Einlage "
                    f"{quoted(first.title)} ({first.key}, {format_minutes(first.at)}) aber {words(facility, one)}.",
                    "Stimmen Sie die Stränge ab, oder lassen Sie Zeit dazwischen.",
                )


def _against_simulation(script: Script, spans: Spans) -> Iterator[Finding]:
    """What injects say, and what the simulation does if nobody decides anything."""
    words = state_words_in(script)
    for inject in _fixed(script):
        for facility, state in inject.claims.items():
            moment = (inject.at or 0) * MINUTE
            there = [s for begin, end, s in spans.get(facility, ()) if begin <= moment < end]
            if there and there[0] != state and {there[0], state} != {"failed", "repairing"}:
                yield Finding(
                    WARNING,
                    place_of(inject),
                    f"„{script.facility_name(facility)}“ ist hier {words(facility, state)}, in der Simulation um "
                    f"diese Zeit aber {words(facility, there[0])}, wenn niemand etwas entscheidet.",
                    "Ändern Sie die Zeit oder das Szenario, oder machen Sie den Zustand zur Bedingung.",
                )


def _fixed(script: Script) -> Iterable[Inject]:
    """What comes at its time in any case."""
    instead = script.instead_of
    return [
        each
        for each in script.injects
        if each.enabled and each.at is not None and each.condition is None
        if each.key not in instead
    ]
