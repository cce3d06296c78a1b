"""Example data: invented municipalities discuss, so that every page has something to show.

Everything here is made up and says so: the municipalities are invented, each concern is marked
``is_example``, and every page that shows one says „Beispieldaten“.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from allmende.accounts.models import User
from allmende.registry.demo import KNOWN, MUNICIPALITIES, create_invented_municipalities
from allmende.registry.models import Region, SizeClass, Topic

from ..models import (
    Ballot,
    Concern,
    ConcernState,
    Exposure,
    Participant,
    Stand,
    Statement,
    StatementState,
    Step,
    VoiceLevel,
    Voices,
    Vote,
)
from ..services import compute_now
from . import texts
from .drafts import draft_for_a_city
from .journeys import travel

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Sketch:
    """What a concern of the demo is made from.

    statements : text and the share of agreement in each of three camps
    """

    slug: str
    topic: Topic
    question: str
    background: str
    statements: tuple[tuple[str, float, float, float], ...]
    waiting: tuple[str, ...] = ()
    municipalities: int = 0
    persons: int = 0
    days_left: int = 9
    state: ConcernState = ConcernState.OPEN


def fill(seed: int) -> list[str]:
    """Add the example data, once; returns nothing to print."""
    if not Concern.objects.filter(is_example=True).exists():
        regions = create_invented_municipalities(seed=seed, count=MUNICIPALITIES)
        owner = next(region for region in regions if region.name == "Lindenfurt")
        for number, sketch in enumerate(texts.SKETCHES):
            _make(Sketch(**sketch), owner=owner, regions=regions, seed=seed + number)
        draft_for_a_city()

        def make(sketch: dict[str, Any], number: int) -> Concern:
            return _make(Sketch(**sketch), owner=owner, regions=regions, seed=seed + 100 + number)

        travel(make)
    return []


def _make(sketch: Sketch, *, owner: Region, regions: list[Region], seed: int) -> Concern:
    import numpy as np

    draw = np.random.default_rng(seed)
    now = timezone.now()
    opened = now - timedelta(days=max(49, 58 - sketch.days_left))
    concern = Concern.objects.create(
        slug=sketch.slug,
        topic=sketch.topic,
        question=sketch.question,
        background=sketch.background,
        owner=owner,
        state=sketch.state,
        opened_at=None if sketch.state == ConcernState.DRAFT else opened,
        deadline=timezone.localtime(now + timedelta(days=sketch.days_left)).replace(
            hour=23, minute=59, second=59, microsecond=0
        ),
        takes_personal_voices=sketch.persons > 0,
        is_example=True,
    )
    drafted = opened - timedelta(days=2)
    Concern.objects.filter(pk=concern.pk).update(created_at=drafted)
    come_to = {
        ConcernState.DRAFT: drafted,
        ConcernState.OPEN: opened,
        ConcernState.POSITION: concern.deadline,
    }
    for state, at in come_to.items():
        Step.objects.create(concern=concern, state=state, at=at)
        if state == sketch.state:
            break
    # Those who sign in find an open task: their municipalities have not voted yet.
    others = [
        region for region in regions if region.short_name not in {name for _, name, _ in KNOWN}
    ]
    chosen = draw.permutation(len(others))[: sketch.municipalities]
    official = Participant.objects.bulk_create(
        Participant(concern=concern, voices=Voices.OFFICIAL, region=others[i]) for i in chosen
    )
    persons = User.objects.bulk_create(
        User(email=f"{sketch.slug}-{i}@beispiel.invalid", name="Erfundene Person", password="!")  # noqa: S106
        for i in range(sketch.persons)
    )
    personal = Participant.objects.bulk_create(
        Participant(concern=concern, voices=Voices.PERSONAL, user=person) for person in persons
    )
    statements = _statements(sketch, concern, official, opened, draw)
    for participants in (official, personal):
        if participants:
            _vote(participants, statements, sketch, opened, draw)
            compute_now(concern=concern, voices=Voices(participants[0].voices))
    return concern


def _statements(
    sketch: Sketch,
    concern: Concern,
    authors: list[Participant],
    opened: datetime,
    draw: "np.random.Generator",
) -> list[Statement]:
    texts = [(text, StatementState.ACCEPTED) for text, *_ in sketch.statements]
    texts += [(text, StatementState.PENDING) for text in sketch.waiting]
    made = Statement.objects.bulk_create(
        Statement(
            concern=concern,
            author=authors[int(draw.integers(len(authors)))] if authors else None,
            text=text,
            state=state,
            created_at=opened + timedelta(days=float(draw.uniform(0, 20))),
        )
        for text, state in texts
    )
    return made[: len(sketch.statements)]


def _vote(
    participants: list[Participant],
    statements: list[Statement],
    sketch: Sketch,
    opened: datetime,
    draw: "np.random.Generator",
) -> None:
    """Each participant belongs to a camp and votes on some of the statements as her camp tends to."""
    import numpy as np

    tendency = np.array([shares for _, *shares in sketch.statements])
    votes, ballots = [], []
    shown: Counter[tuple[int, str, int]] = Counter()
    for participant in participants:
        camp = _camp(participant, draw)
        count = max(3, int(draw.beta(3, 1.5) * len(statements)))
        level = _level(participant)
        begun = opened + timedelta(days=float(draw.uniform(1, 40)))
        for step, i in enumerate(draw.permutation(len(statements))[:count]):
            chance = draw.uniform()
            agrees = draw.uniform() < tendency[i, camp]
            stand = Stand.PASS if chance < 0.07 else Stand.AGREE if agrees else Stand.DISAGREE
            at = begun + timedelta(seconds=20 * step)
            given = {
                "participant": participant,
                "statement": statements[i],
                "stand": stand,
                "level": level,
            }
            votes.append(Vote(**given, cast_at=at))
            ballots.append(Ballot(**given, cast_at=at))
            shown[statements[i].pk, *participant.stratum] += 1
    Vote.objects.bulk_create(votes, batch_size=2_000)
    Ballot.objects.bulk_create(ballots, batch_size=2_000)
    Exposure.objects.bulk_create(
        Exposure(statement_id=statement, land=land, size_class=size_class, shown=count)
        for (statement, land, size_class), count in shown.items()
    )
    for statement in statements:
        statement.shown = sum(n for (pk, *_), n in shown.items() if pk == statement.pk)
    Statement.objects.bulk_update(statements, ["shown"])


def _level(participant: Participant) -> VoiceLevel:
    """In small places the mayor answers herself, in larger ones the administration."""
    if participant.region is None:
        return VoiceLevel.PERSONAL
    is_small = participant.region.size_class == SizeClass.LANDGEMEINDE
    return VoiceLevel.MAYOR if is_small else VoiceLevel.ADMINISTRATION


def _camp(participant: Participant, draw: "np.random.Generator") -> int:
    """Camps follow size, loosely: small places, towns, cities."""
    size = participant.region.size_class or 7 if participant.region else 7
    chances = {7: (0.62, 0.26, 0.12), 6: (0.4, 0.42, 0.18), 5: (0.25, 0.5, 0.25)}
    return int(draw.choice(3, p=chances.get(size, (0.12, 0.4, 0.48))))
