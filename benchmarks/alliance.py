"""An Alliance at full size: concerns of all states with all that belongs to them. The same every time.

``population.py`` brings the people. ``FULL`` has 20,000 concerns with 200,000 statements and 2,000,000
votes; every tenth concern went the whole way to a position, and most of those to an answer with
commitments.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from allmende.forum.models import (
    AgendaItem,
    Answer,
    Attendance,
    Commitment,
    Concern,
    ConcernState,
    Contribution,
    Milestone,
    Participant,
    Report,
    SealedPosition,
    SealedSection,
    Section,
    SectionAnswer,
    SectionVersion,
    Series,
    Sitting,
    SittingState,
    Statement,
    Step,
    Support,
    Verdict,
    Word,
)
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
    for_all_statements(made)
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


def for_all_statements(concerns: list[Concern]) -> None:
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


def make_way(size: Size, concerns: list[Concern]) -> None:
    """Steps, supports and contributions of all; positions, answers and commitments of every tenth."""
    chance = random.Random(SEED)  # noqa: S311  the same every time
    texts = sentences(20, chance)
    organisations = first_organisations(500)

    def some(number: int, count: int) -> Iterator[Organisation]:
        for step in range(count):
            yield organisations[(number + step) % len(organisations)]

    keep(
        Step,
        (
            Step(concern=each, state=state, at=each.opened_at)
            for each in concerns
            for state in {ConcernState.OPEN, each.state}
        ),
    )
    keep(
        Support,
        (
            Support(concern=each, organisation=organisation)
            for each in concerns
            for organisation in some(each.pk, size.supports)
        ),
    )
    keep(
        Contribution,
        (
            Contribution(concern=each, text=next(texts), written_at=each.opened_at)
            for each in concerns
            for _ in range(size.contributions)
        ),
    )
    ways = [each for each in concerns[:: WAYS - 1] if each.state != ConcernState.OPEN]
    sealed = make_positions(ways, texts)
    keep(
        Word,
        (
            Word(position=each, organisation=organisation, kind="endorsement")
            for each in sealed
            for organisation in some(each.pk, size.words)
        ),
    )
    answered = [each for each in sealed if each.concern.state in ANSWERED]
    make_answers(answered, texts)
    make_pursuit(organisations)


def first_organisations(count: int) -> list[Organisation]:
    """Those of so many municipalities."""
    first = Region.objects.municipalities().order_by("pk").values_list("pk", flat=True)[:count]
    return list(organisations_of(Region.objects.filter(pk__in=list(first))).order_by("pk"))


def make_positions(ways: list[Concern], texts: Iterator[str]) -> list[SealedPosition]:
    """A sealed position of a few sections for each concern."""
    keep(
        Section,
        (Section(concern=each, place=place) for each in ways for place in range(1, SECTIONS + 1)),
    )
    sections = list(Section.objects.filter(concern__in=ways).order_by("concern", "place"))
    versions = [
        SectionVersion(section=each, number=1, title="Geld für Aufgaben", text=next(texts))
        for each in sections
    ]
    keep(SectionVersion, versions)
    of_concern: dict[int, list[SectionVersion]] = {}
    for version in versions:
        of_concern.setdefault(version.section.concern_id, []).append(version)

    def document(concern: Concern) -> dict[str, Any]:
        return {
            "format": "allmende/position",
            "version": 1,
            "concern": {"question": concern.question, "topic": "", "owner": None}
            | {"is_example": False},
            "edition": 1,
            "sealed_at": timezone.now().isoformat(),
            "sealed_in": "",
            "rapporteurs": [],
            "sections": [
                {"number": number, "title": version.title, "text": version.text}
                | {"statement": None, "figures": None}
                for number, version in enumerate(of_concern[concern.pk], 1)
            ],
        }

    keep(
        SealedPosition,
        (
            SealedPosition(concern=each, number=1, document=document(each), hash="0" * 64)
            for each in ways
        ),
    )
    sealed = list(SealedPosition.objects.filter(concern__in=ways).select_related("concern"))
    keep(
        SealedSection,
        (
            SealedSection(
                position=each,
                number=number,
                title=version.title,
                text=version.text,
                origin=version.section,
            )
            for each in sealed
            for number, version in enumerate(of_concern[each.concern_id], 1)
        ),
    )
    return sealed


def make_answers(sealed: list[SealedPosition], texts: Iterator[str]) -> None:
    """A published answer to each position, and to its first section a commitment."""
    keep(
        Answer,
        (
            Answer(
                concern=each.concern,
                position=each,
                ministry_id=each.concern.ministry_id,
                summary=next(texts),
                published_at=each.concern.answered_at,
            )
            for each in sealed
        ),
    )
    answers = {each.position_id: each for each in Answer.objects.filter(position__in=sealed)}
    sections = SealedSection.objects.filter(position__in=sealed).order_by("pk")
    keep(
        SectionAnswer,
        (
            SectionAnswer(
                answer=answers[each.position_id],
                section=each,
                disposition="taken_up" if each.number == 1 else "noted",
                reason="" if each.number == 1 else next(texts),
            )
            for each in sections
        ),
    )
    today = timezone.localdate()
    taken_up = SectionAnswer.objects.filter(answer__position__in=sealed, section__number=1)
    keep(
        Commitment,
        (
            Commitment(
                concern_id=each.answer.concern_id,
                answer=each,
                organisation_id=each.answer.ministry_id,
                what="Die Förderrichtlinie wird geändert",
                who="Referat 3",
                due_on=today + timedelta(days=each.pk % 200 - 60),
                sign="Sie steht im Bundesanzeiger.",
                outcome=("", "", "kept", "partly")[each.pk % 4],
                outcome_at=timezone.now() if each.pk % 4 > 1 else None,
            )
            for each in taken_up.select_related("answer").order_by("pk")
        ),
    )


def make_pursuit(organisations: list[Organisation]) -> None:
    """A milestone, a report and a few verdicts for every commitment."""
    commitments = list(Commitment.objects.order_by("pk"))
    keep(
        Milestone,
        (Milestone(commitment=each, title="Entwurf", due_on=each.due_on) for each in commitments),
    )
    keep(Report, (Report(commitment=each, text="Der Entwurf liegt vor.") for each in commitments))
    keep(
        Verdict,
        (
            Verdict(commitment=each, organisation=organisation, outcome="kept")
            for each in commitments
            if each.outcome
            for organisation in organisations[:3]
        ),
    )


def make_sittings(concerns: list[Concern], *, series: int, sittings: int, members: int) -> None:
    """Series of sittings with agenda and attendance."""
    host = Organisation.objects.get(slug="ministerium-nr-0")
    invited = list(Organisation.objects.exclude(region=None).order_by("pk")[:members])
    for number in range(series):
        made = Series.objects.create(name=f"Plenum {number}", slug=f"plenum-nr-{number}", host=host)
        made.members.set(invited)
        keep(Sitting, (_sitting(made, step, sittings) for step in range(sittings)))
    kept = list(Sitting.objects.filter(series__slug__startswith="plenum-nr-").order_by("pk"))
    agenda = itertools.cycle(concerns[-1_000:])
    keep(
        AgendaItem,
        (
            AgendaItem(sitting=each, place=place, title="Bericht", concern=next(agenda))
            for each in kept
            for place in range(1, 11)
        ),
    )
    keep(
        Attendance,
        (
            Attendance(sitting=each, organisation=organisation)
            for each in kept
            for organisation in invited
        ),
    )


def _sitting(series: Series, step: int, count: int) -> Sitting:
    begins: datetime = timezone.now() + timedelta(weeks=26 * (step - count + 2))
    is_held = begins < timezone.now()
    return Sitting(
        series=series,
        title=f"{step + 1}. Plenum",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        place="Rathaus",
        state=SittingState.HELD if is_held else SittingState.INVITED,
        invited_at=begins - timedelta(weeks=4),
        minutes_at=begins if is_held else None,
    )


@dataclass(frozen=True)
class Grown:
    """How much a single concern or sitting has of everything."""

    statements: int
    participants: int
    contributions: int
    organisations: int  # that support, endorse, take part in a sitting
    items: int


GROWN = Grown(statements=60, participants=500, contributions=100, organisations=200, items=15)
GROWN_LITTLE = Grown(statements=2, participants=3, contributions=2, organisations=3, items=2)


def grow_concern(concern: Concern, size: Grown) -> None:
    """Add statements, voters, contributions, supports and words to a concern."""
    there = set(concern.participants.values_list("region", flat=True))
    regions = Region.objects.municipalities().exclude(pk__in=there).order_by("pk")
    organisations = first_organisations(size.organisations)
    keep(
        Statement,
        (
            Statement(concern=concern, text=f"Der Bund soll zahlen ({n}).", state="accepted")
            for n in range(size.statements)
        ),
    )
    keep(
        Participant,
        (
            Participant(concern=concern, voices="official", region=region)
            for region in regions[: size.participants]
        ),
    )
    for_all_statements([concern])
    statements = list(concern.statements.order_by("pk"))
    keep(
        Contribution,
        (
            Contribution(
                concern=concern,
                statement=statements[0] if number % 2 else None,
                text=f"Bei uns auch ({number}).",
            )
            for number in range(size.contributions)
        ),
    )
    keep(Support, (Support(concern=concern, organisation=each) for each in organisations))
    keep(
        Word,
        (
            Word(position=sealed, organisation=each, kind="endorsement")
            for sealed in concern.sealed_positions.all()
            for each in organisations
        ),
    )


def grow_sitting(sitting: Sitting, size: Grown) -> None:
    """Add items to the agenda, and who is invited."""
    invited = Organisation.objects.exclude(region=None).exclude(
        pk__in=sitting.attendances.values("organisation")
    )
    keep(
        AgendaItem,
        (
            AgendaItem(sitting=sitting, place=place, title="Bericht")
            for place in range(2, size.items + 2)
        ),
    )
    keep(
        Attendance,
        (
            Attendance(sitting=sitting, organisation=each)
            for each in invited.order_by("pk")[: size.organisations]
        ),
    )
