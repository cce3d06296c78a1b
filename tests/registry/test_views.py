"""Pages: what they show, that they ask the database the same number of times, and in what size."""

import csv
import gzip
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from allmende.formats.municipalities import ChangeKind
from allmende.registry.demo import create_invented_municipalities
from allmende.registry.models import Region
from allmende.registry.services import import_register

from .builders import GERMANY, NEW, OLD, change, changes, gemeinde, germany

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def register() -> None:
    import_register(register=germany(), actor=None)


@pytest.fixture
def merger(register: None) -> None:
    """Lenterode went to Uder and Mühlhausen on 1 January 2024."""
    lenterode, uder, muehlhausen = GERMANY[9], GERMANY[8], GERMANY[11]
    import_register(register=germany(NEW, without={"16061065"}), actor=None)
    import_register(
        register=changes(
            change(ChangeKind.DISSOLVED, lenterode, uder, area=8.386, population=300),
            change(ChangeKind.DISSOLVED, lenterode, muehlhausen, area=1.5, population=12),
        ),
        actor=None,
    )


@pytest.mark.usefixtures("register")
def test_the_first_page_shows_what_the_register_holds(client: Client) -> None:
    text = page(client, "/verzeichnis/")
    assert "1.539.912" in text
    assert "Thüringen" in text
    assert "© Statistisches Bundesamt (Destatis)" in text


def test_without_a_register_the_pages_say_so(client: Client) -> None:
    for address in ("/verzeichnis/", "/verzeichnis/karte/", "/verzeichnis/kommunen/"):
        assert "Noch ist kein Verzeichnis eingelesen" in page(client, address)


@pytest.mark.usefixtures("register")
def test_search_finds_without_javascript(client: Client) -> None:
    text = page(client, "/verzeichnis/", q="muehlhausen")
    assert "Mühlhausen/Thüringen, Stadt" in text
    assert "München" not in text
    assert "Zu „Entenhausen“ gibt es keinen Eintrag" in page(
        client, "/verzeichnis/", q="Entenhausen"
    )


@pytest.mark.usefixtures("register")
def test_search_answers_htmx_with_the_hits_alone(client: Client) -> None:
    response = client.get("/verzeichnis/", {"q": "uder"}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert text.lstrip().startswith('<div id="treffer"')
    assert "Uder" in text


@pytest.mark.usefixtures("register")
def test_the_search_over_everything_finds_regions(client: Client) -> None:
    text = page(client, "/suche/", q="muehlhausen")
    assert "<mark>Mühlhausen</mark>/Thüringen, Stadt" in text
    assert "Stadt · Unstrut-Hainich-Kreis · Thüringen" in text


def test_what_is_typed_is_shown_as_text(client: Client) -> None:
    assert "<script>alert" not in page(client, "/verzeichnis/", q="<script>alert(1)</script>")


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("key", ["bund", "16", "091", "16061", "160615012", "16061097", "09162000"])
def test_every_level_has_its_page(client: Client, key: str) -> None:
    text = page(client, f"/verzeichnis/{key}/")
    region = Region.objects.get(ars="" if key == "bund" else key) if len(key) != 8 else None
    assert (region.name if region else "Einwohner") in text
    assert "Quelle: Gemeindeverzeichnis (Auszug), Stand 31.12.2023" in text


@pytest.mark.usefixtures("register")
def test_a_long_key_leads_to_the_short_one(client: Client) -> None:
    response = client.get("/verzeichnis/160615012097/")
    assert (response.status_code, response.headers["Location"]) == (301, "/verzeichnis/16061097/")


@pytest.mark.parametrize("key", ["99", "16061999", "1", "abc", "1234567890123"])
def test_an_unknown_key_is_not_found(client: Client, key: str) -> None:
    assert client.get(f"/verzeichnis/{key}/").status_code == 404


@pytest.mark.usefixtures("merger")
def test_a_dissolved_municipality_points_to_its_successors(client: Client) -> None:
    text = page(client, "/verzeichnis/16061065/")
    assert "Aufgelöst am 1. Januar 2024" in text
    assert 'href="/verzeichnis/16061097/"' in text
    assert 'href="/verzeichnis/16064046/"' in text
    assert "300 Einwohner · 8,39 km²" in text
    assert "Gemeinde · Thüringen" in text
    # And the successor names what it grew by.
    assert 'href="/verzeichnis/16061065/"' in page(client, "/verzeichnis/16061097/")


@pytest.mark.usefixtures("register")
def test_without_a_list_the_end_is_told_as_a_span(client: Client) -> None:
    import_register(register=germany(NEW, without={"16061065"}), actor=None)
    text = page(client, "/verzeichnis/16061065/")
    assert "Aufgelöst zwischen 31.12.2023 und 31.12.2024" in text
    assert "Der Nachfolger ist nicht bekannt" in text


@pytest.mark.usefixtures("register")
def test_an_invented_municipality_says_so(client: Client) -> None:
    invented = create_invented_municipalities(seed=1, count=1)[0]
    text = page(client, invented.get_absolute_url())
    assert "Diese Kommune ist erfunden" in text
    assert invented.name not in page(client, "/verzeichnis/kommunen/")
    assert invented.name in page(client, "/verzeichnis/", q=invented.name)
    assert "Beispieldaten" in page(client, "/verzeichnis/", q=invented.name)


@pytest.mark.usefixtures("merger")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Mühlhausen/Thüringen, Stadt", "München, Landeshauptstadt", "Uder"]),
        ({"land": "16"}, ["Mühlhausen/Thüringen, Stadt", "Uder"]),
        ({"kreis": "16061"}, ["Uder"]),
        ({"groesse": "1"}, ["München, Landeshauptstadt"]),
        ({"stand": "frueher"}, ["Lenterode"]),
        (
            {"sortierung": "einwohner"},
            ["München, Landeshauptstadt", "Mühlhausen/Thüringen, Stadt", "Uder"],
        ),
        ({"land": "99"}, ["Mühlhausen/Thüringen, Stadt", "München, Landeshauptstadt", "Uder"]),
        ({"land": "11"}, []),
    ],
)
def test_the_list_and_its_csv_show_the_same(
    client: Client, query: dict[str, str], names: list[str]
) -> None:
    text = page(client, "/verzeichnis/kommunen/", **query)
    assert re.findall(r'scope="row".*?>([^<]+)</a>', text) == names
    response = client.get("/verzeichnis/kommunen.csv", query)
    content = b"".join(response).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert [row["Name"] for row in rows] == names


