"""One person's view of one result: whose voices, through which filter, and what may be shown.

Everything that pages, tables and files show of a result goes through a ``Reader``, so that the rules
about anonymity stand in one place.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from allmende.portal.charts import Dot, group_mark, opinion_map
from allmende.portal.templatetags.portal import number
from allmende.registry.models import SizeClass

from ..models import Concern, Participant, Result, Voices
from ..queries import participant_of, voices_of
from . import queries
from .cells import FEWEST
from .figures import KEPT_RESULTS, LETTERS, Figures, figures_of, kept_figures
from .queries import Member

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

SIZES = (5_000, 20_000, 100_000)
KEPT_MAPS = 32


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


@lru_cache(maxsize=KEPT_RESULTS)
def _places(
    concern_id: int,
    voices: Voices,
    pk: int,
    input_hash: str,
    computed_at: datetime,
    *,
    is_anonymous: bool,
) -> tuple[Place, ...]:
    """All participants of a result, largest municipality first; kept like the figures themselves.

    Where nobody may be recognised, the order must not tell who is who either: not by inhabitants, by
    key or by the time of joining.
    """
    known = kept_figures(pk, input_hash, computed_at).places
    members = [
        member
        for member in queries.members_of(concern_id=concern_id, voices=voices)
        if member.key in known
    ]
    if is_anonymous:
        members.sort(key=lambda m: queries.key_of(m.pk, None))
    else:
        members.sort(key=lambda m: (-m.population, m.name, m.key))
    return tuple(Place(member, *known[member.key]) for member in members)


class _Drawings:
    """The last maps that were drawn, by what they depend on; shared by all threads."""

    def __init__(self, most: int) -> None:
        self.most, self.kept, self.lock = most, dict[object, SafeString](), Lock()

    def __call__(self, reader: "Reader", key: object) -> SafeString:
        with self.lock:
            drawing = self.kept.pop(key, None)
        drawing = drawing or reader.draw()
        with self.lock:
            self.kept[key] = drawing
            while len(self.kept) > self.most:
                del self.kept[next(iter(self.kept))]
        return drawing


_drawn = _Drawings(most=KEPT_MAPS)


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
        return _("Kommunen") if self.is_official else _("Teilnehmende")

    def counted(self, count: int) -> str:
        """So many of those who take part: „38 Kommunen“."""
        said = (
            ngettext("%(count)s Kommune", "%(count)s Kommunen", count)
            if self.is_official
            else ngettext("%(count)s Person", "%(count)s Teilnehmende", count)
        )
        return said % {"count": number(count)}

    @cached_property
    def all_places(self) -> tuple[Place, ...]:
        result = self.result
        assert result.computed_at is not None  # noqa: S101  for the type checker
        return _places(
            self.concern.pk,
            self.voices,
            result.pk,
            result.input_hash,
            result.computed_at,
            is_anonymous=self.is_anonymous,
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
    def land_names(self) -> dict[str, str]:
        """All Länder by key."""
        return queries.lands()

    @cached_property
    def frame_totals(self) -> tuple[dict[str, int], dict[int, int]]:
        """How many municipalities there are by Land and by size class."""
        return queries.frame_totals(example=self.concern.is_example)

    @cached_property
    def lands(self) -> dict[str, str]:
        """Länder from which somebody takes part, by key, with their names."""
        names = self.land_names
        present = {place.member.land for place in self.all_places if place.member.land}
        return dict(sorted(((key, names.get(key, key)) for key in present), key=lambda kv: kv[1]))

    @cached_property
    def answered_by(self) -> dict[int, dict[str, int]]:
        """Votes that agents gave for participants, by agent; nothing where nobody may be recognised."""
        return {} if self.is_anonymous else queries.answered_by(self.concern)

    @cached_property
    def answered(self) -> int:
        """How many votes were given in Vollmacht."""
        return sum(sum(by_agent.values()) for by_agent in self.answered_by.values())

    @property
    def votes_each(self) -> float:
        return self.figures.votes / max(self.figures.voted, 1)

    @property
    def filter_name(self) -> str:
        """The filter in words: ``Sachsen, Landgemeinde (unter 5.000)``."""
        parts = [self.lands.get(self.filter.land, "")] if self.filter.land else []
        if self.filter.size_class:
            parts.append(str(SizeClass(self.filter.size_class).label))
        return ", ".join(parts)

    @cached_property
    def own(self) -> Own | None:
        """The first of the reader's voices that is on the map."""
        for voice in voices_of(user=self.user, concern=self.concern):
            if voice.kind != self.voices:
                continue
            participant = participant_of(concern=self.concern, voice=voice)
            if participant is None:
                continue
            key = queries.key_of(participant.pk, voice.region.ars if voice.region else None)
            for place in self.all_places:
                if place.member.key == key:
                    label = voice.region.name if voice.region else _("Sie")
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
            get_language(),
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
            title=_("Meinungskarte"),
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
            _("Gruppe %(group)s: %(count)s")
            % {"group": group.letter, "count": number(sizes[group.number])}
            for group in self.figures.groups
        )
        return _(
            "%(who)s. %(groups)s. Dieselben Angaben stehen in der Tabelle der Teilnehmenden."
        ) % {
            "who": self.counted(self.basis),
            "groups": groups or _("Keine stabilen Gruppen"),
        }
