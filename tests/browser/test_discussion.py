"""The discussion on a phone and on a desk: writing, answering, mentioning, reporting, summing up."""

import pytest

from allmende.forum import services
from allmende.forum.models import Contribution, Statement
from tests.factories import ConcernFactory, MandateFactory, StatementFactory, UserFactory

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\nPlan\n%%EOF\n"


def test_a_concern_is_discussed(look: Eye) -> None:
    maria = MandateFactory(region__name="Lindenfurt", office="mayor").user
    karl = MandateFactory(region__name="Kranichsee").user
    concern = ConcernFactory(
        owner=maria.mandates.get().region,
        question="Wie fördert der Bund Städtebau auf dem Land?",
        summary="Kleine Gemeinden können den Eigenanteil nicht bezahlen. Unstrittig ist, dass Anträge "
        "kürzer werden müssen. Offen ist, wer den Eigenanteil ersetzt.",
    )
    statement = StatementFactory(concern=concern, text="Der Bund soll den Eigenanteil übernehmen.")

    page = sign_in(look(width=360), karl)
    page.goto(f"/forum/{concern.slug}/")
    page.get_by_role("link", name="Diskussion", exact=True).click()
    page.get_by_role("link", name="Beitrag schreiben").click()
    page.get_by_role("button", name="Beitrag senden").click()
    page.get_by_text("Bitte schreiben Sie Ihren Beitrag.").first.wait_for()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Ihr Beitrag").fill(
        "Bei uns blieb der Antrag liegen, weil 40.000 Euro Eigenanteil fehlten. Wie war das bei euch? "
        "Zahlen dazu: https://kranichsee.example/haushalt/2026/staedtebau-und-eigenanteile.html"
    )
    page.get_by_label("Erwähnen: Organisation suchen").fill("Linden")
    page.get_by_label("Dateien anhängen").set_input_files(
        {"name": "Förderbescheid.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("main").get_by_role("button", name="Suchen").click()
    page.get_by_label("Lindenfurt").check()
    assert_accessible(page)
    assert_fits(page)
    take(page, "beitrag-schreiben-360")
    page.get_by_role("button", name="Beitrag senden").click()
    page.get_by_text("Ihr Beitrag steht da.").wait_for()
    assert_accessible(page)

    said = Contribution.objects.get()
    answer(maria, said, "Genauso. Wir haben den Antrag nach zwei Jahren zurückgezogen.")
    _another(karl, statement)
    page.goto(f"/forum/{concern.slug}/diskussion/")
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"diskussion-{way}")
    page.goto(f"/forum/{concern.slug}/diskussion/aussagen/{statement.pk}/")
    assert_accessible(page)
    assert_fits(page)
    take(page, "diskussion-aussage-1280")


def answer(actor: object, parent: Contribution, text: str) -> Contribution:
    mandate = actor.mandates.get()  # type: ignore[attr-defined]
    return services.add_contribution(
        actor=actor,  # type: ignore[arg-type]
        mandate=mandate,
        concern=parent.concern,
        parent=parent,
        text=text,
    )


def _another(actor: object, statement: Statement) -> None:
    services.add_contribution(
        actor=actor,  # type: ignore[arg-type]
        mandate=actor.mandates.get(),  # type: ignore[attr-defined]
        concern=statement.concern,
        statement=statement,
        text="Dann aber mit einer Obergrenze, sonst bekommen nur die Großen etwas.",
    )


def test_a_contribution_is_reported_and_removed(look: Eye) -> None:
    maria = MandateFactory(region__name="Lindenfurt", office="mayor").user
    karl = MandateFactory(region__name="Kranichsee").user
    concern = ConcernFactory(
        owner=maria.mandates.get().region, question="Wie fördert der Bund Städtebau auf dem Land?"
    )
    said = services.add_contribution(
        actor=karl,
        mandate=karl.mandates.get(),
        concern=concern,
        text="Kauft nur bei unserer Firma!",
    )

    reader = sign_in(look(width=360), UserFactory())
    reader.goto(f"/forum/{concern.slug}/diskussion/")
    reader.get_by_role("link", name="Beitrag melden").click()
    reader.get_by_label("Was ist daran nicht in Ordnung?").fill("Das ist Werbung.")
    assert_accessible(reader)
    assert_fits(reader)
    reader.get_by_role("button", name="Melden").click()
    reader.get_by_text("Danke. Ihre Meldung wird geprüft").wait_for()

    desk = sign_in(look(), maria)
    desk.goto(f"/forum/{concern.slug}/diskussion/meldungen/")
    assert_accessible(desk)
    assert_fits(desk)
    take(desk, "meldungen-1280")
    desk.get_by_role("link", name="Entfernen").click()
    desk.get_by_label("Warum wird der Beitrag entfernt?").fill("Werbung für eine Firma.")
    assert_accessible(desk)
    desk.get_by_role("button", name="Entfernen").click()
    desk.get_by_text("Der Beitrag ist entfernt.").wait_for()
    for _ in every_way(desk):
        assert_accessible(desk)
        assert_fits(desk)
    take(desk, "beitrag-entfernt-1280")

    desk.goto(f"/forum/{concern.slug}/diskussion/kurz-gefasst/aendern/")
    desk.get_by_label("Kurz gefasst").fill("Es geht um Geld für Städtebau.")
    assert_accessible(desk)
    assert_fits(desk)
    desk.get_by_role("button", name="Speichern").click()
    desk.get_by_role("link", name="Alle Fassungen").click()
    desk.get_by_text("Bürgermeisterin oder Bürgermeister · Lindenfurt").wait_for()
    assert_accessible(desk)

    author = sign_in(look(width=360), karl)
    author.goto(said.get_absolute_url())
    author.get_by_text("Werbung für eine Firma.").wait_for()
    assert_accessible(author)
    assert_fits(author)
