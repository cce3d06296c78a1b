"""The exercises that come along: they can be read and played, and decisions matter in them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from allmende.algorithms.exercise.clock import HOUR, MINUTE
from allmende.algorithms.exercise.delivery import openings
from allmende.algorithms.exercise.rehearsal import (
    Exercise,
    Rehearsal,
    exercise_of,
    losses,
    rehearse,
    states_seen,
)
from allmende.crisis import scripts
from allmende.crisis.models import SECTOR_OF, SERVICES, Service
from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import document_of, script_of, write_script
from allmende.formats.exercise_script.model import Script
from allmende.formats.exercise_script.words import SECTORS, words_of

KEYS = [key for key, _title in scripts.names()]
EVERY = pytest.mark.parametrize("key", KEYS)

# Words that begin the name of a facility; what follows with a capital belongs to it.
KINDS = (
    "110-kV-Leitung|Umspannwerk|Ortsnetz|Vermittlungsstelle|Mobilfunk|Basisstation|Wasserwerk|Kläranlage|"
    "Abwasserpumpwerk|Kreisklinikum|Dialysezentrum|Pflegeheim|Tankstelle|Heizwerk|Lebensmittelmarkt|"
    "Dreifeldhalle|Rathaus|Brücke|Deich|Schöpfwerk|Rechenzentrum|Tiefbrunnen|Hochbehälter|Kühlraum|"
    "Integrierte Leitstelle|Schule|Kita|Rettungswache|Schaltstation|Tanklager|Turnhalle|Siedlung|Bürgerbüro|Verkehrsrechner|Telefonanlage|Netzübergang|Kühlraum|Wasserversorgung|Freibad"
)
NAMED = re.compile(rf"\b({KINDS})(?:s|es)? ((?:Hohe )?[A-ZÄÖÜ]\w+)")


@cache
def laid_out(key: str) -> Exercise:
    return exercise_of(document_of(scripts.read(key)))


@cache
def played(key: str, decision: str = "", option: str = "", at: int = 3 * HOUR) -> Rehearsal:
    """A whole exercise in which nobody decides anything, or one thing."""
    return rehearse(laid_out(key), [(at, decision, option)] if decision else [])


@cache
def decided_at(key: str) -> dict[str, int]:
    """When each decision is made by who takes an hour from when she is asked, if nobody decides anything else."""
    delivered = {line.inject: line.at for line in played(key).lines}
    decisions = [each.key for each in scripts.read(key).decisions]
    times = openings(laid_out(key).cues, decisions, delivered)
    return {decision: since + HOUR for decision, since in times.items()}


def plays(key: str) -> Iterator[Rehearsal]:
    """With nothing decided, and with each option of each decision."""
    yield played(key)
    for decision, option in laid_out(key).options:
        yield played(key, decision, option, decided_at(key)[decision])


def players(script: Script) -> list[str]:
    return [role.key for role in script.roles if not role.simulated]


def texts_of(script: Script) -> Iterator[str]:
    """Everything that somebody reads."""
    yield from (script.name, script.summary)
    for inject in script.injects:
        yield from (inject.title, inject.text, inject.expected_action, inject.note)
    for article in script.articles:
        yield from (article.headline, article.text)
    for phone in script.phone_scripts:
        yield from (phone.opening, phone.facts, phone.manner, phone.questions)
    for decision in script.decisions:
        yield decision.question
        yield from (option.name for option in decision.options)


def without(
    rehearsal: Rehearsal, sector: str, municipality: str, hour: float, *, begins: float = 0
) -> float:
    """Persons in a municipality without something at an hour of the exercise."""
    assert rehearsal.future is not None
    net = rehearsal.future.run.network
    table = rehearsal.future.without_supply(round((hour - begins) * HOUR))
    return float(table[net.sector_names.index(sector), net.municipalities.index(municipality)])


def test_all_are_there_by_title() -> None:
    assert scripts.names() == [
        ("cyberangriff", "Cyberangriff auf das Rathaus"),
        ("hitzewelle", "Hitzewelle und Wassermangel"),
        ("hochwasser", "Hochwasser an der Erle"),
        ("stromausfall", "Stromausfall 72 Stunden"),
    ]


def test_there_is_no_other() -> None:
    for key in ("erdbeben", "../scripts/stromausfall", ""):
        with pytest.raises(FormatError, match=r"^Ein solches Drehbuch gibt es nicht\.$"):
            scripts.read(key)


@EVERY
def test_the_file_says_what_was_read(key: str) -> None:
    script = scripts.read(key)
    assert script_of(document_of(script)) == script
    file = Path(scripts.__file__).parent / f"{key}.json"
    assert file.read_text(encoding="utf-8") == write_script(script)


@EVERY
def test_the_check_finds_nothing(key: str) -> None:
    nothing = played(key).future
    assert nothing is not None
    seen = states_seen(laid_out(key))
    assert check_script(scripts.read(key), spans=nothing.spans(), seen=seen) == []


@EVERY
def test_it_is_as_long_and_as_full_as_promised(key: str) -> None:
    script = scripts.read(key)
    assert script.duration_minutes / script.speed == 90
    assert 35 <= len(script.injects) <= 45
    assert 20 <= len(script.facilities) <= 30
    assert len(script.strands) >= 3
    assert len(script.teams) == 3
    assert len([d for d in script.decisions if any(option.acts for option in d.options)]) >= 3
    assert any(inject.at is None and inject.kind == "contingency" for inject in script.injects)
    assert {inject.status for inject in script.injects} == {"approved"}


@EVERY
def test_every_role_has_something_to_do(key: str) -> None:
    script = scripts.read(key)
    for rehearsal in plays(key):
        for role in players(script):
            mine = [
                line
                for line in rehearsal.lines
                if role in line.recipients and line.announcement is None
            ]
            assert len(mine) >= 3, role


@EVERY
def test_nobody_is_flooded(key: str) -> None:
    """Not more than one a minute on the average, three at a moment, and five in a minute of play."""
    script = scripts.read(key)
    for rehearsal in plays(key):
        times = defaultdict(list)
        for line in rehearsal.lines:
            for role in line.recipients:
                times[role].append(line.at)
        for role, mine in times.items():
            assert len(mine) <= 90, role
            minute = script.speed * MINUTE
            for at in mine:
                assert mine.count(at) <= 3, (role, at / HOUR)
                assert sum(at <= other < at + minute for other in mine) <= 5, (role, at / HOUR)


@EVERY
def test_every_inject_comes_in_some_play(key: str) -> None:
    script = scripts.read(key)
    come = {line.inject for rehearsal in plays(key) for line in rehearsal.lines}
    assert {inject.key for inject in script.injects if inject.at is not None} <= come
    for rehearsal in plays(key):
        assert {i.key for i in script.injects if i.at is None} & {
            line.inject for line in rehearsal.lines
        } == set()


@EVERY
def test_decisions_are_asked_for(key: str) -> None:
    """Each by one inject that who decides gets, in time: an hour later, the exercise is not over."""
    script = scripts.read(key)
    roles = {decision.key: decision.role for decision in script.decisions}
    asked = [(each, inject) for inject in script.injects for each in inject.asks_for]
    assert sorted(each for each, _inject in asked) == sorted(roles)
    assert all(roles[each] in inject.to for each, inject in asked)
    assert all(inject.expected_action and inject.expected_minutes for _each, inject in asked)
    assert decided_at(key).keys() == roles.keys()
    assert all(HOUR < at < laid_out(key).duration - HOUR for at in decided_at(key).values())


@EVERY
def test_what_happens_depends_on_the_decisions(key: str) -> None:
    """Of every decision that acts: alone, or after one option of another one."""
    exercise, script = laid_out(key), scripts.read(key)
    assert exercise.replay is not None
    at = decided_at(key)
    before = [[], *([exercise.decide(at[each[0]], *each)] for each in exercise.options)]
    for decision in script.decisions:
        if any(option.acts for option in decision.options):
            made = [
                exercise.decide(at[decision.key] + 1, decision.key, each.key)
                for each in decision.options
            ]
            assert any(
                len({exercise.replay.future([*first, each]).person_hours for each in made}) > 1
                for first in before
            ), decision.key


@EVERY
def test_every_announcement_has_words(key: str) -> None:
    script = scripts.read(key)
    lines = [line for line in played(key).lines if line.announcement]
    assert len(lines) > 10
    for line in lines:
        assert line.announcement is not None
        words = words_of(line.announcement, names=script.facility_names, starts_at=script.starts_at)
        assert words.title.startswith("ÜBUNG: ")
        assert not any(row["key"] in words.text.split() for row in script.facilities)


@EVERY
def test_generators_go_where_they_can_be_connected(key: str) -> None:
    """Nobody feeds a whole town with a trailer; the comparison with the best places knows that."""
    script = scripts.read(key)
    assert all(unit.sites for unit in script.units)


@EVERY
def test_somebody_could_do_better_than_nothing(key: str) -> None:
    found = losses(laid_out(key), [])
    assert found is not None
    assert found.decided == found.nothing
    assert found.placed < 0.9 * found.nothing


@EVERY
def test_every_facility_has_a_name_and_is_in_the_network(key: str) -> None:
    script = scripts.read(key)
    keys = {row["key"] for row in script.facilities}
    assert set(script.facility_names) == keys
    for inject in script.injects:
        assert set(inject.claims) <= keys


@EVERY
def test_every_facility_in_a_text_exists(key: str) -> None:
    script = scripts.read(key)
    known = set(script.facility_names.values())
    found = {f"{kind} {name}" for text in texts_of(script) for kind, name in NAMED.findall(text)}
    assert found, "no facility is named anywhere"
    assert {name for name in found if name not in known} == set()


@EVERY
def test_the_platform_says_that_it_is_an_exercise(key: str) -> None:
    assert not [text for text in texts_of(scripts.read(key)) if "ÜBUNG" in text]


@EVERY
def test_a_hospital_has_power_for_three_days(key: str) -> None:
    script = scripts.read(key)
    assert script.model is not None
    hospitals = {row["key"] for row in script.facilities if row["sector"] == "krankenhaus"}
    assert hospitals
    networks = {row["key"] for row in script.facilities if row["sector"] == "strom"}
    for need in script.model["supplies"]:
        if need["facility"] in hospitals and set(need["suppliers"]) <= networks:
            assert need["buffer_hours"] == 72


FALKENBRUECK, LINDENFURT, KRANICHSEE = "Falkenbrück", "Lindenfurt", "Kranichsee"


@pytest.mark.parametrize(
    ("option", "town", "villages"),
    [("", 34_180, 8_400), ("steinmuehle", 8_000, 8_400), ("erlengrund", 26_180, 0)],
)
def test_the_generator_decides_who_has_water(option: str, town: int, villages: int) -> None:
    decision = "netzersatzanlage" if option else ""
    rehearsal = played("stromausfall", decision, option)
    assert without(rehearsal, "trinkwasser", FALKENBRUECK, 20) == town
    assert without(rehearsal, "trinkwasser", LINDENFURT, 20) == villages


def test_doing_something_about_water_is_better_than_nothing() -> None:
    def lost(option: str) -> float:
        future = played("stromausfall", "netzersatzanlage" if option else "", option).future
        assert future is not None
        return future.person_hours

    assert lost("steinmuehle") < lost("erlengrund") < lost("")
    assert lost("klinikum") == lost("reserve") == lost("")


def test_without_water_the_hospital_closes_although_it_has_power() -> None:
    hours = {
        option: [
            transition.hour
            for transition in future.transitions
            if (transition.facility, transition.state) == ("klinikum", "failed")
        ]
        for option in ("steinmuehle", "erlengrund", "klinikum")
        if (future := played("stromausfall", "netzersatzanlage", option).future)
    }
    assert hours == {"steinmuehle": [], "erlengrund": [25.0], "klinikum": [25.0]}


@pytest.mark.parametrize(
    ("option", "town", "villages"), [("falkenbrueck", 0, 8_400), ("lindenfurt", 34_180, 0)]
)
def test_one_substation_comes_first(option: str, town: int, villages: int) -> None:
    rehearsal = played("stromausfall", "reihenfolge", option, 31 * HOUR)
    assert without(rehearsal, "strom", FALKENBRUECK, 54) == town
    assert without(rehearsal, "strom", LINDENFURT, 54) == villages
    assert without(rehearsal, "strom", FALKENBRUECK, 66) == 0
    assert without(rehearsal, "strom", LINDENFURT, 66) == 0


@pytest.mark.parametrize(
    ("option", "power", "water"),
    [("", 15_000, 5_600), ("altstadt", 0, 5_600), ("auen", 15_000, 0), ("reserve", 15_000, 5_600)],
)
def test_one_dike_is_held(option: str, power: int, water: int) -> None:
    """The one protects the town's substation, the other the waterworks of both."""
    rehearsal = played("hochwasser", "deichverteidigung" if option else "", option)
    assert without(rehearsal, "strom", FALKENBRUECK, 30) == power
    assert without(rehearsal, "trinkwasser", KRANICHSEE, 30) == water
    assert without(rehearsal, "trinkwasser", FALKENBRUECK, 30) == (5_000 if water else 0)


