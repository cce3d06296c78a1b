"""Decisions that may stay shut: nobody is asked in any case, or somebody who does not decide."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from allmende.formats.exercise_script.findings import WARNING, Finding, place_of
from allmende.formats.exercise_script.model import Condition, Decision, Inject, Script
from allmende.formats.exercise_script.network import parts_of

Spans = Mapping[str, Sequence[tuple[int, int, str]]]
MINUTE = 60_000_000  # spans are in microseconds


def shut_reasons(script: Script, spans: Spans | None = None) -> Iterator[Finding]:
    """A hint for each decision that is not sure to open when its role is asked.

    Without ``spans``, facilities are taken to get into every state; with those of a trial run in which nobody
    decides, as far as they do there.
    """
    asking, coming = script.asking, _Coming(script, spans)
    for decision in script.decisions:
        if decision.key not in asking:
            yield Finding(
                WARNING,
                place_of(decision),
                "Keine Einlage fragt nach ihr: Sie ist von Anfang an offen.",
                "Soll sie erst später offen sein, nennen Sie sie unter „Entscheidungen“ in der Einlage, "
                "die nach ihr fragt.",
            )
            continue
        reaching = [each for each in asking[decision.key] if _reaches(script, each, decision)]
        if not reaching:
            yield Finding(
                WARNING,
                place_of(decision),
                "Nach ihr fragen nur Einlagen, die ihre Rolle nicht bekommt.",
                "Richten Sie eine davon auch an diese Rolle, oder lassen Sie eine andere nach ihr fragen.",
            )
            continue
        if all(coming.by_order(each) for each in reaching):
            yield Finding(
                WARNING,
                place_of(decision),
                "Nach ihr fragen nur Einlagen, die erst auf Anweisung der Übungsleitung kommen.",
                "Soll sie von selbst offen sein, lassen Sie auch eine Einlage nach ihr fragen, die ohne Anweisung kommt.",
            )
        elif not any(coming.for_sure(each, reaching) for each in reaching):
            yield Finding(
                WARNING,
                place_of(decision),
                "Nach ihr fragen nur Einlagen mit Bedingungen: Treffen diese nicht zu, bleibt sie zu."
                if spans is None
                else "Entscheidet niemand etwas, bleibt sie zu: Keine Einlage, die nach ihr fragt, kommt dann.",
                "Soll sie in jedem Fall offen sein, lassen Sie auch eine Einlage ohne Bedingung nach ihr fragen, "
                "oder die, die unter „Sonst“ steht.",
            )


def _reaches(script: Script, inject: Inject, decision: Decision) -> bool:
    """Whether who decides gets an inject; a role that is not there is told as that."""
    role = next((each for each in script.roles if each.key == decision.role), None)
    return role is None or bool(script.names_of(role) & set(inject.to))


class _Coming:
    """Which injects of a script come by themselves, whatever people decide."""

    def __init__(self, script: Script, spans: Spans | None) -> None:
        self._rows = {each.key: each for each in script.injects}
        self._instead = script.instead_of
        self._ends = script.duration_minutes
        self._spans = spans
        self._sure: set[str] = set()
        # Whoever waits for one that comes may come, too: until there are no more of them.
        before = -1
        while before < len(self._sure):
            before = len(self._sure)
            self._sure |= {each.key for each in script.injects if self.for_sure(each, ())}

    def by_order(self, inject: Inject) -> bool:
        """Whether it comes only by order, or names in its condition one that does."""
        named = (part.get("inject", "") for part in parts_of(dict(inject.condition or {})))
        return any(self._ordered(self._rows.get(key)) for key in (inject.key, *named))

    def _ordered(self, inject: Inject | None) -> bool:
        return inject is not None and inject.at is None and inject.key not in self._instead

    def for_sure(self, inject: Inject, among: Collection[Inject]) -> bool:
        """Whether it comes at its time, or one ``among`` others in its place."""
        if inject.at is None or not inject.enabled or inject.key in self._instead:
            return False
        gone: set[str] = set()
        while inject.condition is not None and not self._holds(inject.condition, inject):
            gone.add(inject.key)
            other = self._rows.get(inject.fallback)
            if other is None or other not in among or other.key in gone:
                return False
            inject = other
        return True

    def _holds(self, condition: Condition, inject: Inject) -> bool:
        if "inject" in condition:
            return condition["inject"] in self._sure
        if "facility" in condition:
            return self._spans is None or self._is_so(condition, inject)
        if "all" in condition:
            return all(self._holds(part, inject) for part in condition["all"])
        if "any" in condition:
            return any(self._holds(part, inject) for part in condition["any"])
        # That something is not so holds until somebody acts; what is decided, nobody knows.
        return "not" in condition and all("facility" in each for each in parts_of(condition["not"]))

    def _is_so(self, condition: Condition, inject: Inject) -> bool:
        """Whether a facility is in a state at some moment at which the inject could come."""
        written = condition["state"]
        states = [written] if isinstance(written, str) else written
        first, since = (inject.at or 0) * MINUTE, condition.get("since_minutes", 0) * MINUTE
        last = inject.at if inject.fallback and inject.until is None else inject.until
        until = (self._ends if last is None else min(last, self._ends)) * MINUTE
        spans = (self._spans or {}).get(condition["facility"], ())
        return any(
            state in states and max(begin + since, first) <= min(until, end - 1)
            for begin, end, state in spans
        )
