"""Four eyes in the browser: the clerk drafts on her phone, the mayor releases at his desk."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from allmende.forum import services
from allmende.forum.models import Concern, Draft, DraftState, Stand, Vote
from allmende.forum.queries import Voice
from allmende.registry.models import Mandate, Office
from tests.browser.conftest import (
    Eye,
    assert_accessible,
    assert_fits,
    every_way,
    sign_in,
    take,
)
from tests.factories import ConcernFactory, MandateFactory, StatementFactory, second_factor

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = (
    "Wer bedroht wird, soll innerhalb von zwei Werktagen eine feste Ansprechperson bei der Polizei bekommen.",
    "Der Bund soll Anzeigen gegen Online-Drohungen in einem einzigen Formular annehmen.",
    "Für Sicherheitsmaßnahmen am Wohnhaus soll der Bund zahlen, nicht die Kommune.",
    "Ein Schutzkonzept soll für jede Kommune Pflicht werden.",
)


@pytest.fixture
def clerk() -> Mandate:
    mandate = MandateFactory(
        user__name="Songül Brandt", region__name="Falkenbrück", region__invented=True
    )
    mandate.organisation.four_eyes = True
    mandate.organisation.save()
    return mandate


@pytest.fixture
def head(clerk: Mandate) -> Mandate:
    mandate = MandateFactory(
        user__name="Jens Falk",
        organisation=clerk.organisation,
        office=Office.MAYOR,
        may_release=True,
    )
    second_factor(mandate.user)
    return mandate


@pytest.fixture
def concern(clerk: Mandate, head: Mandate) -> Concern:
    """One vote came back, two wait, and one statement lies open."""
    concern = ConcernFactory(
        question="Wie schützt der Bund Menschen in kommunalen Ämtern?",
        slug="schutz",
        owner__name="Kranichsee",
        is_example=True,
    )
    city = services.join_concern(concern=concern, voice=Voice(clerk.user, clerk.region, clerk))
    drafts = [
        services.cast_vote(
            actor=clerk.user,
            participant=city,
            statement=StatementFactory(concern=concern, text=text),
            stand=Stand.AGREE,
            mandate=clerk,
        )
        for text in TEXTS[:3]
    ]
    StatementFactory(concern=concern, text=TEXTS[3])
    services.return_drafts(
        actor=head.user,
        concern=concern,
        drafts=[draft for draft in drafts[:1] if isinstance(draft, Draft)],
        reason="Bitte zuerst mit der Polizei sprechen.",
        mandate=head,
    )
    return concern


def test_the_clerk_drafts_and_the_mayor_releases(
    look: Eye, clerk: Mandate, head: Mandate, concern: Concern
) -> None:
    phone = sign_in(look(width=360), clerk.user)
    phone.goto(reverse("forum:own_votes", args=[concern.slug]))
    phone.get_by_role("link", name="Ändern").first.click()
    expect(phone.get_by_text("Kam zurück")).to_be_visible()
    assert_accessible(phone)
    assert_fits(phone)
    take(phone, "forum-draft-phone-light")
    phone.keyboard.press("2")
    expect(phone.get_by_text("Als Entwurf gespeichert: 3 Stimmen")).to_be_visible()
    assert not Vote.objects.exists()

    desk = sign_in(look(javascript=False), head.user)
    desk.goto("/")
    desk.get_by_role("link", name="3 Entwürfe warten auf Ihre Freigabe").click()
    desk.get_by_role("button", name="Ausgewählte zurückgeben").click()
    expect(desk.locator("#fehler")).to_contain_text("Bitte begründen Sie")
    desk.get_by_role("checkbox").first.check()
    desk.get_by_role("button", name="Ausgewählte freigeben").click()
    expect(desk.get_by_text("1 Entwurf freigegeben.")).to_be_visible()
    assert [vote.statement.text for vote in Vote.objects.all()] == [TEXTS[1]]
    assert Draft.objects.filter(state=DraftState.WAITING).count() == 2


def test_the_pages_of_four_eyes_are_accessible_in_every_way(
    look: Eye, clerk: Mandate, head: Mandate, concern: Concern
) -> None:
    for mandate, name in ((head, "release"), (clerk, "own_votes")):
        page = sign_in(look(), mandate.user)
        page.goto(reverse(f"forum:{name}", args=[concern.slug]))
        for way in every_way(page):
            assert_accessible(page)
            assert_fits(page)
            if name == "release":
                take(page, f"forum-release-{way}")
