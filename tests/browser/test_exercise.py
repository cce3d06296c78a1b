"""The blackout of 72 hours, played in fast time by two municipalities, a Kreis and the control."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from allmende.accounts.models import User
from allmende.crisis.models import Exercise, Part
from allmende.crisis.queries.games import Game, script_of_exercise
from allmende.crisis.queries.questions import questions_of
from allmende.crisis.queries.situation import people_without
from allmende.crisis.services import exercises as serve
from allmende.registry.models import Level, OrganisationKind
from tests.factories import (
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    UserFactory,
    second_factor,
)
from tests.worker import work

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def director() -> User:
    """He sits in the crisis staff of the Kreis, and prepares exercises."""
    kreis = MunicipalityFactory(
        level=Level.KREIS, ars="09574", ags="", kind=44, name="Ahornkreis", size_class=None
    )
    organisation = OrganisationFactory(
        region=kreis, kind=OrganisationKind.DISTRICT, name="Landkreis Ahornkreis"
    )
    seat = SeatFactory(mandate__organisation=organisation, mandate__user__name="Dirk Director")
    return second_factor(seat.mandate.user)


def seen(page: Page, name: str, *, whole: bool = True) -> None:
    """It is accessible and fits in all four ways; pictures for the guides."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"uebung-{name}-{way}", whole=whole)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")


def join(page: Page, link: str, role: str) -> Page:
    page.goto(link)
    page.get_by_label(role, exact=False).check()
    page.get_by_role("button", name="Mitmachen").click()
    expect(page.get_by_text(f"Ihre Rolle: {role}")).to_be_visible()
    return page


def jump(page: Page, minutes: int) -> None:
    page.get_by_label("Minuten der Übung vorspringen").fill(str(minutes))
    page.get_by_role("button", name="Springen").click()


def state_of(page: Page, facility: str) -> str:
    row = page.get_by_role("row", name=re.compile(rf"^\d+ {facility} "))
    return row.get_by_role("cell").nth(1).inner_text().split(",")[0].strip()


def waterworks(page: Page) -> list[str]:
    """How the two stand."""
    return [state_of(page, f"Wasserwerk {name}") for name in ("Steinmühle", "Erlengrund")]


def without_water(page: Page) -> dict[str, int]:
    """How many people where, as the situation says."""
    rows = page.get_by_role("region", name="Wer ohne Versorgung ist").get_by_role("row")
    cells = [row.inner_text().split("\t") for row in rows.filter(has_text="Trinkwasser").all()]
    return {place.strip(): int(persons.replace(".", "")) for place, _service, persons in cells}


def had_nobody_decided(exercise: Exercise) -> dict[str, int]:
    """The same in an exercise of the same script in which nobody has decided anything, at the same time."""
    other = serve.add_exercise(
        actor=UserFactory(),
        mandate=None,
        host=exercise.host,
        script=script_of_exercise(exercise),
    )
    now = Game(exercise, serve.microseconds()).now
    return {
        row.municipality: row.persons
        for row in people_without(Game(other, 0), now)
        if row.service == "Trinkwasser"
    }


def run_fast(page: Page) -> None:
    """Let the clock run as fast as it can."""
    page.get_by_label("Tempo (-fach)").fill("360")
    page.get_by_role("button", name="Stellen").click()
    page.get_by_role("button", name="Weiter").click()


def fetched_report(page: Page) -> str:
    """The text of the report's PDF."""
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Bericht als PDF").click()
    pages = PdfReader(fetched.value.path()).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def prepared(page: Page) -> str:
    """Prepare the blackout; the page ends with who takes part. Returns the link to join."""
    page.goto("/krise/uebungen/neu/")
    page.get_by_label("Fertige Übung").select_option(label="Stromausfall 72 Stunden")
    page.get_by_role("button", name="Vorbereiten").click()
    return page.get_by_role("link", name="/mitmachen/").inner_text()


def begin(page: Page) -> None:
    page.get_by_role("link", name="Zurück zur Übungsleitung").click()
    page.get_by_role("button", name="Übung beginnen").click()


