"""The report in words, for PDF/UA, DOCX and the page: one description for all three."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from allmende.formats.kritis import Paper, Section, Table
from allmende.formats.marks import Mark

from .course import course_of
from .model import LOSSES_AWAITED, LOSSES_FAILED, ExerciseReport, Losses, Task

BERLIN = ZoneInfo("Europe/Berlin")
# The four steps that HSEEP knows, in words of our own.
RATINGS = {
    "P": "ohne Einschränkung erreicht",
    "S": "mit kleinen Einschränkungen erreicht",
    "M": "mit großen Einschränkungen erreicht",
    "U": "nicht durchgeführt",
}
SOURCE = (
    "Die vier Stufen sind die des Homeland Security Exercise and Evaluation Program (HSEEP): P ohne "
    "Einschränkung, S mit kleinen, M mit großen Einschränkungen erreicht, U nicht durchgeführt. Der Vorschlag "
    "folgt aus den Vermerken der Beobachtenden zu den Aufgaben, die dem Ziel dienen: erledigt zählt 1, "
    "teilweise ½, nicht erledigt 0; mehrere Vermerke zu einer Aufgabe werden gemittelt. P, wenn alles erledigt "
    "ist, S ab zwei Dritteln, M darunter, U, wenn nichts getan wurde. Die Bewertung gibt ein Mensch."
)
TO_THE_END = " Ausgesucht sind sie für die ganze Simulation; gezählt ist auch hier nur bis zum vorzeitigen Ende."
EFFECT, EFFECT_KEY = "Was die Entscheidungen bewirkt haben", "wirkung"
NO_LOSSES = {
    LOSSES_AWAITED: "Die Zahlen dazu werden noch berechnet. Meist dauert das weniger als eine Minute.",
    LOSSES_FAILED: "Die Zahlen dazu ließen sich nicht berechnen. Warum, sieht der Betrieb der Plattform im Protokoll.",
}
NOT_WRITTEN = "Noch nichts geschrieben."


class Foot(NamedTuple):
    """What stands at the foot of each page."""

    office: str
    line: str


def foot_of(report: ExerciseReport, mark: Mark) -> Foot:
    """That it was an exercise, whether its report is closed, and for whom the file was made."""
    standing = "Übungsbericht" if report.closed_at else "ENTWURF"
    what = f"ÜBUNG ÜBUNG ÜBUNG · {standing} · {report.title}"[:120]
    return Foot(report.host, f"{what} · {mark.words}")


def report_paper(report: ExerciseReport) -> Paper:
    """What stands in the report, in its order."""
    texts = {each.key: each for each in report.texts}
    written = [
        Section(each.title, text=each.text or NOT_WRITTEN, key=each.key)
        for each in texts.values()
        if each.key != "weiter"
    ]
    last = [
        Section(each.title, text=each.text or NOT_WRITTEN, key=each.key)
        for key, each in texts.items()
        if key == "weiter"
    ]
    closed = report.closed_at
    return Paper(
        title=f"Übungsbericht: {report.title}",
        subject=f"{report.host}, {_day(report.began) if report.began else 'nicht gespielt'}",
        note=(
            f"Abgeschlossen am {_day(closed)}. Stand der Maßnahmen: {_moment(report.as_of)}."
            if closed
            else f"ENTWURF, Stand {_moment(report.as_of)}."
        )
        + " Alles in diesem Bericht geschah in einer Übung.",
        is_example=report.is_example,
        stamp="ÜBUNG",
        example="Wer geübt hat und was geschah, ist erfunden.",
        sections=(
            *written[:1],
            _overview(report),
            *_goals(report),
            *written[1:],
            *_improvements(report),
            *_effect(report),
            _decisions(report),
            *_asked(report),
            *last,
            _events(report),
            _tasks(report),
        ),
    )


def _overview(report: ExerciseReport) -> Section:
    return Section(
        "Wer, wann, was",
        text=report.summary,
        facts=(
            ("Wer übte", report.host),
            ("Begonnen", _moment(report.began) if report.began else "nicht gespielt"),
            ("Beendet", _moment(report.ended) if report.ended else "–"),
            *(
                (("Vorzeitig beendet", f"bei Übungszeit {report.stopped}"),)
                if report.stopped
                else ()
            ),
            ("Dauer im Drehbuch", f"{_number(report.duration_minutes / 60, 1)} Stunden"),
        ),
        table=Table(
            ("Gemeinde oder Stelle", "Rolle", "Menschen"),
            tuple((each.team or "–", each.role, str(each.people)) for each in report.present),
            empty="Niemand hat teilgenommen.",
            widths=(3, 5, 2),
            numbers=(2,),
        ),
    )


def _goals(report: ExerciseReport) -> Iterator[Section]:
    if not report.goals:
        return
    yield Section(
        "Ziele und Bewertung",
        text=SOURCE,
        table=Table(
            ("Ziel", "Beobachtet", "Vorschlag", "Bewertung"),
            tuple(
                (
                    goal.name,
                    f"{goal.observed} von {goal.tasks} Aufgaben",
                    _rated(goal.suggested, without="keiner"),
                    _rated(goal.rating, without="noch keine"),
                )
                for goal in report.goals
            ),
            widths=(5, 3, 4, 4),
        ),
    )
    for number, goal in enumerate(report.goals, 1):
        yield Section(
            f"Ziel {number}: {goal.name}",
            facts=(
                *((("Gemeint ist", goal.description),) if goal.description else ()),
                ("Bewertung", _rated(goal.rating, without="noch keine")),
                ("Begründung", goal.reasoning or "noch keine"),
            ),
            key=goal.key,
            level=3,
        )


def _rated(rating: str, *, without: str) -> str:
    return f"{rating}: {RATINGS[rating]}" if rating else without


def _improvements(report: ExerciseReport) -> Iterator[Section]:
    yield Section(
        "Lehren und Maßnahmen",
        table=Table(
            ("Lehre", "Maßnahme", "Wer", "Bis wann", "Stand"),
            tuple(
                (
                    each.lesson + (f" (Ziel: {each.goal})" if each.goal else ""),
                    each.what + (f"\nAnliegen: {each.concern}" if each.concern else ""),
                    each.who or "–",
                    _day(each.due_on),
                    f"{each.state} (seit {_day(each.state_on)})"
                    + (f": {each.note}" if each.note else ""),
                )
                for each in report.improvements
            ),
            empty="Noch keine Maßnahme.",
            widths=(5, 5, 3, 2, 4),
        ),
        key="massnahmen",
    )


def _effect(report: ExerciseReport) -> Iterator[Section]:
    if report.losses is not None:
        yield _losses(report.losses, report.stopped)
    elif report.losses_state:
        yield Section(EFFECT, text=NO_LOSSES[report.losses_state], key=EFFECT_KEY)


def _losses(losses: Losses, stopped: str) -> Section:
    rows = [
        (
            each.service,
            _number(each.decided),
            _number(each.nothing),
            "–" if each.placed is None else _number(each.placed),
        )
        for each in losses.services
    ]
    if len(losses.services) > 1:
        placed = [each.placed for each in losses.services if each.placed is not None]
        rows.append(
            (
                "zusammen",
                _number(sum(each.decided for each in losses.services)),
                _number(sum(each.nothing for each in losses.services)),
                _number(sum(placed)) if placed else "–",
            )
        )
    return Section(
        EFFECT,
        text="Stunden ohne Versorgung, zusammengezählt über alle Menschen, vom Beginn der Simulation bis "
        + (
            f"zum vorzeitigen Ende der Übung bei Übungszeit {stopped}"
            if stopped
            else "zu ihrem Ende"
        )
        + ", alles mit denselben Zufallszahlen gerechnet.\n\n"
        + _told_of_places(losses)
        + (TO_THE_END if stopped and losses.places else "")
        + "".join(f"\n\n{said}" for said in _told_of_repairs(losses)),
        table=Table(
            (
                "Leistung",
                "mit den Entscheidungen",
                "ohne jede Entscheidung",
                "beste Orte von Anfang an",
            ),
            tuple(rows),
            empty="Es ist niemand ohne Versorgung gewesen.",
            widths=(3, 3, 3, 3),
            numbers=(1, 2, 3),
        ),
        key=EFFECT_KEY,
    )


def _told_of_places(losses: Losses) -> str:
    """What the best places rest on, and what they do not promise."""
    if not losses.units:
        return "Bewegliche Mittel, die jemand schicken könnte, hat dieses Drehbuch nicht."
    if not losses.looked:
        return (
            "Wo die beweglichen Mittel am meisten genützt hätten, ist nicht gerechnet: Das Drehbuch hat so viele "
            f"({losses.units}), dass es zu lange dauern würde."
        )
    if not losses.places:
        return "Kein bewegliches Mittel hätte von Anfang an irgendwo genützt."
    where = "; ".join(f"{each.unit}: {each.facility}" for each in losses.places)
    sure = (
        "Keine anderen Orte wären besser."
        if losses.exact
        else "Sie wurden eines nach dem anderen dorthin gestellt, wo das nächste am meisten nützt; dafür, dass "
        "es nicht besser geht, gibt es keine Gewähr."
    )
    return (
        f"Beste Orte, wenn jedes bewegliche Mittel gleich zu Beginn dorthin kommt und bleibt: {where}. {sure} Wer "
        "ein Mittel unterwegs umsetzt oder anderes entscheidet, kann besser sein."
    )


def _told_of_repairs(losses: Losses) -> Iterator[str]:
    """What nobody would expect of more crews, or of putting something first; only where it was so."""
    for each in losses.crews:
        pool = f" ({each.pool})" if each.pool else ""
        yield (
            f"Mit einem Reparaturtrupp mehr{pool} wären es in diesem Lauf {_number(each.hours)} Stunden mehr gewesen, "
            "nicht weniger. Das kommt vor, wo nach Rang repariert wird: Ein Trupp, der früher frei ist, beginnt eine lange "
            "Arbeit, und was danach ausfällt und wichtiger ist, wartet."
        )
    if losses.order:
        yield (
            "Ohne die geänderte Reihenfolge der Reparaturen wären es in diesem Lauf "
            f"{_number(losses.order)} Stunden weniger gewesen: Was vorgezogen wird, lässt anderes länger warten."
        )


def _decisions(report: ExerciseReport) -> Section:
    return Section(
        "Entscheidungen",
        table=Table(
            ("Zeit", "Wer", "Frage", "Entscheidung", "Begründung"),
            tuple(
                (each.time, each.who, each.question, each.option, each.reason or "–")
                for each in report.decisions
            ),
            empty="Niemand hat etwas entschieden.",
            widths=(3, 4, 5, 5, 6),
        ),
    )


def _events(report: ExerciseReport) -> Section:
    return Section(
        "Was geschah",
        text="".join(f"{said}\n\n" for said in course_of(report.failures))
        + "Die Tabelle nennt Auslöser, Entscheidungen, Ausfälle, was wiederkam, und Einlagen, die die Übungsleitung eigens eingespielt hat. "
        "Worauf eine Reaktion erwartet war, steht bei den Aufgaben, alles Übrige im Verlauf.",
        table=Table(
            ("Zeit", "Art", "Wer", "Was"),
            tuple((each.time, each.kind, each.who or "–", each.text) for each in report.events),
            empty="Nichts.",
            widths=(3, 3, 4, 8),
        ),
        key="verlauf",
    )


def _tasks(report: ExerciseReport) -> Section:
    return Section(
        "Aufgaben, Zeiten und Beobachtungen",
        text="Minuten der Übung von der Ankunft der Einlage, bis eine Rolle sie als gelesen vermerkt und bis sie zum "
        "ersten Mal geschrieben oder entschieden hat, auch ohne den Vermerk. „Schon vorher entschieden“ heißt: "
        "Wonach die Einlage fragt, war schon entschieden und wurde danach nicht anders entschieden. Ob es das Richtige war, sagt "
        "die Zahl nicht; das sagen die Vermerke der Beobachtenden.",
        table=Table(
            ("Aufgabe", "Rolle", "Erwartet", "geöffnet nach", "gehandelt nach", "Beobachtet"),
            tuple(
                (
                    f"{each.title} ({each.time})",
                    each.who,
                    each.expected + (f" (binnen {each.within} Min.)" if each.within else ""),
                    _minutes(each.opened),
                    _late(each),
                    _seen(each),
                )
                for each in report.tasks
            ),
            empty="Das Drehbuch erwartet keine bestimmten Reaktionen, oder keine kam an die Reihe.",
            widths=(4, 4, 7, 3, 3, 3),
        ),
    )


def _late(task: Task) -> str:
    if task.acted is not None and task.acted < 0:
        return "schon vorher entschieden"
    late = task.within is not None and task.acted is not None and task.acted > task.within
    return _minutes(task.acted) + (" (später als erwartet)" if late else "")


def _minutes(number: int | None) -> str:
    return "–" if number is None else f"{number} Min."


def _seen(task: Task) -> str:
    marks = (
        (task.done, "erledigt"),
        (task.partly, "teilweise"),
        (task.not_done, "nicht erledigt"),
        (task.not_seen, "nicht beobachtet"),
    )
    return ", ".join(f"{count}× {word}" for count, word in marks if count) or "–"


def _asked(report: ExerciseReport) -> Iterator[Section]:
    if not report.questions:
        return
    yield Section(
        "Fragebogen",
        text=f"Ohne Namen beantwortet von {report.asked} Menschen, die dabei waren. 1 heißt „gar nicht“, 5 heißt „voll und "
        "ganz“.",
        table=Table(
            ("Frage", "1", "2", "3", "4", "5", "Mittel"),
            tuple(
                (each.text, *map(str, each.counts), f"{each.mean:.1f}".replace(".", ","))
                for each in report.questions
            ),
            widths=(8, 1, 1, 1, 1, 1, 2),
            numbers=(1, 2, 3, 4, 5, 6),
        ),
    )
    for each in report.remarks:
        yield Section(each.title, text=each.text, level=3)


def _number(value: float, digits: int = 0) -> str:
    """``12345.6`` as ``12.346``."""
    words = f"{value:,.{digits}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return words.removesuffix(",0")


def _day(at: date) -> str:
    local = at.astimezone(BERLIN) if isinstance(at, datetime) else at
    return local.strftime("%d.%m.%Y")


def _moment(at: datetime) -> str:
    return at.astimezone(BERLIN).strftime("%d.%m.%Y, %H:%M Uhr")
