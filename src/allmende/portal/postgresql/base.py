"""The connection to PostgreSQL; Django looks for it in a module of this name (``DATABASES``)."""

import math
import select
import time

import psycopg
from django.db.backends.postgresql import base

ASKED_AT_LEAST = 10.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, which asks the server ``SELECT 1`` before each request, to connect anew if it has gone.

    A server that goes hangs up, and that is seen without asking. It is asked after a silence, since a
    network that fails hangs nobody up.
    """

    _asked_at = -math.inf

    def is_usable(self) -> bool:
        """Whether the connection still stands."""
        now = time.monotonic()
        if now - self._asked_at < ASKED_AT_LEAST and self._is_silent():
            return True
        self._asked_at = now
        return super().is_usable()

    def _is_silent(self) -> bool:
        """Whether the server has neither said anything unasked nor hung up."""
        heard = select.poll()
        try:
            heard.register(self.connection.pgconn.socket, select.POLLIN)
        except (psycopg.Error, ValueError):  # it broke during a query: there is no socket any more
            return False
        return not heard.poll(0)
