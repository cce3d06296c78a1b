"""The report of an exercise as it is read and written without JavaScript, and as it is printed."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

from allmende.crisis.services import exercises as serve
from allmende.crisis.views import reports as views
from tests.crisis.reports.conftest import address, play
from tests.factories import UserFactory

from .conftest import Eye, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_report_is_read_and_written_without_javascript(
    look: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LONG_TABLE", 3)
    control = UserFactory()
    ended = play(control, UserFactory(), UserFactory())
    page = sign_in(look(javascript=False, width=360), control)
    page.goto(address(ended, "/"))
    waiting = page.get_by_role("link", name="Stand ansehen")
    expect(waiting).to_be_visible()
    serve.compute_yardstick(ended.script_hash)
    waiting.click()
    expect(waiting).to_have_count(0)
    expect(page.get_by_role("columnheader", name="ohne jede Entscheidung")).to_have_count(1)

    # What is folded away is one tap away, and stands on paper.
    page.get_by_role("navigation", name="Inhalt des Berichts").get_by_role(
        "link", name="Was geschah"
    ).click()
    failed = page.get_by_role("cell", name="Wasserwerk Süd ausgefallen")
    expect(failed).to_be_hidden()
    paper = PdfReader(io.BytesIO(page.pdf()))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    assert "Wasserwerk Süd ausgefallen" in printed
    assert "Tabelle mit" not in printed
    page.get_by_text("Was geschah: Tabelle mit 5 Zeilen").click()
    expect(failed).to_be_visible()

    page.get_by_role("link", name=re.compile("Bearbeiten.*Ziel 1")).click()
    page.get_by_label("S: mit kleinen Einschränkungen").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Bitte begründen Sie die Bewertung.").first).to_be_visible()
    expect(page.get_by_label("S: mit kleinen Einschränkungen")).to_be_checked()
    page.get_by_label("Begründung").fill("Das Lagebild kam spät.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Das Lagebild kam spät.")).to_be_visible()

    page.get_by_role("link", name="Lehre und Maßnahme eintragen").click()
    page.get_by_label("Was haben Sie gelernt?").fill("Ohne Strom kein Wasser.")
    page.get_by_label("Maßnahme", exact=True).fill("Ein zweites Aggregat")
    page.get_by_label("Oder Organisation").fill("Stadtwerke")
    page.get_by_label("Bis wann").fill(f"{timezone.localdate() + timedelta(days=7)}")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("link", name="Ein zweites Aggregat")).to_be_visible()
