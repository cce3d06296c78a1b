"""The way of a concern as people see it: its line, co-signing, the ministry, its end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from allmende.accounts.models import User
from allmende.forum import services
from allmende.forum.models import (
    Concern,
    ConcernState,
    Responsibility,
    SealedPosition,
    Step,
    Support,
    Terms,
)
from allmende.registry.models import Level, Office, Organisation, Topic
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
    VoteFactory,
    second_factor,
)

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "Wie schützt der Bund Menschen, die in Gemeinden ein Ehrenamt ausüben?"
PLACES = ("Ahornau", "Birkenfeld", "Dornheim", "Eschenrode", "Fichtelbach", "Grünwies")


@pytest.fixture
def interior() -> Organisation:
    return OrganisationFactory(
        region=None, kind="ministerium", name="Bundesministerium für Beispiele", slug="bmb"
    )


@pytest.fixture
def maria() -> User:
    """Mayor of Lindenfurt; speaks for a Zweckverband's neighbour as well."""
    user = UserFactory(name="Maria Lindner")
    for name in ("Lindenfurt", "Kranichsee"):
        MandateFactory(user=user, region__name=name, office=Office.MAYOR, may_release=True)
    return second_factor(user)


@pytest.fixture
def concern(maria: User, interior: Organisation) -> Concern:
    """Open for a week, co-signed by six of twelve municipalities."""
    Terms.objects.create(pk=1, quorum_municipalities=12, quorum_laender=3)
    for key, name in (("09", "Bayern"), ("14", "Sachsen")):
        MunicipalityFactory(level=Level.LAND, ars=key, land=key, ags="", name=name, size_class=None)
    concern = ConcernFactory(
        owner=maria.mandates.get(organisation__name="Lindenfurt").region,
        question=QUESTION,
        ministry=interior,
        background="In unserem Rat ist jeder dritte Platz leer, weil sich niemand mehr traut.",
    )
    Step.objects.create(concern=concern, state="draft", at=concern.created_at)
    mandate = maria.mandates.get(organisation__name="Lindenfurt")
    Step.objects.create(
        concern=concern, state="open", at=concern.opened_at, actor=maria, mandate=mandate
    )
    for number, name in enumerate(PLACES):
        ars = f"{'09' if number % 2 else '14'}5{number:09d}"
        supporter = MandateFactory(region__name=name, region__ars=ars)
        Support.objects.create(
            concern=concern,
            organisation=supporter.organisation,
            signed_by=supporter.user,
            mandate=supporter,
        )
    for text in ("Der Bund soll Schulungen bezahlen.", "Anzeigen brauchen eine feste Stelle."):
        StatementFactory(concern=concern, text=text)
    return concern


