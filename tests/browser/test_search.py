"""The search, its field in the header, and what is offered before something is written once more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.forum.models import ConcernState
from allmende.portal.search import index
from tests.factories import ConcernFactory, MandateFactory, MunicipalityFactory, StatementFactory

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def things() -> None:
    """Concerns and statements of several municipalities, and the index of them."""
    questions = [
        "Wer bezahlt kleinen Gemeinden den Ausfall bei der Gewerbesteuer?",
        "Wie bleibt der Gewerbesteuerhebesatz in der Hand der Gemeinden?",
        "Wie schützt der Bund Menschen im Amt vor Übergriffen?",
    ]
    for number, question in enumerate(questions):
        concern = ConcernFactory(
            question=question,
            background="Die Gewerbesteuer ist die wichtigste eigene Einnahme der Gemeinden. Fällt sie "
            "aus, fehlt das Geld für Schulen, Straßen und die Feuerwehr, und zwar sofort.",
            owner=MunicipalityFactory(name=("Lindenfurt", "Kranichsee", "Ahornhausen")[number]),
            state=ConcernState.CLOSED if number == 1 else ConcernState.OPEN,
        )
        for text in (
            "Der Bund soll Ausfälle bei der Gewerbesteuer im selben Jahr ausgleichen.",
            "Die Gewerbesteuerumlage soll entfallen, solange eine Gemeinde im Haushaltssicherungskonzept ist.",
        ):
            StatementFactory(concern=concern, text=text)
    for number in range(20):
        StatementFactory(concern=concern, text=f"Gewerbesteuer fair verteilen ({number}).")
    index.rebuild()


@pytest.mark.usefixtures("things")
def test_the_results_are_accessible_fit_and_show_what_was_found(look: Eye) -> None:
    page = look("/suche/?q=gewerbesteuer")
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"suche-{way}")
    page.get_by_role("link", name="Aussagen 26").click()
    assert page.locator("mark").first.inner_text() == "Gewerbesteuer"
    page.get_by_role("link", name="Nächste Seite").click()
    page.wait_for_url("**seite=2**")
    assert page.locator("ol > li").count() == 6


@pytest.mark.usefixtures("things")
def test_a_search_can_be_narrowed_and_widened_again(look: Eye) -> None:
    page = look("/suche/?q=gewerbesteuer", javascript=False)
    page.get_by_text("Eingrenzen", exact=True).click()
    page.get_by_label("Land, Kreis oder Gemeinde").fill("Kranichsee")
    page.get_by_label("Stand des Anliegens").select_option("Abgeschlossen")
    page.get_by_role("button", name="Anwenden").click()
    assert "Gesucht wird in Kranichsee" in page.locator("main").inner_text()
    assert page.locator("ol > li").count() == 3
    for way in every_way(page):
        assert_fits(page)
        take(page, f"suche-eingegrenzt-{way}")
    page.get_by_role("link", name="Nicht mehr eingrenzen").click()
    assert page.locator("ol > li").count() == 20


@pytest.mark.usefixtures("things")
def test_where_nothing_is_found_the_page_says_what_to_do(look: Eye) -> None:
    page = look("/suche/?q=gewerbestuer")
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"suche-leer-{way}")
    page.get_by_role("link", name="Gewerbesteuer", exact=True).click()
    assert page.locator("ol > li").count() == 20


@pytest.mark.usefixtures("things")
def test_the_key_leads_to_the_field_in_the_header_on_desk_and_phone(look: Eye) -> None:
    page = look("/")
    for way in every_way(page):
        if way.endswith("light"):
            page.keyboard.press("/")
            assert page.evaluate("document.activeElement.id") == "suche"
            assert page.locator("#suche").is_visible()
            take(page, f"suche-kopf-{way}", whole=False)
        assert_accessible(page)
        assert_fits(page)
    page.locator("#suche").fill("hebesatz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=hebesatz")
    assert page.locator("#id_q").input_value() == "hebesatz"
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "id_q"


@pytest.mark.usefixtures("things")
def test_similar_concerns_are_shown_while_somebody_types(look: Eye) -> None:
    alice = MandateFactory(user__name="Alice", region__name="Musterstadt").user
    page = sign_in(look(), alice)
    page.goto("/forum/neu/")
    page.get_by_label("Ihre Frage").press_sequentially("Wer zahlt uns die Gewerbesteuer?")
    page.get_by_role("heading", name="Gibt es das schon?").wait_for()
    assert page.locator("#aehnlich li").count() == 2
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"aehnlich-tippen-{way}")
    page.get_by_label("Themenfeld").select_option("Finanzen und Förderung")
    page.get_by_label("Hintergrund").fill("Darum.")
    page.get_by_role("button", name="Entwurf speichern").click()
    page.wait_for_url("**/forum/wer-zahlt-uns-die-gewerbesteuer/")


@pytest.mark.usefixtures("things")
def test_without_javascript_there_is_a_step_before_saving(look: Eye) -> None:
    alice = MandateFactory(user__name="Alice", region__name="Musterstadt").user
    page = sign_in(look(javascript=False), alice)
    page.goto("/forum/neu/")
    page.get_by_label("Ihre Frage").fill("Wer zahlt uns die Gewerbesteuer?")
    page.get_by_label("Themenfeld").select_option("Finanzen und Förderung")
    page.get_by_label("Hintergrund").fill("Darum.")
    last_day = timezone.localdate() + timedelta(days=40)
    page.get_by_label("Abstimmen bis").fill(last_day.isoformat())
    page.get_by_role("button", name="Entwurf speichern").click()
    for way in every_way(page):
        assert_fits(page)
        take(page, f"aehnlich-schritt-{way}")
    page.get_by_role("button", name="Zurück zum Text").click()
    assert page.get_by_label("Hintergrund").input_value() == "Darum."
    assert page.get_by_label("Abstimmen bis").input_value() == last_day.isoformat()
    page.get_by_role("button", name="Entwurf speichern").click()
    page.get_by_role("button", name="Trotzdem anlegen").click()
    page.wait_for_url("**/forum/wer-zahlt-uns-die-gewerbesteuer/")


@pytest.mark.usefixtures("things")
def test_similar_statements_are_offered_to_vote_on(look: Eye) -> None:
    alice = MandateFactory(user__name="Alice", region__name="Musterstadt").user
    page = sign_in(look(), alice)
    concern = ConcernFactory(question="Was wird aus der Gewerbesteuer?")
    StatementFactory(concern=concern, text="Der Bund soll Ausfälle bei der Gewerbesteuer tragen.")
    index.rebuild()
    page.goto(f"/forum/{concern.slug}/aussagen/neu/")
    field = page.get_by_label("Ihre Aussage")
    field.press_sequentially("Ausfälle bei der Gewerbesteuer soll der Bund zahlen.")
    page.get_by_role("heading", name="Steht das schon da?").wait_for()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"aehnlich-aussage-{way}")
    page.get_by_role("link", name="Darüber abstimmen").click()
    assert "Ausfälle bei der Gewerbesteuer tragen" in page.locator("main").inner_text()


@pytest.mark.usefixtures("things")
def test_a_step_with_similar_ones_is_accessible(look: Eye) -> None:
    alice = MandateFactory(user__name="Alice", region__name="Musterstadt").user
    page = sign_in(look(), alice)
    page.goto("/forum/neu/")
    page.evaluate("document.querySelector('#id_question').removeAttribute('hx-get')")
    page.get_by_label("Ihre Frage").fill("Wer zahlt uns die Gewerbesteuer?")
    page.get_by_label("Themenfeld").select_option("Finanzen und Förderung")
    page.get_by_label("Hintergrund").fill("Darum.")
    # Faster than the answer to what was typed.
    page.locator("form.al-form").evaluate("form => form.submit()")
    page.get_by_role("button", name="Trotzdem anlegen").wait_for()
    for _ in every_way(page):
        assert_accessible(page)
