"""Scripts to try."""

from dataclasses import replace
from typing import Any

from allmende.formats.exercise_script.model import (
    Announce,
    Article,
    Attachment,
    Capability,
    Decision,
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

MODEL: dict[str, Any] = {
    "facilities": [
        {"key": "netz", "sector": "strom", "municipality": "Lindenfurt", "served": 5000},
        {"key": "klinik", "sector": "krankenhaus", "municipality": "Lindenfurt", "served": 300},
    ],
    "supplies": [{"facility": "klinik", "suppliers": ["netz"], "buffer_hours": 24}],
    "scenario": {"damages": [{"facility": "netz", "at": 1, "hours": 50}], "horizon_hours": 80},
}


def script(**parts: Any) -> Script:
    """A small one in which nothing is wrong."""
    small = Script(
        name="Kleine Übung",
        duration_minutes=120,
        goals=(Goal("g1", "Lage feststellen"),),
        strands=(Strand("s1", "Strom"), Strand("s2", "Menschen")),
        teams=(Team("team", "Verwaltungsstab", "Lindenfurt"),),
        roles=(Role("stab", "Leitung", "team"), Role("steuerung", "Übungsleitung", simulated=True)),
        injects=(
            Inject("1", 0, "Anruf der Klinik", "Text", "s1", to=("stab",), goals=("g1",)),
            Inject("2", 30, "Nachfrage", "Text", "s2", to=("team",)),
        ),
    )
    return replace(small, **parts)


FULL = script(
    summary="Worum es geht.\nZwei Zeilen.",
    starts_at="06:30",
    speed=48.5,
    seed=7,
    begins_hours=2.0,
    capabilities=(Capability("c1", "Lagebild führen", "Was dazu gehört"),),
    goals=(Goal("g1", "Lage feststellen", "In 30 Minuten", 2, ("c1",)),),
    units=(Unit("aggregat", "Netzersatzanlage des Kreises", 2.0, {"klinik": 1.5}, ("klinik",)),),
    decisions=(
        Decision(
            "wohin",
            "Wohin mit dem Aggregat?",
            "stab",
            (
                Option(
                    "klinik",
                    "Zur Klinik",
                    ({"kind": "generator", "unit": "aggregat", "facility": "klinik"},),
                ),
                Option("warten", "Abwarten"),
            ),
        ),
    ),
    articles=(Article("a1", "Kreisblatt", "Kein Strom", "Seit dem Morgen …"),),
    phone_scripts=(PhoneScript("p1", "Klinik", "Guten Tag", "Vorrat", "ruhig", "Wann?"),),
    attachments=(Attachment("karte.pdf", "Lagekarte"),),
    announce=Announce(2, 30, (Hearer("operator", ("stab",), "Lindenfurt"),)),
    facility_names={"klinik": "Kreisklinik Lindenfurt"},
    facility_places={"klinik": (3.5, 4.0)},
    from_register=True,
    model=MODEL,
    injects=(
        Inject(
            "1",
            0,
            "Anruf der Klinik",
            "Der Strom ist weg.\n=Was nun?",
            "s1",
            "expected-action",
            "Kreisklinik",
            ("stab", "Lindenfurt"),
            "phone",
            "steuerung",
            ("g1",),
            ("c1",),
            "=Lage feststellen",
            15,
            ("wohin",),
            "-Zeit notieren",
            "a1",
            "p1",
            ("karte.pdf",),
            {
                "any": [
                    {"decision": "wohin", "option": "klinik"},
                    {"facility": "netz", "state": ["failed", "repairing"], "since_minutes": 10},
                ]
            },
            90,
            {"netz": "failed"},
            "approved",
        ),
        Inject("2", None, "Reserve", to=("team",), kind="contingency", enabled=False),
        Inject("3", 1590, "Später", to=("team",)),
    ),
    duration_minutes=1600,
)
