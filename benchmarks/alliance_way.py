"""What became of the concerns of ``alliance.py``: supports, positions, answers, commitments, sittings."""

import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from alliance import ANSWERED, SECTIONS, SEED, WAYS, Size, first_organisations, sentences
from allmende.forum.models import (
    AgendaItem,
    Answer,
    Attendance,
    Commitment,
    Concern,
    ConcernState,
    Contribution,
    Extension,
    Milestone,
    Report,
    SealedPosition,
    SealedSection,
    Section,
    SectionAnswer,
    SectionVersion,
    Series,
    Sitting,
    SittingState,
    Step,
    Support,
    Verdict,
    Word,
)
from allmende.registry.models import Organisation
from population import keep


def make_way(size: Size, concerns: list[Concern]) -> None:
    """Steps, supports and contributions of all; positions, answers and commitments of every tenth.

    Every seventh that is with a ministry has a later date, too.
    """
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
    keep(
        Extension,
        (
            Extension(
                concern=each,
                before=each.answer_due - timedelta(weeks=4),
                after=each.answer_due,
                reason=next(texts),
            )
            for each in concerns[::7]
            if each.answer_due
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