def write(page: Page, text: str) -> None:
    page.get_by_label("Nachricht", exact=True).fill(text)
    page.get_by_role("button", name="Senden").click()
    expect(page.get_by_role("status").get_by_text("Nachricht gesendet an")).to_be_visible()
    expect(page.get_by_label("Nachricht", exact=True)).to_have_value("")


def ask_the_control(player: Page, control: Page) -> None:
    """What the control has unfolded stays so when the message comes."""
    later = control.locator("#kommt-spaeter")
    later.locator("summary").first.click()
    write(player, "Wie lange reicht unser Wasser noch?")
    # Who has sent it can go on writing where she is.
    expect(player.get_by_role("button", name="Senden")).to_be_focused()
    expect(control.get_by_text("Wie lange reicht unser Wasser noch?")).to_be_visible()
    expect(later).to_have_attribute("open", "")
    later.locator("summary").first.click()


def decide_where_the_generator_goes(kreis: Page, town: Page) -> None:
    """It is asked for; until then both waterworks live on what they have, as the town sees."""
    asked = kreis.get_by_role("heading", name="ÜBUNG: Zur Entscheidung: eine Anlage, drei Anträge")
    expect(asked).to_be_visible()
    seen(kreis, "spielen")
    expect(town.get_by_text("Ihre Entscheidungen")).to_have_count(0)
    town.get_by_role("link", name="Lage", exact=True).click()
    assert waterworks(town) == ["auf Vorrat", "auf Vorrat"]
    assert without_water(town) == {}
    kreis.get_by_role("link", name=re.compile("Entscheiden.*Netzersatzanlage des Land")).click()
    kreis.get_by_label("Wasserwerk Steinmühle", exact=False).check()
    kreis.get_by_label("Begründung").fill("Dort hängt das Klinikum mit an der Leitung.")
    seen(kreis, "entscheiden")
    kreis.get_by_role("button", name="Entscheiden").click()
    expect(kreis.get_by_text("Entschieden: Wasserwerk Steinmühle", exact=False)).to_be_visible()


def run_until_stores_are_empty(control: Page, village: Page, town: Page) -> None:
    """Two pages that are open show by themselves what comes, and who has water then."""
    # Run fast, what comes two hours later is there in seconds.
    jump(control, 85)
    run_fast(control)
    expect(
        village.get_by_role(
            "heading", name="ÜBUNG: Zur Entscheidung: Lindenhof verlegen oder bleiben"
        )
    ).to_be_visible()
    control.get_by_role("button", name="Pause").click()
    expect(control.get_by_text("Pause: Die Uhr steht.").first).to_be_visible()

    # Where the generator went there is water, and elsewhere none: the page that was open shows it by itself.
    jump(control, 655)
    expect(
        town.get_by_role("row", name=re.compile(r"^\d+ Wasserwerk Erlengrund "))
    ).to_contain_text("ausgefallen", timeout=15_000)
    seen(town, "lage")
    assert waterworks(town) == ["in Betrieb", "ausgefallen"]
    assert without_water(town) == {"Falkenbrück": 8_000, "Lindenfurt": 8_400}
    assert had_nobody_decided(Exercise.objects.get()) == {
        "Falkenbrück": 34_180,
        "Lindenfurt": 8_400,
    }


