"""Incident reports: three steps, deadlines, handed in once, marked files, and what is refused."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories import (
    ContactFactory,
    FacilityFactory,
    IncidentFactory,
    MandateFactory,
    MeasureFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import portal, queries, services
from allmende.crisis.models import (
    Facility,
    HandedIn,
    Incident,
    IncidentState,
    ReportingOffice,
    Stage,
)
from allmende.registry.models import Office, OrganisationKind

pytestmark = pytest.mark.django_db


def typed(moment: datetime) -> str:
    """As a browser sends it."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def waterworks() -> Facility:
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER, name="Stadtwerke")
    facility: Facility = FacilityFactory(provider=provider, name="Wasserwerk Nord", served=800)
    facility.shares.create(region=facility.region, persons=800)
    ContactFactory(facility=facility, name="Bereitschaft", telephone="0911 1")
    return facility


@pytest.fixture
def head(client: Client, waterworks: Facility) -> User:
    mandate = MandateFactory(
        organisation=waterworks.provider, office=Office.LEADERSHIP, may_contribute=True
    )
    user = second_factor(mandate.user)
    client.force_login(user)
    return user


def test_a_report_from_its_first_step_to_its_end(
    client: Client, head: User, waterworks: Facility
) -> None:
    now = timezone.now()
    begun = {
        "what": "Pumpwerk ohne Strom",
        "began_at": typed(now - timedelta(hours=3)),
        "known_at": typed(now - timedelta(hours=2)),
    }
    page = f"{waterworks.get_absolute_url()}stoerung/"
    first = client.post(page, begun)
    assert client.post(page, begun)["Location"] == first["Location"]
    incident = Incident.objects.get()
    assert first["Location"] == f"/krise/stoerungen/{incident.pk}/wen/"
    assert (incident.affected, incident.area) == (800, waterworks.region.name)
    assert (incident.contact_name, incident.contact_telephone) == ("Bereitschaft", "0911 1")
    [task] = portal.tasks(head)
    assert task.title == "Erstmeldung: Wasserwerk Nord"

    answer = client.post(first["Location"], {"affected": 500, "area": "Nord", "version": 1})
    assert answer["Location"] == f"/krise/stoerungen/{incident.pk}/warum/"
    answer = client.post(answer["Location"], {"cause": "", "version": 2})
    assert answer["Location"] == incident.get_absolute_url()
    content = client.get(incident.get_absolute_url()).content.decode()
    assert "62,5 %" in content
    assert "Hier ist keine Meldestelle hinterlegt" in content

    hand_in = f"{incident.get_absolute_url()}abgeben/"
    sent = {"stage": "erst", "at": typed(now), "to": "BBK", "version": 3}
    assert client.post(hand_in, sent).status_code == 303
    again = client.post(hand_in, sent)  # the button pressed twice
    assert again.status_code == 200
    assert HandedIn.objects.count() == 1
    [task] = portal.tasks(head)
    assert task.title == "Ausführliche Meldung: Wasserwerk Nord"

    incident.refresh_from_db()
    assert incident.state == IncidentState.SENT
    final = sent | {"stage": "abschluss", "version": 4}
    assert "fehlt noch: die Ursache" in client.post(hand_in, final).content.decode()
    Incident.objects.update(affected=None)
    both = "fehlt noch: die Zahl der Betroffenen und die Ursache."
    assert both in client.post(hand_in, final).content.decode()
    Incident.objects.update(affected=500)
    client.post(f"{incident.get_absolute_url()}warum/", {"cause": "Blitz", "version": 4})
    assert client.post(hand_in, final | {"version": 5}).status_code == 303
    incident.refresh_from_db()
    assert incident.state == IncidentState.CLOSED
    assert client.get(f"{incident.get_absolute_url()}was/").status_code == 404
    assert list(portal.tasks(head)) == []
    assert [report.stage for report in incident.handed_in.all()] == ["erst", "abschluss"]
    assert "kontakt" not in incident.handed_in.get(stage="abschluss").said


