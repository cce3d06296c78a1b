"""Writing down what was done, one entry after the other.

Entries form one chain, so whoever adds to it waits for whoever is doing so. That wait has to come first:
a service that records is ``@audited`` instead of ``@transaction.atomic``, and so takes the chain before
any row. Two services can then never wait for each other. A service calls others that are audited only
if it is audited itself.

What a deed is about is found under its new words from the same moment on: the search's index is brought up
to date at the end of the transaction (``portal/search/index.py``).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, Protocol, TypeVar, overload

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import override

from allmende.portal.search import index

from .chain import digest, to_json
from .models import Entry
from .protection import keep_for_good

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from allmende.accounts.models import User

__all__ = [
    "Deed",
    "InMandate",
    "audited",
    "keep_for_good",
    "record",
    "record_export",
    "record_many",
]

P = ParamSpec("P")
R = TypeVar("R")
# Any number will do, as long as nobody else takes it.
CHAIN_LOCK = 5_146_367
MOST_AT_ONCE = 500


class InMandate(Protocol):
    """What ``record`` needs to know of a mandate; the registry above has them."""

    @property
    def pk(self) -> Any: ...

    @property
    def capacity(self) -> str:
        """In which office and for whom: „Bürgermeisterin · Lindenfurt“; never the person's name."""


@dataclass(frozen=True)
class Deed:
    """One deed of many: its name (app.verb_object), what it is about, and as ``record`` takes them."""

    name: str
    obj: models.Model
    mandate: InMandate | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@overload
def audited(service: Callable[P, R]) -> Callable[P, R]: ...
@overload
def audited() -> "AbstractContextManager[None]": ...
def audited(service: Callable[P, R] | None = None) -> Any:
    """One transaction that holds the chain from its beginning: ``@audited`` or ``with audited():``."""
    if service is None:
        return _holding_the_chain()

    @wraps(service)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with _holding_the_chain():
            return service(*args, **kwargs)

    return wrapped


@contextmanager
def _holding_the_chain(*, savepoint: bool = True) -> Iterator[None]:
    with transaction.atomic(savepoint=savepoint):
        # SQLite has one writer at a time: transactions are IMMEDIATE there (settings.SQLITE_OPTIONS).
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        with index.kept_up_to_date():
            yield


def record(
    *,
    actor: "User | None",
    deed: str,
    obj: models.Model,
    reason: str = "",
    mandate: InMandate | None = None,
    **details: Any,
) -> Entry:
    """Add an entry about ``obj`` to the chain; call it in an ``audited`` service that changes ``obj``.

    Outside of one it takes the chain itself: safe, but rows that are locked by then may be waited for by
    somebody who holds the chain. ``mandate`` is the one in which the actor acts, if in any.

    ``details`` are what a reader needs to understand the deed, old and new values, counts: texts, whole
    numbers, true, false, null, and lists and mappings of those. Neither there nor in ``reason`` may
    stand who a person is: entries are kept for good (docs/reference/audit.md).
    """
    deeds = [Deed(deed, obj, mandate, _plain(details), reason)]
    with _holding_the_chain(savepoint=False):
        [entry] = _chained(actor, deeds)
        entry.save()
    return entry


def record_many(*, actor: "User | None", deeds: Iterable[Deed]) -> list[Entry]:
    """Add an entry for each of many deeds of one kind of object, in their order, as ``record`` does for one.

    They are written together, and nobody who waits for single entries (``post_save``) is told: it is for
    apps whose deeds nobody else hears of, such as files with thousands of rows.
    """
    plain = [replace(deed, details=_plain(deed.details)) for deed in deeds]
    with _holding_the_chain(savepoint=False):
        return Entry.objects.bulk_create(_chained(actor, plain), batch_size=MOST_AT_ONCE)


def _chained(actor: "User | None", deeds: list[Deed]) -> list[Entry]:
    """Entries that follow the newest one; the chain is held."""
    entries = []
    # Kept for good: in one language, whatever the one that the actor reads.
    with override(settings.LANGUAGE_CODE):
        last = Entry.objects.order_by("-number").values_list("number", "hash").first()
        first, previous_hash = last or (0, "")
        now = timezone.now()
        mandates = {
            str(deed.mandate.pk): deed.mandate for deed in deeds if deed.mandate is not None
        }
        # Asked once for each mandate: of thousands of deeds, most are done in the same one.
        said = {key: mandate.capacity[:300] for key, mandate in mandates.items()}
        for number, deed in enumerate(deeds, first + 1):
            key = "" if deed.mandate is None else str(deed.mandate.pk)
            entry = Entry(
                number=number,
                at=now,
                actor=actor,
                mandate_key=key,
                capacity=said.get(key, ""),
                deed=deed.name,
                object_kind=deed.obj._meta.label,
                object_key=str(deed.obj.pk),
                object_name=str(getattr(deed.obj, "audit_name", deed.obj))[:300],
                reason=deed.reason,
                details=deed.details,
                previous_hash=previous_hash,
            )
            entry.hash = previous_hash = digest(entry.as_link())
            entries.append(entry)
            index.note(deed.obj)
    return entries


@audited
def record_export(*, actor: "User", format_: str, filters: list[str]) -> Entry:
    """Write down that somebody has taken the log along; only the names of filters, not their words."""
    return record(
        actor=actor, deed="audit.export_log", obj=actor, format=format_, filters=sorted(filters)
    )


def _plain(details: Mapping[str, Any]) -> Any:
    """What the database will give back; databases write floats in different ways."""
    return json.loads(to_json(details), parse_float=_refuse, parse_constant=_refuse)


def _refuse(number: str) -> NoReturn:
    raise TypeError(f"details hold whole numbers and texts, not {number}")