def look_over(page: Page, name: str) -> None:
    """In every way: nothing to object to, nothing to scroll sideways; a picture of each."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"{name}-{way}")


def test_a_municipality_co_signs_and_takes_it_back(
    look: Eye, concern: Concern, maria: User
) -> None:
    page = sign_in(look(), maria)
    page.goto(concern.get_absolute_url())
    page.get_by_text("6 von 12 Kommunen, aus mindestens 3 Ländern (bisher 2)").wait_for()
    look_over(page, "weg-anliegen")
    page.get_by_role("link", name="Mitzeichnen").click()
    look_over(page, "mitzeichnung")
    page.get_by_role("button", name="Für Kranichsee mitzeichnen").click()
    page.get_by_text("Kranichsee zeichnet dieses Anliegen jetzt mit.").wait_for()
    page.get_by_text("7 von 12 Kommunen").wait_for()
    page.get_by_role("button", name="Zurückziehen").click()
    page.get_by_text("6 von 12 Kommunen").wait_for()
    page.get_by_label("Name").fill("Ahornau")
    page.get_by_role("button", name="Anzeigen").click()
    assert page.locator("tbody tr").count() == 1


def test_the_ministry_takes_it_on_and_hands_it_over(
    look: Eye, concern: Concern, interior: Organisation, maria: User
) -> None:
    OrganisationFactory(region=None, kind="ministerium", name="Bundesministerium der Muster")
    Terms.objects.update(quorum_municipalities=7, quorum_laender=2)
    mandate = maria.mandates.get(organisation__name="Lindenfurt")
    services.sign_concern(actor=maria, mandate=mandate, concern=concern)
    ines = second_factor(
        MandateFactory(
            user__name="Dr. Ines Amt",
            organisation=interior,
            office=Office.LEADERSHIP,
            title="Abteilung B",
            may_release=True,
        ).user
    )
    MandateFactory(user__name="Tim Thoma", organisation=interior, office=Office.DESK, title="B 2")
    services.close_concern(
        actor=maria, concern=concern, reason="Alle haben gestimmt.", mandate=mandate
    )
    owner = sign_in(look(), maria)
    owner.goto(concern.get_absolute_url())
    look_over(owner, "weg-quorum")
    SealedPosition.objects.create(concern=concern, number=1, document={}, hash="0" * 64)
    assert services.send_if_ready(concern=concern)
    page = sign_in(look(), ines)
    page.goto("/")
    page.get_by_role("link", name="Übernehmen oder zuweisen").click()
    look_over(page, "weg-person")
    page.get_by_label("Tim Thoma, Referat, B 2").check()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Zuständig ist jetzt: Tim Thoma.").wait_for()
    look_over(page, "weg-gesendet")
    page.get_by_role("link", name="An ein anderes Ministerium abgeben").click()
    page.get_by_role("button", name="Abgeben").click()
    look_over(page, "weg-abgeben")
    page.get_by_label("Zuständiges Ministerium").select_option(label="Bundesministerium der Muster")
    page.get_by_label("Begründung").fill("Es geht um Muster.")
    page.get_by_role("button", name="Abgeben").click()
    page.get_by_text("Beide Häuser erfahren davon.").wait_for()


def test_the_operator_keeps_the_terms(look: Eye, interior: Organisation) -> None:
    Responsibility.objects.create(topic=Topic.SECURITY, ministry=interior)
    page = sign_in(look(), second_factor(UserFactory(name="Olga", is_operator=True)))
    page.goto("/betrieb/regeln/")
    page.get_by_label("Kommunen, die mitzeichnen").fill("0")
    page.get_by_role("button", name="Speichern").click()
    look_over(page, "regeln-fehler")
    page.get_by_label("Kommunen, die mitzeichnen").fill("60")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Gespeichert. Die Regeln gelten ab jetzt.").wait_for()
    look_over(page, "regeln")
    assert Terms.objects.get().quorum_municipalities == 60


def test_two_concerns_become_one_and_one_ends(look: Eye, concern: Concern, maria: User) -> None:
    other = ConcernFactory(
        question="Was tut der Bund gegen Drohungen im Ehrenamt?",
        owner=MunicipalityFactory(name="Falkenbrück"),
    )
    statement = concern.statements.first()
    for participant in ParticipantFactory.create_batch(3, concern=concern):
        VoteFactory(statement=statement, participant=participant)
    page = sign_in(look(), maria)
    page.goto(f"/forum/{concern.slug}/zusammenfuehren/")
    page.get_by_role("button", name="Zusammenführen").click()
    look_over(page, "zusammenfuehren")
    page.get_by_label(other.question).check()
    page.get_by_label("Warum gehören").fill("Beide fragen nach dem Schutz im Ehrenamt.")
    page.get_by_role("button", name="Zusammenführen").click()
    page.get_by_text("Zusammengeführt.").wait_for()
    page.goto(concern.get_absolute_url())
    page.get_by_role("link", name=other.question).wait_for()
    look_over(page, "zusammengefuehrt")
    Concern.objects.filter(pk=other.pk).update(
        state=ConcernState.ANSWERED,
        owner=concern.owner,
        sent_at=timezone.now() - timedelta(weeks=7),
        answered_at=timezone.now(),
    )
    page.goto(f"/forum/{other.slug}/abschliessen/")
    look_over(page, "abschliessen")
    page.get_by_label("Warum ist das Anliegen").fill("Die Antwort genügt uns.")
    page.get_by_role("button", name="Anliegen abschließen").click()
    page.get_by_text("Das Anliegen ist abgeschlossen.").wait_for()
