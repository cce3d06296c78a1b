"""The after-action report of an exercise: its figures, and what people wrote beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.formats import exercise_report as paper
from allmende.formats.exercise_script.model import Goal
from allmende.formats.exercise_script.words import MARK
from allmende.forum.models import Concern, ConcernState
from allmende.forum.queries import mandate_for, visible_concerns
from allmende.portal.templatetags.portal import enumerated
from allmende.registry.models import Right

from ..models import (
    Exercise,
    ExerciseState,
    Improvement,
    Mark,
    OrderKind,
    PartKind,
    Passage,
    Report,
)
from .exercises import open_parts_of, part_of
from .fallen import Fallen, failures_of, fallen_in
from .games import Game
from .losses import losses_of
from .observing import Task, questionnaire_of, tasks_of
from .situation import exercise_time, inject_title, role_names
from .staff import seat_of, seats_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

MINUTE = 60_000_000
GOAL = "ziel-"
# What counts of a mark; what was not observed does not count.
WORTH = {Mark.DONE: 1.0, Mark.PARTLY: 0.5, Mark.NOT_DONE: 0.0}
CONTINGENCY = "contingency"


def texts_of_report() -> dict[str, str]:
    """The sections that people write, in their order."""
    return {
        "zusammenfassung": _("Zusammenfassung"),
        "gut": _("Was gut lief"),
        "besser": _("Was zu verbessern ist"),
        "weiter": _("Wie es weitergeht"),
    }


def sections_of(exercise: Exercise) -> dict[str, str]:
    """All sections that people write, with their names: texts, and the goals of the script."""
    goals = Game(exercise, 0).script.goals
    return texts_of_report() | {
        f"{GOAL}{number}": goal.name for number, goal in enumerate(goals, 1)
    }


def report_in(exercise: Exercise) -> Report:
    """Who may read the report; asked once for each object."""
    try:
        return exercise.report
    except Report.DoesNotExist:
        return Report(exercise=exercise)  # which the exercise remembers


def evaluates(user: "Person", exercise: Exercise) -> bool:
    """Whether somebody writes the report: the control, observers, and the crisis staff of who held it."""
    part = part_of(user, exercise)
    if part is not None and part.kind in {PartKind.CONTROL, PartKind.OBSERVER}:
        return True
    return seat_of(user, exercise.host) is not None


def get_passage(number: int, section: str) -> tuple[Exercise, str]:
    """A section of an exercise's report that people write. Raises ``DoesNotExist`` if it has none such."""
    exercise = Exercise.objects.select_related("host").defer("script").get(pk=number)
    if section not in sections_of(exercise):
        raise Exercise.DoesNotExist
    return exercise, section


def newest_passages(exercise: Exercise) -> dict[str, Passage]:
    """What each section says now."""
    versions = Passage.objects.filter(exercise=OuterRef("exercise"), section=OuterRef("section"))
    newest = versions.order_by("-number").values("number")[:1]
    rows = Passage.objects.filter(exercise=exercise, number=Subquery(newest))
    return {row.section: row for row in rows.select_related("written_by")}


def passage_of(exercise: Exercise, section: str) -> Passage:
    """What a section says now; number 0 if nothing yet."""
    rows = Passage.objects.filter(exercise=exercise, section=section).order_by("-number")
    return rows.first() or Passage(exercise=exercise, section=section, number=0)


def passages_of(exercise: Exercise, section: str) -> QuerySet[Passage]:
    """What a section has said, newest first."""
    found = Passage.objects.filter(exercise=exercise, section=section)
    return found.select_related("written_by").order_by("-number")


def improvements_in(exercise: Exercise) -> QuerySet[Improvement]:
    """What is to be done after an exercise, soonest first."""
    found = exercise.improvements.select_related("owner", "concern").prefetch_related("steps")
    return found.order_by("due_on", "pk")


def get_improvement(number: int) -> Improvement:
    found = Improvement.objects.select_related("exercise__host", "owner", "concern")
    return found.defer("exercise__script").get(pk=number)


def improvements_for(user: "User") -> QuerySet[Improvement]:
    """The measures that somebody may know of: her own, those of what she evaluates, and of what she may read.
    Who only looked on reads none.

    The rules say the same of one measure (``crisis.view_improvement``).
    """
    hosts = [seat.mandate.organisation_id for seat in seats_of(user)]
    own = open_parts_of(user)
    evaluated = own.filter(kind__in=(PartKind.CONTROL, PartKind.OBSERVER)).values("exercise")
    acted = own.exclude(kind=PartKind.SPECTATOR).values("exercise")
    open_to_all = Q(exercise__report__is_shared=True) | Q(exercise__report__closed_at__isnull=False)
    found = Improvement.objects.filter(
        Q(owner=user)
        | Q(exercise__host__in=hosts)
        | Q(exercise__in=evaluated)
        | open_to_all & Q(exercise__in=acted)
    )
    return found.select_related("exercise__host", "owner", "concern").defer("exercise__script")


