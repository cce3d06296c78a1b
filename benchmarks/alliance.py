"""An Alliance at full size: concerns of all states with all that belongs to them. The same every time.

``population.py`` brings the people. ``FULL`` has 20,000 concerns with 200,000 statements and 2,000,000
votes; every tenth concern went the whole way to a position, and most of those to an answer with
commitments.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from allmende.forum.models import Concern, ConcernState, Participant, Statement
from allmende.registry.models import Organisation, OrganisationKind, Region, Topic
from allmende.registry.services import organisations_of
from population import keep

SEED = 20_261_122
NOUNS = [
    "Bund",
    "Land",
    "Kreis",
    "Stadt",
    "Schutz",
    "Steuer",
    "Gewerbe",
    "Hebesatz",
    "Umlage",
    "Personal",
    "Antrag",
    "Verwaltung",
    "Schule",
    "Kita",
    "Klima",
    "Energie",
    "Wohnung",
    "Bau",
    "Verkehr",
    "Bus",
    "Bahn",
    "Feuerwehr",
    "Katastrophen",
    "Ehrenamt",
    "Rat",
    "Sitzung",
    "Haushalt",
    "Förder",
    "Mittel",
    "Programm",
    "Recht",
    "Gesetz",
    "Pflicht",
    "Aufgabe",
    "Geld",
    "Ausgleich",
    "Migrations",
    "Gesundheit",
    "Pflege",
    "Krankenhaus",
    "Ärzte",
    "Netz",
    "Glasfaser",
    "Wasser",
    "Straßen",
    "Brücken",
    "Sanierung",
    "Übergriff",
    "Meldung",
]
FILLING = [
    "der",
    "die",
    "das",
    "und",
    "soll",
    "muss",
    "für",
    "mit",
    "von",
    "auf",
    "ist",
    "wird",
    "nicht",
    "eine",
    "den",
    "dem",
    "im",
    "zu",
]
SENT = (ConcernState.SENT, ConcernState.ANSWERED, ConcernState.PURSUED, ConcernState.CLOSED)
ANSWERED = SENT[1:]
WAYS = 10  # each so many concerns, one has a position
SECTIONS = 3


@dataclass(frozen=True)
class Size:
    """How many concerns, and how much each has of everything."""

    concerns: int
    statements: int
    participants: int
    contributions: int = 2
    supports: int = 2
    words: int = 8


FULL = Size(concerns=20_000, statements=10, participants=10)
SMALL = Size(concerns=60, statements=2, participants=2)


def words() -> tuple[list[str], list[float]]:
    """Nouns and all compounds of two, of which few are frequent and most are rare (Zipf)."""
    chance = random.Random(SEED)  # noqa: S311  the same every time
    found = NOUNS + [a + b.lower() for a in NOUNS for b in NOUNS]
    chance.shuffle(found)
    return found, [1 / (rank + 3) for rank in range(len(found))]


def sentences(length: int, chance: random.Random) -> Iterator[str]:
    """Words with filling between them, without end."""
    nouns, weights = words()
    summed = list(itertools.accumulate(weights))
    while True:
        some = chance.choices(nouns, cum_weights=summed, k=length)
        filling = chance.choices(FILLING, k=length)
        yield " ".join(itertools.chain.from_iterable(zip(filling, some, strict=True)))


def make_discussion(size: Size) -> list[Concern]:
    """Concerns of all states but drafts with statements, participants and votes."""
    chance = random.Random(SEED)  # noqa: S311  the same every time
    titles, texts, said = (sentences(length, chance) for length in (5, 50, 9))
    now = timezone.now()
    regions = list(Region.objects.municipalities().order_by("pk"))
    states = [state for state in ConcernState if state is not ConcernState.DRAFT]
    topics = list(Topic)
    ministries = make_ministries()

    def concern(number: int) -> Concern:
        opened = now - timedelta(minutes=30 * (size.concerns - number))
        state = states[number % len(states)]
        return Concern(
            slug=f"frage-{number}",
            question=f"Wie {next(titles)}?"[:200],
            background=next(texts),
            owner=regions[number * 7 % len(regions)],
            topic=topics[number % len(topics)],
            state=state,
            created_at=opened,
            opened_at=opened,
            deadline=now + timedelta(days=9) if state == ConcernState.OPEN else opened,
            is_confidential=number % 50 == 0,
            ministry=ministries[number % len(ministries)],
            sent_at=opened if state in SENT else None,
            answer_due=opened + timedelta(weeks=8) if state in SENT else None,
            answered_at=opened + timedelta(weeks=number % 12) if state in ANSWERED else None,
        )

    keep(Concern, (concern(number) for number in range(size.concerns)))
    made = list(Concern.objects.filter(slug__startswith="frage-").order_by("pk"))
    keep(
        Statement,
        (
            Statement(concern=each, text=next(said)[:280], state="accepted")
            for _ in range(size.statements)
            for each in made
        ),
    )
    some = regions[:9_000]
    keep(
        Participant,
        (
            Participant(
                concern=each, voices="official", region=some[(each.pk + number) % len(some)]
            )
            for each in made
            for number in range(size.participants)
        ),
    )
    vote_on_all(made)
    return made


def make_ministries() -> list[Organisation]:
    """Fifteen ministries."""
    keep(
        Organisation,
        (
            Organisation(
                kind=OrganisationKind.MINISTRY,
                name=f"Ministerium {number}",
                slug=f"ministerium-nr-{number}",
                search_key=f"ministerium {number}",
            )
            for number in range(15)
        ),
    )
    return list(Organisation.objects.filter(slug__startswith="ministerium-nr-").order_by("pk"))


def vote_on_all(concerns: list[Concern]) -> None:
    """A vote of every participant on every statement: too many to make one by one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO forum_vote (statement_id, participant_id, stand, level, cast_at) "
            "SELECT s.id, p.id, (s.id + p.id * 7) %% 3 - 1, '', s.created_at FROM forum_statement s "
            "JOIN forum_participant p ON p.concern_id = s.concern_id WHERE s.state = 'accepted' "
            "AND s.concern_id BETWEEN %s AND %s "
            "AND NOT EXISTS (SELECT 1 FROM forum_vote v WHERE v.participant_id = p.id)",
            [concerns[0].pk, concerns[-1].pk],
        )


def first_organisations(count: int) -> list[Organisation]:
    """Those of so many municipalities."""
    first = Region.objects.municipalities().order_by("pk").values_list("pk", flat=True)[:count]
    return list(organisations_of(Region.objects.filter(pk__in=list(first))).order_by("pk"))