def test_the_polder_is_opened_late_rather_than_early() -> None:
    """Early, it is full before the crest has passed; and in any case a settlement is lost."""

    def held(at: int) -> float:
        future = played("hochwasser", "polder", "oeffnen", at * HOUR).future
        assert future is not None
        return min(
            transition.hour
            for transition in future.transitions
            if (transition.facility, transition.state) == ("deich-altstadt", "failed")
        )

    assert (held(8), held(14), held(18)) == (23, 29, 33)
    lost = played("hochwasser", "polder", "oeffnen", 14 * HOUR)
    assert without(lost, "Zuhause", KRANICHSEE, 16) == 180


def test_who_cuts_the_wires_in_time_keeps_the_water() -> None:
    for option, water in (("", 25_180), ("alles", 0), ("stadtwerke", 0), ("beobachten", 25_180)):
        rehearsal = played("cyberangriff", "trennung" if option else "", option)
        assert without(rehearsal, "trinkwasser", FALKENBRUECK, 24) == water
        assert without(rehearsal, "krankenhaus", KRANICHSEE, 24) == (
            0 if option == "alles" else 5_600
        )


@pytest.mark.parametrize(
    ("option", "payments", "voters"), [("soziales", 0, 27_000), ("melde", 2_500, 0)]
)
def test_payments_or_the_register_of_voters(option: str, payments: int, voters: int) -> None:
    """Either comes back by Wednesday morning, not both; unless last month's payments are repeated."""
    made = (28 * HOUR, "wiederanlauf", option)
    for choices, missing in (([made], payments), ([made, (36 * HOUR, "notauszahlung", "ja")], 0)):
        rehearsal = rehearse(laid_out("cyberangriff"), choices)
        assert without(rehearsal, "leistungen", FALKENBRUECK, 50) == missing
        assert without(rehearsal, "Wahlunterlagen", FALKENBRUECK, 50) == voters


