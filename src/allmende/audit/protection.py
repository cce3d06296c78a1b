"""The database itself refuses to change or remove entries, whoever asks it to.

This guards against slips: a statement typed by hand, a migration, code that goes around the model. Who
owns the database can lift it; that is what the chain is for. It is put up after every ``migrate``,
because SQLite loses a table's triggers when a migration rebuilds the table.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from .models import Entry

TABLE = Entry._meta.db_table
UP = {
    "sqlite": (
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_keep BEFORE UPDATE ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_hold BEFORE DELETE ON {TABLE} "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END",
    ),
    "postgresql": (
        f"CREATE OR REPLACE FUNCTION {TABLE}_keep() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are never changed or removed' "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE OR REPLACE TRIGGER {TABLE}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_keep()",
    ),
}
DOWN = {
    "sqlite": (f"DROP TRIGGER IF EXISTS {TABLE}_keep", f"DROP TRIGGER IF EXISTS {TABLE}_hold"),
    "postgresql": (f"DROP TRIGGER IF EXISTS {TABLE}_keep ON {TABLE}",),
}


def protect(**_: object) -> None:
    """Put the triggers up; harmless where they are."""
    if TABLE in connection.introspection.table_names():
        _run(UP[connection.vendor])


@contextmanager
def lifted() -> Iterator[None]:
    """Without the triggers: to empty a database as a whole, and for tests that do what nobody should."""
    _run(DOWN[connection.vendor])
    try:
        yield
    finally:
        protect()


def _run(statements: tuple[str, ...]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
