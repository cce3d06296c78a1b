"""The desk of a ministry: the queue, many concerns at once, saved filters and text blocks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from allmende.accounts.models import User
from allmende.forum.models import Boilerplate, Concern, ConcernState, Extension
from allmende.registry.models import Office, Organisation
from tests.browser.conftest import (
    Eye,
    assert_accessible,
    assert_fits,
    every_way,
    sign_in,
    take,
)
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SealedSectionFactory,
    SectionAnswerFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db(transaction=True)

QUESTIONS = {
    "Wie schützt der Bund Menschen, die sich in Räten engagieren, vor Drohungen?": -3,
    "Wer bezahlt die Ganztagsbetreuung in Orten unter 1.000 Einwohnern?": 2,
    "Was ersetzt das Förderprogramm für Löschfahrzeuge?": 9,
    "Wie kommen kleine Kommunen an Fachleute für die Wärmeplanung?": 30,
    "Wann lassen sich Anträge auf Städtebauförderung digital stellen?": 41,
}


@pytest.fixture
def house() -> Organisation:
    return OrganisationFactory(
        region=None, kind="ministerium", name="Bundesministerium für Beispiele", slug="bmb"
    )


@pytest.fixture
def tim(house: Organisation) -> User:
    return MandateFactory(
        user__name="Tim Thoma", organisation=house, office=Office.DESK, title="B 2"
    ).user


@pytest.fixture
def ines(house: Organisation) -> User:
    """Assigns and releases for the ministry."""
    mandate = MandateFactory(
        user__name="Dr. Ines Amt",
        organisation=house,
        office=Office.LEADERSHIP,
        title="Abteilung B",
        may_release=True,
    )
    return second_factor(mandate.user)


@pytest.fixture
def concerns(house: Organisation, tim: User) -> list[Concern]:
    """Five that wait for their answer, one with a draft, and one that is on its way."""
    now = timezone.now()
    owner = MunicipalityFactory(name="Lindenfurt")
    made = [
        ConcernFactory(
            question=question,
            owner=owner,
            ministry=house,
            state=ConcernState.SENT,
            quorum_at=now - timedelta(days=60),
            sent_at=now - timedelta(days=56 - max(days, 0)),
            answer_due=now + timedelta(days=days),
            official=tim if days == 2 else None,
        )
        for question, days in QUESTIONS.items()
    ]
    given = SectionAnswerFactory(answer__position__concern=made[1], section__number=1)
    for number in (2, 3):
        SealedSectionFactory(position=given.answer.position, number=number)
    ConcernFactory(
        question="Wer haftet, wenn im Ehrenamt etwas schiefgeht?",
        owner=owner,
        ministry=house,
        state=ConcernState.POSITION,
        quorum_at=now - timedelta(days=2),
    )
    return made


def look_over(page: Page, name: str) -> None:
    """In every way: nothing to object to, nothing to scroll sideways; a picture of each."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"{name}-{way}")


def test_much_is_assigned_at_once_and_taken_back(
    look: Eye, concerns: list[Concern], ines: User, tim: User
) -> None:
    page = sign_in(look(), ines)
    page.goto("/")
    page.get_by_role("link", name="Ministerium", exact=True).click()
    page.get_by_text("seit 3 Tagen überfällig").wait_for()
    look_over(page, "ministerium-liste")
    page.locator("#id_person").select_option(label="Niemand")
    page.get_by_role("button", name="Anzeigen").click()
    assert page.locator("[data-tick]").count() == 5
    page.get_by_label("Alle auf dieser Seite ankreuzen").check()
    page.get_by_label("Zuständig wird").select_option(label="Tim Thoma, Referat, B 2")
    page.get_by_role("button", name="Zuweisen …").click()
    page.get_by_text("für 5 von 5 gewählten Anliegen").wait_for()
    look_over(page, "ministerium-zuweisen")
    page.get_by_role("button", name="Zuweisen", exact=True).click()
    page.get_by_text("5 Anliegen zugewiesen. Zuständig ist jetzt: Tim Thoma.").wait_for()
    assert Concern.objects.filter(official=tim).count() == 6
    look_over(page, "ministerium-zugewiesen")
    page.get_by_role("button", name="Zuweisung zurücknehmen").click()
    page.get_by_text("5 Zuweisungen zurückgenommen.").wait_for()
    assert Concern.objects.filter(official=tim).count() == 1


