"""A script tried out before anybody plays it: what the check finds, and what would come when."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from allmende.formats.exercise_script.cells import format_minutes
from allmende.formats.exercise_script.check import check_play, check_script
from allmende.formats.exercise_script.document import document_of
from allmende.formats.exercise_script.findings import (
    ERROR,
    WARNING,
    Finding,
    Place,
    quoted,
    refused,
)
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.words import MARK, words_of

from .attachments import without_file
from .failing import MOST_OPEN, Failures, failures_in
from .worlds import fault_of

if TYPE_CHECKING:
    from allmende.algorithms.exercise.wishes import Early

MINUTE = 60_000_000
# So much is simulated while somebody waits: facilities times trial runs.
MOST_SIMULATED = 200_000
MOST_LINES = 1_000


class Checked(NamedTuple):
    """All findings; ``simulated`` says whether the trial runs were made that some of them need."""

    found: list[Finding]
    simulated: bool

    @property
    def errors(self) -> int:
        return sum(each.severity == ERROR for each in self.found)


def check_draft(script: Script, files: Collection[str] | None = None) -> Checked:
    """Check a script, with trial runs where it can be played and they do not take long.

    ``files`` : names of the files that are kept with it; None: not looked at
    """
    from allmende.algorithms.cascade.network import ModelError
    from allmende.algorithms.exercise.rehearsal import exercise_of, rehearse, states_seen

    findings = check_script(script)
    simulated = script.model is None
    runs = 2 + sum(len(decision.options) for decision in script.decisions)
    small = len(script.facilities) * runs <= MOST_SIMULATED
    if script.model is not None and small and not any(f.severity == ERROR for f in findings):
        try:
            plan = exercise_of(document_of(script))
            future = rehearse(plan).future
            spans = future.spans() if future else None
            findings += check_play(script, spans=spans, seen=states_seen(plan))
            simulated = True
        except (ModelError, ValueError) as error:
            findings = [refused(str(error)), *findings]
    if files is not None:
        findings += [_fileless(name) for name in without_file(script, files)]
    return Checked(findings, simulated)


def _fileless(name: str) -> Finding:
    named = {"name": quoted(name)}
    return Finding(
        WARNING,
        Place(_("Anlage %(name)s") % named, "attachments", name),
        _("Zur Anlage %(name)s fehlt die Datei.") % named,
        _("Fügen Sie sie unter „Anlagen“ hinzu."),
    )


class Line(NamedTuple):
    """What comes when, to whom; without a key, the simulation tells it."""

    when: str
    key: str
    title: str
    to: tuple[str, ...]


class Rehearsed(NamedTuple):
    """A dry run. Person-hours without supply and what fails, with what was decided and without.

    These are None if nothing is simulated; ``without`` also if nothing was decided. ``early``: what was not, for it is
    not open by then.
    """

    lines: list[Line]
    left_out: int
    decided: float | None
    nothing: float | None
    failing: Failures | None
    without: Failures | None
    early: "list[TooEarly]"

    @property
    def first_lines(self) -> list[Line]:
        """What is read at once."""
        return self.lines[:MOST_OPEN]

    @property
    def later_lines(self) -> list[Line]:
        """What is folded away."""
        return self.lines[MOST_OPEN:]


class TooEarly(NamedTuple):
    """A question that is not open when it is to be decided: when that is (empty: at once), and when it opens."""

    question: str
    when: str
    opens: str


class CannotPlay(Exception):  # noqa: N818
    """Why a script cannot be rehearsed, in German."""


def rehearse_draft(
    script: Script, choices: Iterable[tuple[int | None, str, str]], *, role: str = ""
) -> Rehearsed:
    """Run through a script with some decisions: minute, decision, option. Narrowed to what a role hears.

    Without a minute, it is decided as soon as an inject has asked for it. Raises ``CannotPlay``.
    """
    from allmende.algorithms.cascade.network import ModelError
    from allmende.algorithms.exercise.rehearsal import exercise_of, rehearse
    from allmende.algorithms.exercise.wishes import Wish, in_play

    if fault := fault_of(script):
        raise CannotPlay(fault)
    choices = list(choices)
    # Each decision is one run more: it opens others.
    if len(script.facilities) * (2 + len(choices)) > MOST_SIMULATED:
        raise CannotPlay(
            _(
                "Das Netz ist zu groß, um es hier mit so vielen Entscheidungen durchzuspielen. Nutzen Sie dafür „allmende exercise“."
            )
            if choices
            else _(
                "Das Netz ist zu groß, um es hier durchzuspielen. Nutzen Sie dafür „allmende exercise“."
            )
        )
    try:
        plan = exercise_of(document_of(script))
        wishes = [
            Wish(None if minutes is None else minutes * MINUTE, decision, option)
            for minutes, decision, option in choices
        ]
        made, early = in_play(plan, wishes)
        run = rehearse(plan, made)
        idle = plan.replay.future(()) if plan.replay else None
    except (ModelError, ValueError) as error:
        raise CannotPlay(str(error)) from error
    titles = {inject.key: inject.title for inject in script.injects}
    found = []
    for line in run.lines:
        if role and role not in line.recipients:
            continue
        told = line.announcement
        title = titles.get(line.inject, "")
        if told is not None:
            title = words_of(told, names=script.facility_names, starts_at=script.starts_at).title
            title = title.removeprefix(f"{MARK}: ")  # here all of it is
        to = tuple(script.people.get(name, name) for name in line.recipients)
        key = "" if told else line.inject
        found.append(Line(format_minutes(line.at // MINUTE), key, title, to))
    return Rehearsed(
        found[:MOST_LINES],
        max(0, len(found) - MOST_LINES),
        run.future.person_hours if run.future else None,
        idle.person_hours if idle else None,
        failures_in(script, run.future) if run.future else None,
        failures_in(script, idle) if idle and made else None,
        [_told(script, each) for each in early],
    )


def _told(script: Script, early: "Early") -> TooEarly:
    questions = {each.key: each.question for each in script.decisions}
    when, opens = (
        "" if at is None else format_minutes(at // MINUTE) for at in (early.wish.at, early.opens)
    )
    return TooEarly(questions[early.wish.decision], when, opens)
