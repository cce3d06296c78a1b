"""How ministries answer, and whether they keep what they promise: figures for everybody."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Count, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from allmende.portal.prepared import PreparedRows
from allmende.registry.models import Organisation, OrganisationKind

from ..models import Commitment, Concern, ConcernQuerySet, ConcernState, Outcome, Verdict
from .commitments import OPEN, OVERDUE

# A ministry, and whether the figures are about example data.
Key = tuple[int, bool]


@dataclass
class MinistryFigures:
    """The figures of one ministry; real ones and example data never stand in one."""

    ministry: Organisation
    is_example: bool
    sent: int = 0  # concerns that ever came to it
    waiting: int = 0  # of those: not answered yet
    overdue: int = 0  # of those: after their date
    days: Counter[int] = field(default_factory=Counter)  # answers, by days since it was sent
    in_time: int = 0  # answers by the day that was asked for first
    in_extended_time: int = (
        0  # answers after it, by the later day that the ministry has given itself
    )
    commitments: Counter[str] = field(default_factory=Counter)  # by outcome, open, overdue
    verdicts: Counter[str] = field(default_factory=Counter)  # by outcome
    judged: int = 0  # commitments with at least one verdict

    @property
    def answered(self) -> int:
        return self.days.total()

    @property
    def median_days(self) -> float | None:
        return median(self.days.elements()) if self.days else None

    @property
    def share_in_time(self) -> float | None:
        return self.in_time / self.answered if self.days else None

    @property
    def promised(self) -> int:
        return self.commitments.total()

    @property
    def settled(self) -> int:
        """Commitments of which it is said what became of them."""
        return sum(self.commitments[outcome] for outcome in Outcome)

    @property
    def share_kept(self) -> float | None:
        return self.commitments[Outcome.KEPT] / self.settled if self.settled else None

    @property
    def judgements(self) -> int:
        return self.verdicts.total()

    @property
    def share_kept_by_verdicts(self) -> float | None:
        return self.verdicts[Outcome.KEPT] / self.judgements if self.judgements else None


def start_of_today() -> datetime:
    """Midnight in Germany: what was due before is overdue."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def figures_of_ministries() -> list[MinistryFigures]:
    """The figures of every ministry that a concern came to or that promised something; in six
    queries, however many there are. Real ones first, by name.
    """
    counts, promised = _counts(), _promised()
    keys = {row[:2] for row in counts} | {key for key, _ in promised.values()}
    ministries = Organisation.objects.in_bulk({ministry for ministry, _ in keys})
    found = {key: MinistryFigures(ministries[key[0]], key[1]) for key in keys}
    for ministry, is_example, sent, waiting, overdue in counts:
        figures = found[ministry, is_example]
        figures.sent, figures.waiting, figures.overdue = sent, waiting, overdue
    for ministry, is_example, days, given, in_time in _answers():
        figures = found[ministry, is_example]
        figures.days[days] = given
        figures.in_time += in_time
    for ministry, is_example, given in _answers_in_extended_time():
        figures = found[ministry, is_example]
        figures.in_extended_time = given
        figures.in_time -= given
    for key, state in promised.values():
        found[key].commitments[state] += 1
    judged: dict[Key, set[int]] = defaultdict(set)
    for commitment, outcome, number in _verdicts():
        if commitment in promised:
            key, _state = promised[commitment]
            found[key].verdicts[outcome] += number
            judged[key].add(commitment)
    for key, with_verdicts in judged.items():
        found[key].judged = len(with_verdicts)
    return sorted(found.values(), key=lambda each: (each.is_example, each.ministry.name))


def overdue_answers(*, is_example: bool) -> "list[Concern]":
    """The twenty concerns that have waited longest beyond their date."""
    late = _asked().overdue().filter(is_example=is_example).order_by("answer_due", "pk")
    # Of those only all is read: to sort the whole rows of thousands costs twice as much.
    longest = Concern.objects.filter(pk__in=late.values("pk")[:20]).select_related("ministry")
    return list(longest.defer("background", "summary", "source").order_by("answer_due", "pk"))


def _asked() -> ConcernQuerySet:
    """What ever came to a ministry; an index has all that is counted of it."""
    return Concern.objects.filter(sent_at__isnull=False, ministry__isnull=False).order_by()


def _counts() -> "list[tuple[int, bool, int, int, int]]":
    waiting = Q(state=ConcernState.SENT)
    late = waiting & Q(answer_due__lt=start_of_today())
    counted = (
        _asked()
        .values_list("ministry", "is_example")
        .annotate(
            sent=Count("*"),
            waiting=Count("ministry", filter=waiting),
            overdue=Count("ministry", filter=late),
        )
    )
    return list(counted)


def _given() -> "QuerySet[Concern, Any]":
    """By ministry and days from sending to the answer: how many, and how many by their date."""
    in_time = (
        Q(answer_due=None) | Q(answered_at__lte=F("answer_due")) | Q(day__lte=Day("answer_due"))
    )
    given = _answered().alias(day=Day("answered_at")).annotate(days=F("day") - Day("sent_at"))
    return given.values_list("ministry", "is_example", "days").annotate(
        given=Count("*"), in_time=Count("ministry", filter=in_time)
    )


def _given_in_extended_time() -> "QuerySet[Concern, Any]":
    """Answers that came after the day that was asked for first, but by the later one."""
    # Most are no later than that moment: their days need not be counted.
    later = _answered().filter(answered_at__gt=F("extension__before"))
    later = later.alias(day=Day("answered_at")).filter(
        day__gt=Day("extension__before"), day__lte=Day("extension__after")
    )
    return later.values_list("ministry", "is_example").annotate(given=Count("*"))


def _answered() -> ConcernQuerySet:
    return _asked().filter(answered_at__isnull=False)


class Day(Func):
    """The number of the day in Germany that a moment lies in.

    Counted in the database: to fetch thousands of moments would cost most of a page.
    """

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        zone = settings.TIME_ZONE
        day = f"((%(expressions)s AT TIME ZONE '{zone}')::date - DATE '1970-01-01')"
        return self.as_sql(compiler, connection, template=day, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Django has told the C library where we are.
        day = "CAST(julianday(%(expressions)s, 'localtime', 'start of day') AS INTEGER)"
        return self.as_sql(compiler, connection, template=day, **context)


def _promised() -> dict[int, tuple[Key, str]]:
    """Whose each public commitment of a ministry is, and how it stands."""
    today = timezone.localdate()
    state = Case(
        When(~Q(outcome=""), then=F("outcome")),
        When(due_on__lt=today, then=Value(OVERDUE)),
        default=Value(OPEN),
        output_field=CharField(),
    )
    promised = Commitment.objects.public().filter(organisation__kind=OrganisationKind.MINISTRY)
    is_example = Coalesce("concern__is_example", "organisation__is_example")
    rows = promised.order_by().annotate(example=is_example, stands=state)
    return {
        commitment: ((ministry, example), stands)
        for commitment, ministry, example, stands in rows.values_list(
            "pk", "organisation", "example", "stands"
        )
    }


def _judgements() -> "QuerySet[Verdict, Any]":
    """How often each outcome was given to a commitment."""
    given = Verdict.objects.order_by().values_list("commitment", "outcome")
    return given.annotate(number=Count("*"))


# What depends on no day of today becomes SQL once.
_answers = PreparedRows(_given)
_answers_in_extended_time = PreparedRows(_given_in_extended_time)
_verdicts = PreparedRows(_judgements)
