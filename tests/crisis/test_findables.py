"""Search finds exercises, scripts and measures for those who may see them, and facilities for nobody."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.crisis.reports.conftest import fields
from tests.crisis.small import come_in, small_script
from tests.factories import FacilityFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis.models import Exercise, ScriptDraft
from allmende.crisis.services import exercises as serve
from allmende.crisis.services.exercises import authoring
from allmende.portal.search import index
from allmende.registry.models import Organisation, Region

pytestmark = pytest.mark.django_db
WORDS = "Stromausfall"


@pytest.fixture
def exercise(alice: User, host: Organisation) -> Exercise:
    """Alice leads it."""
    return serve.add_exercise(actor=alice, mandate=None, host=host, script=small_script())


def found(client: Client, words: str = WORDS) -> list[tuple[str, str]]:
    page: Any = client.get("/suche/", {"q": words})
    return sorted((str(hit.kind), hit.plain_title) for hit in page.context["hits"])


def test_who_may_see_it_finds_it_and_nobody_else(
    client: Client, alice: User, exercise: Exercise, draft: ScriptDraft
) -> None:
    serve.add_improvement(
        actor=alice, exercise=exercise, **fields(what="Aggregat für Stromausfall")
    )
    assert found(client) == []
    player = UserFactory()
    serve.join(actor=player, exercise=exercise, kind="spiel", role="stab")
    for person, kinds in (
        (alice, ["Drehbuch", "Maßnahme", "Übung"]),
        (player, ["Übung"]),
        (UserFactory(), []),
    ):
        client.force_login(person)
        assert [kind for kind, _title in found(client)] == kinds


def test_without_a_second_factor_an_exercise_on_a_register_is_not_found(
    client: Client, alice: User, host: Organisation
) -> None:
    script = small_script(from_register=True)
    made = serve.add_exercise(actor=alice, mandate=None, host=host, script=script)
    player = come_in(made).user
    client.force_login(player)
    assert [kind for kind, _title in found(client)] == ["Übung"]
    Authenticator.objects.filter(user=player).delete()
    assert found(client) == []


def test_what_is_removed_is_found_no_more(
    client: Client, alice: User, exercise: Exercise, draft: ScriptDraft
) -> None:
    client.force_login(alice)
    assert len(found(client)) == 2
    serve.remove_exercise(actor=alice, exercise=exercise)
    authoring.remove_draft(actor=alice, mandate=None, draft=draft)
    assert found(client) == []


def test_facilities_are_found_in_the_register_alone(
    client: Client, alice: User, village: Region
) -> None:
    FacilityFactory(name="Umspannwerk Nord", region=village)
    index.rebuild()
    client.force_login(alice)
    assert found(client, "Umspannwerk") == []
