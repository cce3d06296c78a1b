"""Maps of dots: true areas, every dot in its place, compact paths."""

import re
from itertools import accumulate
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.registry.maps import KM_PER_DEGREE, Dot, Layer, dot_map, project

MOVE = re.compile(r"m(-?\d+) ?(-?\d+)h0")
GERMANY = st.tuples(st.floats(6, 15), st.floats(47.3, 55), st.integers(1, 7))


def places(layer: Layer) -> list[tuple[int, int]]:
    moves = [(int(x), int(y)) for x, y in MOVE.findall(layer.path)]
    return list(accumulate(moves, lambda a, b: (a[0] + b[0], a[1] + b[1])))


@given(st.floats(47, 55), st.floats(6, 14.9))
def test_a_small_square_keeps_its_area_wherever_it_lies(latitude: float, longitude: float) -> None:
    step = 0.01
    (x0, y0), (x1, y0b) = project(longitude, latitude), project(longitude + step, latitude)
    _, y1 = project(longitude, latitude + step)
    assert y0 == y0b
    true_area = step * KM_PER_DEGREE * step * KM_PER_DEGREE * cos(radians(latitude))
    assert (x1 - x0) * (y1 - y0) == pytest.approx(true_area, rel=1e-6)


@given(st.lists(GERMANY, min_size=1, max_size=60))
def test_every_dot_lies_on_the_map_in_the_layer_of_its_size(dots: list[Dot]) -> None:
    drawn = dot_map(dots)
    assert drawn is not None
    assert drawn.count == len(dots)
    for layer in drawn.layers:
        found = places(layer)
        assert len(found) == layer.count == sum(size == layer.size_class for *_, size in dots)
        radius = layer.diameter / 2
        assert all(radius <= x <= drawn.width - radius for x, _ in found)
        assert all(radius <= y <= drawn.height - radius for _, y in found)


def test_north_is_up_and_east_is_right() -> None:
    drawn = dot_map([(9.0, 54.0, 7), (13.0, 48.0, 6)])
    assert drawn is not None
    by_size = {layer.size_class: places(layer)[0] for layer in drawn.layers}
    assert by_size[7][0] < by_size[6][0]
    assert by_size[7][1] < by_size[6][1]


def test_the_mark_lies_on_its_dot() -> None:
    drawn = dot_map([(9.0, 54.0, 7), (13.0, 48.0, 6)], mark=(13.0, 48.0))
    assert drawn is not None
    assert drawn.mark is not None
    assert drawn.mark[:2] == places(drawn.layers[-1])[0]


def test_order_does_not_matter() -> None:
    dots = [(9.0, 54.0, 7), (13.0, 48.0, 6), (10.0, 50.0, 7)]
    assert dot_map(dots) == dot_map(dots[::-1])


def test_large_towns_lie_on_top() -> None:
    drawn = dot_map([(9.0, 54.0, 1), (13.0, 48.0, 7)])
    assert drawn is not None
    assert [layer.size_class for layer in drawn.layers] == [7, 1]


def test_nothing_to_draw() -> None:
    assert dot_map([]) is None
