"""The register as files: out with a mark, and nothing is lost on the way back."""

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.crisis.files import EXPORT, IMPORT, carry_out, export, send, state
from tests.factories import (
    FacilityFactory,
    MandateFactory,
    MunicipalityFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry

pytestmark = pytest.mark.django_db
FORMATS = ["xlsx", "csv", "bedarf", "geojson", "json"]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("form", FORMATS)
def test_what_was_taken_along_changes_nothing_when_it_comes_back(desk: Client, form: str) -> None:
    before = state()
    check = send(desk, export(desk, form), f"liste.{form}")
    assert check.faults == []
    rows = {"xlsx": 3, "csv": 2, "bedarf": 1, "geojson": 1, "json": 3}[form]
    assert {kind: n for kind, n in check.counts.items() if n} == {"unchanged": rows}
    assert "Es ändert sich nichts" in desk.get(f"{IMPORT}{check.pk}/").content.decode()
    carry_out(desk, check)
    assert state() == before


@pytest.mark.usefixtures("register")
def test_every_file_says_for_whom_it_was_made_and_the_log_says_so(
    desk: Client, staff: User
) -> None:
    [mandate] = staff.mandates.all()
    for form in ("csv", "bedarf", "json", "geojson", "xlsx"):
        content = export(desk, form, q="Werk", sektor="" if form == "bedarf" else "wasser")
        entry = Entry.objects.get(deed="crisis.export_facilities", details__format=form)
        mark = [mandate.capacity, f"{entry.number}-{entry.hash[:8]}"]
        assert entry.details["filters"] == (["q"] if form == "bedarf" else ["q", "sektor"])
        assert (entry.actor, entry.mandate_key) == (staff, str(mandate.pk))
        if form in {"csv", "bedarf"}:
            row = list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))[-1]
            assert [row["Abgerufen für"], row["Abrufkennung"]] == mark
        elif form == "xlsx":
            book = load_workbook(BytesIO(content))
            assert book.sheetnames == ["Einrichtungen", "Bedarf", "Hinweise"]
            for name in book.sheetnames[:2]:
                assert mark[1] in str(book[name].oddFooter.center.text)
                assert [book[name].cell(2, book[name].max_column).value] == mark[1:]
            assert mark[1] in str(book.properties.subject)
        else:
            said = json.loads(content)["mark"]
            assert [said["for"], said["code"]] == mark
        assert staff.name.encode() not in content


@pytest.mark.usefixtures("register")
def test_points_without_a_place_are_left_out_and_counted(desk: Client) -> None:
    content = json.loads(export(desk, "geojson"))
    assert content["without_place"] == 1
    [feature] = content["features"]
    assert feature["geometry"]["coordinates"] == [-3.123456789012, 48.1]
    assert json.loads(export(desk, "json"))["needs"][0]["Vorrat (Stunden)"] == 7.25


@pytest.mark.usefixtures("register")
def test_a_file_holds_only_what_a_person_may_see(desk: Client, client: Client) -> None:
    FacilityFactory(name="Geheim", region=MunicipalityFactory(ars="095750999999"))
    assert "Geheim" not in export(desk, "csv").decode()
    assert desk.get(EXPORT).status_code == 200
    desk.logout()
    assert desk.post(EXPORT, {"format": "csv"}).status_code == 302
    stranger = second_factor(MandateFactory(may_release=True).user)
    desk.force_login(stranger)
    assert desk.post(EXPORT, {"format": "csv"}).status_code == 404
