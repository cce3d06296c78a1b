"""Pictures of the register: nothing covers another, and nothing is told by colour alone."""

import re
from itertools import combinations

from allmende.crisis.drawing import (
    Arrow,
    Box,
    Dot,
    Line,
    Mark,
    Town,
    draw_layers,
    draw_lines,
    draw_map,
)
from allmende.crisis.drawing.lines import PHONE
from allmende.crisis.drawing.maps import apart

MOVE = r"M(-?\d+) (-?\d+)"


def test_ten_marks_differ_in_shape_or_filling() -> None:
    looks = {(Mark(n).path(5), Mark(n).classes.split()[1]) for n in range(10)}
    assert len(looks) == 10


def test_facilities_at_one_place_move_aside() -> None:
    drawn = draw_map([Dot(11.5, 48.9, n % 10) for n in range(60)], [], title="Karte")
    places = re.findall(MOVE, str(drawn))
    assert len(places) == len(set(places)) == 60


def test_each_has_the_free_place_that_is_nearest() -> None:
    """Ring by ring, each from its upper left on."""
    there = [(0, 0)] * 10 + [(100, 0), (1, 1)]
    around = [
        (0, 0),
        (-10, -10),
        (-10, 0),
        (-10, 10),
        (0, -10),
        (0, 10),
        (10, -10),
        (10, 0),
        (10, 10),
    ]
    assert apart(there, 10, 10) == [*around, (-20, -20), (100, 0), (-20, -10)]


def test_names_of_towns_cover_no_other() -> None:
    towns = [
        Town(f"Lindenfurt {n}", 11.5 + n % 6 * 0.01, 48.9 + n // 6 * 0.01, n) for n in range(36)
    ]
    drawn = draw_map([Dot(t.lon, t.lat, 0) for t in towns], towns, title="Karte")
    labels = re.findall(r'<text [^>]* x="(\d+)" y="(\d+)">([^<]*)<', str(drawn))
    assert 2 < len(labels) < 36
    assert labels[0][2] == "Lindenfurt 35"
    for (x, y, text), (right, below, other) in combinations(labels, 2):
        apart = abs(int(x) - int(right)) >= (len(text) + len(other)) * 23 // 2 - 1
        assert apart or abs(int(y) - int(below)) >= 46


def test_without_facilities_there_is_no_map() -> None:
    assert draw_map([], [], title="Karte") is None


def test_boxes_stand_apart_in_their_columns() -> None:
    boxes = [Box(str(n), n % 3, f"Einrichtung {n}", "Strom") for n in range(12)]
    arrows = [Arrow(str(n), str((n * 5 + 1) % 12)) for n in range(12)]
    drawn = str(draw_layers(boxes, arrows, title="Netz"))
    corners = [(int(x), int(y)) for x, y in re.findall(r'<rect x="(\d+)" y="(\d+)"', drawn)]
    assert len({x for x, _y in corners}) == 3
    for (x, y), (right, below) in combinations(corners, 2):
        assert x != right or abs(y - below) >= 58
    assert drawn.count('class="al-arrow"') == 12


def test_names_are_escaped() -> None:
    drawn = str(draw_layers([Box("1", 0, "<script>", "<b>")], [], title="<i>"))
    assert "&lt;script&gt;" in drawn
    assert "<script>" not in drawn
    assert "<b>" not in drawn


def test_lines_end_where_they_should() -> None:
    drawn = str(
        draw_lines(
            [Line(Mark(0), [(0.0, 0.0), (4.0, 1_000.0), (10.0, 0.0)])],
            until=24.0,
            ticks=[(0.0, "Tag 1"), (24.0, "Tag 2")],
            title="Verlauf",
        )
    )
    # From 0 at the bottom (290) to 1,000 at the top (16) and back; the axis ends at 1,000.
    assert 'd="M84.0 290.0H204.7V16.0H385.7V290.0H808.0"' in drawn
    assert ">1.000</text>" in drawn


def test_on_a_phone_the_same_lines_stand_on_a_narrower_sheet() -> None:
    drawn = str(
        draw_lines(
            [Line(Mark(0), [(0.0, 0.0), (12.0, 1_000.0)])],
            until=24.0,
            ticks=[(0.0, "Tag 1"), (24.0, "Tag 2")],
            title="Verlauf",
            sheet=PHONE,
        )
    )
    # Between 76 and 44 before 360, from the bottom (240) to the top (16).
    assert 'd="M76.0 240.0H196.0V16.0H316.0"' in drawn
    assert 'viewBox="0 0 360 280"' in drawn
    # Both sheets stand on one page.
    assert 'id="verlauf-schmal-titel"' in drawn
