"""The cache in the database, which all processes share: limits of attempts are counted in it."""

import pickle
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends import db
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.db import connections, router
from django.utils import timezone

# The table of models.CacheEntry, which is the LOCATION in settings.CACHES.
STORE = """
    INSERT INTO portal_cache (cache_key, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires
"""
MODES = {
    "set": STORE,
    "add": STORE + "WHERE portal_cache.expires < %s",
    "touch": "UPDATE portal_cache SET expires = %s WHERE cache_key = %s AND expires >= %s",
}


class DatabaseCache(db.DatabaseCache):
    """Django's, in one statement for each change where that takes five.

    Django counts the whole table at each change, so that many addresses of an attacker make each
    sign-in slower, and throws away entries of others once there are too many, which would let him
    try again. Here the table is only cleared of what has expired (``allmende tick``).
    """

    def _base_set(
        self, mode: str, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT
    ) -> bool:
        connection = connections[router.db_for_write(self.cache_model_class)]
        until = self.get_backend_timeout(timeout)
        expires = datetime.max if until is None else datetime.fromtimestamp(until, tz=UTC)
        ends, now = (
            connection.ops.adapt_datetimefield_value(moment.replace(microsecond=0))
            for moment in (expires, timezone.now())
        )
        kept = b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")
        values = {
            "set": [key, kept, ends],
            "add": [key, kept, ends, now],
            "touch": [ends, key, now],
        }[mode]
        with connection.cursor() as cursor:
            cursor.execute(MODES[mode], values)
            return bool(cursor.rowcount)
