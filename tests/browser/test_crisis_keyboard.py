"""Critical facilities and exercises by keyboard alone: every control in its order, seen, and no trap."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from allmende.accounts.models import User
from allmende.crisis.models import Exercise, Facility, PartKind
from allmende.crisis.services import exercises as serve
from tests.crisis.small import small_script
from tests.factories import (
    ContactFactory,
    FacilityFactory,
    OrganisationFactory,
    SeatFactory,
    SupplyFactory,
    UserFactory,
    second_factor,
)

from .conftest import Eye, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

# What can be reached by Tab, in the order in which it stands on the page: radio buttons of one name are one stop.
STOPS = """() => {
    const seen = new Set(), found = []
    const all = 'a[href], button, input, select, textarea, summary, [tabindex]'
    for (const each of document.querySelectorAll(all)) {
        if (each.disabled || each.tabIndex < 0 || each.type === 'hidden') continue
        if (!each.checkVisibility({visibilityProperty: true})) continue
        if (each.type === 'radio') {
            if (seen.has(each.name)) continue
            seen.add(each.name)
        }
        each.dataset.stop = found.length
        found.push(each.tabIndex)
    }
    return found
}"""
# Where the focus is now, whether one can see it, and whether anything tells that it is there. A browser takes some
# frames to scroll there: until it has, nothing is said, unless somebody ``insists``.
HERE = """insists => {
    const it = document.activeElement
    if (!it || it === document.body || it === document.documentElement) return {left: true}
    if (insists) it.scrollIntoView({block: 'nearest'})
    const shape = it.getBoundingClientRect()
    const around = [it, it.closest('.kern-form-check, .kern-form-input, label')].filter(Boolean)
    const marks = around.flatMap(each => ['', '::before', '::after'].map(part => {
        const look = getComputedStyle(each, part || null)
        const outline = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0
        return outline || look.boxShadow !== 'none'
    }))
    const on = shape.width > 0 && shape.height > 0 && shape.bottom > 0 && shape.top < innerHeight
    return (on || insists) && {
        stop: it.dataset.stop === undefined ? null : Number(it.dataset.stop),
        name: (it.getAttribute('aria-label') || it.textContent || it.name || '').trim().slice(0, 60),
        on, marked: marks.some(Boolean)
    }
}"""


def walk(page: Page, key: str, presses: int) -> list[dict[str, Any]]:
    """Press a key so often, or until the page is left; what had the focus, one after the other."""
    found = []
    for _press in range(presses):
        page.keyboard.press(key)
        try:
            here = page.wait_for_function(HERE, arg=False, timeout=5_000).json_value()
        except TimeoutError:  # what has just come to a live page may have pushed it away
            here = page.evaluate(HERE, True)
        if "left" in here:
            return found
        found.append(here)
    return found


def assert_walkable(page: Page) -> None:
    """Tab leads through every stop in the order of the page and out again, and back the same way."""
    page.evaluate("document.activeElement?.blur?.()")
    stops = page.evaluate(STOPS)
    assert max(stops, default=0) == 0, "a positive tabindex puts something before its turn"
    there = walk(page, "Tab", len(stops) + 5)
    assert [each["stop"] for each in there] == list(range(len(stops))), there
    assert [each["name"] for each in there if not each["on"]] == []
    assert [each["name"] for each in there if not each["marked"]] == []
    # Backwards a browser without a frame goes on at the end of the page.
    back = walk(page, "Shift+Tab", len(stops))
    assert [each["stop"] for each in back] == list(range(len(stops)))[::-1]


@pytest.fixture
def staff() -> User:
    return second_factor(SeatFactory().mandate.user)


@pytest.fixture
def facility(staff: User) -> Facility:
    region = staff.mandates.get().organisation.region
    found: Facility = FacilityFactory(name="Wasserwerk Lindenfurt", region=region, served=640)
    ContactFactory(facility=found)
    SupplyFactory(facility=found)
    return found


@pytest.fixture
def exercise() -> Exercise:
    """One in a pause, in which an inject has come."""
    director = UserFactory(name="Dirk Director")
    made = serve.add_exercise(
        actor=director,
        mandate=None,
        host=OrganisationFactory(),
        script=small_script(facility_places={"netz": [1, 1], "nord": [3, 3], "sued": [3, 1]}),
    )
    serve.join(actor=UserFactory(), exercise=made, kind=PartKind.PLAYER, role="stab")
    serve.start_exercise(actor=director, exercise=made)
    for change, value in (("jump", 200 * 60_000_000), ("pause", 0)):
        serve.change_clock(actor=director, exercise=made, change=change, value=value)
    return made


def of(exercise: Exercise, kind: str) -> User:
    user: User = exercise.parts.get(kind=kind).user
    return user


@pytest.mark.parametrize("width", [360, 1280])
def test_the_register_and_a_facility(
    look: Eye, staff: User, facility: Facility, width: int
) -> None:
    page = sign_in(look(width=width), staff)
    for address in ("/krise/einrichtungen/", facility.get_absolute_url()):
        page.goto(address)
        assert_walkable(page)


@pytest.mark.parametrize(("kind", "width"), [(PartKind.CONTROL, 1280), (PartKind.PLAYER, 360)])
def test_an_exercise(look: Eye, exercise: Exercise, kind: str, width: int) -> None:
    page = sign_in(look(width=width), of(exercise, kind))
    for address in (exercise.get_absolute_url(), f"{exercise.get_absolute_url()}lage/"):
        page.goto(address)
        assert_walkable(page)


def test_a_player_decides_without_a_mouse(look: Eye, exercise: Exercise) -> None:
    serve.change_clock(actor=of(exercise, PartKind.CONTROL), exercise=exercise, change="resume")
    page = sign_in(look(exercise.get_absolute_url()), of(exercise, PartKind.PLAYER))
    page.goto(exercise.get_absolute_url())
    page.get_by_role("link", name=re.compile("Entscheiden.*Aggregat")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/entscheiden/**")
    page.get_by_label("Wasserwerk nord").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Wasserwerk sued")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Dort fehlt mehr.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Entschieden: Wasserwerk sued")).to_be_visible()
