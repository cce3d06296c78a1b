"""What stands in a cell: texts into values, and values into the texts that give the same values again."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from .columns import Column, Kind

Cell = str | int | float | bool | None
LONGEST_NUMBER = 25
LONGEST_DECIMAL = 400
MOST_LISTED = 500
# The sign that ``portal.tables`` puts before what a spreadsheet would take for a formula.
GUARD = "'"
FORMULA = ("=", "+", "-", "@")
YES = {"ja", "j", "x", "1", "wahr", "true", "yes"}
NO = {"nein", "n", "0", "falsch", "false", "no"}
MOBILE, FIXED = {"mobil"}, {"fest", "fest eingebaut"}
# What begins with a nought has no groups: „0.500“ is a half.
WHOLE = re.compile(r"\d+|[1-9]\d{0,2}(\.\d{3})+")
GROUPED = re.compile(r"-?[1-9]\d{0,2}((\.\d{3})+,\d+|(\.\d{3}){2,})")
DECIMAL = re.compile(r"-?\d+([.,]\d+)?")
NUMBERED = re.compile(r"(?:nr\.?\s*)?(\d{1,18})|nr\.?\s*(\d{1,18})\s.*", re.IGNORECASE | re.DOTALL)
IN_BRACKETS = re.compile(r"(.*\S)\s*\(([^()]+)\)", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell; ``line`` counts as a spreadsheet does, in GeoJSON the features."""

    table: str
    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Named:
    """A facility as somebody has written it: by number, or by name and perhaps its municipality."""

    text: str
    number: int | None = None
    name: str = ""
    place: str = ""


@dataclass(frozen=True, order=True)
class Called:
    """Whom to call, as a cell says it."""

    name: str
    telephone: str = ""
    email: str = ""
    reachable: str = ""

    @property
    def written(self) -> str:
        """The same in a cell, without what parts contacts from each other there."""
        parts = (self.name, self.telephone, self.email, self.reachable)
        return " | ".join(_apart(part) for part in parts).rstrip(" |")

    @property
    def bare(self) -> "Called":
        """The same as it comes back from a file."""
        parts = (self.name, self.telephone, self.email, self.reachable)
        return Called(*(_apart(part) for part in parts))


def _apart(text: str) -> str:
    return " ".join(plain_text(text).replace(";", ",").replace("|", "/").split())


@dataclass(frozen=True, order=True)
class Supplied:
    """How much was supplied in a year, by the key of a category."""

    key: str
    year: int
    value: Decimal

    @property
    def written(self) -> str:
        """The same in a cell."""
        plain = format(self.value, "f")
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return f"{self.key} {self.year} {plain.replace('.', ',')}"


def plain_text(text: str) -> str:
    """A text as files carry it: one kind of line end, no control characters, no blanks around it.

    >>> plain_text(" Tor 1\\r\\nklingeln\\x0b ")
    'Tor 1\\nklingeln'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    ).strip()


def written(value: Cell) -> str:
    """A value as it stands in a CSV file: with a comma, and exactly.

    >>> written(48.953), written(True), written(None), written(1e-05)
    ('48,953', 'ja', '', '0,00001')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        plain = format(Decimal(repr(value)), "f")
        return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")
    return plain_text(str(value))


def spoken(value: float) -> str:
    """A number as it stands in a sentence.

    >>> spoken(1e12), spoken(0.1), spoken(-8760)
    ('1.000.000.000.000', '0,1', '-8.760')
    """
    plain = f"{Decimal(repr(float(value))):,f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return plain.translate({ord(","): ".", ord("."): ","})


def read_values(
    table: str, line: int, cells: Iterable[tuple[Column, str]]
) -> tuple[dict[str, object], list[Fault]]:
    """The values of a row by field, and what cannot be read. An empty cell is None.

    Parameters
    ----------
    table, line
        Where it stands.
    cells
        Columns with the texts in them.

    Returns
    -------
    dict, list of Fault
        Texts, whole numbers, floats, truths; of shares a list of (place, persons), of suppliers a list of
        ``Named``, of a facility one of these, of contacts of ``Called``, of the degree of supply of ``Supplied``.
    """
    values: dict[str, object] = {}
    faults = []
    for column, text in cells:
        plain = plain_cell(text)
        try:
            values[column.field] = _READERS[column.kind](plain) if plain else None
        except ValueError as error:
            faults.append(Fault(table, line, column.heading, str(error)))
    return values, faults