def exercises_evaluated(user: "Person") -> QuerySet[Exercise]:
    """The exercises of her crisis staffs that are over, and in which she took no part herself."""
    hosts = [seat.mandate.organisation_id for seat in seats_of(user)]
    if not user.is_authenticated or not hosts:
        return Exercise.objects.none()
    ended = Exercise.objects.filter(host__in=hosts, state=ExerciseState.ENDED)
    return ended.exclude(parts__user=user).select_related("host").defer("script")


def concerns_seen(user: "Person", improvements: "list[Improvement]") -> set[int]:
    """Of the concerns that were made of measures, those that somebody may see."""
    raised = [each.concern_id for each in improvements if each.concern_id is not None]
    return set(visible_concerns(user).filter(pk__in=raised).values_list("pk", flat=True))


def report_of(game: Game, *, reader: "Person") -> paper.ExerciseReport:
    """The whole report, in German, whatever language the reader has chosen."""
    exercise = game.exercise
    with override(settings.LANGUAGE_CODE):
        tasks = tasks_played(game)
        passages = newest_passages(exercise)
        results = questionnaire_of(exercise)
        losses_state, losses = losses_of(game)
        fallen = fallen_in(game)
        return paper.ExerciseReport(
            title=exercise.title,
            summary=game.script.summary,
            host=exercise.host.name,
            is_example=exercise.is_example,
            began=exercise.started_at,
            ended=exercise.ended_at,
            duration_minutes=game.script.duration_minutes,
            stopped=str(exercise_time(game, game.now)) if game.stopped_early else "",
            closed_at=report_in(exercise).closed_at,
            as_of=timezone.now().replace(microsecond=0),
            present=tuple(_present(game)),
            goals=tuple(_goals(game, tasks, passages)),
            failures=tuple(failures_of(game, fallen)),
            events=tuple(_events(game, fallen)),
            decisions=tuple(_decisions(game)),
            tasks=tuple(_task(task) for task in tasks),
            losses_state=losses_state,
            losses=losses,
            asked=results.answered if results else 0,
            questions=tuple(
                paper.Question(each.question.text, each.counts, each.mean or 0.0)
                for each in (results.scales if results else ())
            ),
            remarks=tuple(
                paper.Text(question.key, question.text, "\n\n".join(said))
                for question, said in (results.remarks if results else ())
                if said
            ),
            texts=tuple(
                paper.Text(key, title, passages[key].text if key in passages else "")
                for key, title in texts_of_report().items()
            ),
            improvements=tuple(_improvements(exercise, sections_of(exercise), reader)),
        )


def _present(game: Game) -> Iterator[paper.Present]:
    taken = list(game.exercise.parts.values_list("kind", "role"))
    teams = {team.key: team.name for team in game.script.teams}
    for role in game.script.roles:
        if people := taken.count((PartKind.PLAYER, role.key)):
            yield paper.Present(teams.get(role.team, ""), role.name, people)
    for kind in (PartKind.CONTROL, PartKind.OBSERVER, PartKind.SPECTATOR):
        if people := taken.count((kind, "")):
            yield paper.Present("", str(kind.label), people)


def tasks_played(game: Game) -> list[Task]:
    """The tasks of roles that somebody played; what nobody could do is left out."""
    played = set(game.exercise.parts.exclude(role="").values_list("role", flat=True))
    return [
        task
        for task in tasks_of(game.exercise, game)
        # Who has gone meanwhile has left traces.
        if task.role in played or task.marks or (task.opened, task.answered) != (None, None)
    ]


def serving(goal: str, game: Game, tasks: list[Task]) -> list[Task]:
    """The tasks that serve a goal."""
    injects = {row.key for row in game.script.injects if goal in row.goals}
    return [task for task in tasks if task.inject in injects]


def suggestion_for(goal: str, game: Game, tasks: list[Task]) -> tuple[int, int, str]:
    """How many tasks serve a goal, how many of them were observed, and which rating their marks suggest."""
    from allmende.algorithms.exercise.ratings import rating_of

    marks = [
        [WORTH[Mark(each.mark)] for each in task.marks if each.mark in WORTH]
        for task in serving(goal, game, tasks)
    ]
    return len(marks), sum(map(bool, marks)), rating_of(marks) or ""


@dataclass(frozen=True)
class Suggestion:
    """Of ``tasks`` that serve a goal, ``observed`` ones suggest a rating; empty: none.

    ``seen`` are those of which observers said anything.
    """

    goal: Goal
    tasks: int
    observed: int
    rating: str
    seen: tuple[Task, ...]


def suggestion_in(exercise: Exercise, section: str) -> Suggestion | None:
    """What the marks suggest for the goal that a section is about; None if it is about none."""
    if not section.startswith(GOAL):
        return None
    game = Game(exercise, 0)
    goal = game.script.goals[int(section.removeprefix(GOAL)) - 1]
    tasks = tasks_played(game)
    seen = (task for task in serving(goal.key, game, tasks) if task.marks)
    return Suggestion(goal, *suggestion_for(goal.key, game, tasks), seen=tuple(seen))