@pytest.mark.usefixtures("merger")
def test_csv_tells_key_figures_and_successors(client: Client) -> None:
    response = client.get("/verzeichnis/kommunen.csv", {"stand": "frueher"})
    content = b"".join(response).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content), delimiter=";")
    assert row["AGS"] == "16061065"
    assert row["ARS"] == "160615012065"
    assert row["Einwohner"] == "312"
    assert row["Fläche km²"] == "10,0"
    assert row["aufgelöst"] == "2024-01-01"
    assert set(row["Nachfolger"].split()) == {"16061097", "16064046"}


@pytest.mark.usefixtures("merger")
def test_changes_are_listed(client: Client) -> None:
    text = page(client, "/verzeichnis/aenderungen/")
    assert text.count("wurde aufgelöst") == 2
    assert "1. Januar 2024 · Auflösung 16/2024/0001-R" in text


@pytest.mark.usefixtures("merger")
@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("/verzeichnis/bund.csv", ["Bayern", "Thüringen"]),
        ("/verzeichnis/16.csv", ["Eichsfeld", "Unstrut-Hainich-Kreis"]),
        ("/verzeichnis/091.csv", ["München, Landeshauptstadt"]),
        ("/verzeichnis/160615012.csv", ["Uder"]),
    ],
)
def test_parts_of_a_region_as_csv(client: Client, address: str, first: list[str]) -> None:
    content = b"".join(client.get(address)).decode("utf-8-sig")
    assert [row["Name"] for row in csv.DictReader(io.StringIO(content), delimiter=";")] == first


@pytest.mark.usefixtures("merger")
def test_changes_as_csv(client: Client) -> None:
    content = b"".join(client.get("/verzeichnis/aenderungen.csv")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert [(row["Art"], row["AGS vorher"], row["Fläche km²"]) for row in rows] == [
        ("Auflösung", "16061065", "8,386"),
        ("Auflösung", "16061065", "1,5"),
    ]


QUERIES = {
    "/verzeichnis/": 5,
    "/verzeichnis/?q=dorf": 2,
    "/verzeichnis/bund/": 8,
    "/verzeichnis/16061/": 9,
    "/verzeichnis/16061097/": 7,
    "/verzeichnis/kommunen/": 3,
    "/verzeichnis/kommunen.csv": 2,
    "/verzeichnis/karte/": 3,
    "/verzeichnis/aenderungen/": 2,
    "/verzeichnis/aenderungen.csv": 1,
    "/verzeichnis/16061.csv": 2,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("address", QUERIES)
def test_more_rows_are_not_more_queries(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
    address: str,
) -> None:
    villages = tuple(gemeinde(f"160615012{n:03}", f"Dorf {n}") for n in range(200, 200 + rows))
    import_register(register=germany(extra=villages), actor=None)
    with django_assert_num_queries(QUERIES[address]):
        response = client.get(address)
        assert response.status_code == 200
        if response.streaming:
            b"".join(response)


def test_the_map_of_all_germany_stays_small(client: Client) -> None:
    """10,750 dots in a page of well under 400 KB compressed."""
    import_register(register=germany(), actor=None)
    source = Region.objects.get(ags="16061097").source
    Region.objects.bulk_create(
        [
            Region(
                level=5,
                ars=f"16070{number:07}",
                ags=f"{number:08}",
                name=f"Dorf {number}",
                search_key="",
                land="16",
                population=1000,
                size_class=7,
                lon=6 + 9 * ((number * 7919) % 10_007) / 10_007,
                lat=47.3 + 7.7 * ((number * 104_729) % 9_973) / 9_973,
                first_seen=OLD,
                source=source,
            )
            for number in range(10_750)
        ],
        batch_size=500,
    )
    text = page(client, reverse("registry:map"))
    assert text.count("h0") == 10_754
    assert len(gzip.compress(text.encode())) < 60_000


@pytest.mark.usefixtures("merger")
def test_pages_hold_no_inline_style_or_script(client: Client) -> None:
    for address in (*QUERIES, "/verzeichnis/16061065/"):
        if not address.endswith(".csv"):
            text = page(client, address)
            assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*src=)", text), address
