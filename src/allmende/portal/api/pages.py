"""Lists by pages: a cursor names the last row of a page, so that new rows move nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop
from pydantic import Field

from .schemas import Moment, Schema

Row = TypeVar("Row", bound=Model)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MOST = 200


class Paging(Schema):
    """Which page."""

    limit: int = Field(
        50, ge=1, le=MOST, description=gettext_noop("Einträge je Seite, höchstens 200")
    )
    cursor: str | None = Field(
        None,
        pattern=r"^c[0-9a-z]{1,12}$",
        description=gettext_noop("Aus „next“ der vorigen Seite; nichts daraus ablesen"),
    )


class Times(Schema):
    """When something changed."""

    since: Moment | None = Field(
        None,
        description=gettext_noop(
            "Nur, was seit diesem Zeitpunkt neu oder anders ist (einschließlich)"
        ),
    )
    until: Moment | None = Field(
        None, description=gettext_noop("Nur, was sich vor diesem Zeitpunkt zuletzt geändert hat")
    )


def since_until(column: str, times: Any) -> Q:
    """The rows whose ``column`` lies in the asked time."""
    wish = Q()
    since: datetime | None = times.since
    until: datetime | None = times.until
    if since is not None:
        wish &= Q(**{f"{column}__gte": since})
    if until is not None:
        wish &= Q(**{f"{column}__lt": until})
    return wish


def page_of(
    request: HttpRequest,
    rows: QuerySet[Row],
    paging: Any,
    show: Callable[[Row], Any],
) -> dict[str, Any]:
    """One page of ``rows`` as a ``PageOf``, newest first, and where the next one lies."""
    if paging.cursor:
        rows = rows.filter(pk__lt=_number(paging.cursor))
    found = list(rows.order_by("-pk")[: paging.limit + 1])
    shown, more = found[: paging.limit], found[paging.limit :]
    return {
        "items": [show(row) for row in shown],
        "next": _next(request, shown[-1].pk) if more else None,
    }


def _next(request: HttpRequest, last: int) -> str:
    asked = {key: value for key, value in request.GET.items() if key != "cursor"}
    return request.build_absolute_uri(
        f"{request.path}?{urlencode(asked | {'cursor': _cursor(last)})}"
    )


def _cursor(number: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, 36)
        written = DIGITS[digit] + written
    return f"c{written or '0'}"


def _number(cursor: str) -> int:
    return int(cursor[1:], 36)
