"""Waiting for the control of an exercise on a register's network, which lets somebody in."""

import re

import pytest
from playwright.sync_api import Page, expect

from allmende.crisis.services import exercises as serve
from tests.crisis.small import small_script
from tests.factories import OrganisationFactory, UserFactory, second_factor

from .conftest import Eye, assert_accessible, assert_fits, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


def seen(page: Page) -> None:
    """On a phone; the layout is that of the other pages of exercises."""
    assert_accessible(page)
    assert_fits(page)


def test_who_waits_comes_in_by_herself_once_the_control_has_let_her(look: Eye) -> None:
    director = second_factor(UserFactory())
    exercise = serve.add_exercise(
        actor=director,
        mandate=None,
        host=OrganisationFactory(),
        script=small_script(from_register=True),
    )
    control = sign_in(look(width=360), director)
    control.goto(f"{exercise.get_absolute_url()}leitung/")
    guest = sign_in(look(width=360), second_factor(UserFactory(name="Gabi Gast")))
    guest.goto(exercise.get_join_url())
    guest.get_by_label("Leitung des Krisenstabs").check()
    guest.get_by_role("button", name="Mitmachen").click()
    expect(guest.get_by_text("Sie warten auf Einlass")).to_be_visible()
    seen(guest)
    take(guest, "uebung-warten-phone-light", whole=False)
    expect(control.get_by_text("1 Person wartet auf Einlass")).to_be_visible()
    seen(control)
    take(control.locator("#einlass"), "uebung-einlass-phone-light")
    control.get_by_role("button", name=re.compile("Einlassen.*Gabi Gast")).click()
    expect(control.get_by_text("Eingelassen: Gabi Gast.")).to_be_visible()
    expect(guest.get_by_text("Ihre Rolle: Leitung des Krisenstabs")).to_be_visible()
