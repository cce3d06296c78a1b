"""Two exercises of the example data: one that was played a week ago, and one that stands in a pause."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from django.utils import timezone

from allmende.accounts.models import User
from allmende.registry.models import Organisation

from .. import scripts
from ..models import CONTROL, Exercise
from ..services import exercises as serve
from ..services.exercises.sent_files import check_files
from .observing import EARLY, LATER, OBSERVERS, answer, observe

SCRIPT = "stromausfall"
MINUTE = 60_000_000
# Who plays what, by the first part of the address.
CAST = {
    "landkreis": "k-leitung",
    "oberbuergermeister": "f-leitung",
    "stadt": "f-s3",
    "buergermeisterin": "l-leitung",
    "verwaltung": "l-s4",
}
DIRECTOR = "werke"


class Decided(NamedTuple):
    """Minute of the exercise, who, and what."""

    minute: int
    who: str
    decision: str
    option: str
    reason: str


class Written(NamedTuple):
    """Minute of the exercise, who (the control without), to which role or team, and on whose behalf."""

    minute: int
    who: str
    to: str
    outside: str
    text: str


DECIDED = (
    Decided(
        165,
        "landkreis",
        "netzersatzanlage",
        "steinmuehle",
        "An diesem Wasserwerk hängt auch das Klinikum; das Wasser reicht dort am kürzesten.",
    ),
    Decided(
        260,
        "oberbuergermeister",
        "auskunft",
        "offen",
        "Wer sich einrichten kann, ruft nicht die 112 an.",
    ),
    Decided(
        900,
        "buergermeisterin",
        "lindenhof",
        "bleiben",
        "Ein Umzug bei Nacht belastet die Bewohner mehr.",
    ),
)
WRITTEN = (
    Written(
        120,
        "oberbuergermeister",
        CONTROL,
        "Netzleitstelle",
        "Mit welcher Dauer müssen wir rechnen? Wir richten den Stab im Feuerwehrhaus ein.",
    ),
    Written(
        140,
        "",
        "f-leitung",
        "Netzleitstelle",
        "Frühestens morgen Abend. Wir melden uns, sobald der zweite Mast begutachtet ist.",
    ),
    Written(
        180,
        "landkreis",
        "f-leitung",
        "",
        "Die Netzersatzanlage des Kreises geht zum Wasserwerk Steinmühle. Bitte sichern Sie die Zufahrt.",
    ),
    Written(
        300,
        "buergermeisterin",
        "k-leitung",
        "",
        "Erlengrund hat noch Wasser bis heute Nacht. Was kommt für uns?",
    ),
    Written(
        330,
        "landkreis",
        "lindenfurt",
        "",
        "An alle im Stab: Zwei Tankwagen mit Trinkwasser sind bis 20 Uhr in Erlengrund. Wer nimmt sie in Empfang?",
    ),
)


def make_exercises(host: Organisation) -> int:
    """Play one to its end and begin another; returns how many there are now."""
    if Exercise.objects.exists():
        return 0
    people = {
        key: user
        for key in (*CAST, DIRECTOR, *OBSERVERS)
        if (user := User.objects.filter(email=f"{key}@example.org").first()) is not None
    }
    if len(people) < len(CAST) + 1 + len(OBSERVERS):
        return 0
    _play_to_the_end(host, people)
    _begin(host, people)
    return 2


def _prepare(host: Organisation, people: dict[str, User]) -> Exercise:
    exercise = serve.add_exercise(
        actor=people[DIRECTOR],
        mandate=None,
        host=host,
        script=scripts.read(SCRIPT),
        files=check_files(scripts.files(SCRIPT)),
    )
    for key, role in CAST.items():
        serve.join(actor=people[key], exercise=exercise, kind="spiel", role=role)
    for key in OBSERVERS:
        serve.join(actor=people[key], exercise=exercise, kind="beobachtung", role="")
    return exercise


def _play_to_the_end(host: Organisation, people: dict[str, User]) -> None:
    exercise = _prepare(host, people)
    began = timezone.now() - timedelta(days=7)
    wall = int(began.timestamp() * 1_000_000)
    speed = scripts.read(SCRIPT).speed
    serve.start_exercise(actor=people[DIRECTOR], exercise=exercise, wall=wall)
    deeds: list[Decided | Written] = [*DECIDED, *WRITTEN]
    for deed in sorted(deeds, key=lambda deed: deed.minute):
        then = wall + round(deed.minute * MINUTE / speed)
        serve.deliver_due(exercise=exercise, wall=then)
        _do(exercise, people, deed, then)
    duration = scripts.read(SCRIPT).duration_minutes
    over = wall + round(duration * MINUTE / speed) + MINUTE
    serve.deliver_due(exercise=exercise, wall=over)
    for delivery in exercise.deliveries.filter(recipient__in=CAST.values()).order_by("pk"):
        serve.mark_seen(delivery=delivery, wall=wall + round(delivery.due / speed) + MINUTE // 2)
    observe(exercise, people, EARLY + LATER, wall=wall, speed=speed)
    serve.end_exercise(actor=people[DIRECTOR], exercise=exercise, wall=over)
    Exercise.objects.filter(pk=exercise.pk).update(
        created_at=began - timedelta(days=14),
        started_at=began,
        ended_at=began + timedelta(minutes=duration / speed),
    )
    answer(exercise, [goal.key for goal in scripts.read(SCRIPT).goals])


def _do(exercise: Exercise, people: dict[str, User], deed: Decided | Written, wall: int) -> None:
    """One thing that somebody did, under a key that is always the same."""
    actor = people[deed.who or DIRECTOR]
    part = exercise.parts.get(user=actor)
    key = uuid5(UUID(int=exercise.pk), f"{deed.minute} {type(deed).__name__}")
    if isinstance(deed, Decided):
        serve.decide(
            actor=actor,
            part=part,
            key=key,
            decision=deed.decision,
            option=deed.option,
            reason=deed.reason,
            wall=wall,
        )
    else:
        serve.send_note(
            actor=actor,
            part=part,
            key=key,
            recipient=deed.to,
            outside=deed.outside,
            text=deed.text,
            wall=wall,
        )


def _begin(host: Organisation, people: dict[str, User]) -> None:
    exercise = _prepare(host, people)
    director = people[DIRECTOR]
    serve.start_exercise(actor=director, exercise=exercise)
    serve.change_clock(actor=director, exercise=exercise, change="pause")
    for one in EARLY:
        _jump(exercise, director, one.minute)
        now = serve.microseconds()
        observe(exercise, people, (one._replace(minute=0),), wall=now, speed=1)
    _jump(exercise, director, 150)


def _jump(exercise: Exercise, director: User, minute: int) -> None:
    serve.change_clock(actor=director, exercise=exercise, change="jump", value=minute * MINUTE)
