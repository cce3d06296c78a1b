"""What a file would add to a script, and change in it: part by part, row by row, and nothing is done yet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import MISSING, fields
from typing import Any, NamedTuple

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script import network
from allmende.formats.exercise_script.cells import write_cell
from allmende.formats.exercise_script.changes import Document, Row, free_key, key_field, rows_of
from allmende.formats.exercise_script.conditions import condition_in_words
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.faults import Fault, ScriptError
from allmende.formats.exercise_script.fields import INJECT, NOUNS, Field
from allmende.formats.exercise_script.model import Announce, Inject, Script
from allmende.formats.exercise_script.sheets import (
    FAILING,
    FAILURES,
    HEAD,
    HEADINGS,
    HEARERS,
    NEEDS,
    OF_ANNOUNCE,
    OF_SCENARIO,
    ONCE,
    SHEETS,
    Read,
    Sheet,
    facilities_of,
    failures_of,
    fault_of_network,
    head_of,
    read_sheet,
)
from allmende.formats.exercise_script.tables import SHEET, Columns, Table, bare, injects_of
from allmende.formats.exercise_script.workbooks import Book

INJECTS = Sheet(SHEET, "injects", Inject, INJECT)
NETWORK, NEEDS_SHEET = SHEETS[bare("Einrichtungen")], SHEETS[bare("Abhängigkeiten")]
HEAD_SHEET = SHEETS[bare("Drehbuch")]
# What of a row stands in other rows, or on another sheet.
WITHIN = {
    "decisions": (Field("options", "options", heading="Möglichkeiten"),),
    network.SECTION: (Field("supplies", "needs", heading="Was sie braucht"),),
}
# What cannot be compared with a network that cannot be.
ABOUT_NETWORK = {HEAD, FAILURES, NEEDS, network.SECTION}
TWO_WEEKS = 336.0
KEY = HEADINGS["key"]


class Changed(NamedTuple):
    """A row that would say something else: heading, before and after of each field."""

    row: Row
    differences: tuple[tuple[str, str, str], ...]


class Merge(NamedTuple):
    """What would happen to one part; ``left`` counts rows of the script of which the file says nothing."""

    part: str
    title: str
    new: tuple[Row, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    left: int

    @property
    def changes_something(self) -> bool:
        return bool(self.new or self.changed)


def merge_injects(document: Document, table: Table) -> Merge:
    """Compare a table with the injects of a script.

    Fields that no column holds stay as they are. Without a column of keys, all rows are new.
    """
    rows = [dict(row) for row in document_of(Script("?", 1, injects=table.injects))["injects"]]
    if "key" not in table.columns:
        first = int(free_key(document, "injects"))
        rows = [row | {"key": str(number)} for number, row in enumerate(rows, start=first)]
    return _merge(INJECTS, rows_of(document, "injects"), rows, table.columns)


def merge_book(
    document: Document, book: Book, columns: Columns | None = None, *, file: str = ""
) -> list[Merge]:
    """Compare all that a file holds with a script; ``columns`` of its injects as `injects_of` takes them.

    Raises
    ------
    ScriptError
        With every fault: what cannot be read, or would not fit together.
    """
    faults: list[Fault] = []
    found: list[Merge] = []
    if book.injects.headings:
        try:
            found.append(merge_injects(document, injects_of(book.injects, columns)))
        except ScriptError as error:
            faults += error.faults
    parts: dict[str, Read] = {}
    for table in book.others:
        read = read_sheet(table, faults)
        if parts.setdefault(read.sheet.part, read) is not read:
            reason = f"Ein Blatt „{read.sheet.title}“ gibt es schon. Fassen Sie beide zusammen."
            faults.append(Fault(table.place, "", reason))
    if parts.keys() & ABOUT_NETWORK and (fault := fault_of_network(document)):
        reason = f"{fault} Berichtigen Sie zuerst das Netz des Drehbuchs."
        faults.append(Fault("Netz", "", reason))
    else:
        faults += _wrong_facilities(document, parts)
    if not faults:
        found += _merge_parts(document, parts)
    if parts and not faults:
        faults += _misfits(document, found, parts)
    if faults:
        # What is wrong on a sheet stands together, row by row.
        sheets = list(dict.fromkeys(fault.place for fault in faults))
        faults.sort(key=lambda fault: (sheets.index(fault.place), fault.line or 0))
        raise ScriptError(faults, file=file)
    return found


def carry_out(document: Document, merges: Iterable[Merge]) -> None:
    """Do what was planned, in place."""
    # Acts follow the needs of facilities, unless the file says otherwise; and what fails has to be there.
    for merge in sorted(merges, key=lambda each: each.part != network.SECTION):
        rows = [*(each.row for each in merge.changed), *merge.new]
        if merge.part == network.SECTION:
            there = {row["key"] for row in network.facility_rows(document)}
            for row in rows:
                network.put_facility(
                    document, row, before=row["key"] if row["key"] in there else ""
                )
        elif merge.part in (HEAD, HEARERS, FAILURES):
            for row in rows:
                _put_once(document, merge.part, row)
        else:
            _put_rows(document, merge)


def _put_rows(document: Document, merge: Merge) -> None:
    rows, name = document.setdefault(merge.part, []), key_field(merge.part)
    places = {row[name]: place for place, row in enumerate(rows)}
    for each in merge.changed:
        rows[places[each.row[name]]] = each.row
    rows.extend(merge.new)


def _put_once(document: Document, part: str, row: Row) -> None:
    if part == HEARERS:
        document.setdefault("announce", {})["to"] = row["rows"]
        return
    scenario = (document.get("model") or {}).setdefault("scenario", {})
    if part == FAILURES:
        for how in FAILING:
            said = [each for each in row["rows"] if each["how"] == how]
            scenario[how] = [{k: v for k, v in each.items() if k != "how"} for each in said]
        return
    announce = document.setdefault("announce", {})
    for names, holder in ((ONCE, document), (OF_SCENARIO, scenario), (OF_ANNOUNCE, announce)):
        for name in names:
            holder.pop(name, None)
            if name in row:
                holder[name] = row[name]


def _merge_parts(document: Document, parts: Mapping[str, Read]) -> Iterator[Merge]:
    """What sheets would do; needs belong to the facilities that have them."""
    facilities = parts.get(network.SECTION)
    if HEAD in parts or (facilities and facilities.from_register):
        yield _merge_head(document, parts.get(HEAD), facilities)
    for part, read in parts.items():
        rows = [row for _line, row in read.rows]
        if part == HEARERS:
            yield _merge_whole(read, (document.get("announce") or {}).get("to", []), rows)
        elif part == FAILURES:
            yield _merge_whole(read, failures_of(document), rows)
        elif part not in (HEAD, NEEDS, network.SECTION):
            yield _merge(read.sheet, rows_of(document, part), rows, read.columns)
    if NEEDS in parts or network.SECTION in parts:
        yield _merge_network(document, parts)


def _merge(
    sheet: Sheet, present: Iterable[Row], rows: Sequence[Row], columns: Iterable[str]
) -> Merge:
    name, held = key_field(sheet.part), set(columns)
    there = {str(row[name]): row for row in present}
    new, changed, unchanged = [], [], 0
    for row in rows:
        before = there.get(row[name])
        if before is None:
            new.append(row)
            continue
        after = {field: value for field, value in before.items() if field not in held} | row
        if differences := _differences(sheet, before, after):
            changed.append(Changed(after, differences))
        else:
            unchanged += 1
    left = len(there.keys() - {row[name] for row in rows})
    return Merge(sheet.part, sheet.title, tuple(new), tuple(changed), unchanged, left)


def _merge_network(document: Document, parts: Mapping[str, Read]) -> Merge:
    """Facilities with what they need: a file that says any needs says all of the facilities that it names."""
    own, needs = parts.get(network.SECTION), parts.get(NEEDS)
    present = facilities_of(document)
    rows = {row["key"]: row for _line, row in own.rows} if own else {}
    columns = set(own.columns) if own else set()
    needed: dict[str, list[Row]] = {}
    for _line, row in needs.rows if needs else ():
        need = {name: value for name, value in row.items() if name != "facility"}
        needed.setdefault(row["facility"], []).append(need)
    if needs:
        columns.add("supplies")
    for key, said in needed.items():
        # The columns of „Einrichtungen“ say nothing of one that only „Abhängigkeiten“ names.
        rows[key] = (rows.get(key) or present[key]) | {"supplies": said}
    return _merge(NETWORK, present.values(), list(rows.values()), columns)


def _merge_head(document: Document, read: Read | None, facilities: Read | None) -> Merge:
    before = head_of(document)
    row, columns = (read.rows[0][1], read.columns) if read else ({}, frozenset())
    after = {name: value for name, value in before.items() if name not in columns} | row
    # What names real facilities does so whatever another cell says, or no longer says.
    if before.get("from_register") or (facilities and facilities.from_register):
        after["from_register"] = True
    differences = _differences(HEAD_SHEET, before, after)
    changed = (Changed(after, differences),) if differences else ()
    return Merge(HEAD, HEAD_SHEET.title, (), changed, 0 if changed or not read else 1, 0)


def _merge_whole(read: Read, before: Sequence[Row], rows: Sequence[Row]) -> Merge:
    """Rows without keys: all of them take the place of all."""
    one, other = ([_told(read.sheet, row) for row in each] for each in (before, rows))
    differences = ((read.sheet.title, *_apart(one, other)),) if one != other else ()
    changed = (Changed({"rows": list(rows)}, differences),) if differences else ()
    return Merge(read.sheet.part, read.sheet.title, (), changed, 0 if changed else len(rows), 0)


def _told(sheet: Sheet, row: Row) -> str:
    cells = (write_cell(row[each.name], each) for each in sheet.fields if each.name in row)
    return " · ".join(filter(None, cells))


def _differences(sheet: Sheet, before: Row, after: Row) -> tuple[tuple[str, str, str], ...]:
    plain = _defaults(sheet)
    found = []
    for field in (*sheet.fields, *WITHIN.get(sheet.part, ())):
        one, other = (row.get(field.name, plain.get(field.name)) for row in (before, after))
        if field.kind == "needs":
            one, other = (
                [network.SUPPLY_DEFAULTS | {"facility": ""} | need for need in each or ()]
                for each in (one, other)
            )
        if one != other and ((one or None) != (other or None) or field.kind == "hours"):
            lines = (_shown(each, field) for each in (one, other))
            found.append((field.heading, *_apart(*lines)))
    return tuple(found)


def _apart(one: Sequence[str], other: Sequence[str]) -> tuple[str, str]:
    """Two texts of lines without those that both have, unless only their order differs."""
    left, right = ([line for line in a if line not in b] for a, b in ((one, other), (other, one)))
    if not left and not right:
        left, right = list(one), list(other)
    return "\n".join(left), "\n".join(right)


def _shown(value: Any, field: Field) -> list[str]:
    """A value as text; a line for each of what stands in rows of its own."""
    if field.kind == "options":
        return [" · ".join((each["key"], each["name"], *_acts(each))) for each in value or ()]
    if field.kind == "needs":
        return [_need(each) for each in value]
    if field.kind == "condition":
        return [condition_in_words(value)] if value else [""]
    return [write_cell(value, field)]


def _need(need: Row) -> str:
    """What is needed, and what is not as usual about it."""
    plain = network.SUPPLY_DEFAULTS
    return ", ".join(
        f"{field.heading}: {write_cell(need[field.name], field)}"
        for field in NEEDS_SHEET.fields[1:]
        if need.get(field.name, plain.get(field.name)) != plain.get(field.name)
    )


def _acts(option: Row) -> list[str]:
    return [write_cell(option["acts"], Field("acts", "acts"))] if option.get("acts") else []


def _defaults(sheet: Sheet) -> Row:
    """What is so anyway."""
    kinds = (Script, Announce) if sheet.part == HEAD else (sheet.kind,)
    found = {"horizon_hours": TWO_WEEKS, "crews": {}} if sheet.part == HEAD else {}
    for each in (field for kind in kinds for field in fields(kind)):
        found[each.name] = (
            each.default_factory() if each.default_factory is not MISSING else each.default
        )
    return found


def _wrong_facilities(document: Document, parts: Mapping[str, Read]) -> Iterator[Fault]:
    """Rows that cannot be, or name facilities that are not there."""
    own = parts.get(network.SECTION)
    known = {row["key"] for row in network.facility_rows(document)}
    for line, row in own.rows if own else ():
        known.add(row["key"])
        alone: Document = {}
        network.put_facility(alone, dict(row))
        try:
            network.check_network(alone)
        except FormatError as error:
            yield Fault(own.sheet.place if own else "", "", error.message, line)
    for part in (NEEDS, FAILURES):
        read = parts.get(part)
        for line, row in read.rows if read else ():
            place = read.sheet.place if read else ""
            for heading, keys in (
                ("Einrichtung", [row["facility"]]),
                ("Lieferanten", row.get("suppliers", [])),
            ):
                for key in keys:
                    if key not in known:
                        reason = f"Eine Einrichtung mit der Kennung „{key}“ gibt es nicht."
                        yield Fault(place, heading, reason, line)
            weights, needed = row.get("weights", ()), row.get("needed", 1)
            there = sum(weights) or len(row.get("suppliers", ()))
            if any(weight < 1 for weight in weights):
                yield Fault(
                    place, "Gewichte der Lieferanten", "Ein Gewicht ist mindestens 1.", line
                )
            elif part == NEEDS and needed > there:
                reason = f"Nötig sind {needed}, es gibt nur {there}."
                yield Fault(place, "So viele genügen", reason, line)


def _misfits(
    document: Document, merges: Sequence[Merge], parts: Mapping[str, Read]
) -> Sequence[Fault]:
    """What cannot be only when all of it is there; by sheet and row, where a row of the file is meant."""
    trial = deepcopy(document)
    try:
        carry_out(trial, merges)
        script_of(trial)
    except ScriptError as error:
        rows = {
            f"{NOUNS[read.sheet.kind]} „{row['key']}“": (read.sheet.place, line)
            for read in parts.values()
            if read.sheet.kind in NOUNS
            for line, row in read.rows
            if "key" in row
        }
        return [
            fault._replace(place=rows[fault.place][0], line=rows[fault.place][1], column=KEY)
            if fault.place in rows
            else fault
            for fault in error.faults
        ]
    fault = "" if trial.get("model") == document.get("model") else fault_of_network(trial)
    return [Fault("Netz", "", fault)] if fault else []
