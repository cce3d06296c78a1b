"""The pages of the discussion: nothing typed is lost, and everybody sees what she may see."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum import services
from allmende.forum.models import Attachment, Concern, ConcernState, Contribution
from allmende.portal.models import Upload
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    StatementFactory,
)

from .test_discussion import remove, say

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nPlan\n%%EOF\n"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(concern: Concern, rest: str = "") -> str:
    return f"/forum/{concern.slug}/diskussion/{rest}"


def text_of(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def pdf(name: str = "Plan.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


# Reading


def test_everybody_reads_and_is_asked_to_sign_in_to_write(concern: Concern, alice: User) -> None:
    say(alice, concern, "Wer zahlt?")
    page = text_of(Client().get(address(concern)))
    for words in ("Lindenfurt", "Verwaltung ·", "Wer zahlt?", "Zum Mitreden anmelden"):
        assert words in page
    for words in ("Beitrag schreiben", "Antwort schreiben</a>", "Beitrag melden", "Entfernen"):
        assert words not in page


def test_an_empty_discussion_says_what_to_do(concern: Concern, charlie: User) -> None:
    assert "Machen Sie den Anfang" in text_of(signed_in(charlie).get(address(concern)))
    assert "Noch hat niemand etwas geschrieben." in text_of(Client().get(address(concern)))
    found = text_of(Client().get(address(concern, "?q=Haushalt")))
    assert "Kein Beitrag passt zu diesem Filter." in found


def test_the_number_of_queries_does_not_grow(concern: Concern, alice: User, charlie: User) -> None:
    client = signed_in(alice)
    counts: list[int] = []
    for number in (1, 2):
        for each in range(number):
            first = say(
                charlie,
                concern,
                f"{number}-{each}",
                statement=StatementFactory(concern=concern),
                mentions=[OrganisationFactory()],
            )
            say(alice, concern, "Ja.", parent=first)
        client.get(address(concern))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(concern))
        counts.append(len(queries))
    assert counts[0] == counts[1] < 15


def test_threads_come_in_pages(concern: Concern, alice: User) -> None:
    for number in range(21):
        Contribution.objects.create(concern=concern, author=alice, text=f"Nummer {number}")
    assert "Nummer 0" not in text_of(Client().get(address(concern)))
    assert "Nummer 0" in text_of(Client().get(address(concern, "?seite=2")))
    assert "Nummer 0" in text_of(Client().get(address(concern, "?sortierung=alt")))


def test_every_contribution_has_an_address(concern: Concern, alice: User) -> None:
    first = say(alice, concern, "Erstens")
    answers = [
        Contribution.objects.create(concern=concern, parent=first, text=f"Antwort {number}")
        for number in range(51)
    ]
    place = Client().get(answers[0].get_absolute_url())
    thread = address(concern, f"{first.pk}/")
    assert (place.status_code, place["Location"]) == (302, f"{thread}#beitrag-{answers[0].pk}")
    place = Client().get(answers[50].get_absolute_url())
    assert place["Location"] == f"{thread}?seite=2#beitrag-{answers[50].pk}"
    page = text_of(Client().get(f"{thread}?seite=2"))
    assert f'id="beitrag-{answers[50].pk}"' in page
    assert "Antwort 49" not in page


def test_from_a_statement_to_its_discussion_and_back(concern: Concern, alice: User) -> None:
    statement = StatementFactory(concern=concern, text="Der Bund soll zahlen.")
    say(alice, concern, "Wie viel?", statement=statement)
    there = address(concern, f"aussagen/{statement.pk}/")
    for page in (f"/forum/{concern.slug}/", f"/forum/{concern.slug}/abstimmen/", address(concern)):
        assert there in text_of(signed_in(alice).get(page))
    page = text_of(signed_in(alice).get(there))
    for words in ("Der Bund soll zahlen.", "Wie viel?", "Über diese Aussage abstimmen"):
        assert words in page
    waiting = StatementFactory(concern=concern, state="pending")
    assert Client().get(address(concern, f"aussagen/{waiting.pk}/")).status_code == 404
    statement.state = "rejected"
    statement.save()
    page = text_of(Client().get(address(concern)))
    assert "Der Bund soll zahlen." not in page
    assert "Zu einer Aussage, die nicht mehr zur Abstimmung steht" in page


def test_lists_say_how_much_is_said(concern: Concern, alice: User) -> None:
    say(alice, concern)
    assert "1 Beitrag" in text_of(Client().get("/forum/"))
    assert "Diskussion (1 Beitrag)" in text_of(Client().get(f"/forum/{concern.slug}/"))


def test_a_confidential_concern_says_when_it_is_discussed(alice: User) -> None:
    region = alice.mandates.get().region
    concern = ConcernFactory(owner=region, is_confidential=True)
    client = signed_in(alice)
    assert client.get(address(concern)).status_code == 404
    page = text_of(client.get(f"/forum/{concern.slug}/"))
    assert "Die Diskussion öffnet nach der Frist" in page


def test_the_list_as_a_file(concern: Concern, alice: User, charlie: User) -> None:
    first = say(alice, concern, "=Wer zahlt?")
    gone = say(charlie, concern, "Kauft!", parent=first)
    remove(alice, gone, "Werbung")
    lines = b"".join(Client().get(address(concern, "beitraege.csv"))).decode("utf-8-sig")
    rows = [line.split(";") for line in lines.splitlines()]
    assert [(row[0], row[1], row[3], row[5], row[8]) for row in rows[1:]] == [
        (str(first.pk), "", "Lindenfurt", "'=Wer zahlt?", ""),
        (str(gone.pk), str(first.pk), "Kranichsee", "", "Werbung"),
    ]


# Writing


def test_who_has_two_offices_chooses(concern: Concern, alice: User) -> None:
    MandateFactory(user=alice, region__name="Kranichsee")
    client = signed_in(alice)
    assert "Kranichsee · Verwaltung" in text_of(client.get(address(concern, "neu/")))
    slug = alice.mandates.get(organisation__name="Kranichsee").organisation.slug
    answer = client.post(address(concern, "neu/"), {"als": slug, "text": "Bei uns auch."})
    said = Contribution.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, said.get_absolute_url())
    assert str(said.organisation) == "Kranichsee"
    refused = client.post(address(concern, "neu/"), {"als": "fremd", "text": "Hallo"})
    assert "können Sie hier nicht mehr schreiben" in text_of(refused)
    assert "Hallo</textarea>" in text_of(refused)


def test_nothing_typed_is_lost(concern: Concern, alice: User) -> None:
    client = signed_in(alice)
    typed = {
        "als": alice.mandates.get().organisation.slug,
        "text": "Was sagt @[Nirgendwo]?",
        "dateien": [pdf()],
    }
    page = text_of(client.post(address(concern, "neu/"), typed))
    assert "Wir kennen keine Organisation namens „Nirgendwo“." in page
    assert "Was sagt @[Nirgendwo]?</textarea>" in page
    assert "Plan.pdf" in page
    token = page.split('name="behalten" value="')[1].split('"')[0]
    typed |= {"text": "Was sagt Kranichsee?", "dateien": [], "behalten": [token, "gefälscht"]}
    client.post(address(concern, "neu/"), typed)
    said = Contribution.objects.get()
    assert [str(each) for each in said.attachments.all()] == ["Plan.pdf"]
    assert Upload.objects.count() == 1


def test_organisations_are_looked_for_and_chosen(
    concern: Concern, alice: User, charlie: User
) -> None:
    client = signed_in(alice)
    slug = charlie.mandates.get().organisation.slug
    typed = {"als": alice.mandates.get().organisation.slug, "text": "Wie macht ihr das?"}
    looked = {"suche": "kranich", "suchen": "1", "dateien": [pdf()]}
    page = text_of(client.post(address(concern, "neu/"), typed | looked))
    assert f'name="erwaehnt" value="{slug}"' in page
    assert "Wie macht ihr das?</textarea>" in page
    assert "Bitte prüfen" not in page
    assert "Plan.pdf" in page
    nobody = text_of(client.post(address(concern, "neu/"), typed | {"suche": "x", "suchen": "1"}))
    assert "Keine Organisation heißt „x“." in nobody
    client.post(address(concern, "neu/"), typed | {"erwaehnt": [slug], "suche": "kranich"})
    assert [str(each) for each in Contribution.objects.get().mentions.all()] == ["Kranichsee"]


def test_names_in_the_text_are_mentions(concern: Concern, alice: User, charlie: User) -> None:
    OrganisationFactory(region__name="Neustadt")
    OrganisationFactory(region__name="Neustadt")
    OrganisationFactory(region__name="Erfunden", region__invented=True)
    client = signed_in(alice)
    slug = alice.mandates.get().organisation.slug

    def send(text: str) -> str:
        return text_of(client.post(address(concern, "neu/"), {"als": slug, "text": text}))

    assert "Mehrere Organisationen heißen „Neustadt“." in send("@[Neustadt]")
    assert "Wir kennen keine Organisation namens „Erfunden“." in send("@[Erfunden]")
    send("@[kranichsee] und @Lindenfurt, aber @morgen, @Neustadt und a@Lindenfurt")
    said = Contribution.objects.get()
    assert [str(each) for each in said.mentions.all()] == ["Kranichsee", "Lindenfurt"]


def test_too_much_is_refused(concern: Concern, alice: User) -> None:
    client = signed_in(alice)
    slug = alice.mandates.get().organisation.slug
    files = [pdf(f"{number}.pdf") for number in range(4)]
    page = text_of(
        client.post(address(concern, "neu/"), {"als": slug, "text": "x", "dateien": files})
    )
    assert "Es sind höchstens 3 Dateien möglich." in page
    bad = pdf("Plan.exe", b"MZ")
    page = text_of(
        client.post(address(concern, "neu/"), {"als": slug, "text": "x", "dateien": [bad]})
    )
    assert "Diese Art von Datei nehmen wir nicht an." in page
    page = text_of(client.post(address(concern, "neu/"), {"als": slug, "text": "x" * 3001}))
    assert "3001" in page
    page = text_of(client.post(address(concern, "neu/"), {}))
    assert "Bitte schreiben Sie Ihren Beitrag." in page
    six = [OrganisationFactory().slug for _ in range(6)]
    page = text_of(
        client.post(address(concern, "neu/"), {"als": slug, "text": "x", "erwaehnt": six})
    )
    assert "höchstens 5 Organisationen" in page
    assert Contribution.objects.count() == 0


def test_an_answer_quotes_what_it_answers(concern: Concern, alice: User, charlie: User) -> None:
    first = say(alice, concern, "Wer zahlt?")
    client = signed_in(charlie)
    reply = address(concern, f"{first.pk}/antworten/")
    assert "Wer zahlt?" in text_of(client.get(reply))
    slug = charlie.mandates.get().organisation.slug
    client.post(reply, {"als": slug, "text": "Der Bund."})
    assert Contribution.objects.get(parent=first).text == "Der Bund."


def test_a_change_in_another_window_is_not_lost(concern: Concern, alice: User) -> None:
    said = say(alice, concern, "Erste Fassung")
    client = signed_in(alice)
    change = address(concern, f"{said.pk}/aendern/")
    assert "Ändern können Sie bis" in text_of(client.get(change))
    services.change_contribution(actor=alice, contribution=said, seen="", text="Im anderen Fenster")
    late = client.post(change, {"text": "Hier", "seen": ""})
    page = text_of(late)
    assert late.status_code == 409
    assert "Im anderen Fenster" in page
    assert "Hier</textarea>" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert client.post(change, {"text": "Hier", "seen": seen}).status_code == 303
    said.refresh_from_db()
    assert said.text == "Hier"
    assert "bearbeitet um" in text_of(Client().get(address(concern)))


def test_after_fifteen_minutes_the_text_is_still_there_to_copy(
    concern: Concern, alice: User
) -> None:
    said = say(alice, concern)
    Contribution.objects.update(written_at=timezone.now() - timedelta(minutes=16))
    client = signed_in(alice)
    page = text_of(
        client.post(address(concern, f"{said.pk}/aendern/"), {"text": "Neu", "seen": ""})
    )
    assert "Die 15 Minuten" in page
    assert "Neu</textarea>" in page
    assert "Ändern</a>" not in text_of(client.get(address(concern)))


def test_files_are_changed_with_the_contribution(concern: Concern, alice: User) -> None:
    client = signed_in(alice)
    slug = alice.mandates.get().organisation.slug
    client.post(address(concern, "neu/"), {"als": slug, "text": "Mit Plan", "dateien": [pdf()]})
    said = Contribution.objects.get()
    change = address(concern, f"{said.pk}/aendern/")
    page = text_of(client.get(change))
    token = page.split('name="behalten" value="')[1].split('"')[0]
    client.post(
        change,
        {"text": "Mit Plänen", "seen": "", "behalten": [token], "dateien": [pdf("Karte.pdf")]},
    )
    assert [str(each) for each in said.attachments.all()] == ["Plan.pdf", "Karte.pdf"]
    said.refresh_from_db()
    client.post(change, {"text": "Ohne", "seen": said.edition})
    assert said.attachments.count() == 0


def test_taking_back_asks_first(concern: Concern, alice: User, charlie: User) -> None:
    said = say(alice, concern)
    client = signed_in(alice)
    take_back = address(concern, f"{said.pk}/zuruecknehmen/")
    assert "lässt sich nicht rückgängig machen" in text_of(client.get(take_back))
    assert signed_in(charlie).post(take_back).status_code == 404
    assert client.post(take_back)["Location"] == address(concern)
    assert Contribution.objects.count() == 0


def test_files_are_saved_and_never_shown(concern: Concern, alice: User, charlie: User) -> None:
    client = signed_in(charlie)
    slug = charlie.mandates.get().organisation.slug
    client.post(address(concern, "neu/"), {"als": slug, "text": "x", "dateien": [pdf()]})
    attachment = Attachment.objects.get()
    file = address(concern, f"anhaenge/{attachment.pk}/")
    answer = Client().get(file)
    assert answer["Content-Disposition"] == 'attachment; filename="Plan.pdf"'
    assert b"".join(answer) == PDF
    remove(alice, attachment.contribution)
    assert Client().get(file).status_code == 404
    assert signed_in(alice).get(file).status_code == 200
    assert Client().get(file.replace(concern.slug, ConcernFactory().slug)).status_code == 404


# Moderation


def test_reporting_and_deciding(
    concern: Concern, alice: User, charlie: User, dora: User, operator: User
) -> None:
    said = say(charlie, concern, "Kauft bei uns!")
    report = address(concern, f"{said.pk}/melden/")
    client = signed_in(dora)
    assert "Bitte schreiben Sie, was Sie stört." in text_of(client.post(report, {"reason": ""}))
    assert client.post(report, {"reason": "Werbung!"}).status_code == 303
    assert "schon gemeldet" in text_of(client.post(report, {"reason": "Werbung!"}))
    for person, queue in (
        (alice, address(concern, "meldungen/")),
        (operator, "/betrieb/beitraege/"),
    ):
        page = text_of(signed_in(person).get(queue))
        assert "Werbung!" in page
        assert "Kauft bei uns!" in page
    lines = b"".join(signed_in(operator).get("/betrieb/beitraege/liste.csv")).decode()
    assert "Werbung!;Kauft bei uns!;Kranichsee" in lines
    take_down = address(concern, f"{said.pk}/entfernen/")
    assert signed_in(dora).get(take_down).status_code == 404
    assert "Bitte begründen Sie" in text_of(signed_in(alice).post(take_down, {"reason": ""}))
    signed_in(alice).post(take_down, {"reason": "Das ist Werbung."})
    page = text_of(Client().get(address(concern)))
    assert "von der Moderation entfernt." in page
    assert "Das ist Werbung." in page
    assert "Kauft bei uns!" not in page
    assert "Kauft bei uns!" in text_of(signed_in(charlie).get(address(concern)))
    assert "Nichts ist gemeldet" in text_of(signed_in(alice).get(address(concern, "meldungen/")))
    signed_in(alice).post(address(concern, f"{said.pk}/wiederherstellen/"))
    assert "Kauft bei uns!" in text_of(Client().get(address(concern)))


def test_a_reported_contribution_may_stay(concern: Concern, alice: User, dora: User) -> None:
    said = Contribution.objects.create(concern=concern, text="Das sehe ich anders.")
    services.report_contribution(actor=dora, contribution=said, reason="Gefällt mir nicht")
    client = signed_in(alice)
    for outcome in ("Der Beitrag bleibt stehen.", "Darüber ist schon entschieden."):
        answer = client.post(address(concern, f"{said.pk}/belassen/"))
        assert outcome in text_of(client.get(answer["Location"]))


# The summary


def test_the_summary_stands_above(concern: Concern, alice: User, charlie: User) -> None:
    client = signed_in(alice)
    write = address(concern, "kurz-gefasst/aendern/")
    seen = text_of(client.get(write)).split('name="seen" value="')[1].split('"')[0]
    assert client.post(write, {"summary": "Es geht um Schutz.", "seen": seen}).status_code == 303
    for page in (address(concern), f"/forum/{concern.slug}/"):
        assert "Es geht um Schutz." in text_of(Client().get(page))
    late = client.post(write, {"summary": "Es geht um Geld.", "seen": seen})
    assert late.status_code == 409
    assert "Es geht um Schutz." in text_of(late)
    assert "Es geht um Geld.</textarea>" in text_of(late)
    seen = text_of(late).split('name="seen" value="')[1].split('"')[0]
    assert client.post(write, {"summary": "Es geht um Geld.", "seen": seen}).status_code == 303
    page = text_of(Client().get(address(concern, "kurz-gefasst/")))
    assert page.index("Es geht um Geld.") < page.index("Es geht um Schutz.")
    assert "Verwaltung · Lindenfurt" in page
    assert signed_in(charlie).get(write).status_code == 404


def test_a_closed_concern_is_only_read(concern: Concern, alice: User, charlie: User) -> None:
    said = say(alice, concern)
    Concern.objects.update(state=ConcernState.CLOSED)
    page = text_of(signed_in(alice).get(address(concern)))
    assert "Das Anliegen ist abgeschlossen." in page
    for words in ("Beitrag schreiben", "Antwort schreiben</a>", "Ändern</a>", "Zurücknehmen"):
        assert words not in page
    assert "Beitrag melden" in text_of(signed_in(charlie).get(said.get_absolute_url()))
    assert signed_in(alice).get(address(concern, "neu/")).status_code == 404