@pytest.mark.parametrize(
    ("option", "larger", "smaller"),
    [("", 8_400, 5_600), ("lindenfurt", 0, 5_600), ("kranichsee", 8_400, 0)],
)
def test_the_hose_line_reaches_one_of_two(option: str, larger: int, smaller: int) -> None:
    rehearsal = played("hitzewelle", "notverbund" if option else "", option, 23 * HOUR)
    assert without(rehearsal, "trinkwasser", LINDENFURT, 58) == larger
    assert without(rehearsal, "trinkwasser", KRANICHSEE, 58) == smaller


def test_a_ban_helps_most_once_the_wells_have_suffered() -> None:
    def lost(at: int) -> float:
        future = played("hitzewelle", "verbot-lindenfurt", "verbot", at * HOUR).future
        assert future is not None
        return future.person_hours

    nothing = played("hitzewelle").future
    assert nothing is not None
    assert lost(24) < lost(16) < lost(3) < nothing.person_hours


def test_light_for_all_or_houses_for_some() -> None:
    for option, power, homes in (("umspannwerk", 0, 400), ("siedlung", 8_400, 0)):
        rehearsal = played("hitzewelle", "waldbrandzug", option, 62 * HOUR)
        assert without(rehearsal, "strom", LINDENFURT, 80) == power
        assert without(rehearsal, "Zuhause", LINDENFURT, 80) == homes


def test_every_service_has_its_sector_and_its_words_in_sentences() -> None:
    assert set(SECTOR_OF) == set(Service)
    assert sum(map(len, SERVICES.values())) == len(Service)
    assert set(Service.values) <= set(SECTORS)
