"""Statements that go to the database together.

PostgreSQL is another process: whoever sends it five statements one by one waits five times, and both sides
wake up five times. What a vote writes into five tables goes there at once.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

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
    """Execute them in their order, each seeing what those before it did; the rows of the last, if it has any.

    Call it in a transaction. SQLite, which is in our own process, takes one statement at a time.
    """
    if not statements:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                ";\n".join(sql for sql, _ in statements),
                [value for _, values in statements for value in values],
            )
            while cursor.nextset():
                pass
        else:
            for sql, values in statements:
                cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
