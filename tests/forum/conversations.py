"""Conversations for tests: two camps that answer the same statements differently."""

from allmende.forum import services
from allmende.forum.models import Concern, Participant, Statement, Voices, Vote
from allmende.forum.queries import Voice
from allmende.registry.models import Level, Region, SizeClass
from tests.factories import ParticipantFactory, StatementFactory, UserFactory

POPULATIONS = (812, 3_400, 7_100, 14_000, 31_000, 64_000)
LANDS = ("09", "14", "05")


def municipalities(count: int, *, invented: bool = False, first: int = 0) -> list[Region]:
    """Municipalities of several Länder and sizes; two calls need different first numbers."""
    return Region.objects.bulk_create(
        [
            Region(
                level=Level.GEMEINDE,
                ars=f"{LANDS[n % 3]}{n:010d}",
                ags=f"{LANDS[n % 3]}{n:06d}",
                land=LANDS[n % 3],
                name=f"Musterort {n}",
                search_key=f" musterort {n} ",
                population=POPULATIONS[n % 6],
                size_class=SizeClass.of(POPULATIONS[n % 6]),
                invented=invented,
            )
            for n in range(first, first + count)
        ]
    )


def participants(concern: Concern, count: int, voices: Voices) -> list[Participant]:
    """Municipalities, or voters of an imported conversation."""
    if voices == Voices.OFFICIAL:
        regions = municipalities(count, invented=concern.is_example)
        people = [Participant(concern=concern, voices=voices, region=region) for region in regions]
    else:
        people = [
            Participant(concern=concern, voices=voices, imported_as=f"{n}") for n in range(count)
        ]
    return Participant.objects.bulk_create(people)


def two_camps(
    concern: Concern,
    *,
    voices: Voices = Voices.OFFICIAL,
    count: int = 60,
    statements: list[Statement] | None = None,
) -> list[Participant]:
    """Everybody votes on ten statements: two unite, eight divide odd from even participants."""
    statements = statements or StatementFactory.create_batch(10, concern=concern)
    people = participants(concern, count, voices)
    Vote.objects.bulk_create(
        Vote(participant=person, statement=statement, stand=_stand(n, s))
        for n, person in enumerate(people)
        for s, statement in enumerate(statements)
    )
    return people


def _stand(participant: int, statement: int) -> int:
    """Camps are not of one mind: every seventh answer is a pass or the other camp's."""
    if (participant * 5 + statement * 3) % 7 == 0:
        return 0
    if statement < 2:
        return 1
    return 1 if (participant + statement // 2) % 2 else -1


def one_vote_each(concern: Concern, count: int) -> list[Participant]:
    """So few that there is nothing to group."""
    statement = StatementFactory(concern=concern)
    people = ParticipantFactory.create_batch(count, concern=concern)
    Vote.objects.bulk_create(
        Vote(participant=person, statement=statement, stand=1) for person in people
    )
    return people


def put_before(participant: Participant) -> Statement | None:
    """The statement that a participant is shown next."""
    voice = Voice(participant.user or UserFactory.build(), participant.region)
    return services.go_on(concern=participant.concern, voice=voice).statement