def test_without_javascript_two_dates_are_moved(
    look: Eye, concerns: list[Concern], ines: User
) -> None:
    page = sign_in(look(javascript=False), ines)
    page.goto("/ministerium/")
    for concern in concerns[:3]:
        page.get_by_label(f"Auswählen: {concern.question}").check()
    page.get_by_role("button", name="Frist verlängern …").click()
    page.get_by_role("button", name="Neue Frist veröffentlichen").click()
    page.get_by_text("Bitte nennen Sie den Grund.").first.wait_for()
    take(page, "ministerium-frist-desk-light")
    last = timezone.localdate() + timedelta(days=20)
    page.get_by_label("Neue Frist").fill(last.isoformat())
    page.get_by_label("Begründung").fill("Die Länder müssen erst zustimmen.")
    page.get_by_role("button", name="Neue Frist veröffentlichen").click()
    page.get_by_text("Die Frist ist für 2 Anliegen verlängert.").wait_for()
    assert Extension.objects.count() == 2
    page.goto(concerns[1].get_absolute_url())
    page.get_by_text("Die Frist wurde einmal verlängert").wait_for()


def test_the_page_of_a_later_date_in_every_way(
    look: Eye, concerns: list[Concern], ines: User
) -> None:
    page = sign_in(look(), ines)
    page.goto(concerns[2].get_absolute_url())
    page.get_by_role("link", name="Frist für die Antwort verlängern").click()
    look_over(page, "ministerium-frist")


def test_filters_are_kept_under_names(look: Eye, concerns: list[Concern], ines: User) -> None:
    page = sign_in(look(), ines)
    page.goto("/ministerium/?faellig=bald")
    assert page.locator("[data-tick]").count() == 2
    page.get_by_text("Diesen Filter als Ansicht speichern").click()
    page.get_by_label("Name der Ansicht").fill("Diese und nächste Woche")
    page.get_by_role("button", name="Ansicht speichern").click()
    page.get_by_text("Gespeichert als Ansicht „Diese und nächste Woche“.").wait_for()
    page.get_by_role("link", name="Ansichten verwalten").click()
    page.get_by_role("button", name="Zuerst zeigen").click()
    page.get_by_text("zuerst gezeigt").wait_for()
    look_over(page, "ministerium-ansichten")
    page.goto("/ministerium/")
    assert page.locator("[data-tick]").count() == 2
    page.get_by_role("link", name="Alles, was wartet").click()
    assert page.locator("[data-tick]").count() == 6


def test_text_blocks_are_written_and_used(
    look: Eye, concerns: list[Concern], ines: User, house: Organisation
) -> None:
    Boilerplate.objects.create(
        organisation=house, title="Geld im Haushalt", text="Über Mittel entscheidet der Bundestag."
    )
    page = sign_in(look(), ines)
    page.goto("/ministerium/")
    page.get_by_role("link", name="Textbausteine").click()
    page.get_by_role("link", name="Textbaustein anlegen").click()
    page.get_by_role("button", name="Speichern").click()
    look_over(page, "textbaustein-fehler")
    page.get_by_label("Name").fill("Sache der Länder")
    page.get_by_label("Text", exact=True).fill(
        "Dafür sind nach dem Grundgesetz die Länder zuständig."
    )
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Der Textbaustein ist gespeichert.").wait_for()
    look_over(page, "textbausteine")
    page.goto(f"/forum/{concerns[1].slug}/antwort/abschnitte/2/")
    page.locator("summary", has_text="Textbaustein einfügen").click()
    page.get_by_role("button", name="Sache der Länder").click()
    reason = page.get_by_label("Begründung").input_value()
    assert reason == "Dafür sind nach dem Grundgesetz die Länder zuständig."
