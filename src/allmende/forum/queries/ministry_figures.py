"""How ministries answer, and whether they keep what they promise: figures for everybody."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from statistics import median

from django.db.models import Case, CharField, Count, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils import timezone

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
    days: list[int] = field(default_factory=list)  # from sending to the answer, of each answer
    in_time: int = 0  # answers
    commitments: Counter[str] = field(default_factory=Counter)  # by outcome, open, overdue
    verdicts: Counter[str] = field(default_factory=Counter)  # by outcome
    judged: int = 0  # commitments with at least one verdict

    @property
    def answered(self) -> int:
        return len(self.days)

    @property
    def median_days(self) -> float | None:
        return median(self.days) if self.days else None

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
    """The figures of every ministry that a concern came to or that promised something; in five
    queries, however many there are. Real ones first, by name.
    """
    counts, answers, promised = _counts(), _answers(), _promised()
    keys = {row[:2] for row in counts} | answers.keys() | {key for key, _ in promised.values()}
    ministries = Organisation.objects.in_bulk({ministry for ministry, _ in keys})
    found = {key: MinistryFigures(ministries[key[0]], key[1]) for key in keys}
    for ministry, is_example, sent, waiting, overdue in counts:
        figures = found[ministry, is_example]
        figures.sent, figures.waiting, figures.overdue = sent, waiting, overdue
    for key, given in answers.items():
        found[key].days = [days for days, _late in given]
        found[key].in_time = sum(late <= 0 for _days, late in given)
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
    late = Concern.objects.overdue().filter(is_example=is_example)
    return list(late.select_related("ministry").order_by("answer_due", "pk")[:20])


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
            sent=Count("pk"),
            waiting=Count("pk", filter=waiting),
            overdue=Count("pk", filter=late),
        )
    )
    return list(counted)


def _answers() -> dict[Key, list[tuple[int, int]]]:
    """Days from sending to the answer, and days after its date, by ministry."""
    given = _asked().filter(answered_at__isnull=False)
    found: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    moments = (_hour("sent_at"), _hour("answered_at"), _hour("answer_due"))
    rows = given.values_list("ministry", "is_example", *moments)
    for ministry, is_example, sent, answered, due in rows:
        day = _day(answered)
        found[ministry, is_example].append((day - _day(sent), day - _day(due) if due else 0))
    return found


def _hour(column: str) -> Substr:
    """Day and hour of a moment in UTC: as text, since making thousands of moments costs most of a page."""
    return Substr(Cast(column, TextField()), 1, 13)


@lru_cache(maxsize=50_000)
def _day(hour: str) -> int:
    """The number of the day in Germany that an hour lies in: the hour changes at full hours."""
    return timezone.localdate(datetime.fromisoformat(f"{hour}:00+00:00")).toordinal()


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


def _verdicts() -> "list[tuple[int, str, int]]":
    """How often each outcome was given to a commitment."""
    given = Verdict.objects.order_by().values_list("commitment", "outcome")
    return list(given.annotate(number=Count("*")))
