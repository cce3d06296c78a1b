"""Statements that go to the database together.

PostgreSQL is another process: whoever sends it five statements one by one waits five times, and both sides
wake up five times. What a vote writes into five tables goes there at once.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from .prepared import fetch

Sql = tuple[str, Sequence[Any]]  # a statement and its parameters


def insert_of(things: "Sequence[models.Model]", on_conflict: str = "") -> Sql:
    """The INSERT of new objects of one kind; they do not get to know their keys."""
    model = type(things[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(field.column for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    rows = ", ".join([row] * len(things))
    values = [
        field.get_db_prep_save(field.pre_save(thing, True), connection)
        for thing in things
        for field in fields
    ]
    return f"INSERT INTO {model._meta.db_table} ({columns}) VALUES {rows} {on_conflict}", values  # noqa: S608


def execute_together(*statements: Sql) -> list[tuple[Any, ...]]:
    """Execute statements that change something, and maybe a last one that asks; its rows, if it has any.

    They touch different tables: PostgreSQL gets them as one, so that none sees what the others do. Call it in a
    transaction. SQLite, which is in our own process, takes one at a time.
    """
    if not statements:
        return []
    if connection.vendor == "postgresql":
        return fetch(*_as_one(*statements))
    with connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _as_one(*statements: Sql) -> Sql:
    """All but the last become parts of the last, which PostgreSQL plans once a connection."""
    from psycopg.types.numeric import Int8

    *parts, last = [sql for sql, _ in statements]
    named = ", ".join(f"part_{number} AS ({sql})" for number, sql in enumerate(parts))
    # Small numbers alone would come as another type, which is another statement to plan.
    values = [
        Int8(value) if type(value) is int else value for _, values in statements for value in values
    ]
    return f"WITH {named} {last}" if parts else last, values
