"""Reading and voting in English and in Leichte Sprache: on a phone, with and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.forum.models import Ballot, Concern, Stand
from tests.browser.conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take
from tests.factories import (
    PASSWORD,
    AccountFactory,
    ConcernFactory,
    MandateFactory,
    StatementFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> User:
    return MandateFactory(
        user=AccountFactory(name="Alice"),
        region__name="Gemeinde Lindenfurt",
        region__invented=True,
    ).user


@pytest.fixture
def concern(alice: User) -> Concern:
    concern = ConcernFactory(
        owner=alice.mandates.get().region,
        question="Wie schützt der Bund Menschen in kommunalen Ämtern?",
        slug="schutz",
        is_example=True,
    )
    for text in (
        "Der Bund soll Anzeigen gegen Online-Drohungen in einem einzigen Formular annehmen.",
        "Private Adressen gehören nicht ins Impressum von Ratsmitgliedern.",
    ):
        StatementFactory(concern=concern, text=text)
    return concern


def language_of(page: Page) -> str | None:
    return page.locator("html").get_attribute("lang")


def test_somebody_who_reads_english_signs_in_and_votes(
    look: Eye, alice: User, concern: Concern
) -> None:
    page = look(concern.get_absolute_url(), width=360, javascript=False)
    page.get_by_role("button", name="English").click()
    assert (language_of(page), page.url) == ("en", f"{look.url}{concern.get_absolute_url()}")
    page.get_by_role("link", name="Sign in to vote").click()
    page.get_by_label("Email").fill(alice.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Vote: 2 left").click()
    page.get_by_role("button", name="Agree", exact=True).click()
    assert list(Ballot.objects.values_list("stand", flat=True)) == [Stand.AGREE]
    assert language_of(page) == "en"
    alice.refresh_from_db()
    assert alice.language == "en"


@pytest.mark.parametrize("language", ["en", "de-x-ls"])
def test_pages_in_other_languages_are_accessible_and_fit(
    look: Eye, alice: User, concern: Concern, language: str
) -> None:
    page = sign_in(look("/"), alice)
    page.locator(f".al-languages [value='{language}']").click()
    for name, address in (
        ("start", "/"),
        ("concern", concern.get_absolute_url()),
        ("vote", reverse("forum:vote", args=[concern.slug])),
        ("account", reverse("account")),
        ("language", reverse("account_language")),
    ):
        page.goto(address)
        assert language_of(page) == language
        for way in every_way(page):
            assert_accessible(page)
            assert_fits(page)
            take(page, f"sprache-{language}-{name}-{way}")


def test_leichte_sprache_says_what_there_is(look: Eye) -> None:
    page = look("/", width=360)
    page.get_by_role("button", name="Leichte Sprache").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Jede Stimme zählt. Auf jede Frage kommt eine Antwort."
    )
    page.get_by_role("link", name="Leichte Sprache").click()
    expect(page.get_by_text("Ganz oben auf jeder Seite stehen 3 Wörter")).to_be_visible()
    for _ in every_way(page):
        assert_accessible(page)
        assert_fits(page)
