"""What a dataset is: a name, what it means, its columns, and where its rows come from.

>>> colour = Column("colour", Kind.TEXT, "Farbe", key=True)
>>> dataset = Dataset("farben", "Farben", "Welche Farben es gibt.", (colour,), lambda: [("rot",)])
>>> list(dataset.rows())
[('rot',)]
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Text: TypeAlias = str | StrPromise

Row: TypeAlias = tuple[object, ...]


class Kind(StrEnum):
    """What stands in a column. Days and moments are ``date`` and ``datetime`` with a time zone."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"


KINDS: "dict[Kind, Text]" = {
    Kind.TEXT: _("Text"),
    Kind.INTEGER: _("ganze Zahl"),
    Kind.NUMBER: _("Zahl"),
    Kind.BOOLEAN: _("ja oder nein"),
    Kind.DATE: _("Tag"),
    Kind.MOMENT: _("Zeitpunkt"),
}


@dataclass(frozen=True)
class Column:
    """One column; ``refers_to`` is another dataset's column, such as ``anliegen.slug``."""

    name: str
    kind: Kind
    meaning: "Text"
    key: bool = False
    refers_to: str = ""

    @property
    def kind_name(self) -> "Text":
        """Its kind in German."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Licence:
    """Under which conditions data may be used; ``code`` is its address in the list of DCAT-AP.de."""

    name: "Text"
    url: str
    code: str


DL_DE_BY = Licence(
    "Datenlizenz Deutschland – Namensnennung – Version 2.0",
    "https://www.govdata.de/dl-de/by-2-0",
    "http://dcat-ap.de/def/licenses/dl-by-de/2.0",
)
OPEN_WITH_SOURCE = Licence(
    _("Vervielfältigung und Verbreitung mit Quellenangabe gestattet"),
    "https://www.destatis.de/DE/Service/Impressum/_inhalt.html",
    "http://dcat-ap.de/def/licenses/other-open",
)


class Period(StrEnum):
    """How often a dataset changes: codes of the EU's list of frequencies."""

    DAILY = "DAILY"
    ANNUAL = "ANNUAL"


class Theme(StrEnum):
    """What a dataset is about: codes of the EU's list of data themes."""

    GOVERNMENT = "GOVE"
    REGIONS = "REGI"


@dataclass(frozen=True)
class Dataset:
    """A table that everybody may take along.

    ``rows`` reads anew at every call and yields one tuple a row, in the order of ``columns``: it must
    stream, ask the same number of queries whatever there is, and give nothing that the public may not
    see. ``since`` is the day of the oldest entry that may stand in it, where one is known.
    """

    name: str  # lower case letters and hyphens: part of its address, and the name of its SQL table
    title: "Text"
    description: "Text"
    columns: tuple[Column, ...]
    rows: Callable[[], Iterable[Row]]
    themes: tuple[Theme, ...] = (Theme.GOVERNMENT,)
    keywords: tuple[str, ...] = ()
    licence: Licence = DL_DE_BY
    source: "Text" = ""  # whom to name; the platform itself where empty
    period: Period = Period.DAILY
    since: date | None = None

    @property
    def header(self) -> list[str]:
        """The names of its columns."""
        return [column.name for column in self.columns]
