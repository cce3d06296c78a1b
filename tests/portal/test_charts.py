"""Charts: valid SVG, every dot where it belongs, few bytes, no inline style, labels apart."""

import gzip
import random
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.portal.charts import (
    HEIGHTS,
    WIDTH,
    Dot,
    Span,
    comparison_bar,
    group_mark,
    interval_bar,
    opinion_map,
)


def draw(dots: list[Dot], **details: object) -> ET.Element:
    texts = {"title": "Meinungskarte", "description": "Drei Gruppen", **details}
    return ET.fromstring(opinion_map(dots, **texts))  # noqa: S314  our own markup


def places(path: ET.Element) -> list[tuple[int, int]]:
    """The dots of a path, from its relative moves."""
    x = y = 0
    found = []
    for right, down in re.findall(r"m(-?\d+)[ ]?(-?\d+)", path.attrib["d"]):
        x, y = x + int(right), y + int(down)
        found.append((x, y))
    return found


def test_dots_keep_their_order_left_to_right_and_top_to_bottom() -> None:
    svg = draw([Dot(-2, 1, -1, 0), Dot(0, 0, -1, 0), Dot(2, -1, -1, 0)])
    (path,) = svg.findall("path")
    xs, ys = zip(*sorted(places(path)), strict=True)
    assert list(xs) == sorted(xs)
    assert list(ys) == sorted(ys), "what is higher on the map has a smaller y"
    assert xs[1] * 2 == xs[0] + xs[2]


@given(
    st.lists(
        st.builds(
            Dot,
            st.floats(-50, 50),
            st.floats(-50, 50),
            st.integers(-1, 4),
            st.integers(0, 3),
        ),
        max_size=60,
    )
)
def test_every_dot_is_drawn_inside_the_drawing(dots: list[Dot]) -> None:
    svg = draw(dots)
    height = int(svg.attrib["viewBox"].split()[3])
    assert HEIGHTS[0] <= height <= HEIGHTS[1]
    drawn = [place for path in svg.findall("path") for place in places(path)]
    assert len(drawn) == len(dots)
    assert all(0 <= x <= WIDTH and 0 <= y <= height for x, y in drawn)


def test_groups_differ_by_shape_and_colour() -> None:
    dots = [Dot(group, group, group, 0) for group in range(-1, 5)]
    found = [(path.attrib["class"], "z" in path.attrib["d"]) for path in draw(dots).findall("path")]
    assert found == [
        ("al-dots al-dots--round al-none", False),
        ("al-dots al-dots--round al-g0", False),
        ("al-dots al-dots--square al-g1", False),
        ("al-shapes al-g2", True),
        ("al-shapes al-g3", True),
        ("al-shapes al-g4", True),
    ]


def test_ten_thousand_municipalities_take_less_than_forty_kilobytes() -> None:
    dice = random.Random(1)  # noqa: S311
    dots = [
        Dot(dice.gauss(3 * group, 1), dice.gauss(0, 1), group, dice.choice((0, 0, 0, 1, 2, 3)))
        for group in dice.choices((-1, 0, 1, 2), k=10_750)
    ]
    drawing = opinion_map(dots, title="t", description="d").encode()
    assert len(gzip.compress(drawing, 6)) < 40_000
    assert len(drawing) < 130_000


def test_labels_do_not_cover_each_other_nor_leave_the_drawing() -> None:
    dots = [Dot(0, 0, group, 0) for group in range(5)]
    svg = draw(dots, group_labels=list("ABCDE"), own=(0, 0), own_label="Ihre Kommune")
    labels = [(int(t.attrib["x"]), int(t.attrib["y"])) for t in svg.findall("text")]
    assert [t.text for t in svg.findall("text")] == [*"ABCDE", "Ihre Kommune"]
    heights = sorted(y for _, y in labels)
    assert all(below - above >= 60 for above, below in pairwise(heights))
    assert svg.findall("circle")[0].attrib["class"] == "al-me"


def test_a_hull_lies_around_a_group_but_not_around_its_outlier() -> None:
    square = [Dot(x / 10, y / 10, 0, 0) for x in range(11) for y in range(11)]
    svg = draw([*square, Dot(20, 20, 0, 0)])
    (hull,) = svg.findall("polygon")
    right = max(int(pair.split(",")[0]) for pair in hull.attrib["points"].split())
    outlier = max(x for path in svg.findall("path") for x, _ in places(path))
    assert right < outlier / 2


@pytest.mark.parametrize("dots", [[], [Dot(0, 0, -1, 0)], [Dot(1, 1, 0, 3)] * 3])
def test_small_and_degenerate_maps_are_drawn(dots: list[Dot]) -> None:
    svg = draw(dots, group_labels=["A"])
    assert svg.find("title") is not None
    assert sum(len(places(path)) for path in svg.findall("path")) == len(dots)


def test_titles_are_escaped() -> None:
    assert "<script>" not in opinion_map([], title="<script>", description="&")


def test_interval_bar_shows_share_interval_and_groups() -> None:
    bar = ET.fromstring(  # noqa: S314
        interval_bar(Span(0.91, 0.87, 0.94), text="91 % stimmen zu", groups=[(0, 0.9), (2, 1.0)])
    )
    assert bar.attrib["aria-label"] == "91 % stimmen zu"
    interval = bar.find("rect[@class='al-int']")
    assert interval is not None
    assert (interval.attrib["x"], interval.attrib["width"]) == ("87.0%", "7.0%")
    marks = [
        (mark.attrib["x"], mark[0].tag, mark[0].attrib["class"]) for mark in bar.findall("svg")
    ]
    assert marks == [
        ("91.0%", "rect", "al-mid"),
        ("90.0%", "circle", "al-mark al-g0"),
        ("100.0%", "path", "al-mark al-g2"),
    ]


def test_a_bar_without_votes_is_an_empty_track() -> None:
    bar = ET.fromstring(interval_bar(None, text="keine"))  # noqa: S314
    assert [part.attrib["class"] for part in bar] == ["al-track", "al-half"]


def test_comparison_bar_scales_to_the_largest_share() -> None:
    bar = ET.fromstring(comparison_bar(part=0.2, whole=0.4, most=0.4))  # noqa: S314
    assert bar[1].attrib["width"] == "50.0%"
    assert bar[2].attrib["x"] == "100.0%"
    assert comparison_bar(part=0, whole=0, most=0).count("0.0%") == 2


def test_nothing_carries_inline_style() -> None:
    drawings = [
        opinion_map([Dot(0, 0, 0, 0)], title="t", description="d"),
        interval_bar(Span(0.5, 0.4, 0.6), text="x", groups=[(3, 0.2)], second=Span(1, 1, 1)),
        comparison_bar(part=0.5, whole=0.5, most=1),
        group_mark(4),
    ]
    assert not any("style" in drawing for drawing in drawings)
