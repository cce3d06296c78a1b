"""The federal answer: drafted on a desk, read and judged on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from allmende.forum.models import Commitment, Concern, SealedPosition
from tests.factories import (
    CommitmentFactory,
    MandateFactory,
    MinistryFactory,
    MunicipalityFactory,
    ParticipantFactory,
    SealedPositionFactory,
    SealedSectionFactory,
    SectionAnswerFactory,
    SentConcernFactory,
    StatementFactory,
    VoteFactory,
    second_factor,
)

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)

SECTIONS = (
    (
        "Schulungen für Menschen im Amt",
        "Der Bund bezahlt Schulungen zum Umgang mit Drohungen für alle, die ein kommunales Amt haben.",
    ),
    (
        "Eine Meldestelle für alle Länder",
        "Der Bund richtet mit den Ländern eine Meldestelle ein, die rund um die Uhr erreichbar ist.",
    ),
    (
        "Auskunftssperren ohne Antrag",
        "Wer ein kommunales Amt antritt, erhält ohne Antrag eine Auskunftssperre im Melderegister.",
    ),
)


@pytest.fixture
def position() -> SealedPosition:
    ministry = MinistryFactory(name="Bundesministerium des Innern (Beispiel)", is_example=True)
    concern = SentConcernFactory(
        question="Wie schützt der Bund Menschen im kommunalen Amt?",
        slug="menschen-im-amt",
        owner=MunicipalityFactory(name="Lindenfurt", invented=True),
        ministry=ministry,
        is_example=True,
    )
    position: SealedPosition = SealedPositionFactory(concern=concern)
    for number, (title, text) in enumerate(SECTIONS, start=1):
        SealedSectionFactory(position=position, number=number, title=title, text=text)
    return position


def looks_right(page: Page, name: str) -> None:
    """In all four ways; keeps the first and the last picture."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        if way in {"phone-light", "desk-light", "desk-dark"}:
            take(page, f"{name}-{way}")


def test_a_ministry_answers(look: Eye, position: SealedPosition) -> None:
    ministry = position.concern.ministry
    head = MandateFactory(
        organisation=ministry, office="desk", may_release=True, user__name="Hedwig Hahn"
    ).user
    page = sign_in(look(), second_factor(head))
    page.goto("/forum/menschen-im-amt/antwort/")
    page.get_by_role("heading", name="Noch 3 Abschnitte offen").wait_for()
    looks_right(page, "antwort-entwurf")
    page.get_by_role("link", name="Nächsten Abschnitt beantworten").click()
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_role("alert").wait_for()
    looks_right(page, "antwort-fehler")
    page.get_by_label("Wird teilweise aufgegriffen").check()
    page.get_by_label("Begründung").fill(
        "Der Haushalt 2027 enthält Mittel für die Hälfte der Schulungen. Über den Rest entscheidet der "
        "Bundestag im Herbst."
    )
    looks_right(page, "antwort-abschnitt")
    page.get_by_role("button", name="Speichern und etwas zusagen").click()
    day = timezone.localdate()
    page.get_by_label("Was zugesagt wird").fill("Der Bund bezahlt 2.000 Schulungen im Jahr")
    page.get_by_label("Wer es macht").fill("Referat H III 2")
    page.get_by_label("Bis wann", exact=True).fill((day + timedelta(days=200)).isoformat())
    page.get_by_label("Woran man erkennt").fill("Die Förderrichtlinie steht im Bundesanzeiger")
    page.get_by_text("Etappen auf dem Weg dorthin").click()
    page.get_by_label("Etappe 1 – optional").fill("Entwurf der Richtlinie")
    page.get_by_label("Etappe 1: bis wann").fill((day + timedelta(days=60)).isoformat())
    looks_right(page, "zusage-schreiben")
    page.get_by_role("button", name="Zusage speichern").click()
    page.get_by_role("heading", name="Zusagen zu diesem Abschnitt").wait_for()
    page.get_by_role("link", name="Nächster Abschnitt").click()
    page.get_by_label("Wird aufgegriffen", exact=True).check()
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_label("Eine andere Ebene ist zuständig").check()
    page.get_by_label("Begründung").fill("Das Melderecht vollziehen die Länder.")
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_role("link", name="Kurzfassung schreiben").click()
    page.get_by_label("Die Antwort in drei Sätzen").fill(
        "Der Bund bezahlt Schulungen und richtet die Meldestelle ein. Auskunftssperren regeln die Länder."
    )
    looks_right(page, "antwort-kurzfassung")
    page.get_by_role("button", name="Kurzfassung speichern").click()
    page.get_by_role("link", name="Ansehen und veröffentlichen").click()
    looks_right(page, "antwort-veroeffentlichen")
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    page.get_by_role("heading", name="Antwort des Bundes").wait_for()
    assert Concern.objects.get().state == "pursued"

    public = look("/forum/menschen-im-amt/antwort/")
    looks_right(public, "antwort")
    public.goto("/forum/menschen-im-amt/")
    looks_right(public, "anliegen-beantwortet")


