"""Observers watch people, not the page: what they tap on a phone is hit, and the page stays where it is."""

import pytest
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.crisis import scripts
from allmende.crisis.models import Exercise, Observation
from allmende.crisis.services import exercises as serve
from tests.factories import OrganisationFactory, UserFactory

from .conftest import Eye, assert_accessible, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = 60_000_000


@pytest.fixture
def observer() -> User:
    return UserFactory(name="Olga Observer")


@pytest.fixture
def running(observer: User) -> Exercise:
    """A blackout after ten hours: more tasks than a phone shows at once."""
    control = UserFactory()
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=scripts.read("stromausfall")
    )
    serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="k-leitung")
    serve.join(actor=observer, exercise=exercise, kind="beobachtung", role="")
    serve.start_exercise(actor=control, exercise=exercise)
    serve.change_clock(actor=control, exercise=exercise, change="pause")
    serve.change_clock(actor=control, exercise=exercise, change="jump", value=600 * MINUTE)
    exercise.refresh_from_db()
    return exercise


def watched(look: Eye, running: Exercise, observer: User, *, width: int) -> Page:
    page = sign_in(look(width=width), observer)
    page.goto(f"{running.get_absolute_url()}beobachten/")
    return page


def tap(page: Page, name: str) -> None:
    """Press and let go where the button was: what moves in between is missed."""
    box = page.get_by_role("button", name=name, exact=True).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(100)
    page.mouse.up()


def test_a_note_is_sent_by_the_first_tap(look: Eye, running: Exercise, observer: User) -> None:
    page = watched(look, running, observer, width=360)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_label("Was Sie beobachten").click()
    page.keyboard.type("Im Stab spricht immer nur eine Person.")
    page.get_by_role("button", name="Notieren").scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, -30)")
    tap(page, "Notieren")
    expect(page.get_by_role("paragraph").filter(has_text="Im Stab spricht")).to_have_count(1)
    assert Observation.objects.get().text == "Im Stab spricht immer nur eine Person."


def test_a_mark_leaves_the_page_where_it_is(look: Eye, running: Exercise, observer: User) -> None:
    page = watched(look, running, observer, width=360)
    button = page.get_by_role("button", name="teilweise", exact=True).nth(3)
    button.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 200)")
    for name in ("teilweise", "erledigt"):
        button = page.get_by_role("button", name=name, exact=True).nth(3)
        before = button.bounding_box()
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        page.wait_for_timeout(300)
        after = button.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(after["y"] - before["y"]) < 4
        expect(button).to_be_focused()


@pytest.mark.parametrize("dark", [False, True])
def test_the_chosen_mark_can_be_read_while_the_mouse_rests_on_it(
    look: Eye, running: Exercise, observer: User, *, dark: bool
) -> None:
    page = sign_in(look(dark=dark), observer)
    page.goto(f"{running.get_absolute_url()}beobachten/")
    button = page.get_by_role("button", name="teilweise", exact=True).first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.hover()
    page.wait_for_timeout(500)
    assert_accessible(page)


def test_an_observer_scrolls_little_on_a_phone(
    look: Eye, running: Exercise, observer: User
) -> None:
    """What came earlier is folded, and unfolds without JavaScript, too."""
    page = sign_in(look(width=360, javascript=False), observer)
    for path, folded in (("", "frühere Einlagen"), ("beobachten/", "frühere Aufgaben")):
        page.goto(f"{running.get_absolute_url()}{path}")
        assert page.evaluate("document.documentElement.scrollHeight") < 5_000
        fold = page.locator("details").filter(has_text=folded)
        fold.locator("summary").first.click()
        expect(fold.get_by_role("heading").first).to_be_visible()
