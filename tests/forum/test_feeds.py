"""Atom feeds: what is in them for whom, under which names, and who gets nothing again."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.audit.services import record
from allmende.forum.models import (
    AgendaItem,
    Commitment,
    Concern,
    ConcernState,
    Outcome,
    Series,
    Sitting,
    SittingState,
    Step,
    Support,
)
from allmende.registry.models import Level, Region, Topic
from tests.factories import (
    ConcernFactory,
    ExtensionFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.forum.test_open_data import answered

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def entries(client: Client, path: str) -> list[dict[str, str]]:
    """The entries of a feed, after what RFC 4287 demands of it has been checked."""
    response = client.get(f"/neues/{path}.atom")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)  # noqa: S314  our own
    for required in ("id", "title", "updated"):
        assert len(feed.findall(f"a:{required}", ATOM)) == 1
    found = feed.findall("a:entry", ATOM)
    for entry in found:
        for required in ("id", "title", "updated", "author"):
            assert len(entry.findall(f"a:{required}", ATOM)) == 1
    ids = [entry.findtext("a:id", "", ATOM) for entry in found]
    assert sorted(set(ids)) == sorted(ids)
    return [
        {
            "id": entry.findtext("a:id", "", ATOM),
            "title": entry.findtext("a:title", "", ATOM),
            "office": entry.findtext("a:author/a:name", "", ATOM),
            "updated": entry.findtext("a:updated", "", ATOM),
        }
        for entry in found
    ]


def opened(**fields: Any) -> Concern:
    """A concern that its mayor has opened."""
    concern = ConcernFactory(**fields)
    mandate = MandateFactory(region=concern.owner, office="mayor")
    Step.objects.create(concern=concern, state=ConcernState.DRAFT)
    Step.objects.create(
        concern=concern, state=concern.state, actor=mandate.user, mandate=mandate, reason="Los!"
    )
    return concern


def test_a_change_of_state_with_the_office_as_author(client: Client) -> None:
    concern = opened(question="Wer zahlt?")
    step = concern.steps.get(state=ConcernState.OPEN)
    (entry,) = entries(client, "alles")
    assert entry == {
        "id": f"tag:127.0.0.1,2026:step/{step.pk}",
        "title": "Offen für Aussagen und Stimmen: Wer zahlt?",
        "office": step.mandate.capacity,
        "updated": step.at.isoformat(),
    }
    assert step.actor.name not in client.get("/neues/alles.atom").content.decode()


def test_nothing_of_drafts_and_of_what_is_confidential(client: Client) -> None:
    opened(is_confidential=True)
    opened(state=ConcernState.DRAFT)
    assert entries(client, "alles") == []


def test_answers_and_commitments(client: Client) -> None:
    concern = answered()
    Step.objects.create(concern=concern, state=ConcernState.ANSWERED)
    titles = [entry["title"] for entry in entries(client, "alles")]
    assert titles == [f"Antwort: {concern.question}", "Überfällig: Ein Programm"]
    commitment = Commitment.objects.get()
    report = commitment.reports.create(text="Der Entwurf liegt vor.")
    assert entries(client, "alles")[0]["title"] == "Bericht zur Zusage: Ein Programm"
    report.delete()
    Commitment.objects.update(outcome=Outcome.KEPT, outcome_at=timezone.now())
    titles = [entry["title"] for entry in entries(client, "alles")]
    assert titles == ["Eingehalten: Ein Programm", f"Antwort: {concern.question}"]
    assert concern.ministry is not None
    assert len(entries(client, f"ministerien/{concern.ministry.slug}")) == 2


def test_an_answer_that_comes_later_with_the_reason(client: Client) -> None:
    extension = ExtensionFactory(concern__question="Wer zahlt?")
    ExtensionFactory(
        concern__is_confidential=True, concern__deadline=timezone.now() + timedelta(days=1)
    )
    assert extension.mandate is not None
    assert entries(client, "alles") == [
        {
            "id": f"tag:127.0.0.1,2026:extension/{extension.pk}",
            "title": "Frist verlängert: Wer zahlt?",
            "office": extension.mandate.capacity,
            "updated": extension.at.isoformat(),
        }
    ]
    day = timezone.localtime(extension.after)
    told = f"Die Antwort ist jetzt am {day:%d.%m.%Y} fällig. Begründung: {extension.reason}"
    assert told in client.get("/neues/alles.atom").content.decode()


def test_regions_by_the_beginning_of_their_key_and_by_who_co_signs(client: Client) -> None:
    for key, level in (("09", Level.LAND), ("09051", Level.KREIS), ("14", Level.LAND)):
        MunicipalityFactory(ars=key, ags="", level=level, name=f"Gebiet {key}")
    town = MunicipalityFactory(ars="090510001001", ags="09051001", kreis="09051")
    elsewhere = MunicipalityFactory(ars="140510001001", ags="14051001")
    concern = opened(owner=town)
    counts = {key: len(entries(client, f"gebiete/{key}")) for key in ("09", "09051", "14")}
    assert counts == {"09": 1, "09051": 1, "14": 0}
    assert len(entries(client, f"gebiete/{town.ags}")) == 1
    Support.objects.create(concern=concern, organisation=OrganisationFactory(region=elsewhere))
    assert len(entries(client, "gebiete/14")) == 1
    Support.objects.update(withdrawn_at=timezone.now())
    assert entries(client, "gebiete/14") == []


def test_a_selection_is_of_forty_regions_at_most(client: Client) -> None:
    keys = [f"{number:05}" for number in range(1_000, 1_050)]
    page = client.get("/neues/auswahl/", {"gebiet": [*keys, keys[0]]})
    assert parse_qs(urlsplit(page.context["scope"].page).query) == {"gebiet": keys[:40]}


def test_only_a_selection_is_named_by_what_its_address_asks_for(client: Client) -> None:
    def name(path: str) -> str:
        feed = ET.fromstring(client.get(f"/neues/{path}").content)  # noqa: S314  our own
        return feed.findtext("a:id", "", ATOM)

    assert name("alles.atom?utm_source=brief") == "tag:127.0.0.1,2026:feed/neues/alles.atom"
    of_a_selection = "tag:127.0.0.1,2026:feed/neues/auswahl.atom?thema=klima"
    assert name("auswahl.atom?thema=klima") == of_a_selection


def test_topics(client: Client) -> None:
    opened(topic=Topic.FINANCE)
    assert len(entries(client, "themen/finanzen")) == 1
    assert entries(client, "themen/klima") == []


@pytest.mark.parametrize(
    "path", ["themen/gibtesnicht", "gebiete/99999999", "ministerien/gibt-es-nicht"]
)
def test_what_there_is_not(client: Client, path: str) -> None:
    assert client.get(f"/neues/{path}.atom").status_code == 404


def test_sittings_once_they_are_called_and_when_their_minutes_are_closed(client: Client) -> None:
    series = Series.objects.create(name="Plenum", slug="plenum", host=OrganisationFactory())
    sitting = Sitting.objects.create(
        series=series,
        title="Frühjahr",
        starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(hours=2),
    )
    concern = opened(topic=Topic.FINANCE)
    AgendaItem.objects.create(sitting=sitting, place=1, title="Geld", concern=concern)
    actor = UserFactory()
    record(actor=actor, deed="forum.add_sitting", obj=sitting)
    assert len(entries(client, "alles")) == 1
    Sitting.objects.update(state=SittingState.INVITED)
    record(actor=actor, deed="forum.invite_members", obj=sitting)
    assert [entry["title"] for entry in entries(client, "themen/finanzen")][:1] == [
        "Sitzung: Frühjahr"
    ]
    before = entries(client, "alles")[0]
    record(actor=actor, deed="forum.change_sitting", obj=sitting)
    after = entries(client, "alles")[0]
    assert before["id"] == after["id"]
    assert before["updated"] < after["updated"]
    record(actor=actor, deed="forum.close_minutes", obj=sitting)
    assert entries(client, "alles")[0]["title"] == "Niederschrift: Frühjahr"
    assert entries(client, "themen/klima") == []


def test_who_has_it_already_gets_nothing(client: Client) -> None:
    empty = client.get("/neues/alles.atom")
    assert client.get("/neues/alles.atom")["ETag"] == empty["ETag"]
    opened()
    first = client.get("/neues/alles.atom")
    assert first["ETag"] != empty["ETag"]
    again = client.get("/neues/alles.atom", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    opened()
    news = client.get("/neues/alles.atom", headers={"If-None-Match": first["ETag"]})
    assert news.status_code == 200


def test_as_many_queries_whatever_there_is_and_no_more_than_fit(client: Client) -> None:
    from django.db import connection

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/neues/alles.atom")
        return len(asked)

    opened()
    answered()
    with_one = cost()
    for _ in range(2):
        opened()
        answered()
    assert cost() == with_one
    concern = Concern.objects.all()[0]
    Step.objects.bulk_create(Step(concern=concern, state=ConcernState.POSITION) for _ in range(60))
    assert len(entries(client, "alles")) == 50


def test_pages_name_their_feed(client: Client) -> None:
    town = MunicipalityFactory()
    ministry = OrganisationFactory(region=None, kind="ministerium", slug="bmi")
    for page, feed in (
        ("/forum/", "/neues/alles.atom"),
        (town.get_absolute_url(), f"/neues/gebiete/{town.ags}.atom"),
        (ministry.get_absolute_url(), "/neues/ministerien/bmi.atom"),
        ("/neues/", "/neues/themen/finanzen.atom"),
    ):
        text = client.get(page).content.decode()
        assert f'href="{feed}"' in text
    assert Region.objects.count() == 1
