"""What the simulation tells, in words."""

import pytest

from allmende.algorithms.exercise.announcements import Announcement, Item
from allmende.algorithms.exercise.clock import MINUTE
from allmende.formats.exercise_script.words import people_words, words_of

NAMES = {"klinik": "Kreisklinik Lindenfurt", "werk": "Wasserwerk Kranichsee"}
WORKS = Item("werk", "trinkwasser", 4_234.0, 6.0, ("strom",))
CLINIC = Item("klinik", "krankenhaus", 300.0, float("inf"), ("strom", "trinkwasser"))


def said(kind: str, *items: Item, gathered: bool = False) -> tuple[str, str, str, str]:
    announcement = Announcement("k", 90 * MINUTE, kind, "Lindenfurt", items, gathered)
    return words_of(announcement, names=NAMES, starts_at="06:00")


def test_operators_call_with_the_hours_left() -> None:
    channel, sender, title, text = said("buffered", WORKS)
    assert (channel, sender) == ("phone", "Wasserwerk Kranichsee")
    assert title == "ÜBUNG: Wasserwerk Kranichsee läuft auf Vorrat, noch 6 Stunden"
    assert text == (
        "ÜBUNG – ÜBUNG – ÜBUNG\nTag 1, 07:30 Uhr\n\n"
        "Hier Wasserwerk Kranichsee. Uns fehlt Strom; ohne Hilfe halten wir noch 6 Stunden durch. "
        "Danach sind rund 4.200 Menschen ohne Trinkwasser aus der Leitung. Was können Sie für uns tun?"
        "\n\nÜBUNG – ÜBUNG – ÜBUNG"
    )
    assert (
        "Uns fehlt Strom und Trinkwasser; wir halten auf absehbare Zeit durch. Was"
        in said("buffered", CLINIC)[3]
    )


def test_the_public_hears_of_failures() -> None:
    channel, _sender, title, text = said("failed", WORKS)
    assert (channel, title) == ("media", "ÜBUNG: Wasserwerk Kranichsee ausgefallen")
    assert "Rund 4.200 Menschen sind ohne Trinkwasser aus der Leitung. Es fehlt Strom." in text
    assert "Gehen Sie sparsam mit Ihrem Vorrat um." in text
    damaged = WORKS._replace(missing=(), persons=0.0)
    assert "Der Grund ist noch nicht bekannt." in said("failed", damaged)[3]


def test_what_people_lack_is_not_said_twice() -> None:
    grid = Item("netz", "strom", 6_000.0, 0.0, ("strom",))
    text = said("failed", grid)[3]
    assert "Rund 6.000 Menschen sind ohne Strom.\n" in text
    assert "Es fehlt" not in text
    both = said("failed", grid._replace(missing=("strom", "telekommunikation")))[3]
    assert "Es fehlt Strom und Telefon und Internet." in both
    assert (
        "nicht unmittelbar betroffen. Es fehlt Strom."
        in said("failed", grid._replace(persons=0.0))[3]
    )


@pytest.mark.parametrize(
    ("sector", "without"),
    [
        ("lebensmittel", "ohne offenen Lebensmittelmarkt"),
        ("Notunterkunft", "ohne Platz in einer Notunterkunft"),
        ("Dialyse", "ohne Dialyse"),
    ],
)
def test_services_are_worded_for_the_public(sector: str, without: str) -> None:
    assert (
        f"Rund 300 Menschen sind {without}." in said("failed", Item("x", sector, 300.0, 0.0, ()))[3]
    )


def test_the_situation_tells_who_is_back() -> None:
    assert "Versorgt werden wieder rund 4.200 Menschen." in said("restored", WORKS)[3]


@pytest.mark.parametrize("kind", ["buffered", "failed", "restored"])
def test_many_are_told_together(kind: str) -> None:
    _channel, _sender, title, text = said(kind, *[WORKS] * 15, gathered=True)
    assert "15 weitere" in title
    assert (text.count("Wasserwerk Kranichsee"), "und 3 weitere" in text) == (12, True)
    assert text.startswith("ÜBUNG – ÜBUNG – ÜBUNG")
    assert "Eine weitere Einrichtung in" in said(kind, WORKS, gathered=True)[2]


def test_a_dike_has_no_store() -> None:
    dike = WORKS._replace(sector="Hochwasserschutz")
    assert said("buffered", dike)[2] == "ÜBUNG: Wasserwerk Kranichsee hält noch 6 Stunden"
    together = said("buffered", dike, dike, gathered=True)
    assert together[2] == "ÜBUNG: 2 weitere Einrichtungen in Lindenfurt halten noch stand"
    assert "Noch stand halten außerdem:" in together[3]
    assert "Vorrat" not in "".join(together)
    mixed = said("buffered", dike, WORKS, gathered=True)
    assert mixed[2] == "ÜBUNG: 2 weitere Einrichtungen in Lindenfurt auf Vorrat"


def test_a_place_is_named_once() -> None:
    assert "Wasserwerk Kranichsee in Lindenfurt ist ausgefallen." in said("failed", WORKS)[3]
    assert "\nKreisklinik Lindenfurt ist ausgefallen." in said("failed", CLINIC)[3]


def test_an_unknown_kind_of_facility_keeps_its_name() -> None:
    text = said("failed", Item("x", "fähre", 1.0, 0.0, ("brücke",)))[3]
    assert "1 Mensch ist ohne fähre. Es fehlt brücke." in text


def test_people_are_rounded() -> None:
    assert [people_words(n) for n in (1, 57, 104, 4_260, 125_400)] == [
        "1 Mensch",
        "57 Menschen",
        "rund 100 Menschen",
        "rund 4.300 Menschen",
        "rund 130.000 Menschen",
    ]
