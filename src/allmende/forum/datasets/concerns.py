"""Concerns, their way, statements, official votes, who co-signed, what was said."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.portal.open_data.model import Column, Dataset, Kind

from ..models import (
    Concern,
    Contribution,
    Evidence,
    Stand,
    Statement,
    StatementState,
    Step,
    Support,
    Voices,
    Vote,
)
from ..queries.concerns import count_of
from .public import CONCERN, OFFICE, of_public_concerns, office_of, public_concerns, stream

Row = tuple[Any, ...]
ACCEPTED = Q(statement__state=StatementState.ACCEPTED)


def concerns() -> Iterator[Row]:
    public = public_concerns()
    merged = Case(
        When(merged_into__in=public.order_by(), then=F("merged_into__slug")), default=Value(None)
    )
    return stream(
        Concern.objects.filter(of_public_concerns("pk")).annotate(into=merged),
        *("slug", "question", "background", "summary", "topic", "state", "owner", "owner__ars"),
        *("ministry__slug", "opened_at", "deadline", "closed_early_at", "quorum_at", "sent_at"),
        *("answer_due", "answered_at", "closed_at", "into", "takes_personal_voices", "source"),
        "is_example",
    )


def steps() -> Iterator[Row]:
    rows = stream(
        Step.objects.filter(of_public_concerns()),
        *("pk", "concern__slug", "state", "at", *OFFICE, "reason"),
    )
    for number, concern, state, at, office, organisation, reason in rows:
        yield number, concern, state, at, office_of(office, organisation), reason


def statements() -> Iterator[Row]:
    """With official votes only; personal ones stand in the results, and only where there are enough."""
    official = Vote.objects.filter(
        statement=OuterRef("pk"), participant__voices=Voices.OFFICIAL
    ).order_by()

    def count(stand: Stand) -> Coalesce:
        return count_of(official.filter(stand=stand).values("statement"))

    return stream(
        Statement.objects.filter(of_public_concerns(), state=StatementState.ACCEPTED).annotate(
            agree=count(Stand.AGREE), passed=count(Stand.PASS), disagree=count(Stand.DISAGREE)
        ),
        *("pk", "concern__slug", "text", "level", "created_at", "agree", "passed", "disagree"),
    )


def votes() -> Iterator[Row]:
    return stream(
        Vote.objects.filter(
            ACCEPTED,
            of_public_concerns("statement__concern"),
            participant__voices=Voices.OFFICIAL,
        ),
        *("statement__concern__slug", "statement", "participant__region"),
        *("participant__region__ars", "stand", "level", "answered_by__slug", "cast_at"),
    )


def evidence() -> Iterator[Row]:
    return stream(
        Evidence.objects.current().filter(
            of_public_concerns("participant__concern"), participant__voices=Voices.OFFICIAL
        ),
        *("pk", "participant__concern__slug", "participant__region", "level", "decided_on"),
        *("title", "reference", "oparl_url"),
    )


def supports() -> Iterator[Row]:
    return stream(
        Support.objects.current().filter(of_public_concerns()),
        *("concern__slug", "organisation__slug", "organisation__name", "signed_at"),
    )


def contributions() -> Iterator[Row]:
    """Those of organisations; what people say for themselves is theirs."""
    on_nothing_hidden = Q(statement=None) | ACCEPTED
    return stream(
        Contribution.objects.current().filter(
            on_nothing_hidden, of_public_concerns(), organisation__isnull=False
        ),
        *("pk", "concern__slug", "statement", "parent", "organisation__slug", "text"),
        *("written_at", "edited_at"),
    )


REGION = Column("region", Kind.INTEGER, _("Kommune"), refers_to="gebiete.number")
ORGANISATION = Column("organisation", Kind.TEXT, _("Organisation"), refers_to="organisationen.slug")
STATEMENT = Column("statement", Kind.INTEGER, _("Aussage"), refers_to="aussagen.number")
LEVEL = Column(
    "level",
    Kind.TEXT,
    _("Von wem getragen: council, committee, mayor, administration, personal; leer: unbekannt"),
)

datasets_of_concerns = (
    Dataset(
        "anliegen",
        pgettext_lazy("several", "Anliegen"),
        _("Die Fragen, die Kommunen allen anderen stellen, und wo sie auf ihrem Weg stehen."),
        (
            Column("slug", Kind.TEXT, _("Name in der Adresse der Seite"), key=True),
            Column("question", Kind.TEXT, _("Frage")),
            Column("background", Kind.TEXT, _("Hintergrund")),
            Column("summary", Kind.TEXT, _("Kurz gefasst")),
            Column("topic", Kind.TEXT, _("Themenfeld")),
            Column(
                "state",
                Kind.TEXT,
                _("Stand: open, position, sent, answered, pursued, closed"),
            ),
            Column(
                "owner", Kind.INTEGER, _("Welche Kommune es einbringt"), refers_to="gebiete.number"
            ),
            Column("owner_ars", Kind.TEXT, _("Regionalschlüssel dieser Kommune")),
            Column(
                "ministry",
                Kind.TEXT,
                _("Welches Ministerium antwortet"),
                refers_to="organisationen.slug",
            ),
            Column("opened_at", Kind.MOMENT, _("Seit wann Stimmen zählen")),
            Column("deadline", Kind.MOMENT, _("Frist der Abstimmung")),
            Column("closed_early_at", Kind.MOMENT, _("Wann die Abstimmung vor der Frist endete")),
            Column("quorum_at", Kind.MOMENT, _("Wann genug mitgezeichnet hatten")),
            Column("sent_at", Kind.MOMENT, _("Wann es an das Ministerium ging")),
            Column("answer_due", Kind.MOMENT, _("Wann die Antwort fällig ist")),
            Column("answered_at", Kind.MOMENT, _("Wann es beantwortet wurde")),
            Column("closed_at", Kind.MOMENT, _("Wann es abgeschlossen wurde")),
            Column(
                "merged_into",
                Kind.TEXT,
                _("In welchem Anliegen es aufgegangen ist"),
                refers_to="anliegen.slug",
            ),
            Column(
                "takes_personal_voices", Kind.BOOLEAN, _("Auch offen für persönliche Meinungen")
            ),
            Column("source", Kind.TEXT, _("Woher ein eingelesenes Gespräch stammt")),
            Column("is_example", Kind.BOOLEAN, _("Erfunden, als Beispiel")),
        ),
        concerns,
        keywords=("Kommunen", "Beteiligung", "Anliegen"),
    ),
    Dataset(
        "schritte",
        _("Der Weg der Anliegen"),
        _("Wann ein Anliegen in welchen Stand kam, durch welches Amt und warum."),
        (
            Column("number", Kind.INTEGER, _("Nummer"), key=True),
            CONCERN,
            Column("state", Kind.TEXT, _("Neuer Stand")),
            Column("at", Kind.MOMENT, _("Wann")),
            Column("office", Kind.TEXT, _("Welches Amt; leer: eine Frist oder das Quorum")),
            Column("reason", Kind.TEXT, _("Begründung")),
        ),
        steps,
        keywords=("Kommunen", "Verfahren"),
    ),
    Dataset(
        "aussagen",
        _("Aussagen"),
        _("Sätze, denen Kommunen zustimmen oder nicht, mit den Stimmen der Kommunen."),
        (
            Column("number", Kind.INTEGER, _("Nummer"), key=True),
            CONCERN,
            Column("text", Kind.TEXT, _("Wortlaut")),
            LEVEL,
            Column("written_at", Kind.MOMENT, _("Wann sie geschrieben wurde")),
            Column("agree", Kind.INTEGER, _("Kommunen, die zustimmen")),
            Column("passed", Kind.INTEGER, _("Kommunen, die übergehen")),
            Column("disagree", Kind.INTEGER, _("Kommunen, die ablehnen")),
        ),
        statements,
        keywords=("Kommunen", "Meinungen"),
    ),
    Dataset(
        "stimmen",
        _("Stimmen der Kommunen"),
        _(
            "Wie jede Kommune zu jeder Aussage steht. Solange eine Abstimmung vertraulich ist, fehlt sie "
            "hier; persönliche Stimmen fehlen immer."
        ),
        (
            CONCERN,
            Column("statement", Kind.INTEGER, _("Aussage"), key=True, refers_to="aussagen.number"),
            Column("region", Kind.INTEGER, _("Kommune"), key=True, refers_to="gebiete.number"),
            Column("ars", Kind.TEXT, _("Regionalschlüssel der Kommune")),
            Column("stand", Kind.INTEGER, _("1: stimmt zu, 0: übergeht, -1: lehnt ab")),
            LEVEL,
            Column(
                "answered_by",
                Kind.TEXT,
                _("Wer in Vollmacht geantwortet hat"),
                refers_to="organisationen.slug",
            ),
            Column("cast_at", Kind.MOMENT, _("Seit wann diese Stimme gilt")),
        ),
        votes,
        keywords=("Kommunen", "Abstimmung"),
    ),
    Dataset(
        "nachweise",
        _("Nachweise von Beschlüssen"),
        _("Beschlüsse von Räten und Ausschüssen, die hinter Stimmen von Kommunen stehen."),
        (
            Column("number", Kind.INTEGER, _("Nummer"), key=True),
            CONCERN,
            REGION,
            Column("level", Kind.TEXT, _("Wer beschlossen hat: council oder committee")),
            Column("decided_on", Kind.DATE, _("Wann")),
            Column("title", Kind.TEXT, _("Worum es geht")),
            Column("reference", Kind.TEXT, _("Drucksache")),
            Column("url", Kind.TEXT, _("Adresse im Ratsinformationssystem")),
        ),
        evidence,
        keywords=("Kommunen", "Ratsbeschluss"),
    ),
    Dataset(
        "mitzeichnungen",
        _("Mitzeichnungen"),
        _("Welche Kommunen und Verbände wollen, dass der Bund ein Anliegen beantwortet."),
        (
            Column("concern", Kind.TEXT, _("Anliegen"), key=True, refers_to="anliegen.slug"),
            Column(
                "organisation",
                Kind.TEXT,
                _("Organisation"),
                key=True,
                refers_to="organisationen.slug",
            ),
            Column("organisation_name", Kind.TEXT, _("Name der Organisation")),
            Column("signed_at", Kind.MOMENT, _("Wann")),
        ),
        supports,
        keywords=("Kommunen", "Mitzeichnung"),
    ),
    Dataset(
        "beitraege",
        _("Beiträge von Organisationen"),
        _("Was Organisationen zu Anliegen und Aussagen sagen. Beiträge von Privatpersonen fehlen."),
        (
            Column("number", Kind.INTEGER, _("Nummer"), key=True),
            CONCERN,
            STATEMENT,
            Column("parent", Kind.INTEGER, _("Auf welchen Beitrag er antwortet")),
            ORGANISATION,
            Column("text", Kind.TEXT, _("Wortlaut")),
            Column("written_at", Kind.MOMENT, _("Wann er geschrieben wurde")),
            Column("edited_at", Kind.MOMENT, _("Wann er zuletzt geändert wurde")),
        ),
        contributions,
        keywords=("Kommunen", "Diskussion"),
    ),
)
