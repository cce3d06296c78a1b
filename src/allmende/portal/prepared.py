"""Queries that become SQL once, not whenever they are asked.

Django writes the SQL of a queryset anew each time: for a person's mandates, with their organisations and
regions, that takes 0.8 ms, of which the database needs 0.03. What nearly every request asks is prepared::

    by_slug = Prepared(lambda: Concern.objects.select_related("owner").filter(slug=slot("slug", CharField())))
    [concern] = by_slug(slug="radweg")

It reads the same objects as the queryset; tests/portal/test_prepared.py holds it to that, also when Django is
renewed. Why, and what it rests on: docs/decisions/0030-prepared-queries.md.

Where a value is a list, the lookup is ``among`` instead of ``in``: its SQL is the same for any number of values.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection, connections, models
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]

M = TypeVar("M", bound=models.Model)


class _Slot(models.Expression):
    """A parameter of the SQL that is not known yet."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def fill(self, values: dict[str, Any]) -> Any:
        """What to hand to the database; ``EmptyResultSet`` for a number that it could not even hold."""
        value, field = values[self.name], self.output_field
        if isinstance(field, models.IntegerField):
            least, most = connection.ops.integer_field_range(field.get_internal_type())
            if not least <= value <= most:
                raise EmptyResultSet
        return field.get_db_prep_value(value, connection)


def slot(name: str, field: "models.Field[Any, Any]") -> Any:
    """Stands in a queryset for what each call fills in: its name, and how the database stores its values."""
    return _Slot(name, field)


class _Slots(_Slot):
    """A list of values that are not known yet, for ``among``."""

    def fill(self, values: dict[str, Any]) -> Any:
        return _list(values[self.name])


def slots(name: str) -> Any:
    """Stands in a queryset, after ``among``, for a list of numbers or words that each call fills in."""
    return _Slots(name, models.TextField())


def _list(values: "Sequence[Any]") -> Any:
    """A list as one value: PostgreSQL has arrays, SQLite reads JSON."""
    return list(values) if connection.vendor == "postgresql" else json.dumps(list(values))


@models.Field.register_lookup
class Among(models.Lookup[Any]):
    """``in`` for numbers and words, with the whole list as one parameter; an empty list finds nothing.

    Keys of others are named as such: ``organisation__pk__among``.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, values = self.process_lhs(compiler, connection)
        listed = self.rhs if isinstance(self.rhs, _Slots) else _list(self.rhs)
        if connection.vendor != "postgresql":
            return f"{column} IN (SELECT value FROM json_each(%s))", [*values, listed]  # noqa: S608
        # Small numbers alone would come as another type, which is another query to plan.
        is_number = isinstance(self.lhs.output_field, models.IntegerField)
        return f"{column} = ANY(%s{'::bigint[]' if is_number else ''})", [*values, listed]


def fetch(sql: str, values: "Sequence[Any] | Mapping[str, Any]") -> list[tuple[Any, ...]]:
    """The rows of a query that is asked again and again: PostgreSQL plans it once a connection.

    Django's own cursors write the values into the SQL, so that each time it is another query. They do so here,
    too, where queries are logged: there one wants to read the values.
    """
    database = connections[DEFAULT_DB_ALIAS]  # ``connection`` would look it up for each attribute
    if database.vendor != "postgresql" or database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []
    try:
        return _fetch_planned(database, sql, values)
    except NotSupportedError:
        # What this connection has planned no longer fits the tables: a migration has changed a column. It goes
        # on without plans, as all of Django does, until the service starts anew.
        database.connection.prepare_threshold = None
        if database.in_atomic_block:
            raise
        return _fetch_planned(database, sql, values)


def _fetch_planned(
    database: Any, sql: str, values: "Sequence[Any] | Mapping[str, Any]"
) -> list[tuple[Any, ...]]:
    """By a cursor that sends the values apart from the SQL; Django's layers around it cost as much as the query."""
    from django.db.backends.postgresql import base

    database.close_if_health_check_failed()
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        cursor = base.ServerBindingCursor(database.connection)  # type: ignore[attr-defined]
        cursor.execute(sql, values)
        assert cursor.pgresult is not None  # noqa: S101  for the type checker
        return cursor.fetchall() if cursor.pgresult.nfields else []


class Prepared(Generic[M]):
    """A queryset of objects, of which only the slots differ from call to call.

    All else in it, a date of today for instance, stays as it was at the first call. With a number in a slot that its
    column could not hold, nothing is found, as with Django's own queries.
    """

    def __init__(self, queryset: Callable[[], "models.QuerySet[M]"]) -> None:
        self._queryset = queryset  # when modules are loaded, not all models are there

    def __call__(self, **values: Any) -> list[M]:
        """The objects that are found, one query; ``KeyError`` where a slot has no value."""
        plan = self._plan
        return [plan.read(row) for row in plan.rows(values)]

    @cached_property
    def _plan(self) -> "_ObjectPlan[M]":
        return _ObjectPlan(self._queryset())


class PreparedRows:
    """The same for a queryset with ``values_list``."""

    def __init__(self, queryset: Callable[[], "models.QuerySet[Any, Any]"]) -> None:
        self._queryset = queryset

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows that are found, one query; ``KeyError`` where a slot has no value."""
        return [tuple(row) for row in self._plan.rows(values)]

    @cached_property
    def _plan(self) -> "_Plan":
        return _Plan(self._queryset())


class _Plan:
    """What Django's compiler finds out at each call."""

    def __init__(self, queryset: "models.QuerySet[Any, Any]") -> None:
        compiler = queryset.query.get_compiler(queryset.db)
        self.sql, self._parameters = compiler.as_sql()
        self.compiler, self.select = compiler, compiler.select or []
        columns = [column for column, *_ in self.select]
        self._converters = compiler.get_converters(columns).items()

    def rows(self, values: dict[str, Any]) -> list[list[Any]]:
        """What the database finds, as Python's objects."""
        try:
            filled = [p.fill(values) if isinstance(p, _Slot) else p for p in self._parameters]
        except EmptyResultSet:
            return []
        found = [list(row) for row in fetch(self.sql, filled)]
        for row in found:
            for position, (converters, column) in self._converters:
                for convert in converters:
                    row[position] = convert(row[position], column, connection)
        return found


class _ObjectPlan(_Plan, Generic[M]):
    """What ``django.db.models.query.ModelIterable`` finds out at each call."""

    def __init__(self, queryset: "models.QuerySet[M]") -> None:
        super().__init__(queryset)
        kind = self.compiler.klass_info
        assert kind is not None  # noqa: S101  for the type checker
        first, last = kind["select_fields"][0], kind["select_fields"][-1]
        self._own = slice(first, last + 1)
        self._names = [column.target.attname for column, *_ in self.select[self._own]]
        self._model: type[M] = kind["model"]
        self._related = get_related_populators(kind, self.select, queryset.db)
        self._annotations = (self.compiler.annotation_col_map or {}).items()

    def read(self, row: list[Any]) -> M:
        """Make an object of a row, with those beside it."""
        found = self._model.from_db(connection.alias, self._names, row[self._own])
        for related in self._related:
            related.populate(row, found)
        for name, position in self._annotations:
            setattr(found, name, row[position])
        return found
