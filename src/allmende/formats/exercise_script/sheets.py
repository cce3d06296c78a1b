"""What a script says besides its injects, as sheets of a workbook: their columns, and rows there and back.

A sheet has a row for each row of the script; „Entscheidungen“ one for each option, „Drehbuch“ a single one for all
that a script says once. „Abhängigkeiten“ holds what facilities need, „Ausfälle“ what happens to them.

>>> SHEETS["ziele"].title, [field.heading for field in SHEETS["ziele"].fields]
('Ziele', ['Kennung', 'Name', 'Beschreibung', 'Rang', 'Fähigkeiten'])
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script import model, network
from allmende.formats.exercise_script.changes import Document, Row, key_field, rows_of
from allmende.formats.exercise_script.document import plain_row
from allmende.formats.exercise_script.faults import Fault
from allmende.formats.exercise_script.fields import AUDIENCES, FIELDS, Field
from allmende.formats.exercise_script.tables import Cells, bare, values_of
from allmende.formats.marks import MARKS, without_marks

HEAD, HEARERS, NEEDS, FAILURES = "head", "announce", "supplies", "scenario"
# Where what stands in „Drehbuch“ belongs.
ONCE = (
    *("name", "summary", "duration_minutes", "starts_at"),
    *("speed", "seed", "begins_hours", "from_register"),
)
OF_SCENARIO, OF_ANNOUNCE = ("horizon_hours", "crews"), ("most", "window_minutes")
FAILING = {"damages": "beschädigt", "outages": "aus"}
HEADINGS = {
    "key": "Kennung",
    "name": "Name",
    "description": "Beschreibung",
    "priority": "Rang",
    "capabilities": "Fähigkeiten",
    "municipality": "Gemeinde",
    "team": "Team",
    "simulated": "Simuliert",
    "hours": "Stunden, bis es wirkt",
    "travel_hours": "Andere Stunden je Einrichtung",
    "sites": "Nur für diese Einrichtungen",
    "medium": "Medium",
    "headline": "Überschrift",
    "text": "Text",
    "caller": "Wer anruft",
    "opening": "Wie das Gespräch beginnt",
    "facts": "Was die Person weiß",
    "manner": "Wie sie auftritt",
    "questions": "Was sie fragt",
    "sector": "Leistung",
    "served": "Versorgte Menschen",
    "shares": "Davon je Gemeinde",
    "east": "Kilometer nach Osten",
    "north": "Kilometer nach Norden",
    "repair_hours": "Reparatur (Stunden)",
    "repair_spread": "Streuung der Reparatur",
    "rank": "Rang bei der Reparatur",
    "pool": "Reparaturtrupp",
    "starts_alone": "Fährt allein an",
}


class Sheet(NamedTuple):
    """A sheet: its name, the part of the script that it holds, what its rows become, and its columns."""

    title: str
    part: str
    kind: Any
    fields: tuple[Field, ...]

    @property
    def place(self) -> str:
        """Where its faults are, beside their row."""
        return f"Blatt „{self.title}“"


def _sheet(title: str, part: str, kind: Any) -> Sheet:
    fields = tuple(
        field._replace(
            heading=HEADINGS[field.name],
            kind="hours" if (kind, field.name) == (model.Facility, "repair_hours") else field.kind,
        )
        for field in FIELDS[kind]
    )
    return Sheet(title, part, kind, fields)


def _with_origin(sheet: Sheet) -> Sheet:
    """Facilities say themselves that they are real: the sheet „Drehbuch“ need not come along."""
    return sheet._replace(fields=(*sheet.fields, FROM_REGISTER))


FROM_REGISTER = Field("from_register", "flag", False, "Netz aus dem Register")
_KEY = Field("key", "key", True, HEADINGS["key"])
_FACILITY = Field("facility", "key", True, "Einrichtung")
_SHEETS = (
    Sheet(
        "Drehbuch",
        HEAD,
        None,
        (
            Field("name", "line", True, "Titel"),
            Field("summary", "text", False, "Worum es geht"),
            Field("duration_minutes", "minutes", True, "Dauer"),
            Field("starts_at", "time", False, "Uhrzeit bei Beginn"),
            Field("speed", "number", False, "Geschwindigkeit", most=360),
            Field("seed", "whole", False, "Startzahl des Zufalls"),
            Field("begins_hours", "number", False, "Beginnt in Stunde", most=336),
            FROM_REGISTER,
            Field("horizon_hours", "number", False, "Simulation rechnet Stunden"),
            Field("crews", "numbers", False, "Reparaturtrupps"),
            Field("most", "whole", False, "Einzeln erzählte Meldungen"),
            Field("window_minutes", "whole", False, "Zusammengefasst in Minuten"),
        ),
    ),
    _sheet("Ziele", "goals", model.Goal),
    _sheet("Fähigkeiten", "capabilities", model.Capability),
    _sheet("Stränge", "strands", model.Strand),
    _sheet("Teams", "teams", model.Team),
    _sheet("Rollen", "roles", model.Role),
    _sheet("Mobile Mittel", "units", model.Unit),
    Sheet(
        "Entscheidungen",
        "decisions",
        model.Decision,
        (
            _KEY,
            Field("question", "text", True, "Frage"),
            Field("role", "key", True, "Wer entscheidet"),
            Field("option", "key", False, "Möglichkeit"),
            Field("option_name", "line", False, "Name der Möglichkeit"),
            Field("acts", "acts", False, "Wirkungen"),
        ),
    ),
    _sheet("Artikel", "articles", model.Article),
    _sheet("Gesprächsleitfäden", "phone_scripts", model.PhoneScript),
    _sheet("Anlagen", "attachments", model.Attachment),
    Sheet(
        "Meldungen",
        HEARERS,
        model.Hearer,
        (
            Field("audience", "choice", True, "Wann", choices=AUDIENCES),
            Field("roles", "keys", True, "Wer es hört"),
            Field("municipality", "line", False, "Nur aus dieser Gemeinde"),
        ),
    ),
    _with_origin(_sheet("Einrichtungen", network.SECTION, model.Facility)),
    Sheet(
        "Abhängigkeiten",
        NEEDS,
        None,
        (
            _FACILITY,
            Field("suppliers", "keys", True, "Lieferanten"),
            Field("needed", "whole", False, "So viele genügen"),
            Field("buffer_hours", "hours", False, "Vorrat (Stunden)"),
            Field("recharge", "number", False, "Vorrat füllt sich um"),
            Field("weights", "wholes", False, "Gewichte der Lieferanten"),
        ),
    ),
    Sheet(
        "Ausfälle",
        FAILURES,
        None,
        (
            _FACILITY,
            Field("how", "choice", True, "Wie", choices=FAILING),
            Field("at", "number", True, "In Stunde"),
            Field("hours", "hours", False, "Für Stunden"),
        ),
    ),
)
# By their names, as far as these count.
SHEETS = {bare(sheet.title): sheet for sheet in _SHEETS}
# As many of a kind as a script has; facilities may need more than one thing.
MOST_ROWS, MOST_NEEDS = 2_000, 5_000


class Read(NamedTuple):
    """What a sheet says: rows with their lines, and the fields that its columns hold.

    ``from_register``: facilities are, or may be, those of a register.
    """

    sheet: Sheet
    rows: tuple[tuple[int, Row], ...]
    columns: frozenset[str]
    from_register: bool = False


def is_ours(table: Cells) -> bool:
    """Whether a sheet is one of these, by its name and its first column; anybody may call another so."""
    sheet = SHEETS.get(bare(table.sheet))
    return sheet is not None and bare(sheet.fields[0].heading) in map(bare, table.headings)


def read_sheet(table: Cells, faults: list[Fault]) -> Read:
    """Read a sheet that `is_ours`; what is wrong is noted."""
    sheet = SHEETS[bare(table.sheet)]
    columns = _columns(table, sheet, faults)
    places = {name: table.headings.index(heading) for name, heading in columns.items()}
    found: list[tuple[int, Row]] = []
    for line, cells in table.rows if columns else ():
        before = len(faults)
        written = {name: cells[place] for name, place in places.items()}
        if sheet.kind is model.Facility and not written["name"]:
            written["name"] = written["key"]
        values = values_of(written, sheet.fields, columns, (sheet.place, line), faults)
        if len(faults) == before:
            found.append((line, values))
    rows = _options_together(found, sheet.place, faults) if sheet.part == "decisions" else found
    _refuse_twice(rows, sheet, sheet.place, faults)
    real = sheet.part == network.SECTION and _names_real(table, rows)
    plain = tuple((line, _plain(values, sheet)) for line, values in rows)
    held = frozenset(columns) | ({"options"} if "option" in columns else frozenset())
    return Read(sheet, plain, held, real)


def _names_real(table: Cells, rows: Iterable[tuple[int, Row]]) -> bool:
    """Whether facilities are those of a register; taken along from here and robbed of what says so, they may be."""
    said = [row.pop(FROM_REGISTER.name, None) for _line, row in rows]
    return any(said) or (MARKS[0] in table.headings and set(said) == {None})


def ignored_in(table: Cells) -> tuple[str, ...]:
    """Headings that belong to no column."""
    known = {bare(field.heading) for field in SHEETS[bare(table.sheet)].fields}
    return tuple(each for each in without_marks(table.headings) if each and bare(each) not in known)


def written_sheets(document: Document) -> Iterator[tuple[Sheet, list[Row]]]:
    """Every sheet with the rows that it holds of a script whose network can be, by field."""
    for sheet in _SHEETS:
        yield sheet, list(_rows_for(document, sheet))


def fault_of_network(document: Document) -> str:
    """Why the network of a script cannot be; empty if it can, or there is none."""
    try:
        network.check_network(document)
    except FormatError as error:
        return str(error)
    return ""


def head_of(document: Document) -> Row:
    """What a script says once, as the only row of its sheet."""
    once = {name: document[name] for name in ONCE if name in document}
    scenario = (document.get("model") or {}).get("scenario") or {}
    announce = document.get("announce") or {}
    return (
        once
        | {name: scenario[name] for name in OF_SCENARIO if name in scenario}
        | {name: announce[name] for name in OF_ANNOUNCE if name in announce}
    )


def failures_of(document: Document) -> list[Row]:
    """What is damaged or out, as rows of one sheet."""
    scenario = (document.get("model") or {}).get("scenario") or {}
    return [{**row, "how": how} for how in FAILING for row in scenario.get(how, ())]


def facilities_of(document: Document) -> dict[str, Row]:
    """Every facility by its key, with all that `network.find_facility` says of one."""
    names, places = document.get("facility_names", {}), document.get("facility_places", {})
    found: dict[str, Row] = {}
    for row in network.facility_rows(document):
        where = places.get(row["key"])
        named = {"name": names.get(row["key"], row["key"])}
        found[row["key"]] = row | named | ({"east": where[0], "north": where[1]} if where else {})
    for row in (document.get("model") or {}).get("supplies", ()):
        need = {name: value for name, value in row.items() if name != "facility"}
        if row["facility"] in found:
            found[row["facility"]].setdefault("supplies", []).append(need)
    return found


def _rows_for(document: Document, sheet: Sheet) -> Iterable[Row]:
    special: dict[str, Callable[[], Iterable[Row]]] = {
        HEAD: lambda: [head_of(document)],
        HEARERS: lambda: (document.get("announce") or {}).get("to", []),
        NEEDS: lambda: (document.get("model") or {}).get("supplies", []),
        FAILURES: lambda: failures_of(document),
        network.SECTION: lambda: _facilities(document),
        "decisions": lambda: _options(document),
    }
    rows = special.get(sheet.part)
    return rows_of(document, sheet.part) if rows is None else rows()


def _facilities(document: Document) -> Iterator[Row]:
    for row in facilities_of(document).values():
        yield row | {FROM_REGISTER.name: document.get(FROM_REGISTER.name, False)}


def _options(document: Document) -> Iterator[Row]:
    for decision in rows_of(document, "decisions"):
        for option in decision["options"] or [{}]:
            said = {"option": option.get("key", ""), "option_name": option.get("name", "")}
            yield decision | said | {"acts": option.get("acts", [])}


def _columns(table: Cells, sheet: Sheet, faults: list[Fault]) -> Mapping[str, str]:
    """Heading by field; none if one is missing."""
    headings = without_marks(table.headings)
    found: dict[str, str] = {}
    for field in sheet.fields:
        fitting = [each for each in headings if bare(each) == bare(field.heading)]
        if len(fitting) > 1:
            faults.append(Fault(sheet.place, fitting[0], "Die Spalte steht doppelt.", 1))
        if fitting:
            found[field.name] = fitting[0]
        elif field.required:
            reason = f"Es fehlt die Spalte „{field.heading}“."
            faults.append(Fault(sheet.place, field.heading, reason, 1))
            return {}
    return found


def _options_together(
    rows: list[tuple[int, Row]], place: str, faults: list[Fault]
) -> list[tuple[int, Row]]:
    """A decision for all rows with its key, which follow one another."""
    found: list[tuple[int, Row]] = []
    for _key, group in groupby(rows, key=lambda pair: pair[1]["key"]):
        (first, row), *others = lines = list(group)
        for line, other in others:
            for name, heading in (("question", "Frage"), ("role", "Wer entscheidet")):
                if other[name] != row[name]:
                    reason = f"In Zeile {first} steht zu „{row['key']}“ etwas anderes."
                    faults.append(Fault(place, heading, reason, line))
        options = []
        for line, each in lines:
            if each.get("option") and each.get("option_name"):
                acts = each.get("acts", ())
                options.append(model.Option(each["option"], each["option_name"], acts))
            elif each.get("option") or each.get("option_name") or len(lines) > 1:
                name = "Name der Möglichkeit" if each.get("option") else "Möglichkeit"
                faults.append(Fault(place, name, "Das Feld ist leer.", line))
        decision = {name: row[name] for name in ("key", "question", "role")}
        found.append((first, decision | {"options": tuple(options)}))
    return found


def _refuse_twice(
    rows: Iterable[tuple[int, Row]], sheet: Sheet, place: str, faults: list[Fault]
) -> None:
    if sheet.part == HEAD:
        for line, _row in list(rows)[1:]:
            reason = "Ein Drehbuch hat hier nur eine Zeile."
            faults.append(Fault(place, "", reason, line))
    if sheet.kind is None or sheet.part == HEARERS:
        return
    lines: dict[str, int] = {}
    for line, row in rows:
        key = row[key_field(sheet.part)]
        if key in lines:
            reason = f"„{key}“ steht schon in Zeile {lines[key]}."
            faults.append(Fault(place, sheet.fields[0].heading, reason, line))
        lines.setdefault(key, line)


def _plain(values: Row, sheet: Sheet) -> Row:
    """A row as documents say it."""
    row = values if sheet.kind is None else plain_row(sheet.kind(**values))
    return {name: _whole(value) for name, value in row.items()}


def _whole(value: Any) -> Any:
    """The same with whole numbers as such, and lists."""
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
