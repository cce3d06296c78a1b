"""The forum as a clerk uses it: on a phone, by keyboard, without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from allmende.accounts.models import User
from allmende.forum.models import Ballot, Concern, Stand, StatementState, Vote
from tests.browser.conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> User:
    return MandateFactory(
        user__name="Alice", region__name="Gemeinde Lindenfurt", region__invented=True
    ).user


@pytest.fixture
def concern(alice: User) -> Concern:
    """Open, with three statements, one of which waits for a decision, and one vote."""
    concern = ConcernFactory(
        owner=alice.mandates.get().region,
        question="Wie schützt der Bund Menschen in kommunalen Ämtern?",
        slug="schutz",
        is_example=True,
    )
    author = ParticipantFactory(concern=concern)
    for text in (
        "Wer bedroht wird, soll innerhalb von zwei Werktagen eine feste Ansprechperson bei der Polizei bekommen.",
        "Der Bund soll Anzeigen gegen Online-Drohungen in einem einzigen Formular annehmen.",
        "Private Adressen gehören nicht ins Impressum von Ratsmitgliedern.",
    ):
        VoteFactory(
            statement=StatementFactory(concern=concern, text=text, author=author),
            participant=author,
        )
    StatementFactory(concern=concern, author=author, state=StatementState.PENDING)
    return concern


def stands() -> list[int]:
    return list(
        Ballot.objects.filter(cast_by__isnull=False).order_by("pk").values_list("stand", flat=True)
    )


def test_voting_by_keyboard_takes_one_request_a_vote(
    look: Eye, alice: User, concern: Concern
) -> None:
    page = sign_in(look(), alice)
    page.goto(reverse("forum:vote", args=[concern.slug]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.resource_type}"))
    for key, left in (("1", 2), ("2", 1), ("3", 0)):
        page.keyboard.press(key)
        expect(page.locator("#aussage")).to_contain_text(f"noch {left} Aussage")
    expect(page.get_by_text("Geschafft.")).to_be_visible()
    assert [what for what in asked if what != "GET other"] == ["POST xhr"] * 3  # but for the icon
    assert stands() == [Stand.AGREE, Stand.DISAGREE, Stand.PASS]


def test_a_vote_that_does_not_arrive_is_not_lost_unnoticed(
    look: Eye, alice: User, concern: Concern
) -> None:
    page = sign_in(look(), alice)
    page.goto(reverse("forum:vote", args=[concern.slug]))
    page.route("**/abstimmen/", lambda route: route.abort())
    page.keyboard.press("1")
    expect(page.get_by_role("alert")).to_contain_text("nicht angekommen")
    look.complaints.clear()  # about the request that we stopped
    assert stands() == []
    page.unroute("**/abstimmen/")
    page.keyboard.press("1")
    expect(page.locator("#aussage")).to_contain_text("noch 2 Aussagen")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_keys_do_not_vote_while_somebody_types(look: Eye, alice: User, concern: Concern) -> None:
    page = sign_in(look(), alice)
    page.goto(reverse("forum:add_statement", args=[concern.slug]))
    page.get_by_label("Ihre Aussage").press_sequentially("123")
    expect(page.get_by_label("Ihre Aussage")).to_have_value("123")


def test_after_a_vote_the_next_statement_has_the_focus(
    look: Eye, alice: User, concern: Concern
) -> None:
    page = sign_in(look(), alice)
    page.goto(reverse("forum:vote", args=[concern.slug]))
    page.get_by_role("button", name="Stimme zu").click()
    expect(page.locator(".al-card")).to_be_focused()


def test_voting_without_javascript(look: Eye, alice: User, concern: Concern) -> None:
    page = sign_in(look(javascript=False, width=360), alice)
    page.goto(reverse("forum:vote", args=[concern.slug]))
    for stand in ("Lehne ab", "Stimme zu"):
        with page.expect_navigation():
            page.get_by_role("button", name=stand).click()
    page.reload()
    assert stands() == [Stand.DISAGREE, Stand.AGREE]
    page.get_by_role("link", name="Letzte Stimme ändern").click()
    page.get_by_role("button", name="Übergehe").click()
    mine = Vote.objects.filter(participant__region=alice.mandates.get().region)
    assert sorted(mine.values_list("stand", flat=True)) == [Stand.DISAGREE, Stand.PASS]


def test_the_choices_are_as_large_as_a_thumb_and_weigh_the_same(
    look: Eye, alice: User, concern: Concern
) -> None:
    page = sign_in(look(width=360), alice)
    page.goto(reverse("forum:vote", args=[concern.slug]))
    boxes = [button.bounding_box() for button in page.locator(".al-buttons button").all()]
    sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box}
    assert len(sizes) == 1
    assert sizes.pop()[1] >= 48


def test_a_concern_from_question_to_vote(look: Eye, alice: User) -> None:
    page = sign_in(look(width=360), alice)
    page.goto(reverse("forum:concerns"))
    page.get_by_role("link", name="Anliegen einbringen").click()
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.locator("#fehler")).to_be_focused()
    page.get_by_label("Ihre Frage").fill("Wer bezahlt den Brandschutz?")
    page.get_by_label("Themenfeld").select_option(label="Sicherheit und Bevölkerungsschutz")
    page.get_by_label("Hintergrund").fill("Die Wehren sind alt.")
    page.get_by_role("button", name="Entwurf speichern").click()
    page.get_by_role("link", name="Aussage hinzufügen").click()
    page.get_by_label("Ihre Aussage").fill("Der Bund soll Fahrzeuge gemeinsam beschaffen.")
    page.get_by_role("button", name="Hinzufügen").click()
    page.get_by_role("link", name="Anliegen", exact=True).click()
    page.get_by_role("button", name="Jetzt öffnen").click()
    page.get_by_role("link", name="Abstimmen: noch 1").click()
    page.get_by_role("button", name="Stimme zu").click()
    expect(page.get_by_text("Geschafft.")).to_be_visible()
    assert [vote.statement.text for vote in Vote.objects.all()] == [
        "Der Bund soll Fahrzeuge gemeinsam beschaffen."
    ]


@pytest.mark.parametrize(
    "name",
    [
        "concerns",
        "concern",
        "vote",
        "own_votes",
        "own_statements",
        "moderate",
        "add_statement",
        "close",
        "draft",
    ],
)
def test_every_page_is_accessible_in_every_way(
    name: str, look: Eye, alice: User, concern: Concern
) -> None:
    page = sign_in(look(), alice)
    page.goto(
        reverse(f"forum:{name}", args=[] if name in {"concerns", "draft"} else [concern.slug])
    )
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        if name in {"vote", "concern"}:
            take(page, f"forum-{name}-{way}")


def test_deciding_on_a_statement_is_accessible_with_errors(
    look: Eye, alice: User, concern: Concern
) -> None:
    page = sign_in(look(), alice)
    page.goto(reverse("forum:moderate", args=[concern.slug]))
    page.get_by_role("link", name="Entscheiden").first.click()
    page.get_by_label("Ablehnen").check()
    page.get_by_role("button", name="Entscheidung speichern").click()
    expect(page.locator("#fehler")).to_contain_text("Bitte begründen Sie")
    for _ in every_way(page):
        assert_accessible(page)
        assert_fits(page)
