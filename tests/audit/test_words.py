"""What readers are told: everybody what was done, only some by whom."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.audit.services import record
from allmende.audit.words import deed_words, kind_words, tell
from allmende.forum.models import Concern
from tests.conftest import ROOT
from tests.factories import ConcernFactory, MandateFactory, UserFactory, second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return MandateFactory(user__name="Alice").user


@pytest.fixture
def concern(alice: User) -> Concern:
    """Alice has opened it for her municipality, and somebody without a mandate has changed it."""
    concern = ConcernFactory()
    mandate = alice.mandates.get()
    record(actor=alice, deed="forum.open_concern", obj=concern, mandate=mandate)
    record(actor=UserFactory(name="Dora"), deed="forum.change_concern", obj=concern)
    record(actor=None, deed="forum.close_concern", obj=concern)
    return concern


def told(concern: Concern, reader: User | AnonymousUser) -> list[str]:
    return [line.who for line in tell(history_of(concern), reader=reader)]


def test_strangers_read_in_which_mandate_somebody_acted(concern: Concern, alice: User) -> None:
    capacity = alice.mandates.get().capacity
    expected = ["", "eine Person mit Konto", capacity]
    assert told(concern, AnonymousUser()) == expected
    assert told(concern, MandateFactory().user) == expected


def test_the_own_organisation_reads_names(concern: Concern, alice: User) -> None:
    mandate = alice.mandates.get()
    colleague = MandateFactory(organisation=mandate.organisation).user
    expected = ["", "eine Person mit Konto", f"Alice, {mandate.capacity}"]
    assert told(concern, colleague) == expected
    assert told(concern, alice) == expected


def test_operators_read_all_names(concern: Concern, alice: User) -> None:
    operator = second_factor(UserFactory(is_operator=True))
    assert told(concern, operator) == ["", "Dora", f"Alice, {alice.mandates.get().capacity}"]


def test_every_deed_and_kind_that_is_recorded_has_its_words() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "src" / "allmende").rglob("*.py"))
    deeds = set(re.findall(r'deed="(\w+\.\w+)"', code))
    assert deeds - set(deed_words()) == set()
    assert {deed.split(".")[0] for deed in deeds} >= {kind.split(".")[0] for kind in kind_words()}
