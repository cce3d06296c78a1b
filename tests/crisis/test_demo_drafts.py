"""The example data's script is played in the network of its register, and its decision makes a difference."""

import pytest
from tests.factories import FacilityFactory, SupplyFactory

from allmende.accounts.models import User
from allmende.crisis.demo.drafts import make_draft
from allmende.crisis.models import Facility, ScriptDraft, Service
from allmende.crisis.queries.exercises import hosting_mandates
from allmende.crisis.queries.rehearsals import check_draft, rehearse_draft
from allmende.formats.exercise_script.document import script_of

pytestmark = pytest.mark.django_db


def test_it_can_be_played_at_once(alice: User, waterworks: Facility, substation: Facility) -> None:
    second = FacilityFactory(
        name="Klinik", service=Service.HOSPITAL, region=waterworks.region, served=500
    )
    SupplyFactory(facility=second, of=[substation], buffer_hours=6)
    User.objects.filter(pk=alice.pk).update(email="landkreis@example.org")
    [host] = hosting_mandates(alice)
    assert [make_draft(host), make_draft(host)] == [1, 0]
    script = script_of(ScriptDraft.objects.get().script)
    assert script.from_register
    assert check_draft(script).found == []
    idle = rehearse_draft(script, [])
    [decision] = script.decisions
    [asking] = script.asking[decision.key]
    assert (asking.title, asking.to) == ("Zur Entscheidung: ein Aggregat", (decision.role,))
    assert [option.name for option in decision.options] == ["Wasserwerk", "Klinik"]
    for option in decision.options:
        run = rehearse_draft(script, [(180, decision.key, option.key)])
        assert (run.decided or 0) < (idle.nothing or 0)
    assert substation.name in script.injects[1].text


def test_without_a_register_there_is_none(alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(email="landkreis@example.org")
    [host] = hosting_mandates(alice)
    assert (make_draft(host), ScriptDraft.objects.count()) == (0, 0)
