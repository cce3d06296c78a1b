"""From the result to a sealed position that municipalities endorse, as rapporteurs and the public see it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from allmende.accounts.models import User
from allmende.forum import queries, services
from allmende.forum.models import Concern, ConcernState, Section, Voices, WordKind
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)
STATEMENTS = (
    "Der Bund soll eine zentrale Stelle einrichten, an die sich bedrohte Amtsträger rund um die Uhr wenden können.",
    "Der Bund soll Schulungen für Ratsmitglieder bezahlen.",
    "Wer Menschen im Amt bedroht, soll binnen drei Monaten vor Gericht stehen.",
)


def make_concern() -> tuple[Concern, User, list[User]]:
    """A concern whose voting has ended with three statements that unite; its owner, and four that voted."""
    owner = MandateFactory(region__name="Lindenfurt", user__name="Maria Muster").user
    concern = ConcernFactory(
        owner=owner.mandates.get().region,
        slug="schutz",
        question="Wie schützt der Bund Menschen, die ein kommunales Amt ausüben?",
        state=ConcernState.POSITION,
        deadline=timezone.now() - timedelta(days=1),
    )
    names = ("Ahornstadt", "Kranichsee", "Birkenau", "Weidenthal")
    voters = [MandateFactory(region__name=name).user for name in names]
    regions = [user.mandates.get().region for user in (owner, *voters)]
    participants = [ParticipantFactory(concern=concern, region=region) for region in regions]
    participants += ParticipantFactory.create_batch(35, concern=concern)
    MunicipalityFactory.create_batch(60)  # and as many that took no part
    for seldom, text in enumerate(STATEMENTS, start=6):
        statement = StatementFactory(concern=concern, text=text)
        for number, participant in enumerate(participants):
            stand = -1 if number % seldom == seldom - 1 else 1
            VoteFactory(statement=statement, participant=participant, stand=stand)
    services.compute_now(concern=concern, voices=Voices.OFFICIAL)
    return concern, owner, voters


def check(page: Page, name: str) -> None:
    """The page is right in all four ways; keeps a picture of each."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"{name}-{way}")


def test_rapporteurs_write_and_seal(look: Eye) -> None:
    _, maria, _ = make_concern()
    page = sign_in(look(), maria)
    page.goto("/forum/schutz/")
    check(page, "position-concern")
    page.get_by_role("link", name="Position schreiben").click()
    page.get_by_role("button", name="Entwurf aus dem Ergebnis anlegen").click()
    page.get_by_text("3 Abschnitte sind angelegt").wait_for()
    check(page, "position-draft")

    page.get_by_role("link", name="Bearbeiten „Wer Menschen im Amt bedroht").click()
    page.get_by_label("Überschrift").fill("Strafen, die schnell folgen")
    page.get_by_label("Text").fill(
        "Wer Menschen im Amt bedroht, soll binnen sechs Monaten vor Gericht stehen.\n\n"
        "Dafür braucht es Staatsanwaltschaften, die darauf spezialisiert sind."
    )
    page.get_by_label("Was Sie geändert haben und warum").fill("Frist wie im Ergebnis der Anhörung")
    check(page, "position-edit")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Gespeichert.").wait_for()

    page.get_by_role("link", name="Verlauf: 2 Versionen").click()
    assert page.locator("ins").filter(has_text="sechs").count() == 1
    check(page, "position-versions")

    page.goto("/forum/schutz/position/entwurf/")
    page.get_by_role("button", name="Nach oben „Strafen, die schnell folgen").click()
    page.get_by_role("button", name="Entfernen „Der Bund soll Schulungen").click()
    page.get_by_text("Der Abschnitt ist entfernt.").wait_for()
    page.get_by_text("Ein entfernter Abschnitt").click()
    assert_accessible(page)
    page.get_by_role("button", name="Zurückholen „Der Bund soll Schulungen").click()
    page.get_by_text("Der Abschnitt steht wieder im Entwurf.").wait_for()

    page.goto("/forum/schutz/position/berichterstattung/")
    OrganisationFactory(region=None, kind="spitzenverband", name="Deutscher Dorfverband")
    page.get_by_label("Name der Organisation").fill("dorfverb")
    page.get_by_role("main").get_by_role("button", name="Suchen").click()
    page.get_by_role("button", name="Aufnehmen „Deutscher Dorfverband").click()
    page.get_by_text("Deutscher Dorfverband schreibt jetzt mit.").wait_for()
    check(page, "position-rapporteurs")

    page.goto("/forum/schutz/position/entwurf/")
    page.get_by_role("link", name="Lesen und versiegeln").click()
    page.get_by_role("button", name="Versiegeln").click()
    page.get_by_role("alert").wait_for()
    check(page, "position-seal")
    page.get_by_label("Ich habe alle Abschnitte so gelesen").check()
    page.get_by_role("button", name="Versiegeln").click()
    page.get_by_text("Fassung 1 ist versiegelt.").wait_for()


