"""The legal pages and the operator's desk as people see them."""

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.accounts.models import User
from allmende.portal.models import BarrierReport, PageVersion, RetentionRun
from tests.factories import second_factor

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_reads_the_legal_pages_and_reports_a_barrier(look: Eye) -> None:
    page = look("/")
    for name in ("Impressum", "Datenschutz", "Leichte Sprache", "Barrierefreiheit"):
        page.get_by_role("contentinfo").get_by_role("link", name=name).click()
        page.wait_for_url(f"**/{name.lower().replace(' ', '-')}/")
        assert_accessible(page)
        assert_fits(page)
    page.get_by_role("link", name="Barriere melden").click()
    page.wait_for_url("**/rueckmeldung/")
    page.get_by_role("button", name="Absenden").click()
    page.wait_for_selector("#fehler:focus")
    for _ in every_way(page):
        assert_accessible(page)
        assert_fits(page)
    page.get_by_label("Was konnten Sie nicht benutzen").fill("Die Schrift ist zu klein.")
    page.get_by_role("button", name="Absenden").click()
    page.get_by_text("Ihre Rückmeldung ist angekommen").wait_for()
    assert BarrierReport.objects.get().text == "Die Schrift ist zu klein."


def test_the_operators_desk_is_accessible_and_fits(look: Eye, alice: User) -> None:
    alice.is_operator = True
    alice.save()
    now = timezone.now()
    BarrierReport.objects.create(page="/forum/", text="Zu klein.", email="dora@example.org")
    PageVersion.objects.create(slug="impressum", number=1, title="Impressum", text="Kusel")
    RetentionRun.objects.create(
        key="portal.job", day=timezone.localdate(), started_at=now, finished_at=now, removed=7
    )
    DBTaskResult.objects.create(
        status="FAILED",
        task_path="allmende.forum.tasks.recompute_result",
        args_kwargs={"args": [], "kwargs": {}},
        run_after=now,
        started_at=now,
        finished_at=now,
        traceback="ValueError: Die Stimmen passen nicht zueinander",
    )
    page = sign_in(look(), second_factor(alice))
    for path in ("", "loeschen/", "rueckmeldungen/", "seiten/", "seiten/impressum/", "auftraege/"):
        page.goto(f"/betrieb/{path}")
        assert_accessible(page)
        assert_fits(page)
    for _ in every_way(page):
        assert_accessible(page)
        assert_fits(page)
