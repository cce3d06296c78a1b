"""The whole way of a concern: six people in six organisations, from the question to the kept promise.

Everything that moves the concern is done in the browser. Only people and mandates are there before,
a worker computes the result, and the calendar is turned once: until the commitment is overdue.
"""

import os
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.forum.models import Commitment, Concern
from allmende.registry.models import Level, Mandate, Office, Topic
from tests.factories import (
    AgentFactory,
    MandateFactory,
    MinistryFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ProxyFactory,
    UserFactory,
    second_factor,
)
from tests.worker import work

from .conftest import Eye, assert_accessible, assert_fits, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "Wie schützt der Bund Menschen, die in Gemeinden ein Amt ausüben?"
STATEMENTS = (
    "Der Bund soll Schulungen zum Umgang mit Drohungen bezahlen.",
    "Wer bedroht wird, soll eine feste Ansprechperson bei der Polizei bekommen.",
)
PROMISE = "Der Bund bezahlt 2.000 Schulungen im Jahr"


@dataclass(frozen=True)
class Cast:
    """Everybody's window, all of one width."""

    maria: Page  # mayor of Lindenfurt in Bayern: raises the concern and writes the position
    jens: Page  # mayor of Falkenbrück in Sachsen: endorses
    kira: Page  # mayor of Kranichsee in Hessen: dissents
    jule: Page  # Landkreis Ahornkreis: answers for three of its municipalities
    hanna: Page  # an association: writes the position, too
    ines: Page  # the ministry: answers, promises, reports
    olga: Page  # runs the installation
    public: Page
    width: int

    def show(self, page: Page, name: str, *, heading: str = "") -> None:
        """A stop on the way: accessible, not too wide, with a picture for the guide.

        On a phone of the whole page, on a desk of what one sees first, or below a heading.
        """
        assert_accessible(page)
        for width in (1280, self.width):
            page.set_viewport_size({"width": width, "height": 800})
            assert_fits(page)
        if heading:
            found = page.get_by_role("heading", name=heading)
            found.evaluate("heading => heading.scrollIntoView({behavior: 'instant'})")
        take(page, f"weg-{name}-{self.width}", whole=self.width < 500)


def mayor(name: str, place: str, land: str) -> User:
    mandate = MandateFactory(
        user__name=name,
        region__name=place,
        region__ars=f"{land}5720{len(place):07d}",
        region__invented=True,
        office=Office.MAYOR,
        may_release=True,
    )
    return second_factor(mandate.user)


def official() -> Mandate:
    ministry = MinistryFactory(name="Bundesministerium für Beispiele", is_example=True)
    return MandateFactory(
        user__name="Dr. Ines Amt",
        organisation=ministry,
        office=Office.LEADERSHIP,
        title="Abteilung B",
        may_release=True,
    )


def agent() -> User:
    """Speaks for a Landkreis to which three municipalities gave power in this field."""
    kreis = AgentFactory(region__name="Landkreis Ahornkreis", region__invented=True)
    for name in ("Ahornau", "Birkenfeld", "Dornheim"):
        member = OrganisationFactory(region__name=name, region__invented=True)
        ProxyFactory(member=member, agent=kreis, topic=Topic.SECURITY)
    mandate: Mandate = MandateFactory(user__name="Jule Ahorn", organisation=kreis)
    return mandate.user


# Both for the pictures of the guide; one way of two minutes is enough otherwise, for ``show`` looks at both widths.
@pytest.fixture(params=[360, 1280] if os.environ.get("ALLMENDE_SCREENSHOTS") else [360])
def cast(request: pytest.FixtureRequest, look: Eye) -> Cast:
    width: int = request.param
    for key, name in (("06", "Hessen"), ("09", "Bayern"), ("14", "Sachsen")):
        MunicipalityFactory(level=Level.LAND, ars=key, land=key, ags="", name=name, size_class=None)
    association = OrganisationFactory(
        region=None, kind="spitzenverband", name="Deutscher Dorfverband", is_example=True
    )
    hanna = MandateFactory(user__name="Hanna Heller", organisation=association, office="board").user

    def window(user: User) -> Page:
        return sign_in(look(width=width), user)

    return Cast(
        maria=window(mayor("Maria Lindner", "Lindenfurt", "09")),
        jens=window(mayor("Jens Falk", "Falkenbrück", "14")),
        kira=window(mayor("Kira Kranz", "Kranichsee", "06")),
        jule=window(agent()),
        hanna=window(hanna),
        ines=window(second_factor(official().user)),
        olga=window(second_factor(UserFactory(name="Olga Ober", is_operator=True))),
        public=look(width=width),
        width=width,
    )


