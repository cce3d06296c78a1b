"""The pages of the joint position, as rapporteurs, municipalities and the public get them."""

import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from docx import Document
from pypdf import PdfReader

from allmende.accounts.models import User
from allmende.forum import services
from allmende.forum.models import (
    Concern,
    ConcernState,
    SealedPosition,
    Section,
    Word,
    WordKind,
)
from tests.factories import ConcernFactory, MandateFactory, OrganisationFactory, UserFactory

from .test_position import mandate_of, say, seal, titles, with_result, write


@pytest.fixture
def concern(alice: User) -> Concern:
    return ConcernFactory(
        owner=alice.mandates.get().region,
        slug="schutz",
        state=ConcernState.POSITION,
        deadline=timezone.now() - timedelta(days=1),
    )


@pytest.fixture
def section(concern: Concern, alice: User) -> Section:
    return write(concern, alice, "Schulungen")


@pytest.fixture
def position(concern: Concern, section: Section, alice: User) -> SealedPosition:
    return seal(concern, alice)


PAGE = "/forum/schutz/position/"


def then(client: Client, answer: HttpResponse) -> HttpResponse:
    """The page to which a form leads."""
    return client.get(answer.headers["Location"])


def page_of(answer: HttpResponse) -> str:
    return str(answer.content.decode())


# The draft


def test_from_the_result_to_a_sealed_position(
    client: Client, concern: Concern, alice: User
) -> None:
    with_result(concern)
    client.force_login(alice)
    assert "Entwurf aus dem Ergebnis anlegen" in page_of(client.get(PAGE))
    answer = then(client, client.post(f"{PAGE}entwurf/anlegen/"))
    assert "2 Abschnitte sind angelegt" in page_of(answer)
    assert "<strong>100\u202f%</strong> stimmen zu, sicher zwischen 98 und" in page_of(answer)
    page = client.get(f"{PAGE}versiegeln/")
    seen = page.context["edition"]
    refused = client.post(f"{PAGE}versiegeln/", {"seen": seen})
    assert "Bitte bestätigen Sie, dass Sie alles gelesen haben." in page_of(refused)
    sealed = client.post(f"{PAGE}versiegeln/", {"seen": seen, "gelesen": "on"})
    assert (sealed.status_code, sealed.headers["Location"]) == (303, PAGE)
    client.logout()
    assert "Gemeinsame Position, Fassung 1" in page_of(client.get(PAGE))


def test_who_seals_what_she_has_not_read_reads_it_first(
    client: Client, concern: Concern, section: Section, alice: User, bob: User
) -> None:
    client.force_login(alice)
    seen = client.get(f"{PAGE}versiegeln/").context["edition"]
    services.write_section(
        actor=bob, mandate=mandate_of(bob), section=section, seen=1, title="Neu", text="Bobs Text"
    )
    answer = client.post(f"{PAGE}versiegeln/", {"seen": seen, "gelesen": "on"})
    assert answer.status_code == 409
    assert "Bobs Text" in page_of(answer)
    assert SealedPosition.objects.count() == 0


def test_everybody_reads_the_draft_and_only_rapporteurs_have_tools(
    client: Client, concern: Concern, section: Section, charlie: User
) -> None:
    for user in (None, charlie):
        if user:
            client.force_login(user)
        text = page_of(client.get(PAGE))
        assert "Der Bund bezahlt Schulungen." in text
        assert "Bearbeiten" not in text
        assert client.post(f"{PAGE}abschnitte/{section.pk}/entfernen/").status_code in {302, 404}
    assert titles(concern) == ["Schulungen"]


@pytest.mark.parametrize("state", [ConcernState.DRAFT, ConcernState.OPEN])
def test_before_voting_has_ended_there_is_no_position(
    client: Client, concern: Concern, alice: User, state: ConcernState
) -> None:
    Concern.objects.update(state=state)
    client.force_login(alice)
    assert client.get(PAGE).status_code == 404


