"""What two observers saw in the exercises of the example data, and what people said of one afterwards."""

from typing import NamedTuple
from uuid import UUID, uuid5

from allmende.accounts.models import User

from ..models import Exercise, PartKind
from ..services import exercises as serve

MINUTE = 60_000_000
# Who observes, by the first part of the address.
OBSERVERS = ("verband", "ministerium")


class Marked(NamedTuple):
    """Minute of the exercise, who, the task by its inject and role, and how it was done."""

    minute: int
    who: str
    inject: str
    role: str
    mark: str
    text: str = ""


class Noted(NamedTuple):
    """Minute of the exercise, who, of which role (empty: the whole exercise), and what."""

    minute: int
    who: str
    role: str
    text: str


EARLY = (
    Marked(70, "verband", "L02", "l-s4", "teilweise", "Ersatzweg genannt, aber ohne Rufgruppe."),
    Marked(140, "verband", "L03", "k-leitung", "erledigt"),
    Marked(
        145,
        "ministerium",
        "L03",
        "k-leitung",
        "teilweise",
        "Stab einberufen; die Gemeinden erfuhren es erst auf Nachfrage.",
    ),
    Marked(
        148, "verband", "F01", "f-leitung", "erledigt", "Erste Lagebesprechung nach 40 Minuten."
    ),
    Noted(149, "ministerium", "k-leitung", "Beide Anträge liegen nebeneinander auf einem Blatt."),
)
LATER = (
    Marked(
        190,
        "verband",
        "K02",
        "k-leitung",
        "erledigt",
        "Grund genannt: Am Wasserwerk hängt das Klinikum.",
    ),
    Marked(200, "ministerium", "K02", "k-leitung", "teilweise", "Lindenfurt erfuhr keinen Ersatz."),
    Marked(
        290, "verband", "M01", "f-leitung", "erledigt", "Nächste Auskunft mit Uhrzeit zugesagt."
    ),
    Marked(420, "verband", "E01", "f-s3", "nicht-erledigt", "Der Digitalfunk blieb ohne Ersatz."),
    Marked(700, "ministerium", "K03", "k-s2", "nicht-beobachtet"),
    Noted(320, "verband", "l-leitung", "Fragt früh nach, bekommt aber drei Stunden keine Antwort."),
    Noted(1000, "ministerium", "", "Niemand plant die zweite Schicht, bevor danach gefragt wird."),
)

# Scores in the order of the questions; 0 is no answer.
QUESTIONS = (
    *("aufgabe", "lagebild", "im-stab", "mit-anderen"),
    *("rechtzeitig", "bevoelkerung", "wirklichkeit", "gelernt"),
)
SAID: tuple[tuple[tuple[int, ...], int, str, str], ...] = (
    ((4, 3, 5, 2, 4, 3, 5, 5), 4, "Die Entscheidung über das Aggregat war gut begründet.", ""),
    ((5, 3, 4, 2, 4, 4, 5, 5), 3, "", "Ein fester Ansprechpartner zwischen Kreis und Gemeinden."),
    ((3, 2, 4, 2, 3, 3, 4, 5), 3, "Kurze Lagebesprechungen mit fester Uhrzeit.", ""),
    ((4, 4, 4, 3, 4, 0, 4, 4), 4, "", "Die Ablösung früher planen."),
    ((2, 2, 3, 1, 2, 2, 5, 4), 2, "", "Wer nichts bekommt, muss trotzdem Antwort bekommen."),
    ((4, 3, 4, 3, 5, 3, 5, 5), 4, "Die Simulation macht Folgen sichtbar.", ""),
)


def observe(
    exercise: Exercise,
    observers: dict[str, User],
    seen: tuple[Marked | Noted, ...],
    *,
    wall: int,
    speed: float,
) -> None:
    """Let observers mark and note, each at its minute after ``wall``, when the exercise began."""
    for one in seen:
        actor = observers[one.who]
        part = exercise.parts.get(user=actor)
        then = wall + round(one.minute * MINUTE / speed)
        if isinstance(one, Marked):
            serve.mark_task(
                actor=actor,
                part=part,
                inject=one.inject,
                role=one.role,
                mark=one.mark,
                text=one.text,
                wall=then,
            )
        else:
            serve.note_observation(
                actor=actor,
                part=part,
                key=uuid5(UUID(int=exercise.pk), f"{one.text} {one.who}"),
                role=one.role,
                text=one.text,
                wall=then,
            )


def answer(exercise: Exercise, goals: list[str]) -> None:
    """Let six of those who took part answer the questionnaire, which is closed then."""
    parts = exercise.parts.order_by("pk")[: len(SAID)]
    for part, (scores, goal, good, change) in zip(parts, SAID, strict=True):
        given = {key: score for key, score in zip(QUESTIONS, scores, strict=True) if score}
        # Goals were reached more or less, each a little otherwise than the one before.
        for number, key in enumerate(goals):
            given[f"ziel:{key}"] = min(max(goal + number % 3 - 1, 1), 5)
        serve.answer_questionnaire(
            part=part, scores=given, remarks={"gut": good, "aendern": change}
        )
    control = exercise.parts.get(kind=PartKind.CONTROL).user
    serve.close_questionnaire(actor=control, exercise=exercise)
