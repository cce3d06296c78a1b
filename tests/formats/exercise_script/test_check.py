"""What is wrong with scripts that can be read: each finding once, and none where nothing is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from allmende.algorithms.exercise.rehearsal import exercise_of, rehearse, states_seen
from allmende.formats.exercise_script.check import check_script
from allmende.formats.exercise_script.document import document_of
from allmende.formats.exercise_script.findings import ERROR, WARNING, Place
from allmende.formats.exercise_script.model import (
    Announce,
    Decision,
    Goal,
    Hearer,
    Inject,
    Option,
    Role,
    Script,
    Team,
    Unit,
)
from allmende.formats.exercise_script.services import slips
from tests.formats.exercise_script.scripts import MODEL, script

DECISION = Decision("d", "Was nun?", "stab", (Option("ja", "Ja"), Option("nein", "Nein")))
FIRST = script().injects[0]
ASKING = replace(FIRST, asks_for=("d",))


def with_inject(**parts: Any) -> Script:
    inject = replace(Inject("3", 60, "Dritte", "Text", to=("stab",)), **parts)
    return script(
        injects=(ASKING, *script().injects[1:], inject),
        model=MODEL,
        decisions=(DECISION,),
        goals=script().goals,
    )


def told(checked: Script, **known: Any) -> list[tuple[str, str]]:
    return [(finding.place, finding.message) for finding in check_script(checked, **known)]


def test_nothing_is_wrong() -> None:
    assert told(script()) == []
    assert told(with_inject()) == []


def test_a_dike_is_never_said_to_have_a_store() -> None:
    dikes = [row | {"sector": "Hochwasserschutz"} for row in MODEL["facilities"]]
    one = Inject("a", 50, "A", "Text", to=("stab",), claims={"klinik": "buffered"})
    other = replace(one, key="b", title="B", claims={"klinik": "failed"})
    both = script(injects=(*script().injects, one, other), model=MODEL | {"facilities": dikes})
    [(_place, message)] = told(both)
    assert message == (
        "„klinik“ ist hier ausgefallen, in der Einlage „A“ (a, T+00:50) aber vorerst sicher."
    )


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"to": ("presse",)}, "Die Rolle „presse“ gibt es nicht."),
        ({"to": ("stab", "Nirgendwo")}, "Die Rolle „Nirgendwo“ gibt es nicht."),
        ({"controller": "team"}, "Die Rolle „team“ gibt es nicht."),
        ({"strand": "s9"}, "Den Strang „s9“ gibt es nicht."),
        ({"goals": ("g9",)}, "Das Ziel „g9“ gibt es nicht."),
        ({"capabilities": ("c9",)}, "Die Fähigkeit „c9“ gibt es nicht."),
        ({"asks_for": ("d", "x")}, "Die Entscheidung „x“ gibt es nicht."),
        ({"article": "a9"}, "Den Artikel „a9“ gibt es nicht."),
        ({"phone_script": "p9"}, "Den Gesprächsleitfaden „p9“ gibt es nicht."),
        ({"attachments": ("x.pdf",)}, "Die Anlage „x.pdf“ gibt es nicht."),
        ({"claims": {"werk": "failed"}}, "Die Einrichtung „werk“ gibt es nicht."),
        ({"condition": {"decision": "x"}}, "Die Entscheidung „x“ gibt es nicht."),
        ({"condition": {"decision": "d", "option": "x"}}, "Die Möglichkeit „x“ gibt es nicht."),
        (
            {"condition": {"any": [{"inject": "x"}, {"inject": "1"}]}},
            "Die Einlage „x“ gibt es nicht.",
        ),
        (
            {"condition": {"not": {"facility": "x", "state": "failed"}}},
            "Die Einrichtung „x“ gibt es nicht.",
        ),
        ({"at": 121}, "Sie kommt nach dem Ende der Übung (T+02:00)."),
        ({"at": -1}, "Sie kommt vor dem Beginn."),
        ({"until": 59}, "Sie verfällt, bevor sie kommt."),
        ({"expected_action": "Melden"}, "Sie erwartet eine Reaktion, gehört aber zu keinem Ziel."),
        (
            {"kind": "expected-action", "goals": ("g1",)},
            "Sie ist eine Aufgabe, sagt aber nicht, was erwartet wird.",
        ),
        ({"channel": "media", "text": ""}, "Der Medienbericht hat keinen Text."),
        ({"channel": "phone", "text": ""}, "Zum Anruf gibt es weder Text noch Leitfaden."),
    ],
)
def test_findings_about_an_inject(parts: dict[str, Any], message: str) -> None:
    found = told(with_inject(**parts))
    assert [what for place, what in found if place.startswith("Einlage „Dritte“ (3, ")] == [message]
    assert len(found) == 1


NEVER = "Ihre Bedingung kann nie erfüllt sein."


@pytest.mark.parametrize(
    ("condition", "until", "message"),
    [
        ({"inject": "3"}, None, NEVER),
        ({"facility": "netz", "state": "buffered"}, None, NEVER),  # has no store
        ({"facility": "klinik", "state": "buffered"}, None, None),
        ({"facility": "klinik", "state": ["buffered", "failed"]}, None, None),
        (
            {"all": [{"decision": "d", "option": "ja"}, {"decision": "d", "option": "nein"}]},
            None,
            NEVER,
        ),
        ({"all": [{"decision": "d"}, {"not": {"decision": "d"}}]}, None, NEVER),
        (
            {
                "all": [
                    {"facility": "klinik", "state": "failed"},
                    {"facility": "klinik", "state": ["buffered", "operational"]},
                ]
            },
            None,
            NEVER,
        ),
        (
            {"any": [{"decision": "d", "option": "ja"}, {"decision": "d", "option": "nein"}]},
            None,
            None,
        ),
        (
            {"facility": "klinik", "state": "failed", "since_minutes": 200},
            None,
            "Ihre Bedingung ist frühestens um T+03:20 erfüllt; dann ist die Einlage verfallen oder die "
            "Übung zu Ende.",
        ),
        (
            {"facility": "klinik", "state": "failed", "since_minutes": 80},
            70,
            "Ihre Bedingung ist frühestens um T+01:20 erfüllt; dann ist die Einlage verfallen oder die "
            "Übung zu Ende.",
        ),
        ({"not": {"inject": "1"}}, None, None),
        ({"all": [{"decision": "d"}, {"inject": "3"}]}, None, NEVER),
    ],
)
def test_conditions_that_never_hold(
    condition: dict[str, Any], until: int | None, message: str | None
) -> None:
    found = [what for _place, what in told(with_inject(condition=condition, until=until))]
    assert found == ([] if message is None else [message])


def test_circles_and_disabled_injects_are_found() -> None:
    waiting = [
        Inject("a", 0, "A", "Text", to=("stab",), condition={"inject": "b"}),
        Inject("b", 0, "B", "Text", to=("stab",), condition={"inject": "a"}),
        Inject("c", 0, "C", "Text", to=("stab",), condition={"inject": "d"}),
        Inject("d", 0, "D", "Text", to=("stab",), enabled=False),
        Inject("e", 0, "E", "Text", to=("stab",), condition={"inject": "f"}),
        Inject("f", None, "F", "Text", to=("stab",), condition={"inject": "g"}),  # by order
        Inject("g", 0, "G", "Text", to=("stab",), condition={"inject": "a"}),
    ]
    found = told(script(injects=(*script().injects, *waiting), duration_minutes=1_000, speed=10.0))
    assert [place[9].lower() for place, what in found if what == NEVER] == ["a", "b", "c", "g"]
    assert [what for _place, what in found if what != NEVER] == [
        "Sie kommt nur auf Anweisung; ihre Bedingung gilt dann nicht."
    ]


def test_people_goals_and_decisions() -> None:
    lonely = script(
        roles=(*script().roles, Role("presse", "Presse"), Role("fremd", "Fremd", "x")),
        goals=(*script().goals, Goal("g2", "Bevölkerung warnen", capabilities=("c1",))),
        decisions=(
            replace(DECISION, role="niemand"),
            Decision(
                "e",
                "Wohin?",
                "stab",
                (
                    Option(
                        "1",
                        "Klinik, sofort",
                        ({"kind": "generator", "unit": "u", "facility": "klinik", "supply": 2},),
                    ),
                    Option("3", "3", ({"kind": "generator", "unit": "v", "facility": "klinik"},)),
                    Option("2", "2", ({"kind": "evacuate", "municipality": "Bdorf", "share": 1},)),
                ),
            ),
        ),
        injects=(replace(FIRST, asks_for=("d", "e")), *script().injects[1:]),
        units=(Unit("v", "Aggregat", travel_hours={"werk": 1}, sites=("netz",)),),
        announce=Announce(to=(Hearer("public", ("x",), "Bdorf"),)),
        facility_names={"werk": "Werk"},
        model=MODEL,
    )
    assert sorted(told(lonely)) == sorted(
        [
            ("Mobiles Mittel „Aggregat“ (v)", "Die Einrichtung „werk“ gibt es nicht."),
            ("Drehbuch", "Die Einrichtung „werk“ gibt es nicht."),
            ("Entscheidung „Was nun?“ (d)", "Die Rolle „niemand“ gibt es nicht."),
            (
                "Entscheidung „Wohin?“ (e), Möglichkeit „Klinik, sofort“ (1)",
                "Das mobile Mittel „u“ gibt es nicht.",
            ),
            (
                "Entscheidung „Wohin?“ (e), Möglichkeit „Klinik, sofort“ (1)",
                "„klinik“ hat keine Versorgung 2 (es gibt 1).",
            ),
            ("Entscheidung „Wohin?“ (e), Möglichkeit „2“", "Die Gemeinde „Bdorf“ gibt es nicht."),
            (
                "Entscheidung „Wohin?“ (e), Möglichkeit „3“",
                "„Aggregat“ kann „klinik“ nicht speisen.",
            ),
            ("Meldungen der Simulation", "Die Gemeinde „Bdorf“ gibt es nicht."),
            ("Meldungen der Simulation", "Die Rolle „x“ gibt es nicht."),
            ("Rolle „Presse“ (presse)", "Sie bekommt während der ganzen Übung nichts."),
            ("Rolle „Fremd“ (fremd)", "Das Team „x“ gibt es nicht."),
            ("Ziel „Bevölkerung warnen“ (g2)", "Keine Einlage dient ihm."),
            ("Ziel „Bevölkerung warnen“ (g2)", "Die Fähigkeit „c1“ gibt es nicht."),
        ]
    )


def test_a_decision_needs_two_options() -> None:
    one, none = (
        replace(DECISION, options=DECISION.options[:1]),
        replace(DECISION, key="e", options=()),
    )
    place = "Entscheidung „Was nun?“"
    asking = replace(FIRST, asks_for=("d", "e"))
    checked = script(decisions=(one, none), injects=(asking, *script().injects[1:]))
    assert told(checked) == [
        (f"{place} (d)", "Sie lässt nur eine Möglichkeit zur Wahl."),
        (f"{place} (e)", "Sie lässt keine Möglichkeit zur Wahl."),
    ]
    assert {each.severity for each in check_script(checked)} == {ERROR}


def test_a_decision_that_nobody_asks_for_is_open_and_a_hint_says_so() -> None:
    said = (
        "Entscheidung „Was nun?“ (d)",
        "Keine Einlage fragt nach ihr: Sie ist von Anfang an offen.",
    )
    switched_off = Inject("3", 60, "Dritte", to=("stab",), asks_for=("d",), enabled=False)
    for injects in (script().injects, (*script().injects, switched_off)):
        checked = script(decisions=(DECISION,), injects=injects)
        assert told(checked) == [said]
        assert {each.severity for each in check_script(checked)} == {WARNING}


@pytest.mark.parametrize(
    ("to", "reached"), [("stab", True), ("Lindenfurt", True), ("presse", False)]
)
def test_who_decides_is_asked(to: str, *, reached: bool) -> None:
    asking = Inject("3", 60, "Dritte", "Text", to=(to,), asks_for=("d",))
    roles = (*script().roles, Role("presse", "Presse", "team"))
    checked = script(decisions=(DECISION,), roles=roles, injects=(*script().injects, asking))
    said = (
        "Entscheidung „Was nun?“ (d)",
        "Nach ihr fragen nur Einlagen, die ihre Rolle nicht bekommt.",
    )
    assert told(checked) == ([] if reached else [said])


@pytest.mark.parametrize(
    ("parts", "is_certain"),
    [
        ({}, True),
        ({"condition": {"inject": "2"}}, True),
        ({"condition": {"inject": "7"}}, False),
        ({"at": None}, False),
        ({"until": 90}, True),
    ],
)
def test_a_decision_that_may_stay_shut_is_told(parts: dict[str, Any], *, is_certain: bool) -> None:
    asking = replace(Inject("3", 60, "Dritte", "Text", to=("stab",), asks_for=("d",)), **parts)
    # Who is asked but does not decide opens nothing that she could use.
    press = Inject("4", 60, "Vierte", "Text", to=("presse",), asks_for=("d",))
    order = Inject("7", None, "Siebte", "Text", to=("stab",), kind="contingency")
    roles = (*script().roles, Role("presse", "Presse", "team"))
    checked = script(
        decisions=(DECISION,), roles=roles, injects=(*script().injects, asking, press, order)
    )
    said = ("Entscheidung „Was nun?“ (d)", MAY_STAY_SHUT)
    assert told(checked) == ([] if is_certain else [said])


MAY_STAY_SHUT = "Nach ihr fragen nur Einlagen, die erst auf Anweisung der Übungsleitung kommen."


def test_nobody_decides_what_waits_for_the_decision_itself() -> None:
    """What asks for a decision waits for it, or comes after what depends on it has lapsed."""
    early = Inject("3", 0, "Dritte", "Text", to=("stab",), condition={"decision": "d"}, until=30)
    circle = replace(early, until=None, asks_for=("d",))
    late = Inject("4", 60, "Vierte", "Text", to=("stab",), asks_for=("d",))
    place = "Einlage „Dritte“ (3, T+00:00)"
    injects = script().injects
    never, shut = told(script(decisions=(DECISION,), injects=(*injects, circle)))
    assert (never, shut[0]) == ((place, NEVER), "Entscheidung „Was nun?“ (d)")
    assert told(script(decisions=(DECISION,), injects=(*injects, early, late))) == [
        (
            place,
            "Ihre Bedingung ist frühestens um T+01:00 erfüllt; dann ist die Einlage verfallen oder die "
            "Übung zu Ende.",
        )
    ]
    assert told(script(decisions=(DECISION,), injects=(*injects, circle, late))) == []


def test_an_exercise_without_players() -> None:
    alone = script(roles=(Role("stab", "Leitung", "team", simulated=True),))
    assert told(alone) == [("Drehbuch", "Niemand spielt mit.")]


def test_more_than_somebody_can_read() -> None:
    long = "Wort " * 200
    many = [
        Inject(f"n{n}", 60 + n, "Lang", long, ("s1", "s2")[n % 2], to=("team",)) for n in range(3)
    ]
    found = told(script(injects=(*script().injects, *many)))
    assert found == [
        (
            "Rolle „Leitung“ (stab), ab T+01:00",
            "In 5 wirklichen Minuten kommen 3 Einlagen mit 603 Wörtern aus den Strängen „Strom“, „Menschen“.",
        )
    ]
    apart = [replace(inject, at=40 + 10 * n) for n, inject in enumerate(many)]
    assert told(script(injects=(*script().injects, *apart))) == []
    # Twice as fast, ten minutes are five.
    assert len(told(script(injects=(*script().injects, *apart), speed=5.0))) == 1
    short = [replace(inject, text="", at=60) for inject in many * 4]
    short = [replace(inject, key=f"k{n}") for n, inject in enumerate(short)]
    assert "12 Einlagen" in told(script(injects=(*script().injects, *short)))[0][1]


def test_strands_that_contradict_each_other() -> None:
    one = Inject("a", 50, "A", "Text", "s1", to=("stab",), claims={"klinik": "operational"})
    other = Inject("b", 60, "B", "Text", "s2", to=("stab",), claims={"klinik": "failed"})
    both = script(injects=(*script().injects, one, other), model=MODEL)
    assert told(both) == [
        (
            "Einlage „B“ (b, T+01:00)",
            "„klinik“ ist hier ausgefallen, in der Einlage „A“ (a, T+00:50) aber in Betrieb.",
        )
    ]
    later = replace(other, at=65)
    assert told(replace(both, injects=(*script().injects, one, later))) == []


def test_what_is_claimed_is_held_against_the_simulation() -> None:
    wrong = Inject("a", 90, "A", "Text", to=("stab",), claims={"klinik": "failed"})
    right = Inject("b", 90, "B", "Text", to=("stab",), claims={"netz": "failed"})
    hoped = Inject(
        "c", 0, "C", "Text", to=("stab",), condition={"facility": "klinik", "state": "failed"}
    )
    checked = script(
        injects=(ASKING, *script().injects[1:], wrong, right, hoped),
        model=MODEL,
        decisions=(DECISION,),
    )
    exercise = exercise_of(document_of(checked))
    future = rehearse(exercise).future
    assert future is not None
    assert told(checked) == []
    assert told(checked, spans=future.spans(), seen=states_seen(exercise)) == [
        ("Einlage „C“ (c, T+00:00)", "„klinik“ ist in keinem Probelauf im Zustand „ausgefallen“."),
        (
            "Einlage „A“ (a, T+01:30)",
            "„klinik“ ist hier ausgefallen, in der Simulation um diese Zeit aber auf Vorrat, wenn niemand "
            "etwas entscheidet.",
        ),
    ]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({}, "Es gibt keine einzige Einrichtung"),
        ({"facilities": "viele"}, "„facilities“ muss eine Liste sein"),
        ({"facilities": [{"key": "a", "sector": "strom", "shares": []}]}, "Einrichtung 1"),
        (
            {**MODEL, "supplies": [{"facility": "klinik", "suppliers": ["x"]}]},
            "Versorgung 1 (von „klinik“): Die Einrichtung „x“ gibt es nicht.",
        ),
        ({**MODEL, "scenario": {"horizon_hours": 1}}, "Die Simulation endet nach 1 Stunden"),
        (
            {
                **MODEL,
                "scenario": {"interventions": [{"kind": "rerank", "facility": "netz", "rank": 1}]},
            },
            "Es enthält schon Maßnahmen",
        ),
    ],
)
def test_a_network_that_cannot_be(model: dict[str, Any], message: str) -> None:
    ((place, what),) = told(script(model=model))
    assert (place, message in what) == ("Netz", True)


def test_exercises_that_last_too_long_or_too_short() -> None:
    assert told(script(speed=60.0, injects=(FIRST,)))[0][1].endswith("weniger als zehn Minuten.")
    assert told(script(duration_minutes=4_000))[0][1].endswith("mehr als zehn Stunden.")


def test_a_player_has_one_team() -> None:
    """Two teams under one key are refused when the file is read; a role names one team only."""
    teams = (Team("team", "A", "Lindenfurt"), Team("b", "B", "Lindenfurt"))
    assert told(script(teams=teams)) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("stom", "strom"),
        ("Strom", "strom"),
        ("Fernwärme", "fernwaerme"),
        ("Telefon und Internet", "telekommunikation"),
        ("Hizeschutz", "Hitzeschutz"),
        ("Kühlungen", "Kühlung"),
        ("Dialyse", ""),
        ("Grundwasser", ""),
        ("", ""),
    ],
)
def test_a_service_that_is_written_almost_like_a_known_one_is_a_hint(
    written: str, meant: str
) -> None:
    facilities = [
        {"key": "haus", "sector": written},
        {"key": "kalt", "sector": "Kühlung"},
        {"key": "kalt2", "sector": "Kühlung"},
    ]
    found = [
        (each.severity, each.at, each.message)
        for each in slips(Script("Netz", 60, model={"facilities": facilities}))
    ]
    place = Place("Einrichtung „haus“ (haus)", "facilities", "haus")
    message = f"Die Leistung „{written}“ gibt es im Register nicht. Meinten Sie „{meant}“?"
    assert found == ([(WARNING, place, message)] if meant else [])
