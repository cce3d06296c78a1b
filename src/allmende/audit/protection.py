"""The database itself refuses to change or remove rows that stay as they are, whoever asks it to.

The entries of the log are such rows; apps above name their own with ``keep_for_good``. This guards
against slips: a statement typed by hand, a migration, code that goes around the model. Who owns the
database can lift it; that is what chains and hashes are for. It is put up after every ``migrate``, because
SQLite loses a table's triggers when a migration rebuilds the table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, models, transaction

from .models import Entry


@dataclass(frozen=True)
class Kept:
    """A table whose rows are never removed, and in which only ``may_change`` ever changes."""

    model: type[models.Model]
    said: str
    may_change: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> str:
        """``OF`` and the columns that never change; nothing where none may."""
        if not self.may_change:
            return ""
        names = (field.column for field in self.model._meta.concrete_fields)
        return "OF " + ", ".join(name for name in names if name not in self.may_change)

    def up(self, vendor: str) -> tuple[str, ...]:
        table, said = self.table, self.said
        if vendor == "sqlite":
            return (
                f"CREATE TRIGGER IF NOT EXISTS {table}_keep BEFORE UPDATE {self.columns} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{said} are never changed'); END",
                f"CREATE TRIGGER IF NOT EXISTS {table}_hold BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{said} are never removed'); END",
            )
        return (
            f"CREATE OR REPLACE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{said} are never changed or removed' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_keep "
            f"BEFORE UPDATE {self.columns} OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_keep()",
        )

    def down(self, vendor: str) -> tuple[str, ...]:
        table = self.table
        if vendor == "sqlite":
            return (
                f"DROP TRIGGER IF EXISTS {table}_keep",
                f"DROP TRIGGER IF EXISTS {table}_hold",
            )
        return (f"DROP TRIGGER IF EXISTS {table}_keep ON {table}",)


_kept = {Entry._meta.db_table: Kept(Entry, "audit entries")}


def keep_for_good(
    model: type[models.Model], *, said: str, may_change: tuple[str, ...] = ()
) -> None:
    """Let no row of a model be changed or removed, but for some columns; call it when Django starts.

    ``said`` is the English plural that the database's refusal begins with.
    """
    _kept[model._meta.db_table] = Kept(model, said, may_change)


def protect(**_: object) -> None:
    """Put the triggers up; harmless where they are."""
    for kept in _there():
        _run(kept.up(connection.vendor))


@contextmanager
def lifted() -> Iterator[None]:
    """Without the triggers: to empty a database as a whole, and for tests that do what nobody should."""
    for kept in _there():
        _run(kept.down(connection.vendor))
    try:
        yield
    finally:
        protect()


def _there() -> list[Kept]:
    tables = set(connection.introspection.table_names())
    return [kept for table, kept in _kept.items() if table in tables]


def _run(statements: tuple[str, ...]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
