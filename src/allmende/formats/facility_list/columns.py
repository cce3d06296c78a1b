"""The columns of the tables: their headings, which never change, for people keep such files."""

from dataclasses import dataclass
from enum import Enum, auto

FACILITIES, NEEDS, GENERATORS = "Einrichtungen", "Bedarf", "Notstrom"


class Kind(Enum):
    """What stands in the cells of a column."""

    TEXT = auto()
    WORDS = auto()  # that have to be the same elsewhere: with single blanks
    WHOLE = auto()
    DECIMAL = auto()
    YES_NO = auto()
    KEY = auto()  # of a municipality: digits, whose leading zero spreadsheets take off
    SHARES = auto()  # „09574101 640; Lindenfurt 160“
    SUPPLIERS = auto()  # „Nr. 17 Umspannwerk; Wasserwerk (Lindenfurt)“
    CONTACTS = (
        auto()
    )  # „Bereitschaft | 0123 456 | post@example.org | rund um die Uhr; Leitung | 0123 457“
    FACILITY = auto()  # as one of the suppliers
    MOBILE_OR_FIXED = auto()
    MEASURES = auto()  # „krankenhaus 2025 31.000; krankenhaus 2024 30.500“


@dataclass(frozen=True)
class Column:
    """A heading, what it is called in programs, and a word for those who fill it in."""

    heading: str
    field: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    example: str = ""