def test_a_section_is_added_changed_moved_removed_and_put_back(
    client: Client, concern: Concern, section: Section, alice: User
) -> None:
    client.force_login(alice)
    answer = client.post(
        f"{PAGE}abschnitte/neu/", {"title": "Meldestelle", "text": "Eine für alle.\r\nBald."}
    )
    other = Section.objects.exclude(pk=section.pk).get()
    assert answer.headers["Location"] == f"{PAGE}entwurf/#abschnitt-{other.pk}"
    assert other.versions.get().text == "Eine für alle.\nBald."
    client.post(f"{PAGE}abschnitte/{other.pk}/verschieben/", {"platz": "2", "wohin": "hoch"})
    assert titles(concern) == ["Meldestelle", "Schulungen"]
    again = then(
        client,
        client.post(f"{PAGE}abschnitte/{other.pk}/verschieben/", {"platz": "2", "wohin": "hoch"}),
    )
    assert "Reihenfolge hat sich inzwischen geändert" in page_of(again)
    client.post(f"{PAGE}abschnitte/{other.pk}/entfernen/")
    assert titles(concern) == ["Schulungen"]
    assert "Ein entfernter Abschnitt" in page_of(client.get(f"{PAGE}entwurf/"))
    client.post(f"{PAGE}abschnitte/{other.pk}/zurueckholen/")
    assert titles(concern) == ["Meldestelle", "Schulungen"]
    client.post(
        f"{PAGE}abschnitte/{other.pk}/", {"title": "Meldestellen", "text": "Zwei.", "seen": "1"}
    )
    assert titles(concern) == ["Meldestellen", "Schulungen"]


def test_who_was_overtaken_sees_both_texts_and_saves_with_a_second_click(
    client: Client, section: Section, alice: User, bob: User
) -> None:
    services.write_section(
        actor=bob, mandate=mandate_of(bob), section=section, seen=1, title="Neu", text="Bobs Text"
    )
    client.force_login(alice)
    page = f"{PAGE}abschnitte/{section.pk}/"
    typed = {"title": "Schulungen", "text": "Alices Text", "note": "Weil", "seen": "1"}
    answer = client.post(page, typed)
    assert answer.status_code == 409
    text = page_of(answer)
    assert "So steht es jetzt im Entwurf (Version 2)" in text
    assert "Bobs Text" in text
    assert "Alices Text" in text
    assert 'name="seen" value="2"' in text
    assert client.post(page, typed | {"seen": "2"}).status_code == 303
    assert section.versions.order_by("-number")[0].text == "Alices Text"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "Überschrift: Bitte füllen Sie dieses Feld aus."),
        ({"text": "x" * 5_001}, "höchstens 5000 Zeichen"),
        ({"seen": "1"}, "Sie haben nichts geändert"),
    ],
)
def test_what_is_wrong_with_a_section_is_said(
    client: Client, section: Section, alice: User, fields: dict[str, str], said: str
) -> None:
    client.force_login(alice)
    typed = {"title": "Schulungen", "text": "Der Bund bezahlt Schulungen.", "seen": "1"}
    answer = client.post(f"{PAGE}abschnitte/{section.pk}/", typed | fields)
    assert answer.status_code == 200
    assert said in page_of(answer)


def test_any_two_versions_are_compared_word_by_word(
    client: Client, section: Section, alice: User
) -> None:
    for number, text in enumerate(("Der Bund zahlt alles.", "Der Bund zahlt die Hälfte."), 1):
        services.write_section(
            actor=alice,
            mandate=mandate_of(alice),
            section=section,
            seen=number,
            title="Schulungen",
            text=text,
        )
    page = f"{PAGE}abschnitte/{section.pk}/verlauf/"
    text = page_of(client.get(page))
    assert "Von Version 2 zu Version 3" in text
    assert "</span>alles<span" in text
    assert "</span>die Hälfte<span" in text
    assert "Von Version 1 zu Version 3" in page_of(client.get(f"{page}?von=3&bis=1"))
    assert "Von Version 2 zu Version 3" in page_of(client.get(f"{page}?von=x&bis=99"))
    assert "Wiederherstellen" not in text
    client.force_login(alice)
    written = section.versions.count()
    restored = client.post(page.replace("verlauf", "wiederherstellen"), {"version": "1"})
    assert restored.status_code == 303
    assert section.versions.order_by("-number")[0].text == "Der Bund bezahlt Schulungen."
    for wrong in ("99", "x", ""):
        answer = client.post(page.replace("verlauf", "wiederherstellen"), {"version": wrong})
        assert (answer.status_code, section.versions.count()) == (303, written + 1)
    assert "Diese Version gibt es nicht." in page_of(client.get(page))


