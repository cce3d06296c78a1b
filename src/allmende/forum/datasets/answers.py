"""What the federal level answers, what it promises, and whether that is kept."""

from collections import defaultdict
from collections.abc import Iterator
from statistics import median
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.portal.open_data.model import Column, Dataset, Kind
from allmende.registry.models import Organisation, OrganisationKind

from ..models import (
    Answer,
    Commitment,
    CommitmentQuerySet,
    Concern,
    Milestone,
    Outcome,
    Postponement,
    Report,
    SectionAnswer,
    Verdict,
)
from .public import CONCERN, OFFICE, of_public_concerns, office_of, stream

Row = tuple[Any, ...]


def answers() -> Iterator[Row]:
    return stream(
        Answer.objects.filter(of_public_concerns(), published_at__isnull=False),
        *("pk", "concern__slug", "position", "ministry__slug", "summary", "published_at"),
    )


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
    """How each ministry keeps its word, in three queries."""
    today, now = timezone.localdate(), timezone.now()
    days: dict[int | None, list[float]] = defaultdict(list)
    counts: dict[int | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    sent = Concern.objects.filter(of_public_concerns("pk"), sent_at__isnull=False)
    dates = sent.values_list("ministry", "sent_at", "answer_due", "answered_at")
    for ministry, sent_at, due, answered in dates.iterator():
        in_time = answered and due and answered <= due
        late = due and (answered or now) > due
        for place, counted in enumerate((True, in_time, late)):
            counts[ministry][place] += bool(counted)
        if answered and sent_at:
            days[ministry].append((answered - sent_at).total_seconds() / 86_400)
    promised = {
        row["organisation"]: row
        for row in public_commitments()
        .order_by()
        .values("organisation")
        .annotate(
            commitments=Count("pk"),
            **{str(outcome): Count("pk", filter=Q(outcome=outcome)) for outcome in Outcome},
            overdue=Count("pk", filter=Q(outcome="", due_on__lt=today)),
        )
    }
    found = Organisation.objects.filter(kind=OrganisationKind.MINISTRY).order_by("slug")
    for pk, slug, name in found.values_list("pk", "slug", "name"):
        concerns, answered_in_time, are_late = counts[pk]
        kept = promised.get(pk, {})
        yield (
            *(slug, name, concerns, len(days[pk]), answered_in_time, are_late),
            round(median(days[pk]), 1) if days[pk] else None,
            *(kept.get(key, 0) for key in ("commitments", *map(str, Outcome), "overdue")),
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
            Column("name", Kind.TEXT, _("Sein Name")),
            Column("concerns", Kind.INTEGER, _("Anliegen, die es erreichten")),
            Column("answered", Kind.INTEGER, _("davon beantwortet")),
            Column("in_time", Kind.INTEGER, _("davon bis zur Frist")),
            Column("late", Kind.INTEGER, _("nach der Frist beantwortet oder noch offen")),
            Column("median_days", Kind.NUMBER, _("Tage bis zur Antwort (Median)")),
            Column("commitments", Kind.INTEGER, _("Zusagen")),
            Column("kept", Kind.INTEGER, _("davon eingehalten")),
            Column("partly", Kind.INTEGER, _("teilweise eingehalten")),
            Column("not_kept", Kind.INTEGER, _("nicht eingehalten")),
            Column("overdue", Kind.INTEGER, _("überfällig am Tag der Datei")),
        ),
        ministries,
        keywords=("Bund", "Statistik"),
    ),
)
