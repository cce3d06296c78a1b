"""Who may do what: the table of roles, and that lists say the same as rules."""

from datetime import timedelta

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum import queries
from allmende.forum.models import Concern, ConcernState
from tests.factories import ConcernFactory, MandateFactory

pytestmark = pytest.mark.django_db

EVERYBODY = {"alice", "bob", "charlie", "dora", "operator", "nobody"}
PHASES = {
    "draft": {"state": ConcernState.DRAFT},
    "open": {},
    "confidential": {"is_confidential": True},
    "personal": {"takes_personal_voices": True},
    "confidential and personal": {"is_confidential": True, "takes_personal_voices": True},
    "over": {"deadline": timezone.now() - timedelta(hours=1), "is_confidential": True},
    "closed": {"state": ConcernState.CLOSED, "is_confidential": True},
}
MAY = {
    ("forum.view_concern", "draft"): {"alice", "bob", "operator"},
    ("forum.view_concern", "open"): EVERYBODY,
    ("forum.view_concern", "confidential"): {"alice", "bob", "charlie", "operator"},
    ("forum.view_concern", "personal"): EVERYBODY,
    ("forum.view_concern", "confidential and personal"): {"alice", "bob", "charlie", "operator"},
    ("forum.view_concern", "over"): EVERYBODY,
    ("forum.view_concern", "closed"): {"alice", "bob", "charlie", "operator"},
    ("forum.edit_concern", "draft"): {"alice", "bob"},
    ("forum.close_concern", "open"): {"alice", "bob"},
    ("forum.close_concern", "confidential"): {"alice", "bob"},
    ("forum.close_concern", "personal"): {"alice", "bob"},
    ("forum.close_concern", "confidential and personal"): {"alice", "bob"},
    **{("forum.moderate_concern", phase): {"alice", "bob", "operator"} for phase in PHASES},
    ("forum.take_part", "open"): {"alice", "bob", "charlie"},
    ("forum.take_part", "confidential"): {"alice", "bob", "charlie"},
    ("forum.take_part", "personal"): {"alice", "bob", "charlie", "dora", "operator"},
    ("forum.take_part", "confidential and personal"): {"alice", "bob", "charlie"},
    **{
        ("forum.view_ballot", phase): {"alice", "bob", "charlie"}
        for phase in PHASES
        if phase not in {"draft", "personal"}
    },
    ("forum.view_ballot", "personal"): {"alice", "bob", "charlie", "dora", "operator"},
    ("forum.add_statement", "draft"): {"alice", "bob"},
    ("forum.add_statement", "open"): {"alice", "bob", "charlie"},
    ("forum.add_statement", "confidential"): {"alice", "bob", "charlie"},
    ("forum.add_statement", "personal"): {"alice", "bob", "charlie", "dora", "operator"},
    ("forum.add_statement", "confidential and personal"): {"alice", "bob", "charlie"},
    ("forum.view_voices", "draft"): {"alice", "bob", "operator"},
    ("forum.view_voices", "open"): EVERYBODY,
    ("forum.view_voices", "personal"): EVERYBODY,
    ("forum.view_voices", "over"): EVERYBODY,
}
RULES = sorted({rule for rule, _ in MAY})


@pytest.fixture
def people(
    alice: User, bob: User, charlie: User, dora: User, operator: User
) -> dict[str, User | AnonymousUser]:
    named = {"alice": alice, "bob": bob, "charlie": charlie, "dora": dora, "operator": operator}
    return {**named, "nobody": AnonymousUser()}


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("rule", RULES)
def test_exactly_these_may(
    rule: str, phase: str, people: dict[str, User], concern: Concern
) -> None:
    Concern.objects.update(**PHASES[phase])
    concern.refresh_from_db()
    may = {name for name, person in people.items() if rules.has_perm(rule, person, concern)}
    assert may == MAY.get((rule, phase), set())


def test_only_who_speaks_for_a_municipality_may_add_a_concern(people: dict[str, User]) -> None:
    may = {name for name, person in people.items() if rules.has_perm("forum.add_concern", person)}
    assert may == {"alice", "bob", "charlie"}


def test_a_mandate_that_has_ended_allows_nothing(charlie: User, concern: Concern) -> None:
    charlie.mandates.update(until=timezone.localdate() - timedelta(days=1))
    assert not rules.has_perm("forum.take_part", charlie, concern)


def test_a_mandate_that_has_not_begun_allows_nothing(dora: User, concern: Concern) -> None:
    MandateFactory(user=dora, since=timezone.localdate() + timedelta(days=1))
    assert not rules.has_perm("forum.take_part", dora, concern)


def test_invented_municipalities_stay_among_themselves(concern: Concern, dora: User) -> None:
    MandateFactory(user=dora, region__invented=True)
    Concern.objects.update(is_confidential=True)
    concern.refresh_from_db()
    rule = "forum.view_concern", "forum.take_part"
    assert [rules.has_perm(name, dora, concern) for name in rule] == [False, False]
    concern.is_example = True
    assert [rules.has_perm(name, dora, concern) for name in rule] == [True, True]
    assert [voice.region.invented for voice in queries.voices_of(user=dora, concern=concern)] == [
        True
    ]


def test_lists_show_what_the_rule_shows(people: dict[str, User], alice: User) -> None:
    MandateFactory(user=people["dora"], region__invented=True)
    for phase in PHASES.values():
        ConcernFactory(owner=alice.mandates.get().region, **phase)
        ConcernFactory(**phase)
        ConcernFactory(is_example=True, **phase)
    for person in people.values():
        by_rule = {
            c for c in Concern.objects.all() if rules.has_perm("forum.view_concern", person, c)
        }
        assert set(queries.visible_concerns(person)) == by_rule
