"""The legal pages: what visitors read, how operators change them, and the form about barriers."""

import re

import pytest
from django.core import mail
from django.test import Client
from tests.factories import UserFactory, second_factor

from allmende.accounts.models import User
from allmende.portal import queries, services
from allmende.portal.legal import PAGES, template_of, to_html
from allmende.portal.models import BarrierReport, PageVersion

pytestmark = pytest.mark.django_db
PUBLIC = {
    "/impressum/": "Impressum",
    "/datenschutz/": "Datenschutz",
    "/barrierefreiheit/": "Erklärung zur Barrierefreiheit",
    "/leichte-sprache/": "Die Allmende in Leichter Sprache",
}
EDIT = "/betrieb/seiten/impressum/"


@pytest.fixture
def operator(alice: User, client: Client) -> User:
    """Alice runs the installation and is signed in."""
    alice.is_operator = True
    alice.save()
    client.force_login(second_factor(alice))
    return alice


@pytest.mark.parametrize("path", PUBLIC)
def test_everybody_reads_the_legal_pages_and_finds_them_on_every_page(
    client: Client, path: str
) -> None:
    page = client.get(path).content.decode()
    assert f'<h1 class="kern-heading-x-large">{PUBLIC[path]}</h1>' in page
    assert "Seite ändern" not in page
    assert f'href="{path}"' in client.get("/gibt-es-nicht/").content.decode()


def test_the_page_on_data_protection_lists_every_period(client: Client) -> None:
    page = client.get("/datenschutz/").content.decode()
    for kind in queries.kinds_of_data():
        assert re.search(rf">{re.escape(kind.kind)}</th><td[^>]*>{kind.period}<", page)


def test_operators_are_told_what_is_missing(client: Client, operator: User) -> None:
    assert "noch nicht fertig" in client.get("/impressum/").content.decode()
    form = client.get(EDIT).content.decode()
    assert "<li>[Name der Stelle]</li>" in form
    services.save_page(
        actor=operator, page=PAGES["impressum"], title="Impressum", text="Stadt Kusel", seen=0
    )
    assert "noch nicht fertig" not in client.get("/impressum/").content.decode()
    assert queries.pages_with_gaps() == 3


def test_a_gap_is_no_link() -> None:
    text = template_of(PAGES["leichte-sprache"])
    assert text.gaps == ["[Namen der Prüfgruppe, oder „noch niemand“]"]


def test_a_page_is_previewed_saved_and_kept(client: Client, operator: User) -> None:
    typed = {"title": "Impressum", "text": "## Stadt\r\n\r\nKusel", "seen": "0"}
    preview = client.post(EDIT, typed | {"preview": "1"}).content.decode()
    assert '<h2 class="kern-heading-medium al-gap">Stadt</h2>' in preview
    assert ("## Stadt" in preview, "Das fehlt noch" in preview) == (True, False)
    assert PageVersion.objects.count() == 0
    assert client.post(EDIT, typed).headers["Location"] == "/impressum/"
    assert ">Kusel</p>" in client.get("/impressum/").content.decode()
    version = PageVersion.objects.get()
    assert (version.number, version.saved_by, version.text) == (1, operator, "## Stadt\n\nKusel")


