"""A sitting from its series to its minutes: planned, answered on a phone, written by two, closed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from allmende.accounts.models import User
from allmende.forum.models import (
    AgendaItem,
    Attendance,
    Concern,
    ConcernState,
    Presence,
    Series,
    Sitting,
    SittingState,
)
from allmende.forum.services.sittings import send_invitations
from allmende.registry.models import Organisation, OrganisationKind
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    SeriesFactory,
    SittingFactory,
    second_factor,
)

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host() -> Organisation:
    return OrganisationFactory(
        region=None,
        kind=OrganisationKind.ASSOCIATION,
        name="Deutscher Städtebund",
        slug="staedtebund",
        search_key="deutscher staedtebund",
    )


@pytest.fixture
def hanna(host: Organisation) -> User:
    """She releases for the association that invites."""
    mandate = MandateFactory(
        user__name="Hanna Heller",
        organisation=host,
        office="board",
        may_contribute=True,
        may_vote=True,
        may_release=True,
    )
    return second_factor(mandate.user)


@pytest.fixture
def maria() -> User:
    return MandateFactory(user__name="Maria Albers", region__name="Lindenfurt").user


def plenum(host: Organisation, *members: User) -> Series:
    series = SeriesFactory(host=host, name="Plenum der Allianz", slug="plenum")
    series.members.add(host, *[user.mandates.get().organisation for user in members])
    return series


def invited(series: Series, **fields: object) -> Sitting:
    sitting = SittingFactory(series=series, link="https://video.example.org/plenum", **fields)
    for member in series.members.all():
        Attendance.objects.create(sitting=sitting, organisation=member)
    return sitting


def running(host: Organisation, *members: User) -> tuple[Sitting, Concern]:
    """A sitting that began half an hour ago, with three points; the second is a concern."""
    begins = timezone.now() - timedelta(minutes=30)
    sitting = invited(
        plenum(host, *members),
        state=SittingState.RUNNING,
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
    )
    concern = ConcernFactory(question="Wie schützt der Bund Menschen im Amt?")
    for place, title in enumerate(("Begrüßung", concern.question, "Verschiedenes"), start=1):
        AgendaItem.objects.create(
            sitting=sitting,
            place=place,
            title=title,
            concern=concern if title == concern.question else None,
        )
    return sitting, concern


def seen(page: Page, name: str = "", *, whole: bool = True) -> None:
    """Everybody can read it on a phone and on a desk, light and dark; keeps pictures with a name."""
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        if name:
            take(page, f"sitzungen-{name}-{way}", whole=whole)


def test_a_host_plans_and_invites(look: Eye, hanna: User, maria: User) -> None:
    ConcernFactory(
        question="Wie schützt der Bund Menschen im Amt?",
        state=ConcernState.SENT,
        sent_at=timezone.now() - timedelta(days=90),
        answer_due=timezone.now() - timedelta(days=3),
    )
    page = sign_in(look(), hanna)
    page.goto("/sitzungen/")
    page.get_by_role("link", name="Reihe anlegen").click()
    page.get_by_label("Name der Reihe").fill("Plenum der Allianz")
    assert_accessible(page)
    page.get_by_role("button", name="Speichern").click()
    page.get_by_label("Name der Organisation").fill("linden")
    page.get_by_role("main").get_by_role("button", name="Suchen").click()
    page.get_by_role("checkbox", name="Lindenfurt").check()
    seen(page, "mitglieder")
    page.get_by_role("button", name="Aufnehmen", exact=True).click()
    page.get_by_text("1 Organisation ist aufgenommen.").wait_for()

    page.get_by_role("link", name="Plenum der Allianz").click()
    page.get_by_role("link", name="Sitzung planen").click()
    page.get_by_label("Ort").fill("Altes Rathaus, Markt 1, Lindenfurt")
    seen(page)
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Tagesordnung bearbeiten").click()
    page.get_by_role("button", name=re.compile("Aufnehmen.*Wie schützt")).click()
    page.get_by_label("Freier Punkt").fill("Begrüßung")
    page.get_by_role("button", name="Punkt aufnehmen").click()
    page.get_by_role("button", name=re.compile("Nach oben.*Begrüßung")).click()
    seen(page, "tagesordnung")
    page.get_by_role("link", name="Fertig").click()
    page.get_by_role("button", name="Mitglieder einladen").click()
    page.get_by_text("2 Mitglieder sind eingeladen.").wait_for()
    seen(page, "sitzung")


def test_a_member_answers_and_proposes_on_a_phone(
    look: Eye, host: Organisation, maria: User
) -> None:
    sitting = invited(plenum(host, maria))
    assert send_invitations(sitting.pk) == 1
    phone = sign_in(look(width=360), maria)
    phone.goto("/")
    phone.get_by_role("link", name="Einladung beantworten: Plenum der Allianz").click()
    phone.get_by_role("button", name="Antwort senden").click()
    phone.get_by_text("Bitte wählen Sie, ob jemand kommt.").first.wait_for()
    phone.get_by_label("Ja, wir kommen").check()
    seen(phone, "antwort")
    phone.get_by_role("button", name="Antwort senden").click()
    phone.get_by_text("Danke, Ihre Antwort ist da.").wait_for()
    phone.set_viewport_size({"width": 360, "height": 800})
    phone.get_by_role("link", name="Einen Punkt vorschlagen").click()
    seen(phone, "vorschlagen")

    public = look("/sitzungen/")
    seen(public, "liste")
    public.get_by_role("link", name="Plenum der Allianz", exact=True).click()
    seen(public, "reihe")


def test_two_write_at_once_and_a_member_reads_along(
    look: Eye, host: Organisation, hanna: User, maria: User
) -> None:
    sitting, _concern = running(host, maria)
    colleague = MandateFactory(user__name="Karl", organisation=host, office="secretariat").user

    reader = sign_in(look(), maria)
    reader.goto(f"/sitzungen/{sitting.pk}/protokoll/")
    writer = sign_in(look(), hanna)
    writer.goto(f"/sitzungen/{sitting.pk}/protokoll/")
    writer.get_by_role("link", name=re.compile("Mitschreiben.*Begrüßung")).click()
    other = sign_in(look(), colleague)
    other.goto(writer.url)
    seen(writer)
    # What is typed is saved by itself, and others see it without reloading.
    writer.get_by_label("Was besprochen wurde").fill("Hanna begrüßt alle.")
    writer.get_by_text("Gespeichert um").wait_for()
    reader.get_by_text("Hanna begrüßt alle.").wait_for()
    # Whoever writes the same point has both texts before her.
    other.get_by_label("Was besprochen wurde").fill("Karl begrüßt alle.")
    other.get_by_text("So steht es jetzt da").wait_for()
    expect(other.get_by_label("Was besprochen wurde")).to_have_value("Karl begrüßt alle.")
    seen(other, "beide")
    other.get_by_role("button", name="Speichern", exact=True).click()
    reader.get_by_text("Karl begrüßt alle.").wait_for()


def test_decisions_become_commitments_and_minutes_public(
    look: Eye, host: Organisation, hanna: User, maria: User
) -> None:
    sitting, concern = running(host, maria)
    writer = sign_in(look(), hanna)
    writer.goto(f"/sitzungen/{sitting.pk}/protokoll/")
    writer.get_by_role("link", name=re.compile("Mitschreiben.*Wie schützt")).click()
    writer.get_by_label("Was besprochen wurde").fill(
        "Drei Kommunen berichten von Drohungen.\n\nDas Formular der Polizei fehlt weiter."
    )
    writer.get_by_label("Beschluss").fill("Der Städtebund sammelt Fälle und legt sie vor.")
    seen(writer, "schreiben", whole=False)
    writer.get_by_role("button", name="Speichern", exact=True).click()
    writer.get_by_role("link", name="Anwesenheit").click()
    for box in writer.get_by_role("checkbox").all():
        box.check()
    seen(writer, "anwesenheit")
    writer.get_by_role("button", name="Speichern").click()
    writer.get_by_role("link", name="Zum Protokoll").click()
    writer.get_by_role("link", name="Zusage daraus machen").click()
    writer.get_by_label("Wer sagt es zu").select_option("Deutscher Städtebund")
    writer.get_by_label("Wer es macht").fill("Geschäftsstelle")
    writer.get_by_label("Bis wann").fill(f"{timezone.localdate() + timedelta(days=60):%Y-%m-%d}")
    writer.get_by_label("Woran man erkennt").fill("Die Sammlung steht im Netz.")
    seen(writer)
    writer.get_by_role("button", name="Zusage festhalten").click()
    seen(writer, "laeuft")
    writer.get_by_role("link", name="Protokoll schließen").click()
    seen(writer, "schliessen")
    writer.get_by_role("button", name="Schließen und veröffentlichen").click()
    writer.get_by_text("Das Protokoll ist geschlossen und öffentlich.").wait_for()
    writer.get_by_role("link", name="Nachtrag schreiben").click()
    writer.get_by_label("Nachtrag").fill("Die Zahl der Fälle war 14, nicht 12.")
    assert_accessible(writer)
    writer.get_by_role("button", name="Nachtrag veröffentlichen").click()

    public = look(f"/sitzungen/{sitting.pk}/protokoll/")
    public.get_by_text("Die Zahl der Fälle war 14, nicht 12.").wait_for()
    seen(public, "protokoll")
    public.goto(concern.get_absolute_url())
    public.get_by_text("Beschluss: Der Städtebund sammelt").wait_for()
    assert_accessible(public)


def test_minutes_are_written_without_javascript(
    look: Eye, host: Organisation, hanna: User, maria: User
) -> None:
    sitting, _concern = running(host, maria)
    page = sign_in(look(javascript=False), hanna)
    page.goto(f"/sitzungen/{sitting.pk}/protokoll/")
    page.get_by_role("link", name=re.compile("Mitschreiben.*Begrüßung")).click()
    page.get_by_label("Was besprochen wurde").fill("Hanna begrüßt alle.")
    page.get_by_role("button", name="Speichern und weiter").click()
    page.get_by_role("heading", name="Wie schützt").wait_for()
    AgendaItem.objects.update(edition=5, minutes="Inzwischen anders.")
    page.get_by_label("Was besprochen wurde").fill("Meins.")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.get_by_text("Inzwischen anders.").wait_for()
    expect(page.get_by_label("Was besprochen wurde")).to_have_value("Meins.")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.get_by_text("Meins.").wait_for()
    assert Attendance.objects.filter(presence=Presence.PRESENT).count() == 0
