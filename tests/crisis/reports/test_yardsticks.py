"""What play is held against is computed by a worker: no page waits for it, and a worker that dies loses nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.crisis.reports.conftest import address, play, script
from tests.factories import OrganisationFactory
from tests.worker import work

from allmende.accounts.models import User
from allmende.algorithms.exercise import rehearsal
from allmende.crisis.models import Exercise, Yardstick
from allmende.crisis.portal import offer
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db(transaction=True)

AWAITED, FAILED = "werden noch berechnet", "ließen sich nicht berechnen"


class WorkerKilledError(BaseException):
    """As if the power went: nobody catches it."""


@pytest.fixture
def page(client: Client, control: User) -> Client:
    client.force_login(control)
    return client


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every time that it is computed."""
    found: list[Any] = []
    whole = rehearsal.yardstick

    def counted(plan: Any) -> Any:
        found.append(plan)
        return whole(plan)

    monkeypatch.setattr(rehearsal, "yardstick", counted)
    return found


def read(page: Client, exercise: Exercise) -> str:
    return page.get(address(exercise, "/")).content.decode()


def test_no_page_computes_it_and_the_report_renews_itself_until_it_is_there(
    page: Client, ended: Exercise, computed: list[Any]
) -> None:
    early = read(page, ended)
    assert AWAITED in early
    assert 'hx-select="#wirkung"' in early
    assert page.get(address(ended, ".json")).json()["losses_state"] == "wird berechnet"
    assert page.get(address(ended, ".pdf")).status_code == 200
    assert computed == []
    work()
    assert len(computed) == 1
    late = read(page, ended)
    assert AWAITED not in late
    assert "hx-select" not in late
    assert "mit den Entscheidungen" in late


def test_it_is_computed_once_for_a_script(
    control: User, player: User, observer: User, computed: list[Any]
) -> None:
    for _two in range(2):
        exercise = play(control, player, observer)
    serve.compute_yardstick(exercise.script_hash)
    work()
    # A task that comes again finds nothing to do.
    serve.compute_yardstick(exercise.script_hash)
    assert (len(computed), Yardstick.objects.count()) == (1, 1)


def test_what_a_killed_worker_left_is_begun_anew_by_the_next(
    page: Client, ended: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_plan: Any) -> None:
        raise WorkerKilledError

    with monkeypatch.context() as patch:
        patch.setattr(rehearsal, "yardstick", killed)
        work()
    assert AWAITED in read(page, ended)
    assert serve.pick_up_yardsticks() == 0  # it may be at work still
    Yardstick.objects.update(wanted_at=timezone.now() - timedelta(minutes=11))
    assert offer.tick is not None
    offer.tick()
    work()
    assert AWAITED not in read(page, ended)
    assert Yardstick.objects.get().tries == 2


def test_what_waits_for_its_turn_gets_no_second_job(ended: Exercise) -> None:
    Yardstick.objects.update(wanted_at=timezone.now() - timedelta(minutes=11))
    assert serve.pick_up_yardsticks() == 0
    work()
    assert Yardstick.objects.get(script_hash=ended.script_hash).tries == 1


def test_what_waited_long_and_has_just_begun_is_not_lost(
    ended: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    Yardstick.objects.update(wanted_at=timezone.now() - timedelta(minutes=11))

    def looked_at_meanwhile(_plan: Any) -> None:
        assert serve.pick_up_yardsticks() == 0

    monkeypatch.setattr(rehearsal, "yardstick", looked_at_meanwhile)
    serve.compute_yardstick(ended.script_hash)
    assert Yardstick.objects.get(script_hash=ended.script_hash).found == {}


def test_what_three_workers_did_not_survive_is_given_up_and_the_report_says_so(
    page: Client, ended: Exercise
) -> None:
    Yardstick.objects.update(tries=3)
    assert AWAITED in read(page, ended)  # the third may be at work still
    Yardstick.objects.update(wanted_at=timezone.now() - timedelta(minutes=11))
    assert serve.pick_up_yardsticks() == 0
    late = read(page, ended)
    assert FAILED in late
    assert "hx-select" not in late


def test_without_a_simulation_there_is_nothing_to_wait_for(page: Client, control: User) -> None:
    words = script(model={}, decisions=[], units=[], announce={})
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=words
    )
    serve.end_exercise(actor=control, exercise=exercise)
    work()
    assert Yardstick.objects.get().found == {}
    assert "Was die Entscheidungen bewirkt haben" not in read(page, exercise)
    assert page.get(address(exercise, ".json")).json()["losses_state"] == ""
