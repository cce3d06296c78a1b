"""What the pages of a result show: figures joined with texts, drawings and sentences.

A ``Reader`` is one person's view of one result: whose voices, through which filter, and what may be
shown of single participants. Everything that pages, tables and files show of a result goes through it,
so that the rules about anonymity stand in one place.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from django.utils.safestring import SafeString

from allmende.portal.charts import Dot, Span, comparison_bar, group_mark, interval_bar, opinion_map
from allmende.portal.templatetags.portal import number, percent, percent_range
from allmende.registry.models import SizeClass

from . import queries, result_queries
from .figures import (
    KEPT_RESULTS,
    LETTERS,
    Candidate,
    Estimate,
    Figures,
    StatementFigures,
    Tally,
    figures_of,
    kept_figures,
    tallies_of,
)
from .models import Concern, Participant, Result, Voices
from .result_queries import Member

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

K = TypeVar("K", str, int)

# Below that, a figure about people who were promised anonymity would point at them.
FEWEST = 5
SIZES = (5_000, 20_000, 100_000)
DIFFERENCES = 5
MAJORITY = 0.5


@dataclass(frozen=True)
class Place:
    """One participant on the map; without name, Land and size where it must not be recognised."""

    member: Member
    x: float
    y: float
    group: int

    @property
    def letter(self) -> str:
        return LETTERS[self.group] if self.group >= 0 else ""

    @property
    def mark(self) -> SafeString:
        return group_mark(self.group)

    @property
    def size_name(self) -> str:
        """Without the numbers: the inhabitants stand beside it."""
        if not self.member.size_class:
            return ""
        return str(SizeClass(self.member.size_class).label).partition(" (")[0]


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


@dataclass(frozen=True)
class Choice:
    """A statement picked for a list, and why; ``against`` shows its rejection instead of agreement."""

    figures: StatementFigures
    against: bool = False
    note: str = ""


@dataclass(frozen=True)
class Stratum:
    """How many of a Land or size class took part, against the whole."""

    name: str
    present: int
    total: int | None
    share: float
    share_of_all: float | None
    bar: SafeString
    groups: tuple[float | None, ...]


@dataclass(frozen=True)
class Filter:
    """A Land, a size class, both or none."""

    land: str = ""
    size_class: int | None = None

    def __bool__(self) -> bool:
        return bool(self.land or self.size_class)

    def lets_through(self, member: Member) -> bool:
        return (not self.land or member.land == self.land) and (
            not self.size_class or member.size_class == self.size_class
        )


@dataclass(frozen=True)
class Own:
    """Where the reader's own municipality, or she herself, stands."""

    label: str
    place: Place
    participant: Participant


@dataclass(frozen=True)
class OwnDifference:
    """A statement on which one's own vote is not that of most of one's group."""

    text: str
    own: str
    share: float
    verb: str


def _two(candidate: Candidate | None) -> str:
    return f"Trennschärfe {number(candidate.silhouette, 2)}" if candidate else "–"


def _in_words(reading: Reading, verb: str) -> str:
    estimate = reading.estimate
    return (
        f"{reading.label}: {percent(estimate.value)} {verb}, "
        f"sicher zwischen {percent_range(estimate.bounds)}"
    )


def _difference_note(difference: Estimate, *, agrees: bool) -> str:
    return (
        f"{number(100 * difference.value)} Prozentpunkte mehr {'Zustimmung' if agrees else 'Ablehnung'} "
        f"als bei den anderen "
        f"(95\u202f%: {number(100 * difference.low)} bis {number(100 * difference.high)})"
    )


@lru_cache(maxsize=KEPT_RESULTS)
def _places(
    concern_id: int, voices: Voices, pk: int, input_hash: str, computed_at: datetime
) -> tuple[Place, ...]:
    """All participants of a result, largest municipality first; kept like the figures themselves."""
    known = kept_figures(pk, input_hash, computed_at).places
    members = [
        member
        for member in result_queries.members_of(concern_id=concern_id, voices=voices)
        if member.key in known
    ]
    # People by the key that says nothing: the order in which they joined would tell who is who.
    members.sort(key=lambda m: (-m.population, m.name, m.key))
    return tuple(Place(member, *known[member.key]) for member in members)


class _Drawings:
    """The last maps that were drawn, by what they depend on."""

    def __init__(self, most: int) -> None:
        self.most, self.kept = most, dict[object, SafeString]()

    def __call__(self, reader: "Reader", key: object) -> SafeString:
        drawing = self.kept.pop(key, None) or reader.draw()
        self.kept[key] = drawing
        while len(self.kept) > self.most:
            self.kept.pop(next(iter(self.kept)), None)
        return drawing


