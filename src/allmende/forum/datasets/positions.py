"""Joint positions: sealed editions, their sections, and who stands behind them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.portal.open_data.model import Column, Dataset, Kind

from ..models import SealedPosition, SealedSection, Word
from .public import CONCERN, of_public_concerns, stream

Row = tuple[Any, ...]


def positions() -> Iterator[Row]:
    return stream(
        SealedPosition.objects.filter(of_public_concerns()),
        *("pk", "concern__slug", "number", "sealed_at", "hash"),
    )


def sections() -> Iterator[Row]:
    return stream(
        SealedSection.objects.filter(of_public_concerns("position__concern")),
        *("pk", "position__concern__slug", "position", "number", "title", "text"),
        "origin__statement",
    )


def words() -> Iterator[Row]:
    return stream(
        Word.objects.current().filter(of_public_concerns("position__concern")),
        *("pk", "position__concern__slug", "position", "section", "organisation__slug"),
        *("kind", "text", "given_at"),
    )


NUMBER = Column("number", Kind.INTEGER, _("Nummer"), key=True)
POSITION = Column("position", Kind.INTEGER, _("Position"), refers_to="positionen.number")

datasets_of_positions = (
    Dataset(
        "positionen",
        _("Gemeinsame Positionen"),
        _(
            "Versiegelte Fassungen: Ab dann ändert sie niemand mehr. Die mit der höchsten Fassung gilt."
        ),
        (
            NUMBER,
            CONCERN,
            Column("edition", Kind.INTEGER, _("Fassung")),
            Column("sealed_at", Kind.MOMENT, _("Wann sie versiegelt wurde")),
            Column("sha256", Kind.TEXT, _("Prüfsumme des Dokuments")),
        ),
        positions,
        keywords=("Kommunen", "Position"),
    ),
    Dataset(
        "abschnitte",
        _("Abschnitte der Positionen"),
        _("Was in den versiegelten Fassungen steht, Abschnitt für Abschnitt."),
        (
            NUMBER,
            CONCERN,
            POSITION,
            Column("place", Kind.INTEGER, _("Nummer des Abschnitts in der Fassung")),
            Column("title", Kind.TEXT, _("Überschrift")),
            Column("text", Kind.TEXT, _("Wortlaut")),
            Column("statement", Kind.INTEGER, _("Aus welcher Aussage er entstand")),
        ),
        sections,
        keywords=("Kommunen", "Position"),
    ),
    Dataset(
        "voten",
        _("Wer eine Position mitträgt, und Sondervoten"),
        _("Wie Kommunen und Verbände zu einer Fassung oder zu einzelnen Abschnitten stehen."),
        (
            NUMBER,
            CONCERN,
            POSITION,
            Column(
                "section",
                Kind.INTEGER,
                _("Abschnitt; leer: die ganze Position"),
                refers_to="abschnitte.number",
            ),
            Column("organisation", Kind.TEXT, _("Organisation"), refers_to="organisationen.slug"),
            Column("kind", Kind.TEXT, _("endorsement: trägt mit, dissent: Sondervotum")),
            Column("text", Kind.TEXT, _("Begründung")),
            Column("given_at", Kind.MOMENT, _("Wann")),
        ),
        words,
        keywords=("Kommunen", "Position", "Sondervotum"),
    ),
)