@pytest.fixture
def commitment(position: SealedPosition) -> Commitment:
    """Overdue, with milestones and a report; and one that is kept as the ministry sees it."""
    concern = position.concern
    now = timezone.now()
    Concern.objects.update(
        state="pursued",
        sent_at=now - timedelta(days=200),
        answer_due=now - timedelta(days=144),
        answered_at=now - timedelta(days=150),
    )
    concern.refresh_from_db()
    day = timezone.localdate()
    given = SectionAnswerFactory(
        answer__position=position,
        answer__published_at=concern.answered_at,
        answer__summary="Der Bund bezahlt Schulungen und richtet die Meldestelle ein.",
        section=position.sections.get(number=1),
    )
    commitment: Commitment = CommitmentFactory(
        answer=given,
        what="Der Bund bezahlt 2.000 Schulungen im Jahr",
        due_on=day - timedelta(days=12),
        sign="Die Förderrichtlinie steht im Bundesanzeiger",
    )
    commitment.milestones.create(
        title="Entwurf der Richtlinie",
        due_on=day - timedelta(days=90),
        reached_on=day - timedelta(days=85),
    )
    commitment.milestones.create(title="Anhörung der Länder", due_on=day - timedelta(days=30))
    commitment.postponements.create(
        before=day - timedelta(days=60),
        after=day - timedelta(days=12),
        reason="Der Haushalt wurde später beschlossen.",
    )
    CommitmentFactory(
        answer=given,
        what="Das Ministerium beruft eine Arbeitsgruppe mit den kommunalen Verbänden ein",
        due_on=day + timedelta(days=40),
    )
    return commitment


def test_both_sides_say_what_became_of_it(look: Eye, commitment: Commitment) -> None:
    concern = commitment.concern
    assert concern is not None
    desk = MandateFactory(
        organisation=commitment.organisation, office="desk", may_release=True
    ).user
    page = sign_in(look(), second_factor(desk))
    page.goto("/zusagen/")
    looks_right(page, "zusagen")
    page.get_by_role("link", name=commitment.what).click()
    page.get_by_role("link", name="Bericht schreiben").click()
    looks_right(page, "zusage-bericht")
    page.get_by_label("Was seit dem letzten Bericht geschehen ist").fill(
        "Der Entwurf der Richtlinie liegt den Ländern vor. Drei haben schon zugestimmt."
    )
    page.get_by_label("Nachweis im Netz").fill("https://www.bund.example/richtlinie")
    page.get_by_role("button", name="Bericht veröffentlichen").click()
    looks_right(page, "zusage-ministerium")
    page.get_by_role("link", name="Anderen Tag setzen").click()
    looks_right(page, "zusage-frist")
    page.get_by_role("link", name="Abbrechen").click()
    page.get_by_role("link", name="Ergebnis feststellen").click()
    looks_right(page, "zusage-ergebnis")
    page.get_by_label("Eingehalten", exact=True).check()
    page.get_by_label("Erläuterung").fill("Die Richtlinie ist in Kraft, die Mittel sind abrufbar.")
    page.get_by_role("button", name="Ergebnis veröffentlichen").click()
    page.get_by_text("Das Ergebnis ist veröffentlicht.").wait_for()

    for number, outcome in enumerate(["kept"] * 4 + ["partly"] * 3 + ["not_kept"] * 9):
        other = MandateFactory(region__invented=True, region__name=f"Kranichsee {number}")
        commitment.verdicts.create(
            organisation=other.organisation,
            outcome=outcome,
            text="Bei uns kam nichts an." if number == 12 else "",
        )
    maria = MandateFactory(region__name="Ahornbach", region__invented=True).user
    participant = ParticipantFactory(concern=concern, region=maria.mandates.get().region)
    VoteFactory(statement=StatementFactory(concern=concern), participant=participant)
    phone = sign_in(look(width=360), maria)
    phone.goto("/")
    phone.get_by_role("link", name="Wurde die Zusage eingehalten?").click()
    looks_right(phone, "zusage-bewerten")
    phone.get_by_label("Nicht eingehalten").check()
    phone.get_by_label("Warum").fill("Unsere Anträge sind seit Monaten unbeantwortet.")
    phone.get_by_role("button", name="Bewertung abgeben").click()
    phone.get_by_text("13 von 17 Kommunen sehen das anders.").wait_for()
    looks_right(phone, "zusage")
    phone.get_by_role("link", name="Alle 17 Bewertungen ansehen").click()
    looks_right(phone, "bewertungen")

    SentConcernFactory(
        question="Wer bezahlt die Wärmeplanung kleiner Gemeinden?",
        ministry=commitment.organisation,
        is_example=True,
        answer_due=timezone.now() - timedelta(days=9),
    )
    public = look("/zusagen/ministerien/")
    looks_right(public, "ministerien")
    Concern.objects.filter(state="sent").update(slug="waermeplanung")
    public.goto("/forum/waermeplanung/")
    looks_right(public, "anliegen-ueberfaellig")
    public.goto("/forum/waermeplanung/antwort/")
    looks_right(public, "antwort-ueberfaellig")