@pytest.mark.usefixtures("head")
@pytest.mark.parametrize(
    ("began", "known", "said"),
    [
        (1, 1, "Dieser Zeitpunkt liegt in der Zukunft"),
        (-2, -3, "Davon wissen können Sie erst, nachdem es begonnen hat"),
    ],
)
def test_impossible_times_get_a_sentence_and_nothing_typed_is_lost(
    client: Client, waterworks: Facility, began: int, known: int, said: str
) -> None:
    now = timezone.now()
    content = client.post(
        f"{waterworks.get_absolute_url()}stoerung/",
        {
            "what": "Rohrbruch am Markt",
            "began_at": typed(now + timedelta(hours=began)),
            "known_at": typed(now + timedelta(hours=known)),
        },
    ).content.decode()
    assert said in content
    assert "Rohrbruch am Markt" in content
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"affected": 801}, "versorgt 800 Menschen; betroffen können nicht mehr sein"),
        ({"ended_at": -3}, "Das Ende liegt vor dem Beginn"),
        ({"expected_until": -3}, "Das Ende liegt vor dem Beginn"),
        ({"ended_at": 1}, "Dieser Zeitpunkt liegt in der Zukunft"),
    ],
)
def test_impossible_effects_get_a_sentence(
    client: Client, head: User, waterworks: Facility, fields: dict[str, int], said: str
) -> None:
    incident = IncidentFactory(facility=waterworks)
    sent = {
        name: number if name == "affected" else typed(timezone.now() + timedelta(hours=number))
        for name, number in fields.items()
    }
    answer = client.post(f"{incident.get_absolute_url()}wen/", sent | {"version": 1})
    assert said in answer.content.decode()


def test_the_beginning_cannot_be_moved_behind_the_end(
    client: Client, head: User, waterworks: Facility
) -> None:
    now = timezone.now()
    incident = IncidentFactory(facility=waterworks, ended_at=now - timedelta(hours=1, minutes=30))
    moved = {"what": "x", "began_at": typed(now - timedelta(hours=1)), "known_at": typed(now)}
    answer = client.post(f"{incident.get_absolute_url()}was/", moved | {"version": 1})
    assert "Das Ende liegt vor dem Beginn" in answer.content.decode()


def test_nobody_hands_in_what_she_did_not_know(
    client: Client, head: User, waterworks: Facility
) -> None:
    incident = IncidentFactory(facility=waterworks)
    hand_in = f"{incident.get_absolute_url()}abgeben/"
    early = typed(timezone.now() - timedelta(hours=5))
    sent = {"stage": "erst", "at": early, "to": "BBK", "version": 1}
    assert "Da wussten Sie noch nicht davon" in client.post(hand_in, sent).content.decode()
    wrong = sent | {"stage": "abschluss", "at": typed(timezone.now())}
    assert client.post(hand_in, wrong).status_code == 200
    assert HandedIn.objects.count() == 0


def test_who_was_slower_keeps_what_she_typed(
    client: Client, head: User, waterworks: Facility
) -> None:
    incident = IncidentFactory(facility=waterworks)
    page = f"{incident.get_absolute_url()}warum/"
    client.post(page, {"cause": "Blitz", "version": 1})
    content = client.post(page, {"cause": "Bagger", "version": 1}).content.decode()
    assert "Jemand anderes hat diese Meldung inzwischen geändert" in content
    assert "Bagger" in content
    incident.refresh_from_db()
    assert incident.cause == "Blitz"


def test_deadlines_count_in_words(client: Client, head: User, waterworks: Facility) -> None:
    now = timezone.now()
    late = IncidentFactory(
        facility=waterworks,
        began_at=now - timedelta(hours=30),
        known_at=now - timedelta(hours=26, minutes=5),
    )
    first, full = queries.deadlines_of(late, now=now)
    assert (first.is_over, first.hours, first.minutes) == (True, 2, 5)
    assert (full.is_over, full.stage) == (False, Stage.FINAL)
    content = client.get(late.get_absolute_url()).content.decode()
    assert "seit 2 Std. 5 Min. überschritten" in content
    late.handed_in.create(stage=Stage.FIRST, at=now, to="BBK", said={})
    assert queries.deadlines_of(late, now=now)[0].is_late
    assert "nach der Frist" in client.get(late.get_absolute_url()).content.decode()


