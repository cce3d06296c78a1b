"""Statements in rows: what unites, what divides, what is typical, each with its figures and bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from allmende.portal.charts import Span, group_mark, interval_bar
from allmende.portal.templatetags.portal import number, percent, percent_range

from . import queries
from .figures import LETTERS, Estimate, Figures, StatementFigures, Tally, tallies_of
from .reader import Reader

DIFFERENCES = 5
MAJORITY = 0.5


@dataclass(frozen=True)
class Reading:
    """Whose share of one statement it is, and on how many votes it rests if not on all."""

    label: str
    estimate: Estimate
    basis: int | None = None


@dataclass(frozen=True)
class GroupLine:
    """A group's share beside a statement."""

    mark: SafeString
    letter: str
    share: float


@dataclass(frozen=True)
class Seldom:
    """Statements that have fewer votes than the floor: no list of findings ranks them yet."""

    floor: int
    numbers: frozenset[int]


def seldom_answered(figures: Figures) -> Seldom:
    """Which statements nobody should compare with the others yet."""
    # numpy takes a while to import: not at Django's start.
    from allmende.algorithms.opinion.routing import check_exposure

    found = check_exposure([each.total for each in figures.statements], participants=figures.voted)
    waiting = (figures.statements[position].number for position in found.waiting.tolist())
    return Seldom(found.floor, frozenset(waiting))


@dataclass(frozen=True)
class Row:
    """One statement as a list shows it."""

    number: int
    text: str
    figures: StatementFigures
    verb: str
    readings: tuple[Reading, ...]
    bar: SafeString
    groups: tuple[GroupLine, ...]
    note: str = ""
    contributions: int = 0


@dataclass(frozen=True)
class Choice:
    """A statement picked for a list, and why; ``against`` shows its rejection instead of agreement."""

    figures: StatementFigures
    against: bool = False
    note: str = ""


@dataclass(frozen=True)
class OwnDifference:
    """A statement on which one's own vote is not that of most of one's group."""

    text: str
    own: str
    share: float
    verb: str


