"""The connection to PostgreSQL: when the server is asked whether it is still there, and when it has gone."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql import base

from allmende.portal.postgresql.base import ASKED_AT_LEAST, DatabaseWrapper

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """Ours and the server's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One for each time that the server was asked."""
    found: list[object] = []

    def ask(self: object) -> bool:
        found.append(self)
        return True

    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", ask)
    return found


def wrapper_of(ours: socket.socket) -> DatabaseWrapper:
    wrapper = DatabaseWrapper({**connection.settings_dict, "OPTIONS": {}}, "other")
    connected: Any = SimpleNamespace(pgconn=SimpleNamespace(socket=ours.fileno()))
    wrapper.connection = connected
    return wrapper


def test_it_is_asked_once_and_again_after_a_while(
    ends: Ends, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 0.1, ASKED_AT_LEAST - 0.1, ASKED_AT_LEAST])
    monkeypatch.setattr("allmende.portal.postgresql.base.time.monotonic", lambda: next(clock))
    wrapper = wrapper_of(ends[0])
    times = []
    for _ in range(4):
        assert wrapper.is_usable()
        times.append(len(asked))
    assert times == [1, 1, 1, 2]


def test_it_is_asked_when_it_has_hung_up(ends: Ends, asked: list[object]) -> None:
    ours, theirs = ends
    wrapper = wrapper_of(ours)
    assert wrapper.is_usable()
    theirs.shutdown(socket.SHUT_RDWR)
    assert wrapper.is_usable()
    assert len(asked) == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_was_cut_off_connects_anew() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is in our own process")
    connection.ensure_connection()
    assert connection.is_usable()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid]
        )
    other.close()
    assert not connection.is_usable()
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="asks a real server")
def test_a_connection_that_broke_during_a_query_is_made_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert connection.is_usable()
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert connection.is_usable() is False
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
