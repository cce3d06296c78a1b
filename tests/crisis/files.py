"""The register as files, as pages send and take them."""

import csv
import re
from io import BytesIO, StringIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from allmende.crisis.models import Contact, Facility, ImportCheck, Measure, Supply

EXPORT, IMPORT = "/krise/einrichtungen/ausgeben/", "/krise/einrichtungen/einlesen/"
NEW = "Name;Leistung;Betreiber;Gemeinde;Versorgte Menschen\n"


def export(client: Client, form: str, **filters: str) -> bytes:
    answer = client.post(EXPORT, {"format": form, **filters})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.getvalue()


def send(client: Client, content: bytes | str, name: str = "liste.csv") -> ImportCheck:
    content = content.encode() if isinstance(content, str) else content
    answer = client.post(IMPORT, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 303, answer.content.decode()
    return ImportCheck.objects.latest("pk")


def unsigned(content: bytes, form: str) -> bytes:
    """A file without signs of its cells, as from a program that leaves them out: who changed what is not known."""
    if form.endswith("json"):
        return re.sub(rb'("Pr\xc3\xbcfzeichen": )"[A-Z2-7]*"', rb'\1""', content)
    if form == "xlsx":
        book, target = load_workbook(BytesIO(content)), BytesIO()
        for sheet in book.worksheets[:2]:
            [place] = [cell.column for cell in sheet[1] if cell.value == "Prüfzeichen"]
            for number in range(2, sheet.max_row + 1):
                sheet.cell(number, place).value = None
        book.save(target)
        return target.getvalue()
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    place, text = rows[0].index("Prüfzeichen"), StringIO()
    written = csv.writer(text, delimiter=";")
    written.writerow(rows[0])
    written.writerows([*row[:place], "", *row[place + 1 :]] for row in rows[1:])
    return text.getvalue().encode()


def carry_out(client: Client, check: ImportCheck) -> str:
    answer = client.post(f"{IMPORT}{check.pk}/uebernehmen/")
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).content.decode()


def faults(check: ImportCheck) -> list[tuple[int, str]]:
    return [(fault["line"], fault["column"]) for fault in check.faults]


def state() -> list[object]:
    """All that is in the register."""
    rows: list[object] = list(Facility.objects.order_by("pk").values())
    rows += Contact.objects.order_by("pk").values()
    rows += Measure.objects.order_by("pk").values()
    rows += Supply.objects.order_by("pk").values()
    rows += Supply.suppliers.through.objects.order_by("pk").values()
    return rows
