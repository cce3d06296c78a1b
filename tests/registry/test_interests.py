"""Of which topics and regions people see news: choosing them, and what counts without that."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.accounts import services as accounts
from allmende.accounts.models import User
from allmende.registry import queries, services
from allmende.registry.models import Interest, Level, Region, Topic
from tests.factories import MandateFactory, MunicipalityFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/konto/themen/"


def region(ars: str, name: str, level: Level, **fields: object) -> Region:
    made: Region = MunicipalityFactory(
        ars=ars,
        ags="",
        level=level,
        name=name,
        search_key=f" {name.casefold()} ",
        land=ars[:2],
        kreis=ars[:5] if len(ars) >= 5 else "",
        **fields,
    )
    return made


@pytest.fixture
def bavaria() -> Region:
    return region("09", "Bayern", Level.LAND)


@pytest.fixture
def district(bavaria: Region) -> Region:
    return region("09051", "Ahornkreis", Level.KREIS)


@pytest.fixture
def clerk(district: Region) -> User:
    town = MunicipalityFactory(ars="090510001001", ags="09051001", land="09", kreis="09051")
    user: User = MandateFactory(region=town).user
    return user


def test_the_kreis_of_a_mandate_counts_by_itself_and_of_what_is_invented_the_land(
    clerk: User, district: Region
) -> None:
    assert queries.home_keys(clerk) == ["09051"]
    assert list(queries.home_regions(clerk)) == [district]
    invented = MandateFactory(
        region=MunicipalityFactory(ars="099990001001", land="09", kreis="09999", invented=True)
    )
    assert queries.home_keys(invented.user) == ["09"]
    assert queries.home_keys(UserFactory()) == []


def test_topics_and_regions_are_kept_and_shown_ticked(
    client: Client, clerk: User, bavaria: Region
) -> None:
    client.force_login(clerk)
    page = client.get(PAGE).content.decode()
    assert "Ahornkreis" in page
    assert "Bayern" in page, "the Land above is proposed"
    answer = client.post(PAGE, {"themen": ["finanzen", "klima"], "gebiete": [bavaria.pk]})
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    interests = queries.interests_of(clerk)
    assert interests == queries.Interests((Topic.FINANCE, Topic.CLIMATE), (bavaria,))
    assert client.get(PAGE).content.decode().count(" checked") == 3
    client.post(PAGE, {})
    assert queries.interests_of(clerk) == queries.Interests((), ())


def test_a_region_is_found_by_its_name(client: Client, clerk: User) -> None:
    there = region("14052", "Kranichkreis", Level.KREIS)
    client.force_login(clerk)
    client.post(PAGE, {"themen": ["klima"], "ort": "kranichkreis"})
    assert queries.interests_of(clerk) == queries.Interests((Topic.CLIMATE,), (there,))


def test_of_several_regions_she_chooses_and_loses_nothing(client: Client, clerk: User) -> None:
    first, second = (
        region(key, "Neustadt", Level.GEMEINDE) for key in ("090520001001", "140520001001")
    )
    client.force_login(clerk)
    answer = client.post(PAGE, {"themen": ["klima"], "ort": "Neustadt"})
    page = answer.content.decode()
    assert "Das können mehrere sein" in page
    assert page.count("Neustadt (") == 2
    assert page.count(" checked") == 1, "the topic is still ticked"
    assert Interest.objects.count() == 0
    client.post(PAGE, {"themen": ["klima"], "gebiete": [second.pk]})
    assert queries.interests_of(clerk).regions == (second,)
    assert first not in queries.interests_of(clerk).regions


def test_more_than_twenty_regions_are_too_many(client: Client, clerk: User) -> None:
    places = [region(f"140{n}", f"Kreis {n}", Level.KREIS) for n in range(10, 31)]
    client.force_login(clerk)
    page = client.post(PAGE, {"gebiete": [place.pk for place in places]}).content.decode()
    assert "höchstens 20 Regionen" in page
    assert page.count(" checked") == 21
    assert queries.interests_of(clerk).regions == ()
    client.post(PAGE, {"gebiete": [place.pk for place in places[:20]]})
    assert len(queries.interests_of(clerk).regions) == 20


def test_a_region_that_is_no_more_is_left_out_and_goes_with_the_next_choice(
    client: Client, clerk: User, bavaria: Region
) -> None:
    gone = region("14053", "Altkreis", Level.KREIS)
    services.choose_interests(user=clerk, topics=[Topic.CLIMATE], regions=[bavaria, gone])
    Region.objects.filter(pk=gone.pk).update(valid_until=timezone.localdate())
    assert queries.interests_of(clerk) == queries.Interests((Topic.CLIMATE,), (bavaria,))
    client.force_login(clerk)
    page = client.get(PAGE).content.decode()
    assert ("Altkreis" in page, page.count(" checked")) == (False, 2)
    answer = client.post(PAGE, {"themen": ["finanzen"], "gebiete": [bavaria.pk]})
    assert answer.status_code == 303
    assert set(Interest.objects.values_list("topic", "region")) == {
        ("finanzen", None),
        ("", bavaria.pk),
    }


def test_an_unknown_region_is_said(client: Client, clerk: User) -> None:
    client.force_login(clerk)
    page = client.post(PAGE, {"ort": "Nirgendwo"}).content.decode()
    assert "kennt das Verzeichnis nicht" in page
    assert 'value="Nirgendwo"' in page


def test_the_same_queries_whatever_is_chosen(client: Client, clerk: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return len(asked)

    client.force_login(clerk)
    places = [region(f"140{n}0", f"Kreis {n}", Level.KREIS) for n in range(3)]
    services.choose_interests(user=clerk, topics=[Topic.CLIMATE], regions=places[:1])
    with_one = cost()
    services.choose_interests(user=clerk, topics=list(Topic)[:3], regions=places)
    assert cost() == with_one


def test_it_is_in_her_copy_and_goes_with_her_account(clerk: User, bavaria: Region) -> None:
    services.choose_interests(user=clerk, topics=[Topic.FINANCE], regions=[bavaria])
    (part,) = [part for part in queries.personal_data(clerk) if part.title == "Themen und Regionen"]
    assert [list(row.values()) for row in part.rows] == [["Finanzen und Förderung"], ["Bayern"]]
    accounts.delete_account(actor=clerk)
    assert Interest.objects.count() == 0