def evaluate(page: Page, *, owner: str) -> None:
    """Write in the report, rate a goal, say who does what about a lesson, and close it."""
    seen(page, "bericht", whole=False)
    page.get_by_role("link", name=re.compile("Bearbeiten.*Zusammenfassung")).click()
    page.get_by_label("Text").fill("Das Wasser war knapp.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Das Wasser war knapp.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Bearbeiten.*Ziel 1")).click()
    page.get_by_label("S: mit kleinen Einschränkungen").check()
    page.get_by_label("Begründung").fill("Das Lagebild kam nach einer Stunde.")
    seen(page, "bewerten")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Lehre und Maßnahme eintragen").click()
    page.get_by_label("Was haben Sie gelernt?").fill("Niemand wusste, wie lange das Wasser reicht.")
    page.get_by_label("Maßnahme", exact=True).fill("Reserven aller Wasserwerke aufschreiben")
    page.get_by_label("Wer es tut").select_option(label=owner)
    page.get_by_label("Bis wann").fill(f"{timezone.localdate() + timedelta(days=7)}")
    seen(page, "lehre")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("link", name="Reserven aller Wasserwerke aufschreiben")).to_be_visible()
    page.get_by_role("link", name="Bericht abschließen").click()
    expect(page.get_by_role("heading", name="Das fehlt noch")).to_be_visible()
    seen(page, "abschliessen")
    page.get_by_role("button", name="Bericht abschließen").click()
    expect(page.get_by_text("Abgeschlossen am", exact=False)).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Bearbeiten"))).to_have_count(0)
    figures = page.locator("section").filter(has_text="Was die Entscheidungen bewirkt haben")
    take(figures, "uebung-zahlen-desk-light")


def raise_concern(page: Page) -> None:
    """Who has taken it on begins with it, and asks all others in the forum."""
    page.goto("/aufgaben/")
    page.get_by_role("link", name="Reserven aller Wasserwerke aufschreiben").click()
    page.get_by_label("begonnen").check()
    page.get_by_label("Bemerkung").fill("Die Werke sind angeschrieben.")
    seen(page, "massnahme")
    page.get_by_role("button", name="Stand speichern").click()
    expect(page.get_by_text("begonnen: Die Werke sind angeschrieben.")).to_be_visible()
    page.get_by_role("button", name="Anliegen daraus machen").click()
    expect(page.get_by_label("Hintergrund")).to_have_value(re.compile("^Niemand wusste, wie lange"))
    page.goto("/krise/uebungen/massnahmen/")
    seen(page, "massnahmen")
    page.get_by_role("link", name="Reserven aller Wasserwerke aufschreiben").click()
    page.get_by_role("link", name="Wie hilft der Bund dabei: Reserven aller Wasserwerke").click()
    expect(page.get_by_role("heading", name="Wie hilft der Bund dabei")).to_be_visible()


def test_a_blackout_is_played_from_preparation_to_report(look: Eye, director: User) -> None:
    control = sign_in(look(), director)
    link = prepared(control)
    kreis, town, village = (
        sign_in(look(width=width), UserFactory(name=name))
        for name, width in (("Karla Kreis", 1280), ("Stefan Stadt", 1280), ("Vera Dorf", 360))
    )
    MandateFactory(
        user=User.objects.get(name="Vera Dorf"),
        organisation__region=MunicipalityFactory(name="Lindenfurt"),
        may_contribute=True,
    )
    join(kreis, link, "Leitung des Führungsstabs, Landkreis")
    join(town, link, "Leitung des Krisenstabs, Falkenbrück")
    join(village, link, "Leitung des Krisenstabs, Lindenfurt")
    begin(control)
    control.get_by_role("button", name="Pause").click()
    expect(control.get_by_text("Pause: Die Uhr steht.").first).to_be_visible()

    # Everybody sees by herself what comes, without loading the page anew.
    jump(control, 155)
    decide_where_the_generator_goes(kreis, town)

    ask_the_control(village, control)
    control.get_by_label("An", exact=True).select_option(
        label="Leitung des Krisenstabs, Lindenfurt"
    )
    control.get_by_label("Im Namen von").fill("Wasserzweckverband")
    seen(control, "leitung")
    write(control, "Bis etwa 14 Uhr.")
    expect(village.get_by_text("Bis etwa 14 Uhr.")).to_be_visible()

    run_until_stores_are_empty(control, village, town)
    control.get_by_role("link", name="Übung beenden").click()
    control.get_by_role("button", name="Übung beenden").click()
    expect(control.get_by_text("werden noch berechnet")).to_be_visible()
    work()
    # The page asks every ten seconds.
    expect(control.get_by_text("ohne jede Entscheidung")).to_be_visible(timeout=15_000)
    evaluate(control, owner="Vera Dorf")
    raise_concern(village)
    control.reload()
    report = fetched_report(control)
    for said in (
        "ÜBUNG ÜBUNG ÜBUNG",
        "Das Wasser war knapp.",
        "Das Lagebild kam nach einer Stunde.",
        "Reserven aller Wasserwerke aufschreiben",
        "Vera Dorf",
    ):
        assert said in report
    control.emulate_media(media="print")
    expect(control.get_by_text("ÜBUNG ÜBUNG ÜBUNG")).to_be_visible()
    expect(control.get_by_text("S: mit kleinen Einschränkungen erreicht").first).to_be_visible()
    expect(control.get_by_role("link", name="Bericht als PDF")).to_be_hidden()
    village.goto("/krise/uebungen/")
    village.get_by_role("link", name="Stromausfall 72 Stunden").click()
    village.get_by_role("link", name="Verlauf").click()
    expect(village.get_by_text("Wie lange reicht unser Wasser noch?")).to_be_visible()


