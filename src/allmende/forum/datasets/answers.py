"""What the federal level answers, what it promises, and whether that is kept."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.portal.open_data.model import Column, Dataset, Kind

from ..models import (
    Answer,
    Commitment,
    CommitmentQuerySet,
    Extension,
    Milestone,
    Outcome,
    Postponement,
    Report,
    SectionAnswer,
    Verdict,
)
from ..queries.commitments import OVERDUE
from ..queries.ministry_figures import figures_of_ministries
from .public import CONCERN, OFFICE, of_public_concerns, office_of, stream

Row = tuple[Any, ...]


def answers() -> Iterator[Row]:
    return stream(
        Answer.objects.filter(of_public_concerns(), published_at__isnull=False),
        *("pk", "concern__slug", "position", "ministry__slug", "summary", "published_at"),
    )


def extensions() -> Iterator[Row]:
    rows = stream(
        Extension.objects.filter(of_public_concerns()),
        *("pk", "concern__slug", "before", "after", "reason", "at"),
        *("mandate__organisation__slug", *OFFICE),
    )
    for *row, office, organisation in rows:
        yield *row, office_of(office, organisation)


def section_answers() -> Iterator[Row]:
    return stream(
        SectionAnswer.objects.filter(
            of_public_concerns("answer__concern"), answer__published_at__isnull=False
        ),
        *("answer__concern__slug", "answer", "section", "disposition", "reason"),
    )


def public_commitments() -> CommitmentQuerySet:
    """Those whose concern, if they have one, is public."""
    return Commitment.objects.public().filter(Q(concern=None) | of_public_concerns())


def commitments() -> Iterator[Row]:
    today = timezone.localdate()
    rows = stream(
        public_commitments(),
        *("pk", "concern__slug", "answer__section", "decision", "organisation__slug", "what"),
        *("who", "sign", "due_on", "outcome", "outcome_text", "outcome_at"),
    )
    for row in rows:
        *_rest, due_on, outcome, _text, _at = row
        yield *row, not outcome and due_on < today


def milestones() -> Iterator[Row]:
    return stream(
        Milestone.objects.filter(_of_public_commitments()),
        *("pk", "commitment", "title", "due_on", "reached_on"),
    )


def postponements() -> Iterator[Row]:
    rows = stream(
        Postponement.objects.filter(_of_public_commitments()),
        *("pk", "commitment", "before", "after", "reason", "at", *OFFICE),
    )
    for *row, office, organisation in rows:
        yield *row, office_of(office, organisation)


def reports() -> Iterator[Row]:
    rows = stream(
        Report.objects.filter(_of_public_commitments()),
        *("pk", "commitment", "at", "text", "link", *OFFICE),
    )
    for *row, office, organisation in rows:
        yield *row, office_of(office, organisation)


def verdicts() -> Iterator[Row]:
    return stream(
        Verdict.objects.filter(_of_public_commitments()),
        *("commitment", "organisation__slug", "outcome", "text", "at"),
    )


def _of_public_commitments() -> Q:
    return Q(commitment__in=public_commitments().order_by())


def ministries() -> Iterator[Row]:
    """What the page of the ministries says, too."""
    for each in figures_of_ministries():
        yield (
            *(each.ministry.slug, each.is_example, each.ministry.name, each.sent, each.waiting),
            *(each.overdue, each.answered, each.in_time, each.in_extended_time),
            *(each.median_days, each.promised),
            *(each.commitments[str(outcome)] for outcome in Outcome),
            each.commitments[OVERDUE],
        )


NUMBER = Column("number", Kind.INTEGER, _("Nummer"), key=True)
COMMITMENT = Column("commitment", Kind.INTEGER, _("Zusage"), refers_to="zusagen.number")
OUTCOME = _("kept: eingehalten, partly: teilweise, not_kept: nicht; leer: offen")

datasets_of_answers = (
    Dataset(
        "antworten",
        _("Antworten des Bundes"),
        _("Was das zuständige Ministerium auf eine Position antwortet."),
        (
            NUMBER,
            CONCERN,
            Column("position", Kind.INTEGER, _("Auf welche"), refers_to="positionen.number"),
            Column("ministry", Kind.TEXT, _("Ministerium"), refers_to="organisationen.slug"),
            Column("summary", Kind.TEXT, _("Die Antwort in drei Sätzen")),
            Column("published_at", Kind.MOMENT, _("Wann")),
        ),
        answers,
        keywords=("Bund", "Antwort"),
    ),
    Dataset(
        "fristverlaengerungen",
        _("Verlängerte Fristen"),
        _("Wann ein Ministerium die Frist für seine Antwort verlängert hat, und warum."),
        (
            NUMBER,
            CONCERN,
            Column("before", Kind.MOMENT, _("Bisher bis")),
            Column("after", Kind.MOMENT, _("Neu bis")),
            Column("reason", Kind.TEXT, _("Begründung")),
            Column("at", Kind.MOMENT, _("Wann verlängert")),
            Column("ministry", Kind.TEXT, _("Ministerium"), refers_to="organisationen.slug"),
            Column("office", Kind.TEXT, _("Welches Amt")),
        ),
        extensions,
        keywords=("Bund", "Antwort"),
    ),
    Dataset(
        "abschnittsantworten",
        _("Antworten zu den Abschnitten"),
        _("Was aus jedem Abschnitt einer Position wird, und warum."),
        (
            CONCERN,
            Column("answer", Kind.INTEGER, _("Antwort"), refers_to="antworten.number"),
            Column(
                "section", Kind.INTEGER, _("Abschnitt"), key=True, refers_to="abschnitte.number"
            ),
            Column(
                "disposition",
                Kind.TEXT,
                _("Was daraus wird: taken_up, partly, not_taken_up, noted, other_level"),
            ),
            Column("reason", Kind.TEXT, _("Begründung")),
        ),
        section_answers,
        keywords=("Bund", "Antwort"),
    ),
    Dataset(
        "zusagen",
        _("Zusagen"),
        _("Was zugesagt wurde, von wem, bis wann, und was daraus wurde."),
        (
            NUMBER,
            CONCERN,
            Column(
                "section",
                Kind.INTEGER,
                _("Zu welchem Abschnitt einer Position"),
                refers_to="abschnitte.number",
            ),
            Column(
                "agenda_item",
                Kind.INTEGER,
                _("Oder mit welchem Beschluss einer Sitzung"),
                refers_to="tagesordnung.number",
            ),
            Column("organisation", Kind.TEXT, _("Wer es zusagt"), refers_to="organisationen.slug"),
            Column("what", Kind.TEXT, _("Was")),
            Column("who", Kind.TEXT, _("Welche Stelle es macht")),
            Column("sign", Kind.TEXT, _("Woran man erkennt, dass es eingehalten ist")),
            Column("due_on", Kind.DATE, _("Bis wann")),
            Column("outcome", Kind.TEXT, OUTCOME),
            Column("outcome_text", Kind.TEXT, _("Erläuterung")),
            Column("outcome_at", Kind.MOMENT, _("Wann darüber entschieden wurde")),
            Column("is_overdue", Kind.BOOLEAN, _("Überfällig am Tag der Datei")),
        ),
        commitments,
        keywords=("Bund", "Zusage"),
    ),
    Dataset(
        "etappen",
        _("Etappen der Zusagen"),
        _("Schritte auf dem Weg zu einer Zusage."),
        (
            NUMBER,
            COMMITMENT,
            Column("title", Kind.TEXT, _("Etappe")),
            Column("due_on", Kind.DATE, _("Bis wann")),
            Column("reached_on", Kind.DATE, _("Wann sie erreicht wurde")),
        ),
        milestones,
        keywords=("Bund", "Zusage"),
    ),
    Dataset(
        "terminaenderungen",
        _("Verschobene Zusagen"),
        _("Wann der Termin einer Zusage geändert wurde, und warum."),
        (
            NUMBER,
            COMMITMENT,
            Column("before", Kind.DATE, _("Bisher bis")),
            Column("after", Kind.DATE, _("Neu bis")),
            Column("reason", Kind.TEXT, _("Begründung")),
            Column("at", Kind.MOMENT, _("Wann geändert")),
            Column("office", Kind.TEXT, _("Welches Amt")),
        ),
        postponements,
        keywords=("Bund", "Zusage"),
    ),
    Dataset(
        "berichte",
        _("Berichte zu Zusagen"),
        _("Was seit der Zusage geschehen ist."),
        (
            NUMBER,
            COMMITMENT,
            Column("at", Kind.MOMENT, _("Wann")),
            Column("text", Kind.TEXT, _("Wortlaut")),
            Column("link", Kind.TEXT, _("Nachweis im Netz")),
            Column("office", Kind.TEXT, _("Welches Amt berichtet")),
        ),
        reports,
        keywords=("Bund", "Zusage"),
    ),
    Dataset(
        "bewertungen",
        _("Bewertungen der Kommunen"),
        _("Ob eine Zusage aus Sicht der Kommunen eingehalten wurde."),
        (
            Column("commitment", Kind.INTEGER, _("Zusage"), key=True, refers_to="zusagen.number"),
            Column(
                "organisation",
                Kind.TEXT,
                _("Kommune"),
                key=True,
                refers_to="organisationen.slug",
            ),
            Column("outcome", Kind.TEXT, OUTCOME),
            Column("text", Kind.TEXT, _("Warum")),
            Column("at", Kind.MOMENT, _("Wann")),
        ),
        verdicts,
        keywords=("Kommunen", "Zusage"),
    ),
    Dataset(
        "ministerien",
        _("Ministerien: Antworten und Zusagen"),
        _(
            "Wie viele Anliegen ein Ministerium erreichten, wie lange es brauchte, was es gehalten hat."
        ),
        (
            Column(
                "ministry",
                Kind.TEXT,
                _("Ministerium"),
                key=True,
                refers_to="organisationen.slug",
            ),
            Column("is_example", Kind.BOOLEAN, _("Erfunden, als Beispiel"), key=True),
            Column("name", Kind.TEXT, _("Sein Name")),
            Column("concerns", Kind.INTEGER, _("Anliegen, die es erreichten")),
            Column("waiting", Kind.INTEGER, _("davon noch nicht beantwortet")),
            Column("overdue", Kind.INTEGER, _("davon nach der Frist")),
            Column("answered", Kind.INTEGER, _("Antworten")),
            Column("in_time", Kind.INTEGER, _("davon bis zum zuerst erbetenen Tag")),
            Column(
                "in_extended_time",
                Kind.INTEGER,
                _("davon später, aber innerhalb der verlängerten Frist"),
            ),
            Column("median_days", Kind.NUMBER, _("Tage bis zur Antwort (Median)")),
            Column("commitments", Kind.INTEGER, _("Zusagen")),
            Column("kept", Kind.INTEGER, _("davon eingehalten")),
            Column("partly", Kind.INTEGER, _("teilweise eingehalten")),
            Column("not_kept", Kind.INTEGER, _("nicht eingehalten")),
            Column("commitments_overdue", Kind.INTEGER, _("überfällig am Tag der Datei")),
        ),
        ministries,
        keywords=("Bund", "Statistik"),
    ),
)
