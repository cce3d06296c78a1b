"""The cache in the database: what Django promises of one, in one statement for each change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from allmende.portal.models import CacheEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cache(settings: Settings) -> BaseCache:
    settings.CACHES = {
        "default": {"BACKEND": "allmende.portal.cache.DatabaseCache", "LOCATION": "portal_cache"}
    }
    return caches["default"]


def expire(key: str) -> None:
    CacheEntry.objects.filter(cache_key=f":1:{key}").update(
        expires=timezone.now() - timedelta(seconds=5)
    )


def test_what_is_set_is_there_until_it_expires_or_is_deleted(cache: BaseCache) -> None:
    cache.set("a", [1.5], 60)
    cache.set("a", [2.5, 1.5], 60)
    cache.set("b", "for good", None)
    assert (cache.get("a"), cache.get("b")) == ([2.5, 1.5], "for good")
    expire("a")
    assert cache.get("a") is None
    assert cache.delete("b") is True
    assert cache.get("b") is None


def test_only_what_is_absent_or_expired_can_be_added(cache: BaseCache) -> None:
    assert [cache.add("lock", 1, 10), cache.add("lock", 2, 10)] == [True, False]
    assert cache.get("lock") == 1
    expire("lock")
    assert cache.add("lock", 3, 10) is True
    assert cache.get("lock") == 3


def test_touching_prolongs_what_is_there_and_nothing_else(cache: BaseCache) -> None:
    cache.set("a", 1, 60)
    before = CacheEntry.objects.get().expires
    assert [cache.touch("a", 600), cache.touch("b", 600)] == [True, False]
    assert CacheEntry.objects.get().expires - before >= timedelta(seconds=500)
    expire("a")
    assert cache.touch("a", 600) is False


@pytest.mark.parametrize("change", ["set", "add", "touch"])
def test_each_change_is_one_statement(cache: BaseCache, change: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        getattr(cache, change)("a", *([60] if change == "touch" else [1, 60]))
    assert len(queries) == 1


def test_one_of_many_gets_the_lock(cache: BaseCache) -> None:
    def attempt(number: int) -> bool:
        try:
            return caches["default"].add("lock", number, 10)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(8))) == 1