def test_preparing_and_joining(look: Eye, director: User) -> None:
    control = sign_in(look("/krise/"), director)
    control.goto("/krise/uebungen/")
    seen(control, "liste")
    control.get_by_role("link", name="Übung vorbereiten").click()
    control.get_by_role("button", name="Vorbereiten").click()
    expect(control.get_by_text("Bitte wählen Sie genau eines:", exact=False).first).to_be_visible()
    seen(control, "vorbereiten")
    link = prepared(control)
    player = sign_in(look(link, width=360), UserFactory(name="Vera Dorf"))
    player.goto(link)
    seen(player, "mitmachen")
    join(player, link, "Leitung des Krisenstabs, Lindenfurt")
    control.reload()
    seen(control, "teilnahme")
    control.get_by_role("link", name="Zurück zur Übungsleitung").click()
    control.get_by_role("link", name="Beginn planen").click()
    control.get_by_label("Geplanter Beginn").fill("2096-12-01T09:00")
    seen(control, "planen")
    control.get_by_role("button", name="Speichern").click()
    expect(control.get_by_text("Geplanter Beginn: 01.12.2096 09:00")).to_be_visible()
    expect(player.get_by_text("Geplanter Beginn: 01.12.2096 09:00")).to_be_visible()
    control.get_by_role("link", name="Stand der Einlagen").click()
    expect(control.get_by_text("geplant für 01.12.2096 09:00").first).to_be_visible()
    seen(control, "stand", whole=False)
    control.goto(f"{Exercise.objects.get().get_absolute_url()}teilnahme/")
    control.get_by_role("link", name=re.compile("Rolle ändern.*Vera Dorf")).click()
    seen(control, "rolle")
    control.get_by_label("Beobachtung").check()
    control.get_by_role("button", name="Speichern").click()
    control.get_by_role("link", name="Zurück zur Übungsleitung").click()
    control.get_by_role("button", name="Übung beginnen").click()
    expect(control.get_by_text("Noch spielt niemand mit.")).to_be_visible()