class StatementLists:
    """The statements of a result, sorted and drawn for one reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.figures: Figures = reader.figures

    @cached_property
    def texts(self) -> dict[int, str]:
        return queries.texts_of(self.reader.concern)

    @cached_property
    def contributions(self) -> dict[int, int]:
        """How much is said to each statement."""
        return queries.contributions_by_statement(self.reader.concern)

    @cached_property
    def tallies(self) -> dict[int, Tally]:
        return tallies_of(
            self.reader.result,
            land=self.reader.filter.land,
            size_class=self.reader.filter.size_class,
        )

    @cached_property
    def _chosen_estimates(self) -> dict[tuple[int, bool], tuple[Estimate, int]]:
        """Share and interval of those whom the filter leaves, for all statements in one go."""
        # scipy takes a while to import, and only who filters needs it.
        from allmende.algorithms.opinion.intervals import finite_size, share_interval

        found = list(self.tallies.items())
        whole = self._whole_of_filter
        estimates = {}
        for agrees in (True, False):
            shares = [(t.agree if agrees else t.disagree) / t.total for _, t in found]
            totals = [t.total for _, t in found]
            low, high = share_interval(shares, finite_size(totals, sampled=totals, whole=whole))
            for (pk, tally), share, a, b in zip(found, shares, low, high, strict=True):
                estimates[pk, agrees] = Estimate(share, float(a), float(b)), tally.total
        return estimates

    @cached_property
    def _whole_of_filter(self) -> int | None:
        """How many municipalities the filter would leave if all took part."""
        whole = queries.whole_of(
            example=self.reader.concern.is_example,
            land=self.reader.filter.land,
            size_class=self.reader.filter.size_class,
        )
        return whole if whole >= self.reader.basis else None

    def rows(self, choices: Iterable[Choice]) -> list[Row]:
        """Statements with texts and bars."""
        said = self.contributions
        return [self._row(choice, said.get(choice.figures.number, 0)) for choice in choices]

    def _row(self, choice: Choice, contributions: int) -> Row:
        each, against = choice.figures, choice.against
        groups = [
            (share.group, share.disagree.value if against else share.agree.value)
            for share in each.groups
            if share.answers
        ]
        readings = tuple(self._readings(each, against=against))
        verb = _("lehnen ab") if against else _("stimmen zu")
        first, *others = [Span(r.estimate.value, *r.estimate.bounds) for r in readings]
        return Row(
            number=each.number,
            text=self.texts[each.number],
            figures=each,
            verb=verb,
            readings=readings,
            bar=interval_bar(
                first,
                text="; ".join(_in_words(reading, verb) for reading in readings),
                groups=groups,
                second=others[0] if others else None,
            ),
            groups=tuple(GroupLine(group_mark(g), LETTERS[g], share) for g, share in groups),
            note=choice.note,
            contributions=contributions,
        )

    def _readings(self, each: StatementFigures, *, against: bool) -> Iterable[Reading]:
        """Two at most: of a selection and of all, or by municipalities and by inhabitants."""
        whole = each.municipalities_against if against else each.municipalities
        if self.reader.filter:
            if chosen := self._chosen_estimates.get((each.number, not against)):
                yield Reading(_("Auswahl"), *chosen)
            yield Reading(_("Alle Kommunen"), whole)
            return
        yield Reading(_("Kommunen") if self.reader.is_official else _("Alle"), whole)
        people = each.inhabitants_against if against else each.inhabitants
        if people is not None:
            yield Reading(_("Einwohner"), people)

    def uniting(self) -> list[Choice]:
        """What all share, by the smallest sure agreement."""
        return [
            Choice(each, note=self._floor_note(each.consensus))
            for each in self._ranked(self.figures.by_consensus())
            if each.consensus > MAJORITY
        ]

    def rejected(self) -> list[Choice]:
        """What all reject, by the smallest sure rejection."""
        return [
            Choice(each, against=True, note=self._floor_note(each.rejection))
            for each in self._ranked(self.figures.by_rejection())
            if each.rejection > MAJORITY
        ]

    def dividing(self) -> list[Choice]:
        """What surely divides, most first; what all share is no dispute, however small its minority."""
        return [
            Choice(each)
            for each in self._ranked(self.figures.by_division())
            if each.division.low > 0 and max(each.consensus, each.rejection) <= MAJORITY
        ]

    def _floor_note(self, floor: float) -> str:
        """What every part surely reaches, rounded down; nothing where there is only one part."""
        if not (self.reader.is_official or self.figures.groups):
            return ""
        return _("überall sicher mindestens %(share)s\u202f%%") % {"share": int(100 * floor)}

    def typical(self, group: int) -> list[Choice]:
        """What is typical of a group: where it differs from the others beyond chance."""
        return [
            Choice(each, against=not agrees, note=_difference_note(difference, agrees=agrees))
            for each, difference, agrees in self.figures.typical_of(group)
            if each.number in self.texts
        ]

    def ordered(self, order: str) -> list[Choice]:
        """All statements in an order of ``StatementOrderForm``; only findings if it is a group's."""
        figures = self.figures
        for group in figures.groups:
            if order == group.letter:
                return self.typical(group.number)
        by = {
            "trennt": figures.by_division,
            "abgelehnt": figures.by_rejection,
            "stimmen": figures.by_votes,
        }.get(order, figures.by_consensus)
        ranked = self._ranked(by())
        rest = [each for each in self._known(by()) if each.number in self.seldom.numbers]
        return [Choice(each, against=order == "abgelehnt") for each in ranked + rest]

    def _ranked(self, statements: list[StatementFigures]) -> list[StatementFigures]:
        """Without those that have not been answered often enough to stand beside the others."""
        seldom = self.seldom.numbers
        return [each for each in self._known(statements) if each.number not in seldom]

    @cached_property
    def seldom(self) -> "Seldom":
        return seldom_answered(self.figures)

    def _known(self, statements: list[StatementFigures]) -> list[StatementFigures]:
        """Without those withdrawn since the computation."""
        return [each for each in statements if each.number in self.texts]

    def own_differences(self) -> list[OwnDifference]:
        """Where one's own vote is not that of most of one's group, clearest first."""
        if self.reader.own is None or self.reader.own.place.group < 0:
            return []
        votes = queries.votes_by_statement(self.reader.own.participant)
        found = []
        for each in self.figures.statements:
            own = votes.get(each.number, 0)
            if not own or each.number not in self.texts:
                continue
            share = next(s for s in each.groups if s.group == self.reader.own.place.group)
            others = share.disagree.value if own > 0 else share.agree.value
            if others > 0.5:
                words = (
                    (_("Zustimmung"), _("lehnen ab"))
                    if own > 0
                    else (_("Ablehnung"), _("stimmen zu"))
                )
                found.append(OwnDifference(self.texts[each.number], words[0], others, words[1]))
        return sorted(found, key=lambda d: (-d.share, d.text))[:DIFFERENCES]


def _in_words(reading: Reading, verb: str) -> str:
    estimate = reading.estimate
    return _("%(who)s: %(share)s %(verb)s, sicher zwischen %(range)s") % {
        "who": reading.label,
        "share": percent(estimate.value),
        "verb": verb,
        "range": percent_range(estimate.bounds),
    }


def _difference_note(difference: Estimate, *, agrees: bool) -> str:
    said = (
        _(
            "%(points)s Prozentpunkte mehr Zustimmung als bei den anderen "
            "(95\u202f%%: %(low)s bis %(high)s)"
        )
        if agrees
        else _(
            "%(points)s Prozentpunkte mehr Ablehnung als bei den anderen "
            "(95\u202f%%: %(low)s bis %(high)s)"
        )
    )
    return said % {
        "points": number(100 * difference.value),
        "low": number(100 * difference.low),
        "high": number(100 * difference.high),
    }
