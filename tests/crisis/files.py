"""The register as files, as pages send and take them."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

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
