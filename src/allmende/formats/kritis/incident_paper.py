"""An incident report as § 18 KRITISDachG asks for it: for a program as JSON, for people as a paper.

What is said of an incident is one mapping with German keys and times in ISO 8601 (docs/reference/kritis.md); the
paper says the same in words.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .paper import Mark, Paper, Section, Table

FORMAT = "allmende-stoerungsmeldung"
EDITION = 1
UNKNOWN = "noch nicht bekannt"
PARTICULARS = {
    "rechtsform": "Rechtsform",
    "handelsregister": "Register",
    "anschrift_betreiber": "Anschrift des Betreibers",
}
STAGES = {"erst": "Erstmeldung", "folge": "Folgemeldung", "abschluss": "Ausführliche Meldung"}


def incident_json(said: Mapping[str, Any], *, mark: Mark) -> bytes:
    """What is said of an incident, with the mark of whoever takes it along."""
    whole = {
        "format": FORMAT,
        "fassung": EDITION,
        "vertraulich": {
            "abgerufen_fuer": mark.office,
            "abgerufen_am": mark.day,
            "kennung": mark.number,
        },
        **said,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def incident_paper(said: Mapping[str, Any]) -> Paper:
    """The same for people."""
    facility, hit = said["einrichtung"], said["betroffen"]
    return Paper(
        title="Störungsmeldung",
        subject=f"{facility['name']}, {facility['gemeinde']}",
        note="Nach § 18 KRITISDachG." if said["gesetzlich"] else "Freiwillige Meldung.",
        is_example=said["beispieldaten"],
        sections=(
            Section(
                "Was geschehen ist",
                facts=(
                    ("Was", said["was"]),
                    ("Beginn", _moment(said["beginn"])),
                    ("Bekannt seit", _moment(said["bekannt_seit"])),
                    ("Ende", _moment(said["ende"]) if said["ende"] else "dauert an"),
                    ("Voraussichtlich vorbei", _moment(said["voraussichtlich_bis"])),
                    ("Dauer bisher", _hours(said["dauer_stunden"])),
                ),
            ),
            Section(
                "Wen es trifft",
                facts=(
                    ("Betroffene Menschen", _people(hit["menschen"])),
                    ("Anteil an den Versorgten", _share(hit["anteil"])),
                    ("Gebiet", hit["gebiet"] or UNKNOWN),
                    ("Andere Mitgliedstaaten", hit["andere_staaten"] or "keine bekannt"),
                ),
            ),
            Section("Ursache, soweit bekannt", text=said["ursache"] or UNKNOWN),
            Section(
                "Die Einrichtung",
                facts=(
                    ("Betreiber", facility["betreiber"]),
                    *(
                        (title, facility[key])
                        for key, title in PARTICULARS.items()
                        if facility[key]
                    ),
                    ("Sektor und Leistung", f"{facility['sektor']}, {facility['leistung']}"),
                    ("Versorgte Menschen", _people(facility["versorgte"])),
                ),
            ),
            Section("Kontakt", text=_contact(said["kontakt"])),
            Section(
                "Abgegeben",
                table=Table(
                    ("Was", "Wann", "An wen"),
                    tuple(
                        (STAGES[each["art"]], _moment(each["am"]), each["an"])
                        for each in said["abgegeben"]
                    ),
                    empty="Noch nicht.",
                ),
            ),
        ),
    )


def _moment(said: str | None) -> str:
    if not said:
        return UNKNOWN
    return datetime.fromisoformat(said).strftime("%d.%m.%Y, %H:%M Uhr")


def _people(number: int | None) -> str:
    return UNKNOWN if number is None else f"{number:,}".replace(",", ".")


def _hours(hours: float) -> str:
    return f"{hours:.1f} Stunden".replace(".", ",")


def _share(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share * 100:.1f} %".replace(".", ",")


def _contact(contact: Mapping[str, str]) -> str:
    parts = (contact["name"], contact["telefon"], contact["email"])
    return "\n".join(part for part in parts if part) or UNKNOWN