_drawn = _Drawings(most=32)


@dataclass
class Reader:
    """One person's view of one result."""

    concern: Concern
    voices: Voices
    result: Result
    user: "Person"
    filter: Filter = field(default_factory=Filter)

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.result)

    @property
    def is_official(self) -> bool:
        return self.voices == Voices.OFFICIAL

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody may see who is who: personal voices, and confidential ones until the deadline."""
        return not self.is_official or self.concern.hides_voices

    @property
    def has_filter(self) -> bool:
        """Whether a filter by Land and size makes sense and tells nothing about single ones.

        People and imported voters have neither. Where it is confidential who voted how, the votes of a
        Land with one municipality, or the difference of two selections, would tell it.
        """
        return not self.is_anonymous

    @property
    def noun(self) -> str:
        return "Kommunen" if self.is_official else "Teilnehmende"

    @property
    def noun_dative(self) -> str:
        return "Kommunen" if self.is_official else "Teilnehmenden"

    @cached_property
    def all_places(self) -> tuple[Place, ...]:
        result = self.result
        assert result.computed_at is not None  # noqa: S101  for the type checker
        return _places(
            self.concern.pk, self.voices, result.pk, result.input_hash, result.computed_at
        )

    @cached_property
    def places(self) -> list[Place]:
        """Those whom the filter leaves."""
        return [place for place in self.all_places if self.filter.lets_through(place.member)]

    @property
    def basis(self) -> int:
        """On how many participants the figures rest."""
        return len(self.places)

    @property
    def is_too_small(self) -> bool:
        """Whether so few take part that figures would point at single ones."""
        return self.is_anonymous and len(self.all_places) < FEWEST

    @cached_property
    def lands(self) -> dict[str, str]:
        """Länder from which somebody takes part, by key, with their names."""
        names = result_queries.lands()
        present = {place.member.land for place in self.all_places if place.member.land}
        return dict(sorted(((key, names.get(key, key)) for key in present), key=lambda kv: kv[1]))

    @property
    def votes_each(self) -> float:
        return self.figures.votes / max(self.figures.voted, 1)

    @property
    def filter_name(self) -> str:
        """The filter in words: ``Sachsen, Landgemeinde (unter 5.000)``."""
        parts = [self.lands.get(self.filter.land, "")] if self.filter.land else []
        if self.filter.size_class:
            parts.append(SizeClass(self.filter.size_class).label)
        return ", ".join(parts)

    # --- Map -----------------------------------------------------------------------------------

    @cached_property
    def own(self) -> Own | None:
        """The first of the reader's voices that is on the map."""
        for voice in queries.voices_of(user=self.user, concern=self.concern):
            if voice.kind != self.voices:
                continue
            participant = queries.participant_of(concern=self.concern, voice=voice)
            if participant is None:
                continue
            key = result_queries.key_of(participant.pk, voice.region.ars if voice.region else None)
            for place in self.all_places:
                if place.member.key == key:
                    label = voice.region.name if voice.region else "Sie"
                    return Own(label, place, participant)
        return None

    def map(self) -> SafeString:
        """The map of those whom the filter leaves, with the reader's own place; kept in memory."""
        own = self.own
        drawing = (
            self.result.pk,
            self.result.computed_at,
            self.filter,
            own and (own.label, own.place),
        )
        return _drawn(self, drawing)

    def draw(self) -> SafeString:
        """Draw that map."""
        sizes = Counter(place.group for place in self.places)
        labels = [
            f"{group.letter} · {number(sizes[group.number])}" for group in self.figures.groups
        ]
        own = self.own
        return opinion_map(
            [
                Dot(place.x, place.y, place.group, self._dot_size(place.member))
                for place in self.places
            ],
            title="Meinungskarte",
            description=self._map_in_words(sizes),
            group_labels=labels,
            own=(own.place.x, own.place.y) if own else None,
            own_label=own.label if own else "",
            extent=[(place.x, place.y) for place in self.all_places],
        )

    def _dot_size(self, member: Member) -> int:
        """By inhabitants; all alike where a large dot would be a name."""
        return 0 if self.is_anonymous else sum(member.population >= limit for limit in SIZES)

    def _map_in_words(self, sizes: Counter[int]) -> str:
        groups = ", ".join(
            f"Gruppe {group.letter}: {number(sizes[group.number])}" for group in self.figures.groups
        )
        return (
            f"{number(self.basis)} {self.noun}. {groups or 'Keine stabilen Gruppen'}. "
            "Dieselben Angaben stehen in der Tabelle der Teilnehmenden."
        )

    # --- Statements ----------------------------------------------------------------------------

    @cached_property
    def texts(self) -> dict[int, str]:
        return result_queries.texts_of(self.concern)

    @cached_property
    def tallies(self) -> dict[int, Tally]:
        return tallies_of(self.result, land=self.filter.land, size_class=self.filter.size_class)

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
        whole = result_queries.whole_of(
            example=self.concern.is_example,
            land=self.filter.land,
            size_class=self.filter.size_class,
        )
        return whole if whole >= self.basis else None

    def rows(self, choices: Iterable[Choice]) -> list[Row]:
        """Statements with texts and bars."""
        return [self._row(choice) for choice in choices]

    def _row(self, choice: Choice) -> Row:
        each, against = choice.figures, choice.against
        groups = [
            (share.group, share.disagree.value if against else share.agree.value)
            for share in each.groups
            if share.answers
        ]
        readings = tuple(self._readings(each, against=against))
        verb = "lehnen ab" if against else "stimmen zu"
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
        )

    def _readings(self, each: StatementFigures, *, against: bool) -> Iterable[Reading]:
        """Two at most: of a selection and of all, or by municipalities and by inhabitants."""
        whole = each.municipalities_against if against else each.municipalities
        if self.filter:
            if chosen := self._chosen_estimates.get((each.number, not against)):
                yield Reading("Auswahl", *chosen)
            yield Reading("Alle Kommunen", whole)
            return
        yield Reading("Kommunen" if self.is_official else "Alle", whole)
        people = each.inhabitants_against if against else each.inhabitants
        if people is not None:
            yield Reading("Einwohner", people)

    def uniting(self) -> list[Choice]:
        """What all share, by the smallest sure agreement."""
        return [
            Choice(each, note=self._floor_note(each.consensus))
            for each in self._known(self.figures.by_consensus())
            if each.consensus > MAJORITY
        ]

    def rejected(self) -> list[Choice]:
        """What all reject, by the smallest sure rejection."""
        return [
            Choice(each, against=True, note=self._floor_note(each.rejection))
            for each in self._known(self.figures.by_rejection())
            if each.rejection > MAJORITY
        ]

    def dividing(self) -> list[Choice]:
        """What surely divides, most first."""
        return [
            Choice(each)
            for each in self._known(self.figures.by_division())
            if each.division.low > 0
        ]

    def _floor_note(self, floor: float) -> str:
        """What every part surely reaches, rounded down; nothing where there is only one part."""
        if not (self.is_official or self.figures.groups):
            return ""
        return f"überall sicher mindestens {int(100 * floor)}\u202f%"

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
        return [Choice(each, against=order == "abgelehnt") for each in self._known(by())]

    def _known(self, statements: list[StatementFigures]) -> list[StatementFigures]:
        """Without those withdrawn since the computation."""
        return [each for each in statements if each.number in self.texts]

    # --- Groups and participation --------------------------------------------------------------

    @cached_property
    def groups(self) -> list[dict[str, object]]:
        """The groups among those whom the filter leaves."""
        sizes = Counter(place.group for place in self.places)
        people: Counter[int] = Counter()
        for place in self.places:
            people[place.group] += place.member.population
        inhabitants = sum(people.values())
        return [
            {
                "letter": group.letter,
                "mark": group_mark(group.number),
                "size": sizes[group.number],
                "share": sizes[group.number] / self.basis if self.basis else None,
                "people": people[group.number] / inhabitants if inhabitants else None,
                "stability": group.stability,
            }
            for group in self.figures.groups
        ]

    def certainty(self) -> list[str]:
        """How sure the groups are; if there are none, why."""
        figures = self.figures
        best = max(figures.candidates, key=lambda c: c.silhouette, default=None)
        if figures.groups:
            kept = ", ".join(f"{g.letter} zu {percent(g.stability)}" for g in figures.groups)
            sentences = [
                f"Würden dieselben Gruppen entstehen, wenn andere {self.noun} mitgemacht hätten? In "
                f"100 Wiederholungen mit zufällig gezogenen {self.noun_dative} blieben im Mittel "
                f"gleich: {kept}. Gezeigt werden Gruppen erst ab 75\u202f%.",
                f"Die Gruppen trennen sich auch deutlicher als zufällig gemischte Stimmen: {_two(best)}, "
                f"bei Zufall fast immer unter {number(figures.silhouette_threshold, 2)}.",
            ]
        else:
            sentences = [self._why_no_groups(best)]
        if self.is_official:
            sentences.append(
                "Die Anteile sind nach Land und Größe gewichtet, damit schwach vertretene Kommunen "
                f"nicht untergehen. Die {number(figures.voted)} Kommunen sagen dadurch so viel aus wie "
                f"{number(figures.effective)} zufällig gezogene."
            )
        return sentences

    def _why_no_groups(self, best: Candidate | None) -> str:
        threshold = number(self.figures.silhouette_threshold, 2)
        stability = percent(best.stability) if best else "–"
        return {
            "too few": f"Für Gruppen haben noch zu wenige {self.noun} genug Stimmen abgegeben. "
            "Darum zeigen wir nur, was verbindet und was trennt.",
            "no difference": "Alle stimmen fast gleich ab. Es gibt nichts, was Gruppen trennen könnte.",
            "not clearer than chance": "Jede Menge von Punkten lässt sich in Gruppen teilen. Diese "
            f"trennen sich aber nicht deutlicher ({_two(best)}) als Gruppen aus zufällig gemischten "
            f"Stimmen (bis {threshold}). Darum zeigen wir nur, was verbindet und was trennt.",
            "not stable": f"Nähmen andere {self.noun} teil, entstünden andere Gruppen: In "
            f"Wiederholungen mit zufällig gezogenen {self.noun_dative} blieb die unsicherste Gruppe nur zu "
            f"{stability} gleich, nötig sind 75\u202f%. Darum zeigen wir nur, was verbindet und was "
            "trennt.",
        }.get(self.figures.no_groups_because, "Es gibt keine stabilen Gruppen.")

    @cached_property
    def without_group(self) -> int:
        return sum(place.group < 0 for place in self.places)

    def by_land(self) -> list[Stratum]:
        """How many took part by Land, against all municipalities there."""
        totals, _ = result_queries.frame_totals(example=self.concern.is_example)
        names = result_queries.lands()
        keys = sorted(
            {*totals, *(p.member.land for p in self.all_places if p.member.land)},
            key=lambda key: names.get(key, key),
        )
        return self._strata(
            [(key, names.get(key, key)) for key in keys],
            self._places_by(attrgetter("member.land")),
            totals,
        )

    def by_size(self) -> list[Stratum]:
        """How many took part by size class, against all municipalities of that size."""
        _, totals = result_queries.frame_totals(example=self.concern.is_example)
        return self._strata(
            [(int(size), str(size.label)) for size in SizeClass],
            self._places_by(attrgetter("member.size_class")),
            totals,
        )

    def _places_by(self, cell: Callable[[Place], K]) -> dict[K, list[Place]]:
        found: dict[K, list[Place]] = defaultdict(list)
        for place in self.all_places:
            found[cell(place)].append(place)
        return found

    def _strata(
        self, names: list[tuple[K, str]], places: dict[K, list[Place]], totals: dict[K, int]
    ) -> list[Stratum]:
        here, everywhere = len(self.all_places), sum(totals.values())
        shares = {
            key: (
                len(places[key]) / here if here else 0.0,
                totals.get(key, 0) / everywhere if everywhere else None,
            )
            for key, _ in names
        }
        most = max((max(part, whole or 0) for part, whole in shares.values()), default=0)
        return [
            Stratum(
                name=name,
                present=len(places[key]),
                total=totals.get(key, 0) if everywhere else None,
                share=shares[key][0],
                share_of_all=shares[key][1],
                bar=comparison_bar(part=shares[key][0], whole=shares[key][1] or 0, most=most),
                groups=self._group_shares(places[key]),
            )
            for key, name in names
        ]

    def _group_shares(self, places: list[Place]) -> tuple[float | None, ...]:
        """The share of each group; nothing where too few would be recognised."""
        if not places or self.is_anonymous:
            return tuple(None for _ in self.figures.groups)
        sizes = Counter(place.group for place in places)
        return tuple(sizes[group.number] / len(places) for group in self.figures.groups)

    @property
    def without_share(self) -> float | None:
        return self.without_group / self.basis if self.basis else None

    def own_differences(self) -> list[OwnDifference]:
        """Where one's own vote is not that of most of one's group, clearest first."""
        if self.own is None or self.own.place.group < 0:
            return []
        votes = result_queries.votes_by_statement(self.own.participant)
        found = []
        for each in self.figures.statements:
            own = votes.get(each.number, 0)
            if not own or each.number not in self.texts:
                continue
            share = next(s for s in each.groups if s.group == self.own.place.group)
            others = share.disagree.value if own > 0 else share.agree.value
            if others > 0.5:
                words = ("Zustimmung", "lehnen ab") if own > 0 else ("Ablehnung", "stimmen zu")
                found.append(OwnDifference(self.texts[each.number], words[0], others, words[1]))
        return sorted(found, key=lambda d: (-d.share, d.text))[:DIFFERENCES]