def test_what_somebody_types_outlasts_a_lost_connection(look: Eye, director: User) -> None:
    control = sign_in(look(), director)
    link = prepared(control)
    phone = join(
        sign_in(look(width=360), UserFactory()), link, "Leitung des Krisenstabs, Lindenfurt"
    )
    kreis = join(
        sign_in(look(width=360), UserFactory()), link, "Leitung des Führungsstabs, Landkreis"
    )
    begin(control)
    phone.reload()
    phone.get_by_label("An", exact=True).select_option("k-leitung")
    phone.get_by_label("Nachricht", exact=True).fill("Wir brauchen Diesel.")
    phone.context.set_offline(True)
    expect(phone.get_by_text("Keine Verbindung.", exact=False)).to_be_visible()
    phone.get_by_role("button", name="Senden").click()
    expect(phone.get_by_text("Noch nicht gesendet.", exact=False)).to_be_visible()
    phone.context.set_offline(False)
    phone.reload()
    expect(phone.get_by_label("Nachricht", exact=True)).to_have_value("Wir brauchen Diesel.")
    expect(phone.get_by_label("An", exact=True)).to_have_value("k-leitung")
    phone.context.set_offline(True)
    expect(phone.get_by_text("Keine Verbindung.", exact=False)).to_be_visible()
    # What comes meanwhile is there afterwards, and nothing is loaded anew.
    control.get_by_role("button", name="Pause").click()
    jump(control, 155)
    phone.context.set_offline(False)
    expect(phone.locator("#neues li[id]").first).to_be_visible()
    phone.get_by_role("button", name="Senden").click()
    expect(phone.get_by_role("paragraph").filter(has_text="Wir brauchen Diesel.")).to_have_count(1)
    expect(phone.get_by_label("Nachricht", exact=True)).to_have_value("")

    # A decision keeps what was chosen, and does not end on the browser's own page.
    kreis.reload()
    kreis.get_by_role("link", name=re.compile("Entscheiden.*Netzersatzanlage des Land")).click()
    kreis.get_by_label("Wasserwerk Steinmühle", exact=False).check()
    kreis.reload()
    chosen = kreis.get_by_label("Wasserwerk Steinmühle", exact=False)
    expect(chosen).to_be_checked()
    kreis.context.set_offline(True)
    kreis.get_by_role("button", name="Entscheiden").click()
    expect(kreis.get_by_text("Noch nicht gesendet.", exact=False)).to_be_visible()
    expect(chosen).to_be_checked()
    assert_accessible(kreis)
    assert_fits(kreis)
    kreis.context.set_offline(False)
    kreis.get_by_role("button", name="Entscheiden").click()
    expect(kreis.get_by_text("Entschieden: Wasserwerk Steinmühle", exact=False)).to_be_visible()
    assert [page.evaluate("localStorage.length") for page in (phone, kreis)] == [0, 0]
    # The browser notes each question that found no answer.
    look.complaints = [each for each in look.complaints if not each.startswith("htmx:")]


def test_it_is_played_without_javascript(look: Eye, director: User) -> None:
    control = sign_in(look(), director)
    link = prepared(control)
    plain = join(
        sign_in(look(javascript=False), UserFactory()),
        link,
        "Leitung des Krisenstabs, Falkenbrück",
    )
    begin(control)
    plain.reload()
    write(plain, "Verstanden.")
    expect(plain.get_by_text("Verstanden.")).to_be_visible()
    # Nobody decides before somebody asks.
    expect(plain.get_by_text("Was sagen wir der Bevölkerung über die Dauer?")).to_have_count(0)
    jump(control, 205)
    plain.reload()
    plain.get_by_role("link", name=re.compile("Entscheiden.*Was sagen wir")).click()
    plain.get_by_label("Offen:", exact=False).check()
    plain.get_by_role("button", name="Entscheiden").click()
    expect(plain.get_by_text("Entschieden. Was daraus folgt, zeigt die Lage.")).to_be_visible()


