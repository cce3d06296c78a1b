"""The report of the exercise of the example data that is over: ratings, three measures, a lesson in the forum."""

from datetime import date, timedelta
from typing import NamedTuple

from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.queries import municipal_mandates
from allmende.registry.models import Right

from ..models import Exercise, ExerciseState, Improvement, ImprovementState
from ..services import exercises as serve

DIRECTOR = "werke"
OWNERS = ("oberbuergermeister", "verwaltung")


class Said(NamedTuple):
    """What somebody wrote in a section."""

    section: str
    text: str
    rating: str = ""


WRITTEN = (
    Said(
        "zusammenfassung",
        "Zwei Kommunen und der Landkreis haben 72 Stunden Stromausfall in 90 Minuten durchgespielt. Die Stäbe standen "
        "schnell. Die eine Netzersatzanlage des Kreises ging an das Wasserwerk, an dem das Klinikum hängt; die "
        "andere Gemeinde war dadurch lange ohne Wasser.",
    ),
    Said(
        "gut",
        "Die Stäbe waren nach wenigen Minuten arbeitsfähig und haben sich gegenseitig gemeldet, was sie brauchen.\n\n"
        "Die Entscheidung über die Netzersatzanlage war begründet und allen bekannt.",
    ),
    Said(
        "besser",
        "Niemand wusste, wie viele Stunden das Wasser ohne Strom reicht. Die Zahl lag bei den Werken, nicht im Stab.\n\n"
        "Die Bevölkerung hat aus dem Radio mehr erfahren als von uns.",
    ),
    Said("weiter", "Im Frühjahr üben wir dasselbe noch einmal, mit den Feuerwehren."),
    Said("ziel-1", "Das Lagebild stand nach einer Stunde, war aber ohne Zahlen.", "S"),
    Said(
        "ziel-2",
        "Die Netzersatzanlage ging dorthin, wo sie am meisten nützte. Über den Kraftstoff hat niemand entschieden.",
        "M",
    ),
    Said("ziel-3", "Nach Menschen mit Beatmung zu Hause hat niemand gesucht.", "U"),
    Said("ziel-4", "Die erste Auskunft kam spät, danach stimmte sie.", "S"),
    Said("ziel-5", "Kreis und Gemeinden wussten voneinander.", "P"),
)


def make_report() -> int:
    """Write it, once; returns how many measures there are now."""
    exercise = Exercise.objects.filter(state=ExerciseState.ENDED, is_example=True).first()
    names = (DIRECTOR, *OWNERS)
    people = {
        key: user
        for key in names
        if (user := User.objects.filter(email=f"{key}@example.org").first()) is not None
    }
    if exercise is None or len(people) < len(names) or Improvement.objects.exists():
        return 0
    director, today = people[DIRECTOR], timezone.localdate()
    for said in WRITTEN:
        serve.write_passage(
            actor=director,
            exercise=exercise,
            section=said.section,
            seen=0,
            text=said.text,
            rating=said.rating,
        )
    _measures(exercise, people, today)
    serve.close_report(actor=director, exercise=exercise)
    return exercise.improvements.count()


def _measures(exercise: Exercise, people: dict[str, User], today: date) -> None:
    """One is done, one overdue; of the third came a concern."""
    director = people[DIRECTOR]
    done = serve.add_improvement(
        actor=director,
        exercise=exercise,
        lesson="Wie viele Stunden das Wasser ohne Strom reicht, stand in keinem Stab auf Papier.",
        goal="ziel-1",
        what="Eine Seite mit den Reserven aller Wasserwerke in jeden Stabsraum hängen",
        owner=people["verwaltung"],
        due_on=today + timedelta(days=7),
    )
    serve.settle_improvement(
        actor=people["verwaltung"],
        improvement=done,
        seen=ImprovementState.OPEN,
        state=ImprovementState.DONE,
        note="Hängt seit heute in beiden Stabsräumen.",
    )
    serve.add_improvement(
        actor=director,
        exercise=exercise,
        lesson="Wer zu Hause beatmet wird, kennt im Rathaus niemand.",
        goal="ziel-3",
        what="Mit Pflegediensten klären, wie sie im Notfall Adressen nennen dürfen",
        organisation="Landratsamt Ahornkreis",
        person="Sachgebiet Bevölkerungsschutz",
        due_on=today - timedelta(days=2),
    )
    raised = serve.add_improvement(
        actor=director,
        exercise=exercise,
        lesson="Eine Netzersatzanlage für einen ganzen Landkreis reicht nicht, wenn der Strom drei Tage ausfällt. "
        "Eine Gemeinde allein kann keine zweite kaufen.",
        goal="ziel-2",
        what="Eine zweite Anlage gemeinsam mit den Nachbarkreisen beschaffen",
        owner=people["oberbuergermeister"],
        due_on=today + timedelta(days=60),
    )
    owner = people["oberbuergermeister"]
    if mandates := municipal_mandates(owner, Right.CONTRIBUTE):
        serve.raise_concern(
            actor=owner,
            improvement=raised,
            mandate=mandates[0],
            question="Wie hilft der Bund Gemeinden, die eine zweite Netzersatzanlage nicht allein bezahlen können?",
        )