# How often a facility had been changed when the file was written; of needs that of the facility.
STAND = Column(
    "Stand",
    "stand",
    Kind.WHOLE,
    "Bitte nicht ändern: zeigt beim Einlesen, was andere inzwischen geändert haben.",
)
# What stood in each cell when the file was written, see ``checks``: facilities and needs have it.
CHECKS = Column(
    "Prüfzeichen",
    "checks",
    hint="Bitte nicht ändern: daran ist zu sehen, welche Zellen Sie geändert haben.",
)
FACILITY_COLUMNS = (
    Column("Nummer", "number", Kind.WHOLE, "Leer lassen bei neuen Einrichtungen."),
    Column("Name", "name", hint="Pflicht.", example="Wasserwerk Musterdorf"),
    Column("Leistung", "service", hint="Pflicht; Wörter wie im Formular.", example="Trinkwasser"),
    Column("Betreiber", "provider", hint="Pflicht.", example="Gemeindewerke Musterdorf"),
    Column(
        "Gemeindeschlüssel",
        "key",
        Kind.KEY,
        "AGS, acht Ziffern. Pflicht, wenn keine Gemeinde genannt ist.",
        "99999999",
    ),
    Column("Gemeinde", "municipality", hint="Zählt nur ohne Schlüssel.", example="Musterdorf"),
    Column("Anschrift oder Lage", "place", example="Am Brunnen 1"),
    Column("Breite", "lat", Kind.DECIMAL, "Grad, WGS 84.", "48,95"),
    Column("Länge", "lon", Kind.DECIMAL, "Grad, WGS 84.", "11,5"),
    Column("Versorgte Menschen", "served", Kind.WHOLE, "0, wenn nur andere Einrichtungen.", "800"),
    Column(
        "Davon je Gemeinde",
        "shares",
        Kind.SHARES,
        "Schlüssel oder Name, dann die Zahl; mehrere mit Semikolon. Leer: alle in der Gemeinde.",
    ),
    Column("Reparatur (Stunden)", "repair_hours", Kind.DECIMAL, "Median.", "18"),
    Column("Streuung der Reparatur", "repair_spread", Kind.DECIMAL, "0 bis 3; üblich 0,5.", "0,5"),
    Column("Rang bei der Reparatur", "repair_rank", Kind.WHOLE, "Kleine zuerst.", "5"),
    Column("Fährt allein an", "starts_alone", Kind.YES_NO, "ja oder nein.", "ja"),
    Column("Hersteller der Steuerung", "vendor"),
    Column("Notstromanschluss (kW)", "feed_in_kw", Kind.WHOLE, "Leer: kein Anschluss.", "120"),
    Column("Bemerkung", "note"),
    Column(
        "Betrieblicher Zusammenhang",
        "group",
        Kind.WORDS,
        "Anlagen eines Betreibers mit denselben Wörtern zählen zusammen.",
    ),
    Column(
        "Kontakte",
        "contacts",
        Kind.CONTACTS,
        "Name oder Funktion | Telefon | E-Mail | wann erreichbar; mehrere mit Semikolon.",
        "Bereitschaft Wasserwerk | 0123 4567",
    ),
    Column(
        "Versorgungsgrad",
        "measures",
        Kind.MEASURES,
        "Kennung der Kategorie, Jahr, Wert; mehrere mit Semikolon. Kennungen: „Schwellenwerte“ als CSV.",
    ),
    STAND,
    CHECKS,
)
NEED_COLUMNS = (
    Column("Bedarfsnummer", "number", Kind.WHOLE, "Leer lassen bei neuem Bedarf."),
    Column("Nummer", "facility", Kind.WHOLE, "Der Einrichtung; ohne sie zählen Name und Gemeinde."),
    Column("Einrichtung", "name", example="Wasserwerk Musterdorf"),
    Column("Gemeindeschlüssel", "key", Kind.KEY, "Der Einrichtung.", "99999999"),
    Column("Gemeinde", "municipality", hint="Zählt nur ohne Schlüssel.", example="Musterdorf"),
    Column("Leistung", "service", hint="Pflicht: was gebraucht wird.", example="Strom"),
    Column(
        "Lieferanten",
        "suppliers",
        Kind.SUPPLIERS,
        "Pflicht: Nr. und Nummer, oder Name und in Klammern die Gemeinde; mehrere mit Semikolon.",
        "Umspannwerk Musterdorf (Musterdorf)",
    ),
    Column("So viele genügen", "needed", Kind.WHOLE, "Einer von zweien: 1.", "1"),
    Column("Vorrat (Stunden)", "buffer_hours", Kind.DECIMAL, "So lange geht es ohne.", "8"),
    Column(
        "Vorrat füllt sich um",
        "recharge",
        Kind.DECIMAL,
        "Stunden je Stunde; üblich 1.",
        "1",
    ),
    Column("Bemerkung", "note"),
    STAND,
    CHECKS,
)
GENERATOR_COLUMNS = (
    Column("Nummer", "number", Kind.WHOLE, "Leer lassen bei neuen Anlagen."),
    Column("Name", "name", hint="Pflicht.", example="Aggregat Bauhof"),
    Column("Art", "is_mobile", Kind.MOBILE_OR_FIXED, "mobil oder fest.", "mobil"),
    Column("Leistung (kW)", "power_kw", Kind.WHOLE, "Pflicht.", "60"),
    Column("Kraftstoff", "fuel", hint="Wörter wie im Formular.", example="Diesel oder Heizöl"),
    Column("Stunden bei Volllast", "fuel_hours", Kind.DECIMAL, "Mit einem vollen Tank.", "8"),
    Column(
        "Einrichtung",
        "facility",
        Kind.FACILITY,
        "Zu der die Anlage gehört: Nr. und Nummer, oder Name und in Klammern die Gemeinde. Leer: zu keiner.",
    ),
    Column("Halter", "owner", Kind.WORDS, "Pflicht, wenn sie zu keiner Einrichtung gehört.", "THW"),
    Column("Gemeindeschlüssel", "key", Kind.KEY, "Wo sie steht, ohne Einrichtung.", "99999999"),
    Column("Gemeinde", "municipality", hint="Zählt nur ohne Schlüssel.", example="Musterdorf"),
    Column("Standort", "place", example="Halle 2"),
    Column("Freigabe durch", "release_name", hint="Eine Funktion genügt.", example="Bauhofleitung"),
    Column("Telefon", "release_telephone", example="0123 4567"),
    STAND,
)
# For whom and when a file was made. Reading passes over them, and over what follows from other columns.
DERIVED = ("Sektor", "Aufgegeben am")
GENERATORS_DERIVED = ("Bestätigt am",)
