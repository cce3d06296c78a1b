"""Folding, marking and the page of the search."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from allmende.portal.models import SearchEntry
from allmende.portal.search import index
from allmende.portal.search.folding import Wanted, fold, fold_with_places, stem, wanted
from allmende.portal.search.similar import alike, needles_of
from allmende.portal.search.snippets import marked, snippet


@given(st.text(alphabet="aeouäöüßAEÜ -–.,xyzèİﬁ\n1²", max_size=40))
def test_letter_by_letter_folds_to_the_same_words(text: str) -> None:
    folded, places = fold_with_places(text)
    assert folded.split() == fold(text).split()
    assert len(folded) == len(places)
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("Gewerbesteuer", "Gewerbesteuerhebesatz"),
        ("Strasse", "Straße"),
        ("STRASSE", "Straßenbau"),
        ("Übergriffe", "Uebergriffe"),
        ("Übergriffe", "ein übergriff"),
        ("Schutz", "Katastrophenschutz"),
        ("Häuser", "Haus"),
        ("Steuern", "Steuer"),
        ("Kitas", "Kita"),
        ("Gemeinden", "Gemeinde"),
        ("Mühlhausen-Thüringen", "Mühlhausen/Thüringen"),
    ],
)
def test_what_people_type_is_part_of_what_is_written(asked: str, written: str) -> None:
    assert [word.part in fold(written) for word in wanted(asked)] == [True] * len(wanted(asked))


@pytest.mark.parametrize("word", ["kreis", "rat", "bus", "land"])
def test_what_is_no_ending_stays(word: str) -> None:
    assert stem(word) == word


def test_words_in_quotation_marks_stay_together_and_common_ones_are_left_out() -> None:
    assert wanted("die „kleinen Gemeinden“ und der Bund") == [
        Wanted("kleinen gemeinden", "kleinen gemeinden"),
        Wanted("bund", "bund"),
    ]
    assert wanted("und") == [Wanted("und", "und")], "where there is nothing else, it counts"
    assert wanted(" ?! ") == []
    assert len(wanted("a b c d e f g h i j k")) == 8


def test_marks_are_around_words_as_they_were_written_and_nothing_else_gets_through() -> None:
    words = wanted("strassen bund")
    assert marked("Straßenbau & <b>Bund</b>", words) == (
        "<mark>Straß</mark>enbau &amp; &lt;b&gt;<mark>Bund</mark>&lt;/b&gt;"
    )
    assert marked("Die Straßen", words) == "Die <mark>Straßen</mark>"
    assert marked("EU und Neubau", wanted("eu")) == "<mark>EU</mark> und Neubau"


def test_a_snippet_is_cut_between_words_around_what_fits() -> None:
    text = "Anfang " * 40 + "Der Bund soll zahlen. " + "Ende " * 80
    cut = snippet(text, wanted("Bund"))
    assert "Der <mark>Bund</mark> soll zahlen." in cut
    assert (cut[:9], cut[-6:]) == ("… Anfang ", "Ende …")
    assert len(cut) < 260
    assert snippet("Der Bund zahlt.", wanted("Bund")) == "Der <mark>Bund</mark> zahlt."
    assert snippet("Der Bund zahlt.", wanted("Land")) == ""


def test_what_tells_a_text_from_others_are_its_long_words_and_their_ends() -> None:
    parts = [needle.part for needle in needles_of("Wer zahlt den Gewerbesteuerhebesatz?")]
    assert parts == ["gewerbesteurhebesatz", "zahlt", "gewerbe", "ebesatz"]
    assert needles_of("Wer ist das?") == []
    assert alike("strasse", "strase") > 0.6 > alike("strasse", "schule")


@pytest.mark.django_db
def test_legal_pages_are_found_and_the_field_keeps_what_was_typed(client: Client) -> None:
    index.rebuild()
    page = client.get("/suche/", {"q": "Impressum"})
    assert [hit.url for hit in page.context["hits"]][:1] == ["/impressum/"]
    assert 'value="Impressum"' in page.content.decode()


@pytest.mark.django_db
def test_a_place_that_there_is_not_and_days_in_the_wrong_order_are_told(client: Client) -> None:
    index.rebuild()
    nowhere = client.get("/suche/", {"q": "Impressum", "ort": "Xyzzy"})
    assert "Diesen Ort kennt das Verzeichnis nicht" in nowhere.content.decode()
    wrong = client.get("/suche/", {"q": "Impressum", "von": "2026-05-02", "bis": "2026-05-01"})
    assert "Bitte tauschen Sie die beiden" in wrong.content.decode()
    no_day = client.get("/suche/", {"q": "Impressum", "von": "gestern"})
    assert "gültiges Datum" in no_day.content.decode()
    for far in ({"von": "0001-01-01"}, {"bis": "9999-12-31"}):
        page = client.get("/suche/", {"q": "Impressum", **far})
        assert "zwischen den Jahren 1900 und 2999" in page.content.decode()


@pytest.mark.django_db
def test_rebuilding_removes_what_is_no_more() -> None:
    SearchEntry.objects.create(kind="forum.concern", key=1, text_key=" weg ")
    SearchEntry.objects.create(kind="old.kind", key=1, text_key=" weg ")
    assert index.rebuild() == 4
    assert set(SearchEntry.objects.values_list("kind", flat=True)) == {"portal.page"}
    assert index.kinds_without_entries() == []
