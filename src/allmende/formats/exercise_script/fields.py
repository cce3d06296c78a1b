"""Every field of a script: its name in JSON, its kind, and for injects its column in tables."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from allmende.formats.cascade_model.reader import MOST_SPREAD
from allmende.formats.cascade_model.record import LARGEST
from allmende.formats.exercise_script.model import (
    Announce,
    Article,
    Attachment,
    Capability,
    Decision,
    Facility,
    Goal,
    Hearer,
    Inject,
    Option,
    PhoneScript,
    Role,
    Script,
    Strand,
    Team,
    Unit,
)

KINDS = {"contextual": "Information", "expected-action": "Aufgabe", "contingency": "Reserve"}
CHANNELS = {
    "mail": "E-Mail",
    "phone": "Telefon",
    "media": "Medien",
    "radio": "Funk",
    "situation": "Lagemeldung",
    "person": "persönlich",
}
STATUSES = {"draft": "Entwurf", "approved": "freigegeben"}
AUDIENCES = {"operator": "Betreiber", "public": "Öffentlichkeit", "situation": "Lage"}
STATES = {
    "operational": "in Betrieb",
    "buffered": "auf Vorrat",
    "failed": "ausgefallen",
    "repairing": "in Reparatur",
}

# Two weeks are the longest that anything is simulated.
MOST_MINUTES = 14 * 24 * 60
FARTHEST = 2_000  # kilometres


class Field(NamedTuple):
    """One field.

    kind : key, line, text, keys, minutes, whole, number, flag, time, choice, condition, acts, numbers, words,
        document, rows (of ``of``), or row
    heading : its column in tables; also : headings that mean the same, in small letters
    choices : what may stand there, and how tables say it
    """

    name: str
    kind: str
    required: bool = False
    heading: str = ""
    also: tuple[str, ...] = ()
    choices: Mapping[str, str] = {}
    of: type = object
    most: float = 1e6


INJECT = (
    Field("key", "key", True, "Nr.", ("nummer", "kennung", "id", "key", "#", "number", "serial")),
    Field("strand", "key", False, "Strang", ("handlungsstrang", "strand", "storyline", "thread")),
    Field(
        "at",
        "minutes",
        True,
        "Zeit",
        ("übungszeit", "zeitpunkt", "minute", "time", "scenario time", "real time", "t+"),
    ),
    Field("title", "line", True, "Titel", ("betreff", "ereignis", "subject", "title", "event")),
    Field(
        "text", "text", False, "Text", ("inhalt", "einlage", "meldung", "script", "inject", "body")
    ),
    Field("kind", "choice", False, "Art", ("typ", "type", "inject type"), KINDS),
    Field("sender", "line", False, "Von", ("absender", "from", "sender")),
    Field(
        "to", "keys", True, "An", ("empfänger", "to", "player", "recipient", "recipients", "target")
    ),
    Field("channel", "choice", False, "Weg", ("kanal", "medium", "delivery", "method"), CHANNELS),
    Field("controller", "key", False, "Verantwortlich", ("steuerung", "controller", "responsible")),
    Field(
        "goals",
        "keys",
        False,
        "Ziele",
        ("ziel", "übungsziel", "übungsziele", "objectives", "goals"),
    ),
    Field("capabilities", "keys", False, "Fähigkeiten", ("fähigkeit", "capabilities")),
    Field(
        "expected_action",
        "text",
        False,
        "Erwartete Reaktion",
        ("erwartete maßnahme", "erwartete handlung", "expected action", "expected response"),
    ),
    Field(
        "expected_minutes",
        "minutes",
        False,
        "Reaktion binnen",
        ("frist", "expected by", "expected minutes"),
    ),
    Field(
        "asks_for",
        "keys",
        False,
        "Entscheidungen",
        ("entscheidung", "fragt nach", "asks for", "decisions", "decision"),
    ),
    Field(
        "note", "text", False, "Hinweis für Beobachtende", ("hinweis", "bemerkung", "note", "notes")
    ),
    Field("article", "key", False, "Artikel", ("pressebericht", "article")),
    Field("phone_script", "key", False, "Gesprächsleitfaden", ("anruf", "phone script")),
    Field(
        "attachments",
        "keys",
        False,
        "Anlagen",
        ("anhang", "anhänge", "attachments", "picture name"),
    ),
    Field("condition", "condition", False, "Bedingung", ("wenn", "condition", "precondition")),
    Field("until", "minutes", False, "Verfällt", ("bis", "until", "expires")),
    Field("claims", "words", False, "Aussagen", ("claims",), STATES),
    Field("status", "choice", False, "Stand", ("status",), STATUSES),
    Field("enabled", "flag", False, "Aktiv", ("enabled", "aktiviert")),
)

_KEY, _NAME = Field("key", "key", True), Field("name", "line", True)
_DESCRIPTION = Field("description", "text")

FIELDS: dict[Any, tuple[Field, ...]] = {
    Inject: INJECT,
    Goal: (_KEY, _NAME, _DESCRIPTION, Field("priority", "whole"), Field("capabilities", "keys")),
    Capability: (_KEY, _NAME, _DESCRIPTION),
    Strand: (_KEY, _NAME, _DESCRIPTION),
    Team: (_KEY, _NAME, Field("municipality", "line")),
    Role: (_KEY, _NAME, Field("team", "key"), _DESCRIPTION, Field("simulated", "flag")),
    Unit: (
        _KEY,
        _NAME,
        Field("hours", "number", most=336),
        Field("travel_hours", "numbers", most=336),
        Field("sites", "keys"),
    ),
    Option: (_KEY, _NAME, Field("acts", "acts")),
    Decision: (
        _KEY,
        Field("question", "text", True),
        Field("role", "key", True),
        Field("options", "rows", True, of=Option),
    ),
    Article: (
        _KEY,
        Field("medium", "line", True),
        Field("headline", "line", True),
        Field("text", "text", True),
    ),
    PhoneScript: (
        _KEY,
        Field("caller", "line", True),
        Field("opening", "text", True),
        Field("facts", "text"),
        Field("manner", "text"),
        Field("questions", "text"),
    ),
    Attachment: (Field("name", "key", True), _DESCRIPTION),
    Facility: (
        _KEY,
        _NAME,
        Field("sector", "line", True),
        Field("municipality", "line"),
        Field("served", "number", most=LARGEST),
        Field("east", "number", most=FARTHEST),
        Field("north", "number", most=FARTHEST),
        Field("shares", "numbers", most=LARGEST),
        Field("repair_hours", "number", most=LARGEST),
        Field("repair_spread", "number", most=MOST_SPREAD),
        Field("rank", "whole"),
        Field("pool", "line"),
        Field("starts_alone", "flag"),
    ),
    Hearer: (
        Field("audience", "choice", True, choices=AUDIENCES),
        Field("roles", "keys", True),
        Field("municipality", "line"),
    ),
    Announce: (
        Field("most", "whole"),
        Field("window_minutes", "whole"),
        Field("to", "rows", of=Hearer),
    ),
    Script: (
        _NAME,
        Field("summary", "text"),
        Field("duration_minutes", "minutes", True),
        Field("starts_at", "time"),
        Field("speed", "number", most=360),
        Field("seed", "whole"),
        Field("begins_hours", "number", most=336),
        Field("goals", "rows", of=Goal),
        Field("capabilities", "rows", of=Capability),
        Field("strands", "rows", of=Strand),
        Field("teams", "rows", of=Team),
        Field("roles", "rows", of=Role),
        Field("units", "rows", of=Unit),
        Field("decisions", "rows", of=Decision),
        Field("articles", "rows", of=Article),
        Field("phone_scripts", "rows", of=PhoneScript),
        Field("attachments", "rows", of=Attachment),
        Field("announce", "row", of=Announce),
        Field("injects", "rows", of=Inject),
        Field("facility_names", "words"),
        Field("facility_places", "places"),
        Field("from_register", "flag"),
        Field("model", "document"),
    ),
}

NOUNS: dict[Any, str] = {
    Inject: "Einlage",
    Goal: "Ziel",
    Capability: "Fähigkeit",
    Strand: "Strang",
    Team: "Team",
    Role: "Rolle",
    Unit: "Aggregat",
    Option: "Wahl",
    Decision: "Entscheidung",
    Article: "Artikel",
    PhoneScript: "Gesprächsleitfaden",
    Attachment: "Anlage",
    Facility: "Einrichtung",
    Hearer: "Empfang",
    Announce: "„announce“",
    Script: "Drehbuch",
}
