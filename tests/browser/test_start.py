"""The start pages: what waits for a person, all tasks, what she chooses, and the overview for everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.models import Commitment, Outcome
from allmende.registry.models import Level
from tests.factories import (
    CommitmentFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)
from tests.forum.test_feeds import opened
from tests.forum.test_open_data import answered

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk() -> User:
    """She votes for a municipality in a Kreis, and works for an association that has promised something."""
    MunicipalityFactory(ars="09", ags="", level=Level.LAND, name="Bayern", land="09", kreis="")
    MunicipalityFactory(
        ars="09051", ags="", level=Level.KREIS, name="Ahornkreis", land="09", kreis="09051"
    )
    town = MunicipalityFactory(
        ars="090510001001", ags="09051001", land="09", kreis="09051", name="Lindenfurt"
    )
    user: User = MandateFactory(region=town, may_vote=True).user
    soon = opened(
        owner=town,
        question="Wie schützt der Bund Menschen in kommunalen Ämtern?",
        deadline=timezone.now() + timedelta(days=9),
    )
    later = opened(
        owner=town,
        question="Wie bleibt der Rettungsdienst auf dem Land erreichbar?",
        deadline=timezone.now() + timedelta(days=30),
    )
    statements = StatementFactory.create_batch(5, concern=soon)
    StatementFactory(concern=later)
    VoteFactory(statement=statements[0], participant=ParticipantFactory(concern=soon, region=town))
    for land in ("01", "14"):
        there = MunicipalityFactory(land=land)
        VoteFactory(
            statement=statements[1], participant=ParticipantFactory(concern=soon, region=there)
        )
    _promised(user)
    return user


def _promised(user: User) -> None:
    """An answer with commitments that are due, overdue and kept."""
    answered()
    late = Commitment.objects.get()
    Commitment.objects.update(due_on=timezone.localdate() - timedelta(days=12))
    CommitmentFactory(answer=late.answer, due_on=timezone.localdate() + timedelta(days=120))
    CommitmentFactory(answer=late.answer, outcome=Outcome.KEPT, outcome_at=timezone.now())
    desk = OrganisationFactory(region=None, kind="spitzenverband", name="Verband der Gemeinden")
    MandateFactory(user=user, organisation=desk, office="secretariat", may_vote=True)
    Commitment.objects.filter(pk=late.pk).update(organisation=desk)


def test_the_start_page_of_a_person(look: Eye, clerk: User) -> None:
    page = sign_in(look(), clerk)
    page.goto("/")
    headings = page.locator("main h2").all_inner_texts()
    assert headings == [
        "Was Ihre Antwort braucht",
        "Wo die Stimme Ihrer Gemeinde fehlt",
        "Neu in Ihren Themen und Ihrer Region",
    ]
    assert page.locator("main h3").all_inner_texts() == ["Zusagen", "Abstimmen"]
    assert page.get_by_text("seit 12 Tagen überfällig").is_visible()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"start-{way}")


def test_all_tasks_without_javascript(look: Eye, clerk: User) -> None:
    page = sign_in(look(javascript=False), clerk)
    page.goto("/")
    page.get_by_role("link", name="Als Liste filtern").click()
    assert page.locator(".kern-task-list__item").count() == 3
    page.get_by_label("Art").select_option("Abstimmen")
    page.get_by_role("button", name="Anzeigen").click()
    assert page.locator(".kern-task-list__item").count() == 2
    page.get_by_role("link", name="Wie bleibt der Rettungsdienst").click()
    assert page.locator("h1").inner_text().startswith("Abstimmen: Wie bleibt der")


def test_all_tasks_look_well_also_when_none_fits(look: Eye, clerk: User) -> None:
    page = sign_in(look(), clerk)
    for name, path in (("aufgaben", "/aufgaben/"), ("keine-aufgaben", "/aufgaben/?q=nichts")):
        page.goto(path)
        for way in every_way(page):
            assert_accessible(page)
            assert_fits(page)
            take(page, f"{name}-{way}")


def test_choosing_topics_and_regions_changes_what_is_new(look: Eye, clerk: User) -> None:
    elsewhere = MunicipalityFactory(
        ars="140520001001", ags="14052001", land="14", kreis="14052", name="Kranichsee"
    )
    opened(owner=elsewhere, question="Wer räumt den Schnee?")
    page = sign_in(look(), clerk)
    page.goto("/")
    assert page.get_by_text("Wer räumt den Schnee?").count() == 0
    page.get_by_role("link", name="Themen und Regionen wählen").click()
    page.get_by_label("Klima, Energie und Umwelt").check()
    page.get_by_label("Region hinzufügen").fill("Kranichsee")
    page.get_by_role("button", name="Speichern").click()
    assert page.get_by_text("Gespeichert.").is_visible()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"themen-{way}")
    page.goto("/")
    page.get_by_role("link", name="Alles Neue").click()
    assert page.get_by_role("link", name="Wer räumt den Schnee?").is_visible()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"neues-{way}")


def test_the_overview_for_everybody(look: Eye, clerk: User) -> None:
    page = look("/")
    assert page.locator("main h2").all_inner_texts() == [
        "Worüber gerade gesprochen wird",
        "Was zugesagt ist",
        "Was überfällig ist",
    ]
    assert page.get_by_text("3 Kommunen aus 3 Ländern").is_visible()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"ueberblick-{way}")
    page.get_by_role("link", name="Alle offenen Anliegen (2)").click()
    assert page.locator(".al-lines > li").count() == 2


def test_an_empty_installation_is_honest_and_accessible(look: Eye) -> None:
    page = look("/")
    assert page.get_by_text("Noch ist nichts zugesagt.").is_visible()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"ueberblick-leer-{way}")
