"""A decision of the council: proved by a file, shown at the votes."""

import pytest

from tests.factories import (
    ConcernFactory,
    MandateFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
    VoteFactory,
    second_factor,
)

from .conftest import Eye, assert_accessible, assert_fits, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\nBeschluss\n%%EOF\n"


def test_a_decision_is_proved_and_shown(look: Eye) -> None:
    maria = MandateFactory(region__name="Lindenfurt").user
    concern = ConcernFactory(
        owner=maria.mandates.get().region, question="Wie fördert der Bund Städtebau auf dem Land?"
    )
    participant = ParticipantFactory(concern=concern, region=concern.owner)
    for text in ("Der Bund soll mehr bezahlen.", "Anträge sollen kürzer werden."):
        statement = StatementFactory(concern=concern, text=text)
        VoteFactory(participant=participant, statement=statement, level="administration")

    page = sign_in(look(width=360), maria)
    page.goto(f"/forum/{concern.slug}/stimmen/")
    page.get_by_role("link", name="Beschluss nachweisen").click()
    page.get_by_role("button", name="Nachweisen").click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Rat (Beschluss)").check()
    page.get_by_label("Der Beschluss als Datei").set_input_files(
        {"name": "Beschluss.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_label("Worüber wurde beschlossen").fill("Städtebauförderung")
    page.get_by_label("Beschlossen am").fill("2026-03-03")
    page.get_by_label("Nummer der Drucksache").fill("12/2026")
    page.get_by_label("Anträge sollen kürzer werden.").uncheck()
    page.get_by_role("button", name="Nachweisen").click()
    label = "Ratsbeschluss vom 3. März 2026 (Drucksache 12/2026)"
    page.get_by_role("link", name=label, exact=True).wait_for()
    assert_accessible(page)
    assert_fits(page)
    take(page, "beschluss-stimmen-360")

    desk = sign_in(look(), second_factor(UserFactory(name="Olga Ostermann", is_operator=True)))
    desk.goto("/betrieb/ratsinformation/")
    desk.get_by_label("Server").fill("ratsinfo.lindenfurt.example")
    desk.get_by_label("Wessen").fill("Stadt Lindenfurt")
    desk.get_by_role("button", name="Aufnehmen").click()
    desk.get_by_text("· Stadt Lindenfurt").wait_for()
    assert_accessible(desk)
    assert_fits(desk)
    take(desk, "ratsinformation-1280")