def test_the_whole_way(cast: Cast) -> None:
    """The line at the top of the concern has passed all its stops in the end."""
    agree_on_rules(cast)
    raise_a_concern(cast)
    concern = Concern.objects.get()
    here = concern.get_absolute_url()
    vote(cast, here)
    co_sign_to_the_quorum(cast, here)
    end_the_voting(cast, here)
    write_and_seal_the_position(cast, here)
    endorse_and_dissent(cast)
    answer(cast)
    let_it_become_overdue()
    pursue(cast)
    close(cast, here)


def agree_on_rules(cast: Cast) -> None:
    """Three municipalities of two Länder shall be enough here; who answers is known beforehand."""
    page = cast.olga
    page.goto("/betrieb/regeln/")
    page.get_by_label("Kommunen, die mitzeichnen").fill("3")
    page.get_by_label("Länder").fill("2")
    page.get_by_label("Sicherheit und Bevölkerungsschutz").select_option(
        label="Bundesministerium für Beispiele"
    )
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Gespeichert. Die Regeln gelten ab jetzt.").wait_for()


def raise_a_concern(cast: Cast) -> None:
    page = cast.maria
    page.goto("/forum/")
    page.get_by_role("link", name="Anliegen einbringen").click()
    page.get_by_label("Ihre Frage").fill(QUESTION)
    page.get_by_label("Themenfeld").select_option(label="Sicherheit und Bevölkerungsschutz")
    page.get_by_label("Hintergrund").fill(
        "In unserem Rat ist jeder dritte Platz leer, weil sich niemand mehr traut."
    )
    cast.show(page, "einbringen")
    page.get_by_role("button", name="Entwurf speichern").click()
    for text in STATEMENTS:
        page.get_by_role("link", name="Aussage hinzufügen").click()
        page.get_by_label("Ihre Aussage").fill(text)
        page.get_by_role("button", name="Hinzufügen").click()
        page.get_by_role("link", name="Anliegen", exact=True).click()
    page.get_by_role("button", name="Jetzt öffnen").click()
    page.get_by_text("Das Anliegen ist offen.").wait_for()


def vote(cast: Cast, here: str) -> None:
    for page in (cast.maria, cast.jens, cast.kira):
        page.goto(here)
        page.get_by_role("link", name="Abstimmen: noch 2").click()
        if page is cast.jens:
            cast.show(page, "abstimmen")
        for left in ("noch 1 Aussage", "Geschafft."):
            page.get_by_role("button", name="Stimme zu").click()
            page.get_by_text(left).wait_for()
    page = cast.jule
    page.goto(here)
    page.get_by_role("link", name="Für Mitglieder antworten").click()
    page.get_by_role("link", name="Für alle zusammen antworten").click()
    for _ in STATEMENTS:
        page.get_by_role("button", name="Stimme zu").click()
        page.get_by_text("Für 3 Kommunen gespeichert.").wait_for()


def co_sign_to_the_quorum(cast: Cast, here: str) -> None:
    for page, place in (
        (cast.maria, "Lindenfurt"),
        (cast.jens, "Falkenbrück"),
        (cast.kira, "Kranichsee"),
    ):
        page.goto(here)
        page.get_by_role("link", name="Mitzeichnen").click()
        if page is cast.kira:
            cast.show(page, "mitzeichnen")
        page.get_by_role("button", name=f"Für {place} mitzeichnen").click()
        page.get_by_text(f"{place} zeichnet dieses Anliegen jetzt mit.").wait_for()
    cast.public.goto(f"{here}mitzeichnung/")
    expect(cast.public.locator("tbody tr")).to_have_count(3)