def test_of_two_editors_none_loses_her_text(client: Client, operator: User) -> None:
    bob = UserFactory(name="Bob Brandt")
    services.save_page(actor=bob, page=PAGES["impressum"], title="I", text="Bobs Text", seen=0)
    typed = {"title": "Impressum", "text": "Alices Text", "seen": "0"}
    response = client.post(EDIT, typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert [words in page for words in ("Bobs Text", "Alices Text", "Bob Brandt")] == [True] * 3
    (seen,) = re.findall(r'name="seen" value="(\d+)"', page)
    client.post(EDIT, typed | {"seen": seen})
    texts = list(PageVersion.objects.order_by("number").values_list("text", flat=True))
    assert texts == ["Bobs Text", "Alices Text"]


def test_an_earlier_version_can_be_brought_back(client: Client, operator: User) -> None:
    page = PAGES["impressum"]
    for seen, text in enumerate(["Erster", "Zweiter"]):
        services.save_page(actor=operator, page=page, title="Impressum", text=text, seen=seen)
    assert "Erster" in client.get(EDIT + "1/").content.decode()
    client.post(EDIT + "1/")
    assert queries.page_text(page).text == "Erster"
    client.post(EDIT + "0/")
    assert queries.page_text(page).gaps == template_of(page).gaps
    assert PageVersion.objects.count() == 4
    assert client.get(EDIT + "9/").status_code == 404
    assert client.get("/betrieb/seiten/gibt-es-nicht/").status_code == 404


@pytest.mark.parametrize(
    "text",
    [
        "<script>x()</script>",
        '<a onclick="x()">a</a>',
        "[a](javascript:x())",
        "[a](data:text/html,x)",
        "![a](https://example.org/a.png)",
        "<style>a{}</style>",
    ],
)
def test_a_text_brings_no_script_and_nothing_from_elsewhere(text: str) -> None:
    html = to_html(text)
    assert re.findall(r"<(?!/?(?:p|a)\b)|href=\"(?:javascript|data)|<a [^>]*onclick", html) == []


def test_a_barrier_is_reported_without_an_account(client: Client, alice: User) -> None:
    UserFactory(is_operator=True, email="betrieb@example.org")
    typed = {"page": "/forum/", "text": "Zu wenig Kontrast", "email": "dora@example.org"}
    response = client.post("/barrierefreiheit/rueckmeldung/", typed)
    assert response.headers["Location"] == "/barrierefreiheit/"
    report = BarrierReport.objects.get()
    assert (report.page, report.text, report.email) == tuple(typed.values())
    page = client.get("/barrierefreiheit/").content.decode()
    assert f"sie hat die Nummer {report.pk}. Sie bekommen innerhalb eines Monats" in page
    (message,) = mail.outbox
    assert message.to == ["betrieb@example.org"]
    assert "dora@example.org" not in message.body


def test_only_the_description_is_needed_and_what_was_typed_stays(client: Client) -> None:
    response = client.post("/barrierefreiheit/rueckmeldung/", {"page": "Startseite", "text": ""})
    assert response.status_code == 422
    assert 'value="Startseite"' in response.content.decode()
    client.post("/barrierefreiheit/rueckmeldung/", {"text": "Zu klein"})
    assert BarrierReport.objects.get().email == ""


def test_programs_are_turned_away_and_people_are_told(client: Client) -> None:
    typed = {"text": "Kaufen Sie", "website": "https://example.org"}
    response = client.post("/barrierefreiheit/rueckmeldung/", typed)
    assert "Bitte senden Sie das Formular noch einmal" in response.content.decode()
    assert BarrierReport.objects.count() == 0


def test_nobody_floods_the_desk(client: Client) -> None:
    statuses = [
        client.post("/barrierefreiheit/rueckmeldung/", {"text": f"Nummer {n}"}).status_code
        for n in range(12)
    ]
    assert (statuses.count(303), statuses.count(422)) == (10, 2)
    assert BarrierReport.objects.count() == 10


def test_english_readers_get_the_translation_while_it_is_not_behind(client: Client) -> None:
    english = {"Accept-Language": "en"}
    assert "Legal notice" in client.get("/impressum/", headers=english).content.decode()
    PageVersion.objects.create(slug="impressum", number=1, title="Impressum", text="Neu.")
    page = client.get("/impressum/", headers=english).content.decode()
    assert '<h1 class="kern-heading-x-large" lang="de">Impressum</h1>' in page
    PageVersion.objects.create(slug="impressum-en", number=1, title="Notice", text="New.")
    page = client.get("/impressum/", headers=english).content.decode()
    assert '<h1 class="kern-heading-x-large">Notice</h1>' in page
    PageVersion.objects.create(slug="impressum", number=2, title="Impressum", text="Neuer.")
    page = client.get("/impressum/", headers=english).content.decode()
    assert '<h1 class="kern-heading-x-large" lang="de">Impressum</h1>' in page
    assert "The text of this page that counts is in German only." in page
