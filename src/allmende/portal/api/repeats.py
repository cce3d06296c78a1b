"""Requests that carry an ``Idempotency-Key``: sent again, they are answered as before and do nothing.

The key is taken before the operation begins and its answer kept afterwards. A program that dies between
the two leaves the key taken: then nobody knows whether it was done, and asking again says so (409).
"""

import hashlib
import re
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..models import RepeatableRequest
from .problems import Problem

HEADER = "Idempotency-Key"
FORM = re.compile(r"[A-Za-z0-9_-]{8,100}")


def answer_once(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """``answer()``, unless this person has sent the same request with the same key before."""
    key = request.headers.get(HEADER, "")
    user = request.user
    if not key or not user.is_authenticated:
        return answer()
    if not FORM.fullmatch(key):
        raise Problem(
            422,
            _("Der Idempotency-Key hat 8 bis 100 Zeichen: Buchstaben, Ziffern, „-“ und „_“."),
        )
    print_ = hashlib.sha256(
        b"\n".join([f"{request.method} {request.get_full_path()}".encode(), request.body])
    ).hexdigest()
    with transaction.atomic():
        row, is_new = RepeatableRequest.objects.get_or_create(
            sent_by=user, key=key, defaults={"fingerprint": print_}
        )
    if not is_new:
        return _as_before(row, print_)
    response = answer()
    if response.status_code >= 500 or response.status_code in {401, 403, 429}:
        row.delete()  # nothing was done: the same may be tried again
        return response
    row.status = response.status_code
    row.content_type = response.headers.get("Content-Type", "")
    row.body = response.content
    row.save(update_fields=["status", "content_type", "body"])
    return response


def _as_before(row: RepeatableRequest, fingerprint: str) -> HttpResponse:
    if row.fingerprint != fingerprint:
        raise Problem(
            422,
            _(
                "Dieser Idempotency-Key gehört zu einer anderen Anfrage. Bitte nehmen Sie einen neuen."
            ),
        )
    if row.status is None:
        raise Problem(
            409,
            _(
                "Eine Anfrage mit diesem Idempotency-Key ist noch nicht beantwortet. Bitte sehen Sie "
                "nach, ob sie gewirkt hat, bevor Sie sie mit einem neuen wiederholen."
            ),
        )
    return HttpResponse(
        bytes(row.body),
        status=row.status,
        content_type=row.content_type or None,
        headers={"Idempotency-Replayed": "true"},
    )