def test_somebody_was_quicker(look: Eye) -> None:
    concern, maria, _ = make_concern()
    mandate = maria.mandates.get()
    services.draft_sections(actor=maria, mandate=mandate, concern=concern)
    section = Section.objects.first()
    assert section is not None
    page = sign_in(look(), maria)
    page.goto(f"/forum/schutz/position/abschnitte/{section.pk}/")
    services.write_section(
        actor=maria,
        mandate=mandate,
        section=section,
        seen=1,
        title="Eine Stelle für alle",
        text="Der Bund soll eine zentrale Stelle einrichten, die Tag und Nacht erreichbar ist.",
        note="Kürzer",
    )
    page.get_by_label("Text").fill("Der Bund soll in jedem Land eine Stelle einrichten.")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("So steht es jetzt im Entwurf (Version 2)").wait_for()
    check(page, "position-overtaken")


def test_municipalities_endorse_and_dissent(look: Eye) -> None:
    concern, maria, voters = make_concern()
    mandate = maria.mandates.get()
    services.draft_sections(actor=maria, mandate=mandate, concern=concern)
    position = services.seal_position(
        actor=maria,
        mandate=mandate,
        concern=concern,
        seen=queries.edition_of(queries.draft_rows(concern)),
    )
    anna, kurt, *others = voters
    for user in others:
        services.give_word(
            actor=user,
            mandate=user.mandates.get(),
            position=position,
            section=None,
            kind=WordKind.ENDORSEMENT,
        )
    services.give_word(
        actor=kurt,
        mandate=kurt.mandates.get(),
        position=position,
        section=None,
        kind=WordKind.DISSENT,
        text="Der Bund ist dafür nicht zuständig. Wir wollen, dass die Länder das regeln.",
    )
    page = sign_in(look(), anna)
    page.goto("/")
    page.get_by_role("link", name="Position liegt vor: mittragen oder Sondervotum").click()
    page.get_by_label("Wir tragen das mit").check()
    page.get_by_role("button", name="Verbindlich sagen").click()
    page.get_by_text("Gespeichert: Ahornstadt trägt das mit.").wait_for()
    page.get_by_role("link", name="Dazu etwas sagen „3.").click()
    page.get_by_label("Wir tragen das nicht mit: Sondervotum").check()
    page.get_by_role("button", name="Verbindlich sagen").click()
    page.get_by_role("link", name="Begründung: Ein Sondervotum braucht eine Begründung").wait_for()
    check(page, "position-word")
    page.get_by_label("Begründung").fill("Die Gerichte sind dafür zu schlecht besetzt.")
    page.get_by_role("button", name="Verbindlich sagen").click()
    page.get_by_text("Das Sondervotum von Ahornstadt").wait_for()
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="light")
    take(page, "position-said-phone-light")

    public = look("/forum/schutz/position/")
    public.get_by_text("Die Gerichte sind dafür zu schlecht besetzt.").wait_for()
    check(public, "position-edition")
    public.get_by_role("link", name="Wer sie mitträgt", exact=True).click()
    check(public, "position-words")
    with public.expect_download() as download:
        public.get_by_role("link", name="Liste als CSV").click()
    assert download.value.suggested_filename == "schutz-fassung-1.csv"
    public.goto("/forum/schutz/position/")
    for name in ("PDF, barrierefrei", "Word (DOCX)", "JSON"):
        with public.expect_download() as download:
            public.get_by_role("link", name=name, exact=True).click()
        assert download.value.path().stat().st_size > 1_000


def test_before_there_is_anything_the_pages_say_what_comes(look: Eye) -> None:
    _, _, voters = make_concern()
    page = look("/forum/schutz/position/")
    page.get_by_text("Noch steht hier nichts.").wait_for()
    check(page, "position-empty")
    page = sign_in(look("/forum/schutz/position/"), voters[0])
    page.goto("/forum/schutz/position/mittragen/")
    page.get_by_text("Noch ist keine Fassung der Position versiegelt.").wait_for()
    assert_accessible(page)