def plain_cell(text: str) -> str:
    """What stands in a cell, without what programs add around it."""
    return plain_text(_unguarded(text))


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith(GUARD) and text[1:].startswith(FORMULA) else text


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def whole_of(text: str) -> int:
    """A whole number, „1.200“ too; ``ValueError`` with a German reason."""
    if len(text) > LONGEST_NUMBER or not text.isascii() or not WHOLE.fullmatch(text):
        raise ValueError(f"„{_shown(text)}“ ist keine ganze Zahl.")
    return int(text.replace(".", ""))


def decimal_of(text: str) -> float:
    """A number with a comma or a point, „1.200,5“ too; ``ValueError`` with a German reason."""
    # A float may need 340 signs; one of more than 300 digits before its comma is infinite.
    if text.isascii() and len(text) <= LONGEST_DECIMAL and len(text.partition(",")[0]) < 300:
        if GROUPED.fullmatch(text):
            return float(text.replace(".", "").replace(",", "."))
        if DECIMAL.fullmatch(text):
            return float(text.replace(",", "."))
    raise ValueError(f"„{_shown(text)}“ ist keine Zahl. Beispiel: 11,5.")


def _yes_no(text: str) -> bool:
    word = text.lower()
    if word not in YES | NO:
        raise ValueError(f"„{_shown(text)}“ ist weder ja noch nein.")
    return word in YES


def _is_mobile(text: str) -> bool:
    word = text.lower()
    if word not in MOBILE | FIXED:
        raise ValueError(f"„{_shown(text)}“ ist weder mobil noch fest.")
    return word in MOBILE


def _key(text: str) -> str:
    text = text.replace(" ", "")
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ValueError(f"„{_shown(text)}“ ist kein Gemeindeschlüssel.")
    return text.zfill(8) if len(text) == 7 else text.zfill(12) if len(text) == 11 else text


def _pieces(text: str) -> list[str]:
    pieces = [piece.strip() for piece in re.split(r"[;\n]", text) if piece.strip()]
    if len(pieces) > MOST_LISTED:
        raise ValueError(f"Das sind mehr als {MOST_LISTED}.")
    return pieces


def _shares(text: str) -> list[tuple[str, int]]:
    found = []
    for piece in _pieces(text):
        place, _blank, persons = piece.rpartition(" ")
        if not place:
            raise ValueError(f"Nach „{_shown(piece)}“ fehlt die Zahl der Menschen.")
        found.append((place.strip().removesuffix(":"), whole_of(persons)))
    return found


def _contacts(text: str) -> list[Called]:
    found = []
    for piece in _pieces(text):
        name, *rest = (part.strip() for part in piece.split("|"))
        if len(rest) == 1 and "@" in rest[0]:
            rest = ["", *rest]
        if not name or not any(rest[:2]) or len(rest) > 3:
            raise ValueError(
                f"„{_shown(piece)}“ ist kein Kontakt. Beispiel: Bereitschaft | 0123 4567."
            )
        found.append(Called(name, *rest))
    return found


def _measures(text: str) -> list[Supplied]:
    found = []
    for piece in _pieces(text):
        words = piece.split()
        if len(words) != 3 or not (
            words[1].isascii() and words[1].isdigit() and len(words[1]) == 4
        ):
            raise ValueError(f"„{_shown(piece)}“: Es braucht Kennung, Jahr und Wert.")
        found.append(Supplied(words[0].lower(), int(words[1]), _exact(words[2])))
    return found


def _exact(text: str) -> Decimal:
    """A number as it is written, without the rounding of floats."""
    if len(text) <= LONGEST_NUMBER and text.isascii():
        if GROUPED.fullmatch(text) or WHOLE.fullmatch(text):
            return Decimal(text.replace(".", "").replace(",", "."))
        if DECIMAL.fullmatch(text):
            return Decimal(text.replace(",", "."))
    raise ValueError(f"„{_shown(text)}“ ist keine Zahl. Beispiel: 31.000.")


def _suppliers(text: str) -> list[Named]:
    return [_named(piece) for piece in _pieces(text)]


def _named(text: str) -> Named:
    if found := NUMBERED.fullmatch(text):
        return Named(text, number=int(found[1] or found[2]))
    if found := IN_BRACKETS.fullmatch(text):
        return Named(text, name=found[1], place=found[2].strip())
    return Named(text, name=text)


_READERS: dict[Kind, Callable[[str], object]] = {
    Kind.TEXT: str,
    Kind.WORDS: lambda text: " ".join(text.split()),
    Kind.WHOLE: whole_of,
    Kind.DECIMAL: decimal_of,
    Kind.YES_NO: _yes_no,
    Kind.KEY: _key,
    Kind.SHARES: _shares,
    Kind.SUPPLIERS: _suppliers,
    Kind.CONTACTS: _contacts,
    Kind.FACILITY: _named,
    Kind.MOBILE_OR_FIXED: _is_mobile,
    Kind.MEASURES: _measures,
}