def end_the_voting(cast: Cast, here: str) -> None:
    page = cast.maria
    page.goto(here)
    page.get_by_role("link", name="Abstimmung vorzeitig beenden").click()
    page.get_by_label("Warum beenden Sie").fill("Alle haben abgestimmt.")
    page.get_by_role("button", name="Abstimmung beenden").click()
    work()
    cast.public.goto(f"{here}ergebnis/")
    cast.show(cast.public, "ergebnis")


def write_and_seal_the_position(cast: Cast, here: str) -> None:
    page = cast.maria
    page.goto("/")
    page.get_by_role("link", name="Gemeinsame Position schreiben").click()
    page.get_by_role("button", name="Entwurf aus dem Ergebnis anlegen").click()
    page.get_by_text("2 Abschnitte sind angelegt").wait_for()
    page.get_by_role("link", name="Berichterstattung ändern").click()
    page.get_by_label("Name der Organisation").fill("dorfverband")
    page.get_by_role("main").get_by_role("button", name="Suchen").click()
    page.get_by_role("button", name="Aufnehmen „Deutscher Dorfverband").click()
    page.get_by_text("Deutscher Dorfverband schreibt jetzt mit.").wait_for()

    partner = cast.hanna
    partner.goto("/")
    partner.get_by_role("link", name="Gemeinsame Position schreiben").click()
    partner.get_by_role("link", name="Bearbeiten „Der Bund soll Schulungen").click()
    partner.get_by_label("Text").fill(
        "Der Bund soll Schulungen zum Umgang mit Drohungen bezahlen, auch für ehrenamtliche Räte."
    )
    partner.get_by_label("Was Sie geändert haben und warum").fill("Wer gemeint ist")
    partner.get_by_role("button", name="Speichern").click()
    partner.get_by_text("Gespeichert.").wait_for()
    cast.show(partner, "entwurf")

    page.goto(f"{here}position/entwurf/")
    page.get_by_role("link", name="Lesen und versiegeln").click()
    page.get_by_label("Ich habe alle Abschnitte so gelesen").check()
    page.get_by_role("button", name="Versiegeln").click()
    page.get_by_text("Fassung 1 ist versiegelt und liegt jetzt beim Ministerium.").wait_for()
    cast.public.goto(here)
    cast.public.get_by_text("Antwort bis").wait_for()
    cast.show(cast.public, "gesendet")


def endorse_and_dissent(cast: Cast) -> None:
    task = "Position liegt vor: mittragen oder Sondervotum"
    cast.jens.goto("/")
    cast.jens.get_by_role("link", name=task).click()
    cast.jens.get_by_label("Wir tragen das mit").check()
    cast.jens.get_by_role("button", name="Verbindlich sagen").click()
    cast.jens.get_by_text("Gespeichert: Falkenbrück trägt das mit.").wait_for()

    page = cast.kira
    page.goto("/")
    page.get_by_role("link", name=task).click()
    page.get_by_role("link", name="Dazu etwas sagen „2.").click()
    page.get_by_label("Wir tragen das nicht mit: Sondervotum").check()
    page.get_by_label("Begründung").fill("Das regeln bei uns die Länder, und das soll so bleiben.")
    cast.show(page, "mittragen")
    page.get_by_role("button", name="Verbindlich sagen").click()
    page.get_by_text("Das Sondervotum von Kranichsee").wait_for()
    public = cast.public
    public.get_by_role("link", name="Position lesen").click()
    public.get_by_text("Das regeln bei uns die Länder").wait_for()
    cast.show(public, "position")