def test_the_law_asks_above_the_threshold_only(
    client: Client, head: User, waterworks: Facility
) -> None:
    incident = IncidentFactory(facility=waterworks)
    assert "Freiwillig: Für diese" in client.get(incident.get_absolute_url()).content.decode()
    services.load_thresholds()
    MeasureFactory(facility=waterworks, value=Decimal(22_000_000), year=2024)
    content = client.get(incident.get_absolute_url()).content.decode()
    assert "Diese Meldung verlangt § 18" in content


def test_files_are_marked_and_recorded(client: Client, head: User, waterworks: Facility) -> None:
    incident = IncidentFactory(facility=waterworks, affected=800, contact_name="Bereitschaft")
    fetch = f"{incident.get_absolute_url()}herunterladen/"
    answer = client.post(fetch, {"als": "json"})
    said = json.loads(answer.content)
    entry = Entry.objects.order_by("-number").first()
    assert entry is not None
    assert (entry.deed, entry.details) == ("crisis.export_incident", {"format": "json"})
    assert said["vertraulich"]["abgerufen_fuer"] == "Leitung · Stadtwerke"
    assert said["vertraulich"]["kennung"] == entry.number
    assert said["betroffen"] == {
        "menschen": 800,
        "anteil": 1.0,
        "gebiet": "",
        "andere_staaten": "",
    }
    assert head.name not in answer.content.decode()
    assert client.post(fetch, {"als": "pdf"}).content.startswith(b"%PDF")


def test_it_says_where_to_go(client: Client, head: User, waterworks: Facility) -> None:
    ReportingOffice.objects.create(land="", name="Meldestelle des Bundes", how="https://a.example")
    ReportingOffice.objects.create(
        land=waterworks.region.land, name="Meldestelle des Landes", how="0800"
    )
    ReportingOffice.objects.create(
        land="01" if waterworks.region.land != "01" else "02", name="Anderswo", how="0"
    )
    content = client.get(IncidentFactory(facility=waterworks).get_absolute_url()).content.decode()
    assert "Meldestelle des Bundes" in content
    assert 'value="Meldestelle des Landes"' in content
    assert "Anderswo" not in content


def test_a_draft_can_be_discarded_a_report_cannot(
    client: Client, head: User, waterworks: Facility
) -> None:
    draft = IncidentFactory(facility=waterworks)
    assert client.post(f"{draft.get_absolute_url()}verwerfen/").status_code == 303
    sent = IncidentFactory(facility=waterworks, state=IncidentState.SENT)
    client.post(f"{sent.get_absolute_url()}verwerfen/")
    assert list(Incident.objects.all()) == [sent]


def test_others_find_nothing(client: Client, waterworks: Facility) -> None:
    incident = IncidentFactory(facility=waterworks)
    seat = SeatFactory(mandate__organisation=OrganisationFactory(region=MunicipalityFactory()))
    client.force_login(second_factor(seat.mandate.user))
    assert "Kein Druck" not in client.get("/krise/stoerungen/").content.decode()
    for path in ("", "was/"):
        assert client.get(f"{incident.get_absolute_url()}{path}").status_code == 404
    assert client.post(f"{incident.get_absolute_url()}herunterladen/").status_code == 404


def test_who_answered_is_forgotten_after_a_year(waterworks: Facility) -> None:
    now = timezone.now()
    for days in (364, 366):
        moment = now - timedelta(days=days)
        IncidentFactory(
            facility=waterworks, began_at=moment, known_at=moment, contact_name="Bereitschaft"
        )
    assert services.clear_incident_contacts(now - timedelta(days=365)) == 1
    assert [one.contact_name for one in Incident.objects.all()] == ["Bereitschaft", ""]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(
    client: Client,
    head: User,
    waterworks: Facility,
    rows: int,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    IncidentFactory.create_batch(rows, facility=waterworks)
    client.get("/krise/stoerungen/")
    with django_assert_num_queries(6):
        client.get("/krise/stoerungen/")