def _goals(game: Game, tasks: list[Task], passages: dict[str, Passage]) -> Iterator[paper.Goal]:
    for number, goal in enumerate(game.script.goals, 1):
        count, observed, suggested = suggestion_for(goal.key, game, tasks)
        said = passages.get(f"{GOAL}{number}")
        yield paper.Goal(
            key=f"{GOAL}{number}",
            name=goal.name,
            description=goal.description,
            tasks=count,
            observed=observed,
            suggested=suggested,
            rating=said.rating if said else "",
            reasoning=said.text if said else "",
        )


def _events(game: Game, fallen: list[Fallen]) -> list[paper.Event]:
    """What began it, what was decided, what failed and came back, and what the control brought in; the log has all
    of it.
    """
    from allmende.algorithms.exercise.announcements import PREFIX, RESTORED
    from allmende.algorithms.exercise.conditions import FAILED

    kinds = {f"{PREFIX}{FAILED}/": "Ausfall", f"{PREFIX}{RESTORED}/": "wieder da"}
    by_hand = {
        (inject, attempt): at for at, kind, inject, attempt in game.orders if kind != OrderKind.SKIP
    }
    ordered = {row.key for row in game.script.injects if row.kind == CONTINGENCY}
    names = role_names(game)
    heard: dict[tuple[str, int], list[str]] = {}
    first: dict[tuple[str, int], tuple[int, str]] = {}
    rows = game.exercise.deliveries.order_by("due", "pk")
    for inject, attempt, due, to, title in rows.values_list(
        "inject", "attempt", "due", "recipient", "title"
    ):
        first.setdefault((inject, attempt), (due, title.removeprefix(f"{MARK}: ")))
        heard.setdefault((inject, attempt), []).append(names.get(to, to))
    began = [each for each in failures_of(game, fallen) if each.is_origin]
    said = {each.inject for each in fallen if each.cause in paper.ORIGINS}
    found = [
        paper.Event(
            one.minute, one.time, paper.BEGAN, "", f"{enumerated(one.facilities)}: {one.cause}"
        )
        for one in began
    ]
    found += [
        paper.Event(one.minute, one.time, "Entscheidung", one.who, f"{one.question} {one.option}")
        for one in _decisions(game)
    ]
    for (inject, attempt), (due, title) in first.items():
        if inject in said:
            continue
        kind = next((word for start, word in kinds.items() if inject.startswith(start)), "")
        if kind or inject in ordered or (inject, attempt) in by_hand:
            who = "" if kind else " · ".join(heard[inject, attempt])
            when = str(exercise_time(game, due))
            found.append(paper.Event(due // MINUTE, when, kind or "Einlage", who, title))
    for inject, attempt in (
        each for each in by_hand if each not in first
    ):  # its roles, nobody has played
        at = by_hand[inject, attempt]
        when = str(exercise_time(game, at))
        found.append(paper.Event(at // MINUTE, when, "Einlage", "", inject_title(game, inject)))
    return sorted(found, key=lambda event: event.minute)


def _decisions(game: Game) -> Iterator[paper.Decision]:
    names = role_names(game)
    decisions = {each.key: each for each in game.script.decisions}
    for choice in game.exercise.choices.order_by("at"):
        decision = decisions[choice.decision]
        yield paper.Decision(
            minute=choice.at // MINUTE,
            time=str(exercise_time(game, choice.at)),
            who=names[choice.role],
            question=decision.question,
            option=next(each.name for each in decision.options if each.key == choice.option),
            reason=choice.reason,
        )


def _task(task: Task) -> paper.Task:
    counted = task.counted()
    return paper.Task(
        minute=task.at // MINUTE,
        time=str(task.time),
        title=task.title,
        who=task.role_name,
        expected=task.expected,
        within=task.within,
        opened=task.opened,
        acted=task.answered,
        done=counted[Mark.DONE],
        partly=counted[Mark.PARTLY],
        not_done=counted[Mark.NOT_DONE],
        not_seen=counted[Mark.NOT_SEEN],
    )


def _improvements(
    exercise: Exercise, sections: dict[str, str], reader: "Person"
) -> Iterator[paper.Improvement]:
    rows = list(improvements_in(exercise))
    seen = concerns_seen(reader, rows)
    for each in rows:
        last = next(iter(each.steps.all()), None)
        yield paper.Improvement(
            number=each.pk,
            goal=sections.get(each.goal, ""),
            lesson=each.lesson,
            what=each.what,
            who=each.who,
            due_on=each.due_on,
            state=str(each.get_state_display()),
            state_on=timezone.localdate(each.state_at),
            note=last.note if last else "",
            concern=each.concern.get_absolute_url()
            if each.concern is not None and each.concern_id in seen
            else "",
        )


def address_to_write(user: "User", concern: Concern) -> str:
    """Where somebody goes on with a concern: she writes the draft, or reads what has become of it."""
    may_write = mandate_for(user, concern.owner_id, Right.CONTRIBUTE) is not None
    if concern.state == ConcernState.DRAFT and may_write:
        return reverse("forum:change", args=[concern.slug])
    return concern.get_absolute_url()
