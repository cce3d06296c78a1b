"""How long data are kept: once a day, by whichever tick comes first, and written down."""

from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.accounts.models import User
from allmende.portal import retention
from allmende.portal.models import BarrierReport, CacheEntry, RetentionRun
from allmende.portal.offers import Retention
from allmende.portal.portal import offer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> list[Retention]:
    """What is to be cleared in a test, instead of what the apps offer."""
    kinds: list[Retention] = []
    monkeypatch.setattr(retention, "retention", lambda: kinds)
    return kinds


def kind(key: str, clear: object, period: timedelta | None = DAY) -> Retention:
    return Retention(key, f"Art {key}", period, "Darum.", clear)


def test_each_kind_is_cleared_once_a_day_and_logged(kinds: list[Retention]) -> None:
    asked: list[datetime] = []

    def clear(before: datetime) -> int:
        asked.append(before)
        return 7

    kinds.append(kind("test.a", clear))
    for _ in range(3):
        retention.clear_what_is_due()
    (run,) = RetentionRun.objects.all()
    assert (run.key, run.removed, run.error, run.day) == ("test.a", 7, "", timezone.localdate())
    assert asked == [run.started_at - DAY]
    assert run.finished_at is not None


def test_one_that_fails_does_not_stop_the_others(kinds: list[Retention]) -> None:
    def fail(before: datetime) -> int:
        raise ValueError("kaputt")

    kinds += [kind("test.a", fail), kind("test.b", lambda before: 2)]
    retention.clear_what_is_due()
    runs = {run.key: (run.removed, run.error) for run in RetentionRun.objects.all()}
    assert runs == {"test.a": (0, "ValueError: kaputt"), "test.b": (2, "")}


def test_what_another_tick_is_at_is_left_to_it_and_taken_over_if_it_was_killed(
    kinds: list[Retention],
) -> None:
    kinds.append(kind("test.a", lambda before: 1))
    now = timezone.now()
    other = RetentionRun.objects.create(key="test.a", day=timezone.localdate(), started_at=now)
    retention.clear_what_is_due()
    other.refresh_from_db()
    assert other.finished_at is None
    RetentionRun.objects.update(started_at=now - timedelta(hours=2))
    retention.clear_what_is_due()
    (run,) = RetentionRun.objects.all()
    assert (run.removed, run.finished_at is None) == (1, False)


def test_what_is_kept_for_good_is_never_cleared(kinds: list[Retention]) -> None:
    def never(before: datetime) -> int:
        raise AssertionError

    kinds.append(kind("test.a", never, None))
    retention.clear_what_is_due()
    assert RetentionRun.objects.count() == 0


def clear(key: str) -> int:
    """What the portal's own offer removes now of one kind."""
    (found,) = [kind for kind in offer.retention if kind.key == key]
    assert found.period is not None
    return found.clear(timezone.now() - found.period)


def test_ended_sessions_go_and_others_stay() -> None:
    for _ in range(2):
        SessionStore().create()
    first = Session.objects.order_by("pk")[0]
    Session.objects.filter(pk=first.pk).update(expire_date=timezone.now() - DAY)
    assert (clear("portal.session"), Session.objects.count()) == (1, 1)


def test_what_is_noted_of_a_browser_goes_with_its_session(alice: User) -> None:
    there = SessionStore()
    there.create()
    for key in (there.session_key, "ended"):
        UserSession.objects.create(user=alice, session_key=key, ip="192.0.2.1", user_agent="x")
    clear("portal.session")
    assert UserSession.objects.count() == 2
    UserSession.objects.update(last_seen_at=timezone.now() - DAY)
    clear("portal.session")
    assert UserSession.objects.get().session_key == there.session_key


def test_settled_reports_go_after_a_year_and_open_ones_stay() -> None:
    ages = [None, 2, 366]
    for age in ages:
        settled = None if age is None else timezone.now() - age * DAY
        BarrierReport.objects.create(text=str(age), settled_at=settled)
    assert clear("portal.report") == 1
    assert {report.text for report in BarrierReport.objects.all()} == {"None", "2"}


def test_finished_jobs_go_after_a_month_and_waiting_ones_stay() -> None:
    old = timezone.now() - 31 * DAY
    for status in ("READY", "RUNNING", "FAILED", "SUCCESSFUL"):
        DBTaskResult.objects.create(
            status=status, finished_at=old, run_after=old, args_kwargs={}, task_path="a.b"
        )
    assert clear("portal.job") == 2
    assert {job.status for job in DBTaskResult.objects.all()} == {"READY", "RUNNING"}


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "sofort"), (1, "1 Tag"), (60, "60 Tage"), (365, "1 Jahr"), (1095, "3 Jahre")],
)
def test_periods_in_words(days: int, words: str) -> None:
    assert retention.in_words(timedelta(days=days)) == words


def test_counts_of_attempts_go_when_they_no_longer_count() -> None:
    now = timezone.now()
    for key, expires in (("old", now - DAY), ("new", now + DAY)):
        CacheEntry.objects.create(cache_key=key, value="", expires=expires)
    assert clear("portal.count") == 1
    assert CacheEntry.objects.get().cache_key == "new"