def test_the_owner_chooses_who_writes_with_it(
    client: Client, concern: Concern, alice: User, charlie: User
) -> None:
    client.force_login(alice)
    page = f"{PAGE}berichterstattung/"
    assert "Keine Organisation mit diesem Namen" in page_of(client.get(f"{page}?q=Nirgendwo"))
    ministry = OrganisationFactory(region=None, kind="ministerium", name="Kranichministerium")
    found = page_of(client.get(f"{page}?q=kranich"))
    slug = mandate_of(charlie).organisation.slug
    assert f'value="{slug}"' in found
    assert ministry.slug not in found
    client.post(page, {"aufnehmen": slug})
    assert [str(each) for each in concern.rapporteurs.all()] == ["Kranichsee"]
    assert "gilt nicht mehr" in page_of(then(client, client.post(page, {"aufnehmen": slug})))
    client.post(page, {"entfernen": slug})
    assert concern.rapporteurs.count() == 0
    client.force_login(charlie)
    assert client.post(page, {"aufnehmen": slug}).status_code == 404


# Words


def test_a_municipality_endorses_the_whole_and_dissents_from_a_section(
    client: Client, position: SealedPosition, charlie: User
) -> None:
    client.force_login(charlie)
    page = f"{PAGE}mittragen/"
    typed = {"fassung": "1", "abschnitt": "ganz", "wort": "endorsement"}
    assert "Gespeichert: Kranichsee trägt das mit." in page_of(
        then(client, client.post(page, typed))
    )
    refused = client.post(page, typed | {"abschnitt": "1", "wort": "dissent"})
    assert "Ein Sondervotum braucht eine Begründung" in page_of(refused)
    assert "– optional" not in page_of(refused)
    client.post(
        page,
        typed | {"abschnitt": "1", "wort": "dissent", "begruendung": "Das ist Sache der Länder."},
    )
    client.logout()
    text = page_of(client.get(PAGE))
    assert "Das ist Sache der Länder." in text
    assert "0 tragen das mit · 1 trägt das nicht mit" in text
    client.force_login(charlie)
    own = page_of(client.get(f"{page}?abschnitt=1"))
    assert own.count("Das ist Sache der Länder.") == 2  # in the form and beside it
    client.post(f"{page}zurueckziehen/", {"abschnitt": "1"})
    assert [word.section for word in Word.objects.current()] == [None]


def test_a_page_shows_twenty_dissents_and_says_where_the_others_are(
    client: Client, position: SealedPosition
) -> None:
    for number in range(22):
        say(position, MandateFactory().user, WordKind.DISSENT, 1, f"Grund {number}")
    text = page_of(client.get(PAGE))
    assert text.count("<p>Grund") == 20
    assert "2 weitere Sondervoten" in text
    assert "?wort=dissent&amp;abschnitt=1" in text


def test_who_speaks_for_several_says_for_whom(
    client: Client, position: SealedPosition, charlie: User
) -> None:
    other = MandateFactory(user=charlie, region__name="Ahornstadt").organisation
    client.force_login(charlie)
    page = f"{PAGE}mittragen/"
    assert "Mittragen oder Sondervotum: Ahornstadt" in page_of(client.get(page))
    typed = {"fassung": "1", "abschnitt": "ganz", "wort": "endorsement"}
    client.post(page, typed | {"als": other.slug})
    assert Word.objects.get().organisation == other
    assert client.post(page, typed | {"als": "fremd"}).status_code == 404


def test_nobody_speaks_about_an_edition_she_has_not_seen(
    client: Client, concern: Concern, position: SealedPosition, alice: User, charlie: User
) -> None:
    write(concern, alice, "Noch etwas")
    seal(concern, alice)
    client.force_login(charlie)
    typed = {"fassung": "1", "abschnitt": "ganz", "wort": "endorsement"}
    answer = client.post(f"{PAGE}mittragen/", typed)
    assert "Inzwischen liegt eine neue Fassung vor" in page_of(answer)
    assert Word.objects.count() == 0
    old = page_of(client.get(f"{PAGE}fassungen/1/"))
    assert "Das ist eine frühere Fassung" in old


