"""Inviting many from a file: all or none, and nobody twice."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.cli import commands
from allmende.mail.models import Message
from allmende.registry import services
from allmende.registry.models import Invitation, InvitationList, Organisation, Region, Right
from allmende.registry.portal import offer
from tests.factories import MunicipalityFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

HEADER = "AGS;E-Mail;Amt;Name;Mandat bis\n"


@pytest.fixture
def regions() -> list[Region]:
    return [MunicipalityFactory(ars=f"09574{n:07d}", ags=f"09574{n:03d}") for n in (101, 102)]


@pytest.fixture
def good() -> str:
    return HEADER + (
        "09574101;a@eins.example;Bürgermeister;Anna;31.12.2099\n"
        "09574102;b@zwei.example;Verwaltung;;\n"
    )


@pytest.fixture
def desk(olga: User) -> Client:
    client = Client()
    client.force_login(olga)
    return client


def send(client: Client, text: str) -> InvitationList:
    file = SimpleUploadedFile("kommunen.csv", text.encode())
    answer = client.post("/betrieb/einladungen/datei/", {"file": file})
    assert answer.status_code == 303
    return InvitationList.objects.latest("pk")


@pytest.mark.usefixtures("regions")
def test_a_list_is_looked_at_then_carried_out_once(desk: Client, good: str) -> None:
    kept = send(desk, good)
    page = f"/betrieb/einladungen/datei/{kept.pk}/"
    assert "2 Personen einladen" in desk.get(page).content.decode()
    assert Invitation.objects.count() == 0
    for _ in range(2):
        desk.post(f"{page}ausfuehren/")
    first, second = Invitation.objects.order_by("email")
    assert (str(first.until), first.name, first.rights) == ("2099-12-31", "Anna", frozenset(Right))
    assert second.rights == {Right.CONTRIBUTE, Right.VOTE, Right.MANAGE}
    assert Entry.objects.get(deed="registry.carry_out_list").details == {
        "invited": 2,
        "skipped": 0,
    }
    kept.refresh_from_db()
    assert kept.rows == []
    assert "Mails: 0 von 2" in desk.get(page).content.decode()
    while services.mail_some(list_id=kept.pk):
        pass
    assert sorted(Message.objects.values_list("recipient", flat=True)) == [
        "a@eins.example",
        "b@zwei.example",
    ]
    assert services.token_of(first) in Message.objects.get(recipient=first.email).text


@pytest.mark.usefixtures("regions")
def test_the_same_file_twice_invites_nobody_twice(desk: Client, good: str) -> None:
    for _ in range(2):
        kept = send(desk, good)
        if kept.rows:
            desk.post(f"/betrieb/einladungen/datei/{kept.pk}/ausfuehren/")
    assert (Invitation.objects.count(), kept.skipped) == (2, 2)
    assert (
        "Es ist nichts zu tun"
        in desk.get(f"/betrieb/einladungen/datei/{kept.pk}/").content.decode()
    )


@pytest.mark.usefixtures("regions")
def test_one_fault_and_nobody_is_invited(desk: Client, good: str) -> None:
    OrganisationFactory(region=None, kind="netzwerk", name="Netz")
    kept = send(
        desk,
        good.replace("AGS", "Organisation")
        + "99999999;c@drei.example;Rat;;\n"
        + "09574101;keine;Rat;;\n"
        + "Netz;d@netz.example;Bürgermeister;;\n"
        + "09574101;e@eins.example;Rat;;31.12.2001\n"
        + "09574101;e@eins.example;Rat;;bald\n"
        + "09574101;A@eins.example;Bürgermeister;;\n",
    )
    assert [(fault["line"], fault["column"]) for fault in kept.faults] == [
        (4, "Organisation"),
        (5, "E-Mail"),
        (6, "Amt"),
        (7, "Mandat bis"),
        (8, "Mandat bis"),
        (9, "E-Mail"),
    ]
    page = f"/betrieb/einladungen/datei/{kept.pk}/"
    desk.post(f"{page}ausfuehren/")
    assert Invitation.objects.count() == 0
    rows = desk.get(f"{page}fehler.csv").getvalue().decode().splitlines()
    assert rows[-1] == "9;E-Mail;Steht doppelt, zuerst in Zeile 2."


@pytest.mark.usefixtures("regions")
def test_what_a_worker_left_lying_the_tick_mails(desk: Client, good: str) -> None:
    kept = send(desk, good)
    services.carry_out_list(actor=None, kept=kept)
    offer.tick()
    assert Message.objects.count() == 0  # a worker may still be at it
    InvitationList.objects.update(carried_out_at="2020-01-01T00:00Z")
    offer.tick()
    assert Message.objects.count() == 2


def test_the_command_checks_and_invites(regions: list[Region], good: str, tmp_path: Path) -> None:
    path = tmp_path / "kommunen.csv"
    path.write_text(good, encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(commands, ["import", "invitations", str(path), *words])
        return result.exit_code, result.output.strip()

    assert run("--dry-run") == (0, "2 würden eingeladen.")
    assert run()[1].startswith("2 eingeladen. ")
    assert (Message.objects.count(), Organisation.objects.count()) == (2, 2)
    assert run()[1].endswith("0 eingeladen; 2 sind es schon.")
    path.write_text(good + "x;y;z;;\n", encoding="utf-8")
    code, output = run()
    assert (code, "Zeile 4, E-Mail: „y“" in output, Invitation.objects.count()) == (2, True, 2)
