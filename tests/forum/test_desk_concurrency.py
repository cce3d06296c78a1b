"""Saved filters at the same moment: one name, one that is shown first, and nothing breaks."""

import pytest

from allmende.accounts.models import User
from allmende.forum import services
from allmende.forum.models import SavedFilter

from .test_concurrency import AT_ONCE, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filters(alice: User) -> list[SavedFilter]:
    return [SavedFilter.objects.create(user=alice, name=str(n)) for n in range(AT_ONCE)]


def test_of_several_that_are_chosen_at_once_one_is_shown_first(filters: list[SavedFilter]) -> None:
    all_at_once(lambda n: services.choose_first_filter(saved=filters[n], is_default=True))
    assert SavedFilter.objects.filter(is_default=True).count() == 1


def test_of_several_that_get_a_name_at_once_one_has_it(
    alice: User, filters: list[SavedFilter]
) -> None:
    def name(number: int) -> bool:
        try:
            if number:
                services.rename_filter(saved=filters[number], name="Neu")
            else:
                services.save_filter(user=alice, name="Neu", wishes={})
        except services.Conflict:
            return False
        return True

    assert sum(all_at_once(name)) == 1
    assert SavedFilter.objects.filter(user=alice, name="Neu").count() == 1
