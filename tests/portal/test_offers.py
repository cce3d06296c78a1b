"""What the apps offer to the frame."""

from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from tests.factories import UserFactory, second_factor

from allmende.accounts.models import User
from allmende.portal import offers
from allmende.portal.offers import MenuEntry, Offer, Place, Task, TaskKind

LATE = timezone.make_aware(datetime(2026, 12, 1))
SOON = timezone.make_aware(datetime(2026, 11, 22))


@pytest.fixture
def two_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two apps, of which the second has more to say."""
    first = Offer(
        menu=(MenuEntry("Verzeichnis", "registry:index", order=90),),
        tasks=lambda user: [
            Task("Ohne Frist", "", "/a", None, TaskKind.VOTE),
            Task("Später", "", "/b", LATE, TaskKind.VOTE),
        ],
    )
    second = Offer(
        menu=(MenuEntry("Forum", "forum:concerns", order=10),),
        tasks=lambda user: [Task("Bald", "", "/c", SOON, TaskKind.ANSWER)],
        places=lambda words: [Place(words, "Kreis", "09051")],
    )
    monkeypatch.setattr(offers, "all_offers", lambda: (first, second, Offer()))


@pytest.mark.usefixtures("two_apps")
def test_menu_is_in_its_own_order() -> None:
    labels = [entry.label for entry in offers.menu(AnonymousUser())]
    assert labels == ["Forum", "Verzeichnis"]


@pytest.mark.usefixtures("two_apps")
def test_tasks_come_most_urgent_first_and_those_without_a_date_last(alice: User) -> None:
    assert [task.title for task in offers.tasks_of(alice)] == ["Bald", "Später", "Ohne Frist"]


@pytest.mark.usefixtures("two_apps")
def test_places_come_from_every_app() -> None:
    assert offers.places("Ahornkreis") == [Place("Ahornkreis", "Kreis", "09051")]


def test_an_empty_offer_offers_nothing(alice: User) -> None:
    empty = Offer()
    assert (empty.tasks(alice), empty.places("x"), empty.demo(1)) == ((), (), ())


@pytest.mark.django_db
def test_every_menu_entry_leads_somewhere(client: object) -> None:
    from django.urls import reverse

    for entry in offers.menu(second_factor(UserFactory(is_operator=True))):
        assert reverse(entry.url_name).startswith("/")


@pytest.mark.django_db
def test_what_only_some_may_see_is_in_their_menu_alone() -> None:
    people = [AnonymousUser(), UserFactory(), second_factor(UserFactory(is_operator=True))]
    menus = [[entry.label for entry in offers.menu(person)] for person in people]
    assert ["Betrieb" in labels for labels in menus] == [False, False, True]


def test_every_entry_of_the_desk_leads_somewhere() -> None:
    from django.urls import reverse

    assert [entry for entry in offers.desk() if not reverse(entry.url_name)] == []