def test_an_observer_marks_and_notes_on_a_phone(look: Eye, director: User) -> None:
    control = sign_in(look(), director)
    link = prepared(control)
    join(sign_in(look(), UserFactory()), link, "Leitung des Krisenstabs, Falkenbrück")
    phone, other = (
        sign_in(look(width=360), UserFactory(name=name)) for name in ("Olga Wehr", "Otto Wacht")
    )
    for page in (phone, other):
        page.goto(link)
        page.get_by_label("Beobachtung").check()
        page.get_by_role("button", name="Mitmachen").click()
        page.get_by_role("link", name="Beobachten").click()
    begin(control)
    control.get_by_role("button", name="Pause").click()

    # What somebody types stays while tasks come and marks are made.
    expect(phone.get_by_label("Was Sie beobachten")).to_have_count(0)
    phone.reload()
    phone.get_by_label("Was Sie beobachten").fill("Im Stab spricht immer nur eine Person.")
    jump(control, 60)
    asked = phone.get_by_role("listitem").filter(has=phone.get_by_role("heading", level=3))
    expect(asked.first).to_be_visible()
    asked.first.get_by_role("button", name="teilweise").click()
    expect(asked.first.get_by_role("button", name="teilweise")).to_have_attribute(
        "aria-pressed", "true"
    )
    first = other.locator(f"#{asked.first.get_attribute('id')}")
    expect(first.get_by_text("Olga Wehr", exact=False)).to_be_visible()
    first.get_by_role("button", name="nicht erledigt").click()
    expect(asked.first.get_by_text("Otto Wacht", exact=False)).to_be_visible()
    expect(phone.get_by_label("Was Sie beobachten")).to_have_value(
        "Im Stab spricht immer nur eine Person."
    )

    # A lost connection loses no words, and a mark that did not arrive says so.
    phone.context.set_offline(True)
    asked.first.get_by_role("button", name="nicht beobachtet").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    phone.context.set_offline(False)
    phone.reload()
    phone.get_by_label("Aufgaben welcher Rolle?").scroll_into_view_if_needed()
    phone.evaluate("scrollBy(0, 420)")
    seen(phone, "beobachten", whole=False)
    phone.set_viewport_size({"width": 360, "height": 800})
    phone.get_by_role("button", name="Notieren").click()
    expect(phone.get_by_role("paragraph").filter(has_text="Im Stab spricht")).to_have_count(1)
    expect(phone.get_by_label("Was Sie beobachten")).to_have_value("")
    phone.get_by_role("link", name=re.compile("Etwas dazu schreiben")).first.click()
    seen(phone, "aufgabe")
    phone.get_by_label("Was Sie beobachtet haben").fill("Erst nach einer Rückfrage.")
    phone.get_by_role("button", name="Speichern").click()
    expect(phone.get_by_text("Erst nach einer Rückfrage.")).to_be_visible()
    assert phone.evaluate("localStorage.length") == 0
    for path, name in (("einlagen", "angekommen"), ("nachrichten", "nachrichten")):
        phone.goto(f"{Exercise.objects.get().get_absolute_url()}{path}/")
        seen(phone, name)
    look.complaints = [each for each in look.complaints if not each.startswith("htmx:")]


def test_everybody_says_how_it_was(look: Eye, director: User) -> None:
    control = sign_in(look(), director)
    link = prepared(control)
    player = sign_in(look(width=360, javascript=False), UserFactory())
    join(player, link, "Leitung des Krisenstabs, Falkenbrück")
    begin(control)
    control.get_by_role("link", name="Übung beenden").click()
    control.get_by_role("button", name="Übung beenden").click()
    player.goto("/")
    player.get_by_role("link", name="Stromausfall", exact=False).click()
    player.get_by_label("trifft eher zu").first.check()
    player.get_by_label("Was hat gut funktioniert?").fill("Die ruhigen Lagebesprechungen.")
    player.get_by_role("button", name="Antworten abgeben").click()
    expect(player.get_by_text("1 Mensch hat geantwortet.", exact=False)).to_be_visible()
    exercise = Exercise.objects.get()
    questions = questions_of(script_of_exercise(exercise))
    asked = [question.key for question in questions if question.is_scale]
    for number in range(4):
        part = Part.objects.create(exercise=exercise, user=UserFactory(), kind="beobachtung")
        serve.answer_questionnaire(
            part=part,
            scores={key: 2 + (row + number * 3) % 4 for row, key in enumerate(asked)},
            remarks={"aendern": "Früher miteinander sprechen."} if number == 2 else {},
        )
    control.goto(f"{exercise.get_absolute_url()}fragebogen/")
    seen(control, "fragebogen")
    control.get_by_label("Was sollten wir ändern?").fill("Die Pausen kürzen.")
    assert control.evaluate("localStorage.length") == 1
    control.get_by_role("button", name="Antworten abgeben").click()
    expect(control.get_by_text("6 Menschen haben geantwortet.", exact=False)).to_be_visible()
    # Not even the browser knows any more what was written.
    assert control.evaluate("localStorage.length") == 0
    control.get_by_role("button", name="Fragebogen schließen").click()
    expect(control.get_by_text("Der Fragebogen ist geschlossen.").first).to_be_visible()
    seen(control, "fragebogen-ergebnis")