def answer(cast: Cast) -> None:
    page = cast.ines
    page.goto("/")
    page.get_by_role("link", name="Übernehmen oder zuweisen").click()
    page.get_by_label("Ich selbst: Dr. Ines Amt").check()
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Zuständig ist jetzt: Dr. Ines Amt.").wait_for()

    page.goto("/")
    page.get_by_role("link", name="Antwort schreiben").first.click()
    page.get_by_role("link", name="Nächsten Abschnitt beantworten").click()
    page.get_by_label("Wird teilweise aufgegriffen").check()
    page.get_by_label("Begründung").fill("Der Haushalt enthält Mittel für die Hälfte.")
    cast.show(page, "antworten")
    page.get_by_role("button", name="Speichern und etwas zusagen").click()
    page.get_by_label("Was zugesagt wird").fill(PROMISE)
    page.get_by_label("Wer es macht").fill("Referat B 2")
    until = timezone.localdate() + timedelta(days=200)
    page.get_by_label("Bis wann", exact=True).fill(until.isoformat())
    page.get_by_label("Woran man erkennt").fill("Die Förderrichtlinie steht im Bundesanzeiger")
    page.get_by_role("button", name="Zusage speichern").click()
    page.get_by_role("link", name="Nächster Abschnitt").click()
    page.get_by_label("Eine andere Ebene ist zuständig").check()
    page.get_by_label("Begründung").fill("Die Polizei ist Sache der Länder.")
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_role("link", name="Kurzfassung schreiben").click()
    page.get_by_label("Die Antwort in drei Sätzen").fill(
        "Der Bund bezahlt Schulungen, zunächst für die Hälfte. Ansprechpersonen regeln die Länder."
    )
    page.get_by_role("button", name="Kurzfassung speichern").click()
    page.get_by_role("link", name="Ansehen und veröffentlichen").click()
    page.get_by_role("button", name="Jetzt veröffentlichen").click()
    page.get_by_role("heading", name="Antwort des Bundes").wait_for()
    cast.show(page, "antwort")


def let_it_become_overdue() -> None:
    """Until its day has passed; everything else stays as it is."""
    Commitment.objects.update(due_on=timezone.localdate() - timedelta(days=3))


def pursue(cast: Cast) -> None:
    public = cast.public
    public.goto("/zusagen/")
    public.get_by_role("link", name=PROMISE).click()
    expect(public.get_by_text("Überfällig", exact=False).first).to_be_visible()
    cast.show(public, "ueberfaellig")

    page = cast.ines
    page.goto("/")
    page.get_by_role("link", name=f"Überfällig: {PROMISE}").click()
    page.get_by_role("link", name="Bericht schreiben").click()
    page.get_by_label("Was seit dem letzten Bericht geschehen ist").fill(
        "Die Richtlinie ist veröffentlicht, 1.100 Plätze sind vergeben."
    )
    page.get_by_label("Nachweis im Netz").fill("https://www.bund.example/richtlinie")
    page.get_by_role("button", name="Bericht veröffentlichen").click()
    page.get_by_role("link", name="Ergebnis feststellen").click()
    page.get_by_label("Eingehalten", exact=True).check()
    page.get_by_label("Erläuterung").fill("Alle 2.000 Plätze sind bezahlt und ausgeschrieben.")
    page.get_by_role("button", name="Ergebnis veröffentlichen").click()
    page.get_by_text("Das Ergebnis ist veröffentlicht.").wait_for()

    for voter, outcome, why in (
        (cast.jens, "Eingehalten", ""),
        (cast.maria, "Teilweise eingehalten", "Bei uns kamen zwei Plätze an, nicht vier."),
    ):
        voter.goto("/")
        voter.get_by_role("link", name="Wurde die Zusage eingehalten?").click()
        voter.get_by_label(outcome, exact=True).check()
        voter.get_by_label("Warum").fill(why)
        voter.get_by_role("button", name="Bewertung abgeben").click()
        voter.get_by_text(re.compile("Ihre Bewertung für")).wait_for()
    public.reload()
    public.get_by_text("1 von 2 Kommunen sieht das anders.").wait_for()
    cast.show(public, "eingehalten", heading="Wurde es eingehalten?")


def close(cast: Cast, here: str) -> None:
    page = cast.maria
    page.goto("/")
    page.get_by_role("link", name="Anliegen abschließen").click()
    page.get_by_role("link", name="Anliegen abschließen").click()
    page.get_by_label("Warum ist das Anliegen").fill("Die Zusage ist eingehalten.")
    page.get_by_role("button", name="Anliegen abschließen").click()
    page.get_by_text("Das Anliegen ist abgeschlossen.").wait_for()
    cast.public.goto(here)
    stops = cast.public.get_by_role("list", name="Der Weg des Anliegens").locator("li")
    assert [stop.split("\n")[0] for stop in stops.all_inner_texts()] == [
        "Entwurf",
        "Aussagen und Stimmen",
        "Gemeinsame Position",
        "Beim Ministerium",
        "Antwort",
        "Zusagen",
        "Abschluss",
    ]
    cast.show(cast.public, "abgeschlossen")
