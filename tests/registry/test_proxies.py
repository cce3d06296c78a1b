"""Powers to answer (Vollmachten): granted and revoked by the member, seen by everybody."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.mail.models import Notice
from allmende.registry import services
from allmende.registry.models import Level, Office, Organisation, OrganisationKind, Proxy, Topic
from allmende.registry.names import search_key
from allmende.registry.queries import Pair, topics_given
from tests.factories import (
    AgentFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ProxyFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db
MONEY, DIGITAL = Topic.FINANCE, Topic.DIGITAL


@pytest.fixture
def kreis() -> Organisation:
    organisation: Organisation = AgentFactory(region__name="Landkreis Ahornkreis")
    return organisation


@pytest.fixture
def lindenfurt(kreis: Organisation) -> Organisation:
    organisation: Organisation = OrganisationFactory(
        region__name="Lindenfurt", region__parent=kreis.region
    )
    return organisation


@pytest.fixture
def mayor(lindenfurt: Organisation) -> User:
    mandate = MandateFactory(
        organisation=lindenfurt, office=Office.MAYOR, may_release=True, user__name="Maria"
    )
    return second_factor(mandate.user)


@pytest.fixture
def there(client: Client, mayor: User) -> str:
    client.force_login(mayor)
    return "/verzeichnis/organisationen/"


def topics(member: Organisation, agent: Organisation) -> list[str]:
    return sorted(topics_given(Pair(member, agent)))


def grant(
    actor: User, member: Organisation, agent: Organisation, *chosen: Topic
) -> Iterable[Proxy]:
    return services.grant_proxy(actor=actor, member=member, agent=agent, topics=chosen)


def test_a_member_grants_topics_and_takes_one_back(
    mayor: User, lindenfurt: Organisation, kreis: Organisation
) -> None:
    grant(mayor, lindenfurt, kreis, MONEY, DIGITAL)
    assert topics(lindenfurt, kreis) == ["digitales", "finanzen"]
    again = services.grant_proxy(actor=mayor, member=lindenfurt, agent=kreis, topics=[MONEY])
    assert again == []
    services.revoke_proxy(actor=mayor, member=lindenfurt, agent=kreis, topics=[MONEY])
    assert topics(lindenfurt, kreis) == ["digitales"]
    twice = services.revoke_proxy(actor=mayor, member=lindenfurt, agent=kreis, topics=[MONEY])
    assert twice == []
    entries = Entry.objects.filter(deed__endswith="_proxy").order_by("number")
    assert [(entry.deed, entry.details["topics"]) for entry in entries] == [
        ("registry.grant_proxy", ["finanzen", "digitales"]),
        ("registry.revoke_proxy", ["finanzen"]),
    ]
    assert {entry.capacity for entry in entries} == {
        "Bürgermeisterin oder Bürgermeister · Lindenfurt"
    }


def test_both_sides_are_told_once_and_whoever_did_it_is_not(
    mayor: User, lindenfurt: Organisation, kreis: Organisation
) -> None:
    agents = {MandateFactory(organisation=kreis).user, MandateFactory(organisation=kreis).user}
    manager = MandateFactory(organisation=lindenfurt, may_manage=True).user
    MandateFactory(organisation=lindenfurt)
    gone = timezone.localdate() - timedelta(days=1)
    MandateFactory(organisation=kreis, until=gone)
    grant(mayor, lindenfurt, kreis, MONEY)
    grant(mayor, lindenfurt, kreis, MONEY)
    notices = Notice.objects.filter(topic="registry.proxies")
    assert {notice.user for notice in notices} == {*agents, manager}
    assert {(notice.title, notice.text) for notice in notices} == {
        (
            "Vollmacht: Landkreis Ahornkreis darf für Lindenfurt antworten",
            "Themenfelder: Finanzen und Förderung.",
        )
    }


@pytest.mark.parametrize(
    "change",
    [
        {"kind": OrganisationKind.MINISTRY, "region": None},
        {"kind": OrganisationKind.CIVIL_SOCIETY, "region": None},
        {"kind": OrganisationKind.ASSOCIATION, "region": None, "is_example": True},
        {"kind": OrganisationKind.ASSOCIATION, "region": None, "dissolved_on": "2026-01-01"},
    ],
    ids=["ministry", "civil society", "invented", "dissolved"],
)
def test_not_everybody_can_answer_for_others(
    mayor: User, lindenfurt: Organisation, change: dict[str, object]
) -> None:
    other = OrganisationFactory(**change)
    with pytest.raises(services.ProxyError, match="kann nicht für „Lindenfurt“ antworten"):
        grant(mayor, lindenfurt, other, MONEY)


def test_a_power_ends_with_either_of_both(lindenfurt: Organisation, kreis: Organisation) -> None:
    proxy = ProxyFactory(member=lindenfurt, agent=kreis)
    assert Proxy.objects.current().get() == proxy
    for organisation in (lindenfurt, kreis):
        region = organisation.region
        assert region is not None
        region.valid_until = timezone.localdate()
        region.save()
        assert list(Proxy.objects.current()) == []
        region.valid_until = None
        region.save()


def test_pages_ask_whom_then_for_what(
    client: Client, there: str, lindenfurt: Organisation, kreis: Organisation
) -> None:
    own = f"{there}{lindenfurt.slug}/vollmachten/"
    assert "Zurzeit darf niemand für Lindenfurt antworten" in client.get(own).content.decode()
    town = OrganisationFactory(region=None, kind=OrganisationKind.ASSOCIATION, name="Städtebund")
    suggested = client.get(f"{own}neu/")
    assert list(suggested.context["usual"]) == [kreis]
    assert list(client.get(f"{own}neu/", {"q": "städtebund"}).context["found"]) == []
    Organisation.objects.filter(pk=town.pk).update(search_key=search_key([town.name]))
    found = client.get(f"{own}neu/", {"q": "Städtebund"})
    assert list(found.context["found"]) == [town]
    step = f"{own}{kreis.slug}/erteilen/"
    missing = client.post(step, {"topics": ["hexerei"]})
    assert list(missing.context["form"].errors) == ["topics"]
    done = client.post(step, {"topics": ["finanzen", "digitales"]})
    assert (done.status_code, done.headers["Location"]) == (303, own)
    assert topics(lindenfurt, kreis) == ["digitales", "finanzen"]
    assert "Schon erteilt: Finanzen und Förderung · Digitales." in client.get(step).content.decode()
    leave = f"{own}{kreis.slug}/widerrufen/"
    form = client.get(leave).context["form"]
    assert form["topics"].value() == form.fields["topics"].initial
    done = client.post(leave, {"topics": ["finanzen"], "answers": "behalten"})
    assert (done.status_code, topics(lindenfurt, kreis)) == (303, ["digitales"])
    page = client.get(own).content.decode()
    assert ("Frühere Vollmachten" in page, "seit" in page) == (True, True)
    client.post(leave, {"topics": ["digitales"], "answers": "behalten"})
    again = client.post(leave, {"topics": ["digitales"], "answers": "behalten"})
    assert again.status_code == 303
    assert "hat keine Vollmacht von Lindenfurt" in client.get(own).content.decode()


def test_only_who_manages_or_releases_for_the_member_grants(
    client: Client, lindenfurt: Organisation, kreis: Organisation
) -> None:
    address = f"/verzeichnis/organisationen/{lindenfurt.slug}/vollmachten/"
    answers = []
    for fields in (
        {"organisation": lindenfurt},
        {"organisation": lindenfurt, "may_manage": True},
        {"organisation": lindenfurt, "may_release": True},
        {"organisation": kreis, "may_manage": True, "may_release": True},
    ):
        client.force_login(second_factor(MandateFactory(**fields).user))
        answers.append(client.get(address).status_code)
    assert answers == [404, 200, 200, 404]
    own = f"/verzeichnis/organisationen/{kreis.slug}/vollmachten/"
    assert client.get(own).status_code == 404


def test_whom_one_cannot_empower_has_no_page(
    client: Client, there: str, lindenfurt: Organisation
) -> None:
    other = OrganisationFactory()
    step = f"{there}{lindenfurt.slug}/vollmachten/{other.slug}/erteilen/"
    assert [client.get(step).status_code, client.post(step).status_code] == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_everybody_sees_for_whom_an_agent_may_answer(
    count: int,
    client: Client,
    kreis: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    names = [f"Ort {n}" for n in range(count)]
    for name in names:
        member = OrganisationFactory(region__name=name)
        ProxyFactory(member=member, agent=kreis)
        ProxyFactory(member=member, agent=kreis, topic=DIGITAL)
    there = f"/verzeichnis/organisationen/{kreis.slug}/"
    with django_assert_num_queries(4):
        response = client.get(f"{there}mitglieder/")
    assert [(str(row[0]), len(row[1])) for row in response.context["rows"]] == [
        (name, 2) for name in names
    ]
    page = client.get(there).content.decode()
    assert f"für {count} {'Mitglied' if count == 1 else 'Mitglieder'} antworten" in page
    rows = client.get(f"{there}mitglieder.csv").getvalue().decode().splitlines()
    assert [row.split(";")[0] for row in rows[1:]] == [name for name in names for _ in "ab"]
    none = client.get(f"{there}mitglieder/", {"thema": "klima"}).content.decode()
    assert "In diesem Themenfeld hat keine Kommune" in none


def test_the_public_page_names_agents_and_topics(
    client: Client, lindenfurt: Organisation, kreis: Organisation
) -> None:
    ProxyFactory(member=lindenfurt, agent=kreis)
    page = client.get(lindenfurt.get_absolute_url()).content.decode()
    assert "dürfen es in Vollmacht tun" in page
    assert ("Landkreis Ahornkreis" in page, "Finanzen und Förderung" in page) == (True, True)
    assert "Vollmachten erteilen" not in page


def test_its_own_kreis_and_verband_are_proposed(
    client: Client, there: str, lindenfurt: Organisation, kreis: Organisation
) -> None:
    union = AgentFactory(
        kind=OrganisationKind.UNION,
        region=MunicipalityFactory(
            level=Level.VERBAND, ars="090500001", ags="", parent=kreis.region, size_class=None
        ),
    )
    region = lindenfurt.region
    assert region is not None
    region.parent = union.region
    region.save()
    AgentFactory()
    page = client.get(f"{there}{lindenfurt.slug}/vollmachten/neu/")
    assert list(page.context["usual"]) == [union, kreis]
