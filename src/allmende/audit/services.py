"""Writing down what was done, one entry after the other.

Entries form one chain, so whoever adds to it waits for whoever is doing so. That wait has to come first:
a service that records is ``@audited`` instead of ``@transaction.atomic``, and so takes the chain before
any row. Two services can then never wait for each other. A service calls others that are audited only
if it is audited itself.

What a deed is about is found under its new words from the same moment on: the search's index is brought up
to date at the end of the transaction (``portal/search/index.py``).
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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

__all__ = ["InMandate", "audited", "keep_for_good", "record", "record_export"]

P = ParamSpec("P")
R = TypeVar("R")
# Any number will do, as long as nobody else takes it.
CHAIN_LOCK = 5_146_367


class InMandate(Protocol):
    """What ``record`` needs to know of a mandate; the registry above has them."""

    @property
    def pk(self) -> Any: ...

    @property
    def capacity(self) -> str:
        """In which office and for whom: „Bürgermeisterin · Lindenfurt“; never the person's name."""


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
    plain = _plain(details)
    # Kept for good: in one language, whatever the one that the actor reads.
    with _holding_the_chain(savepoint=False), override(settings.LANGUAGE_CODE):
        last = Entry.objects.order_by("-number").values_list("number", "hash").first()
        number, previous_hash = last or (0, "")
        entry = Entry(
            number=number + 1,
            at=timezone.now(),
            actor=actor,
            mandate_key="" if mandate is None else str(mandate.pk),
            capacity="" if mandate is None else mandate.capacity[:300],
            deed=deed,
            object_kind=obj._meta.label,
            object_key=str(obj.pk),
            object_name=str(getattr(obj, "audit_name", obj))[:300],
            reason=reason,
            details=plain,
            previous_hash=previous_hash,
        )
        entry.hash = digest(entry.as_link())
        entry.save()
        index.note(obj)
    return entry


@audited
def record_export(*, actor: "User", format_: str, filters: list[str]) -> Entry:
    """Write down that somebody has taken the log along; only the names of filters, not their words."""
    return record(
        actor=actor, deed="audit.export_log", obj=actor, format=format_, filters=sorted(filters)
    )


def _plain(details: dict[str, Any]) -> Any:
    """What the database will give back; databases write floats in different ways."""
    return json.loads(to_json(details), parse_float=_refuse, parse_constant=_refuse)


def _refuse(number: str) -> NoReturn:
    raise TypeError(f"details hold whole numbers and texts, not {number}")
