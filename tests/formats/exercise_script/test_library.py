"""Templates: every one can be read, checked and played, and decisions matter in it."""

import pytest

from allmende.algorithms.exercise.clock import HOUR
from allmende.algorithms.exercise.rehearsal import (
    Exercise,
    Rehearsal,
    exercise_of,
    losses,
    rehearse,
    states_seen,
)
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import document_of, script_of, write_script
from allmende.formats.exercise_script.library import FOLDER, read_template, template_names
from allmende.formats.exercise_script.words import words_of

ALL = pytest.mark.parametrize("name", template_names())


def played(name: str) -> Exercise:
    return exercise_of(document_of(read_template(name)))


def without_water(rehearsal: Rehearsal, hour: int) -> list[float]:
    assert rehearsal.future is not None
    network = rehearsal.future.run.network
    water = network.sector_names.index("trinkwasser")
    found: list[float] = rehearsal.future.without_supply(hour * HOUR)[water].tolist()
    return found


@ALL
def test_nothing_is_wrong_with_it(name: str) -> None:
    script, exercise = read_template(name), played(name)
    future = rehearse(exercise).future
    spans = None if future is None else future.spans()
    assert check_script(script, spans=spans, seen=states_seen(exercise)) == []


@ALL
def test_it_is_written_as_it_is_read(name: str) -> None:
    written = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert write_script(read_template(name)) == written
    assert script_of(document_of(read_template(name))) == read_template(name)


@ALL
def test_it_is_large_enough_and_takes_ninety_minutes(name: str) -> None:
    script = read_template(name)
    assert script.duration_minutes / script.speed == 90
    assert len(script.injects) >= 40
    assert len(script.facilities) >= 25
    assert len(script.goals) >= 3
    assert len(script.decisions) >= 3
    assert all(len(decision.options) >= 2 for decision in script.decisions)
    assert len({team.municipality for team in script.teams} - {""}) >= 3


@ALL
def test_every_inject_comes_in_some_play(name: str) -> None:
    """Nothing is written in vain: with each option alone, chosen early, or with none."""
    script, exercise = read_template(name), played(name)
    plays = [[], *([(4 * HOUR, *option)] for option in exercise.options)]
    told = {line.inject for play in plays for line in rehearse(exercise, play).lines}
    assert {inject.key for inject in script.injects if inject.at is not None} - told == set()


@ALL
def test_every_announcement_has_words(name: str) -> None:
    script = read_template(name)
    lines = [line for line in rehearse(played(name)).lines if line.announcement]
    assert len(lines) > 10
    for line in lines:
        assert line.announcement is not None
        words = words_of(line.announcement, names=script.facility_names, starts_at=script.starts_at)
        assert words.title.startswith("ÜBUNG: ")
        assert words.text.startswith("ÜBUNG – ÜBUNG – ÜBUNG")


def test_who_has_water_depends_on_the_generator() -> None:
    exercise = played("stromausfall")
    water = {
        option: without_water(rehearse(exercise, [(4 * HOUR, "aggregat", option)]), 20)
        for option in ("lindenfurt", "kranichsee", "klinik")
    }
    assert water == {
        "lindenfurt": [0, 3_400],
        "kranichsee": [8_200, 0],
        "klinik": [8_200, 3_400],
    }
    assert without_water(rehearse(exercise), 20) == [8_200, 3_400]


def test_every_dilemma_of_the_blackout_costs_somebody_something() -> None:
    exercise = played("stromausfall")
    first = (4 * HOUR, "aggregat", "lindenfurt")
    at = {"diesel": 23 * HOUR, "leitung": 51 * HOUR, "umsetzen": 34 * HOUR, "pflegeheim": 14 * HOUR}
    for decision, moment in at.items():
        lost = {}
        for named, option in exercise.options:
            if named == decision:
                made = [exercise.decide(*first), exercise.decide(moment, decision, option)]
                assert exercise.replay is not None
                run = exercise.replay.future(made).run
                lost[option] = tuple(run.losses.sum(axis=1).round(3).tolist())
        assert len(set(lost.values())) > 1, decision


def test_the_blackout_has_a_best_place_for_its_generator() -> None:
    found = losses(played("stromausfall"), [])
    assert found is not None
    assert found.exact
    assert [send.facility for send in found.places] == ["wasser-lf"]
    assert found.placed < found.nothing


def test_there_is_no_template_of_another_name() -> None:
    with pytest.raises(KeyError):
        read_template("../model")