def test_with_four_eyes_the_page_says_who_can(
    client: Client, position: SealedPosition, charlie: User
) -> None:
    organisation = mandate_of(charlie).organisation
    organisation.four_eyes = True
    organisation.save()
    client.force_login(charlie)
    text = page_of(client.get(f"{PAGE}mittragen/"))
    assert "gilt das Vier-Augen-Prinzip" in text
    assert "Verbindlich sagen" not in text


def test_before_an_edition_is_sealed_the_page_says_so(
    client: Client, concern: Concern, charlie: User
) -> None:
    client.force_login(charlie)
    assert "Noch ist keine Fassung" in page_of(client.get(f"{PAGE}mittragen/"))
    assert client.post(f"{PAGE}mittragen/", {"wort": "endorsement"}).status_code == 200
    assert client.post(f"{PAGE}mittragen/zurueckziehen/").status_code == 303


def test_the_list_of_words_is_filtered_and_taken_along(
    client: Client, position: SealedPosition, charlie: User, bob: User
) -> None:
    say(position, bob)
    say(position, charlie, WordKind.DISSENT, 1, "=Nein; nie")
    page = f"{PAGE}fassungen/1/worte/"
    assert "2 Stellungnahmen" in page_of(client.get(page))
    for query, said in (
        ("q=kranich", "Kranichsee"),
        ("wort=dissent", "Kranichsee"),
        ("abschnitt=1", "Kranichsee"),
        ("abschnitt=ganz", "Lindenfurt"),
        ("q=kranich&wort=endorsement", "Auf diese Auswahl passt nichts."),
    ):
        found = page_of(client.get(f"{page}?{query}"))
        assert said in found
        assert ("Kranichsee</a>" in found) + ("Lindenfurt</a>" in found) == (
            0 if "passt nichts" in said else 1
        )
    lines = b"".join(client.get(f"{PAGE}fassungen/1/worte.csv?wort=dissent")).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].split(";")[1:6] == [
        "Kranichsee",
        "",
        "1. Schulungen",
        "trägt nicht mit",
        "\"'=Nein",
    ]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("page", ["", "entwurf/", "fassungen/1/worte/", "fassungen/1/worte.csv"])
def test_pages_take_as_many_queries_with_one_row_and_with_three(
    client: Client,
    concern: Concern,
    alice: User,
    django_assert_max_num_queries: Any,
    *,
    rows: int,
    page: str,
) -> None:
    for number in range(rows):
        write(concern, alice, f"Abschnitt {number}")
    position = seal(concern, alice)
    for _ in range(rows):
        user = MandateFactory().user
        say(position, user)
        say(position, user, WordKind.DISSENT, 1, "Nein")
    with django_assert_max_num_queries(13):
        answer = client.get(f"{PAGE}{page}")
        b"".join(answer)


# Files


def test_the_files_say_what_was_sealed_and_what_was_said(
    client: Client, concern: Concern, position: SealedPosition, charlie: User
) -> None:
    say(position, charlie, WordKind.DISSENT, None, "Wir sehen das anders.")
    files = {
        ending: client.get(f"{PAGE}fassungen/1/position.{ending}")
        for ending in ("json", "pdf", "docx")
    }
    assert [each.headers["Content-Disposition"] for each in files.values()] == [
        f'attachment; filename="schutz-fassung-1.{ending}"' for ending in files
    ]
    told = json.loads(files["json"].content)
    text = json.dumps(told["document"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == told["sha256"] == position.hash
    assert [word["text"] for word in told["words"]] == ["Wir sehen das anders."]
    pdf = "".join(each.extract_text() for each in PdfReader(io.BytesIO(files["pdf"].content)).pages)
    docx = "\n".join(p.text for p in Document(io.BytesIO(files["docx"].content)).paragraphs)
    for said in (concern.question, "1. Schulungen", "Wir sehen das anders.", position.hash):
        assert said in pdf.replace("\n", " ").replace("  ", " ")
        assert said in docx


def test_a_stranger_finds_no_foreign_edition(client: Client, position: SealedPosition) -> None:
    client.force_login(UserFactory())
    assert client.get(f"{PAGE}fassungen/2/").status_code == 404
    Concern.objects.update(is_confidential=True, deadline=timezone.now() + timedelta(days=1))
    for page in ("", "fassungen/1/", "fassungen/1/position.pdf", "fassungen/1/worte.csv"):
        assert client.get(f"{PAGE}{page}").status_code == 404
