"""Large files are carried out by a worker: seen on their page, as a whole or not at all, and never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.crisis.files import IMPORT, NEW, carry_out, send
from tests.worker import work

from allmende.accounts.models import User
from allmende.audit.anchors import verify_chain
from allmende.audit.models import Entry
from allmende.crisis import services
from allmende.crisis.models import Facility, ImportCheck, Seat, imports
from allmende.crisis.portal import offer
from allmende.crisis.services.imports import carrying_out, later
from allmende.crisis.services.imports.later import _enqueue
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db(transaction=True)


class WorkerKilledError(BaseException):
    """As if the power went: nobody catches it."""


@pytest.fixture(autouse=True)
def few_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_AT_ONCE", 3)


def listed(count: int, begin: int = 0) -> str:
    rows = (
        f"Werk {number};Strom;Netz GmbH;Lindenfurt;8\n" for number in range(begin, begin + count)
    )
    return NEW + "".join(rows)


def page(client: Client, check: ImportCheck, **headers: str) -> str:
    return client.get(f"{IMPORT}{check.pk}/", headers=headers).content.decode()


@pytest.mark.usefixtures("village")
def test_a_small_file_is_carried_out_at_once(desk: Client) -> None:
    assert "Alles ist übernommen." in carry_out(desk, send(desk, listed(3)))
    assert Facility.objects.count() == 3


@pytest.mark.usefixtures("village")
def test_a_large_file_waits_for_a_worker_and_its_page_says_so(desk: Client) -> None:
    check = send(desk, listed(4))
    assert "geschieht im Hintergrund" in page(desk, check)
    shown = carry_out(desk, check)
    assert "Wird übernommen" in shown
    assert "4 Zeilen warten" in shown
    assert Facility.objects.count() == 0
    asked = desk.get(f"{IMPORT}{check.pk}/", headers={"HX-Request": "true"})
    assert "4 Zeilen warten" in asked.content.decode()
    assert "<html" not in asked.content.decode()
    work()
    assert Facility.objects.count() == 4
    done = desk.get(f"{IMPORT}{check.pk}/", headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    assert "Übernommen</h1>" in page(desk, check)
    assert Entry.objects.get(deed="crisis.carry_out_import").object_key == str(check.pk)


@pytest.mark.usefixtures("village")
def test_pressing_twice_is_once(desk: Client) -> None:
    check = send(desk, listed(4))
    for _twice in range(2):
        carry_out(desk, check)
    work()
    assert Facility.objects.count() == 4
    assert "schon übernommen" in carry_out(desk, check)
    # A task that comes again finds nothing to do.
    services.carry_out_wanted(check.pk)
    check.refresh_from_db()
    assert (check.problem, Facility.objects.count()) == ("", 4)


def test_why_it_cannot_be_done_stands_on_its_page_and_it_can_be_asked_again(
    desk: Client, staff: User, village: Region
) -> None:
    check = send(desk, listed(4))
    carry_out(desk, check)
    Seat.objects.filter(mandate__user=staff).update(function="beratung")
    made = Facility.objects.create(
        name="Werk 1", service="strom", provider_name="X", region=village
    )
    work()
    assert Facility.objects.count() == 1
    shown = page(desk, check)
    assert "Nichts ist übernommen" in shown
    assert "hat inzwischen jemand eingetragen" in shown
    made.delete()
    carry_out(desk, check)
    work()
    assert Facility.objects.count() == 4


@pytest.mark.usefixtures("village")
def test_a_worker_that_dies_leaves_nothing_half_done_and_another_begins_anew(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = send(desk, listed(4))
    carry_out(desk, check)

    def die(*_all: object, **_named: object) -> None:
        raise WorkerKilledError

    # Everything is written by then, but for the log.
    with monkeypatch.context() as killed:
        killed.setattr(carrying_out, "record_many", die)
        with pytest.raises(WorkerKilledError):
            services.carry_out_wanted(check.pk)
    assert Facility.objects.count() == 0
    check.refresh_from_db()
    assert check.started_at is not None
    assert "werden übernommen, seit" in page(desk, check)
    services.carry_out_wanted(check.pk)  # for all that another one knows, it is still at work
    DBTaskResult.objects.all().delete()  # the dead worker had taken the job
    assert Facility.objects.count() == 0
    long_ago = timezone.now() - timedelta(minutes=11)
    ImportCheck.objects.update(wanted_at=long_ago, started_at=long_ago)
    assert offer.tick is not None
    offer.tick()
    assert services.pick_up_imports() == 0  # it is asked for once
    work()
    assert Facility.objects.count() == 4


@pytest.mark.usefixtures("village")
def test_what_is_at_work_is_left_alone(desk: Client) -> None:
    check = send(desk, listed(4))
    carry_out(desk, check)
    assert services.pick_up_imports() == 0
    ImportCheck.objects.filter(pk=check.pk).update(
        wanted_at=timezone.now() - timedelta(minutes=30),
        started_at=timezone.now() - timedelta(minutes=9),
    )
    assert services.pick_up_imports() == 0


@pytest.mark.usefixtures("village")
def test_what_waits_for_hours_gets_no_second_job(desk: Client) -> None:
    check = send(desk, listed(4))
    carry_out(desk, check)
    ImportCheck.objects.update(wanted_at=timezone.now() - timedelta(hours=5))
    assert services.pick_up_imports() == 0
    assert DBTaskResult.objects.count() == 1
    work()
    assert Facility.objects.count() == 4


@pytest.mark.usefixtures("village")
def test_two_workers_at_one_file_carry_it_out_once(desk: Client) -> None:
    check = send(desk, listed(400))
    carry_out(desk, check)
    _enqueue(check.pk)

    def serve(barrier: Barrier) -> None:
        try:
            barrier.wait()
            services.carry_out_wanted(check.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(serve, [Barrier(2)] * 2))
    work()  # both jobs come once more
    check.refresh_from_db()
    assert (check.problem, check.carried_out_at is not None) == ("", True)
    assert Facility.objects.count() == 400
    assert Entry.objects.filter(deed="crisis.carry_out_import").count() == 1
    assert Entry.objects.filter(deed="crisis.add_facility").count() == 400
    assert verify_chain().is_sound


@pytest.mark.usefixtures("village")
def test_a_second_worker_finds_nothing_to_do(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    check = send(desk, listed(4))
    carry_out(desk, check)
    begun: list[int] = []

    def carry(*, actor: User, check: ImportCheck) -> None:
        begun.append(check.pk)
        services.carry_out_wanted(check.pk)  # the second one, while the first is at it

    monkeypatch.setattr(later, "carry_out_import", carry)
    services.carry_out_wanted(check.pk)
    assert begun == [check.pk]


@pytest.mark.usefixtures("village")
def test_who_has_no_account_any_more_takes_over_nothing(desk: Client, staff: User) -> None:
    check = send(desk, listed(4))
    carry_out(desk, check)
    ImportCheck.objects.filter(pk=check.pk).update(created_by=None)
    work()
    check.refresh_from_db()
    assert "kein Konto mehr" in check.problem
    assert Facility.objects.count() == 0
