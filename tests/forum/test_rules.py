"""Who may do what: the table of roles, and that lists say the same as rules."""

from datetime import timedelta

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum import queries
from allmende.forum.models import Concern, ConcernState
from allmende.registry.models import Office, Organisation, OrganisationKind
from tests.factories import ConcernFactory, MandateFactory, OrganisationFactory, second_factor

pytestmark = pytest.mark.django_db

# Rita only reads for the municipality that Alice and Bob vote for, Carl also contributes to it.
OWN = {"alice", "bob"}
WRITE = OWN | {"carl"}
KOMMUNEN = WRITE | {"rita", "charlie"}
EVERYBODY = KOMMUNEN | {"dora", "operator", "nobody"}
SIGNED_IN = EVERYBODY - {"nobody"}
PHASES = {
    "draft": {"state": ConcernState.DRAFT},
    "open": {},
    "confidential": {"is_confidential": True},
    "personal": {"takes_personal_voices": True},
    "confidential and personal": {"is_confidential": True, "takes_personal_voices": True},
    "over": {"deadline": timezone.now() - timedelta(hours=1), "is_confidential": True},
    "closed": {"state": ConcernState.POSITION, "is_confidential": True},
}
MAY = {
    ("forum.view_concern", "draft"): WRITE | {"operator"},
    ("forum.view_concern", "open"): EVERYBODY,
    ("forum.view_concern", "confidential"): KOMMUNEN | {"operator"},
    ("forum.view_concern", "personal"): EVERYBODY,
    ("forum.view_concern", "confidential and personal"): KOMMUNEN | {"operator"},
    ("forum.view_concern", "over"): EVERYBODY,
    ("forum.view_concern", "closed"): KOMMUNEN | {"operator"},
    ("forum.edit_concern", "draft"): WRITE,
    ("forum.open_concern", "draft"): OWN,
    **{
        ("forum.close_concern", phase): OWN
        for phase in ("open", "confidential", "personal", "confidential and personal")
    },
    **{("forum.moderate_concern", phase): OWN | {"operator"} for phase in PHASES},
    ("forum.take_part", "open"): OWN | {"charlie"},
    ("forum.take_part", "confidential"): OWN | {"charlie"},
    ("forum.take_part", "personal"): SIGNED_IN,
    ("forum.take_part", "confidential and personal"): OWN | {"charlie"},
    **{
        ("forum.view_ballot", phase): OWN | {"charlie"}
        for phase in PHASES
        if phase not in {"draft", "personal"}
    },
    ("forum.view_ballot", "personal"): SIGNED_IN,
    ("forum.add_statement", "draft"): WRITE,
    ("forum.add_statement", "open"): WRITE | {"charlie"},
    ("forum.add_statement", "confidential"): WRITE | {"charlie"},
    ("forum.add_statement", "personal"): SIGNED_IN,
    ("forum.add_statement", "confidential and personal"): WRITE | {"charlie"},
    ("forum.view_voices", "draft"): WRITE | {"operator"},
    ("forum.view_voices", "open"): EVERYBODY,
    ("forum.view_voices", "personal"): EVERYBODY,
    ("forum.view_voices", "over"): EVERYBODY,
}
# What changes where Alice's municipality wants four eyes and Bob may release in its name.
FOUR_EYES = {
    ("forum.open_concern", "draft"): WRITE,  # Alice and Carl ask for it, Bob opens
    ("forum.close_concern", "open"): {"bob"},
    ("forum.release_drafts", "draft"): {"bob"},
    ("forum.release_drafts", "open"): {"bob"},
    ("forum.release_drafts", "over"): {"bob"},
    ("forum.take_part", "open"): OWN | {"charlie"},
    ("forum.add_statement", "open"): WRITE | {"charlie"},
    ("forum.moderate_concern", "open"): OWN | {"operator"},
}
RULES = sorted({rule for rule, _ in MAY})


@pytest.fixture
def people(
    alice: User, bob: User, charlie: User, dora: User, operator: User
) -> dict[str, User | AnonymousUser]:
    own = {"region": alice.mandates.get().region, "may_vote": False}
    return {
        "alice": alice,
        "bob": bob,
        "carl": MandateFactory(user__name="Carl", office=Office.COUNCIL, **own).user,
        "rita": MandateFactory(user__name="Rita", may_contribute=False, **own).user,
        "charlie": charlie,
        "dora": dora,
        "operator": operator,
        "nobody": AnonymousUser(),
    }


@pytest.fixture
def four_eyes(people: dict[str, User]) -> None:
    Organisation.objects.filter(mandates__user=people["alice"]).update(four_eyes=True)
    people["bob"].mandates.update(office=Office.MAYOR, may_release=True)
    second_factor(people["bob"])


def who_may(rule: str, people: dict[str, User], concern: Concern) -> set[str]:
    return {name for name, person in people.items() if rules.has_perm(rule, person, concern)}


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("rule", RULES)
def test_exactly_these_may(
    rule: str, phase: str, people: dict[str, User], concern: Concern
) -> None:
    Concern.objects.update(**PHASES[phase])
    concern.refresh_from_db()
    assert who_may(rule, people, concern) == MAY.get((rule, phase), set())


@pytest.mark.parametrize(("rule", "phase"), FOUR_EYES)
def test_where_four_eyes_decide_exactly_these_may(
    rule: str, phase: str, people: dict[str, User], concern: Concern, four_eyes: None
) -> None:
    Concern.objects.update(**PHASES[phase])
    concern.refresh_from_db()
    assert who_may(rule, people, concern) == FOUR_EYES[rule, phase]


def test_who_speaks_for_no_municipality_reads_nothing_confidential(
    concern: Concern, dora: User
) -> None:
    """A Landkreis or an association may answer for members that let it; a ministry never."""
    Concern.objects.update(is_confidential=True)
    concern.refresh_from_db()
    ministry = OrganisationFactory(region=None, kind=OrganisationKind.MINISTRY)
    MandateFactory(user=dora, organisation=ministry, office=Office.LEADERSHIP, may_release=True)
    second_factor(dora)
    asked = ("forum.view_concern", "forum.take_part", "forum.add_statement")
    assert [rules.has_perm(rule, dora, concern) for rule in asked] == [False] * 3
    assert not rules.has_perm("forum.add_concern", dora)


def test_only_who_speaks_for_a_municipality_may_add_a_concern(people: dict[str, User]) -> None:
    may = {name for name, person in people.items() if rules.has_perm("forum.add_concern", person)}
    assert may == {"alice", "bob", "carl", "charlie"}


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
