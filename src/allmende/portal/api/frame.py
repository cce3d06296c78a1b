"""Middleware around everything below ``/api/``: limits, forms of requests, other origins, ETags, faults."""

import hashlib
from collections.abc import Callable
from typing import cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _

from . import limits, repeats
from .problems import MEDIA_TYPE, Problem, as_response, of_status

PREFIX = "/api/"
CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
CROSS_ORIGIN = {
    # Whoever reads in a browser on another page reads as nobody: cookies count for nothing here.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def around_the_api(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; everything outside of ``/api/`` passes."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX) or request.path == "/api/docs/":
            return get_response(request)
        try:
            response = _answer(request, get_response)
        except Problem as problem:
            response = as_response(problem)
        for name, value in CROSS_ORIGIN.items():
            response.headers[name] = value
        patch_vary_headers(response, ("Authorization",))
        return response

    return answer


def _answer(
    request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    _limit(request)
    if request.method in CHANGES:
        _check_body(request)
        return repeats.answer_once(request, lambda: _told(request, get_response(request)))
    if request.method != "HEAD":
        return _with_tag(request, _told(request, get_response(request)))
    request.method = "GET"  # the server itself drops the content
    try:
        return _with_tag(request, _told(request, get_response(request)))
    finally:
        request.method = "HEAD"


def _limit(request: HttpRequest) -> None:
    user = request.user
    has_token = user.is_authenticated
    who = f"user {user.pk}" if has_token else f"ip {_address_of(request)}"
    if seconds := limits.wait_for(who, has_token=has_token):
        raise Problem(
            429,
            _(
                "Bitte warten Sie %(seconds)s Sekunden. Mit einem Schlüssel sind mehr Anfragen erlaubt."
            )
            % {"seconds": seconds},
            headers={"Retry-After": str(seconds)},
        )


def _address_of(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except (
        PermissionDenied
    ):  # behind a socket or a proxy that names nobody: all of them count as one
        return ""


def _check_body(request: HttpRequest) -> None:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    if length > most:
        raise Problem(
            413,
            _("Höchstens %(most)s Bytes je Anfrage.") % {"most": most},
        )
    if length and request.content_type != "application/json":
        raise Problem(415, _("Bitte schicken Sie JSON mit „Content-Type: application/json“."))


def _told(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """Pages that Django answers with, as what programs can read."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code < 400 or kind.startswith(MEDIA_TYPE):
        return cast(HttpResponse, response)
    return of_status(response.status_code, request, response.headers.get("Allow", ""))


def _with_tag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Name what is answered, so that the same need not be sent again."""
    if response.status_code != 200 or response.streaming:
        return response
    tag = hashlib.sha256(response.content).hexdigest()[:32]
    edition = response.headers.get("X-Edition")
    if edition:
        del response.headers["X-Edition"]
    response.headers["ETag"] = f'"{edition}-{tag}"' if edition else f'"{tag}"'
    response.headers.setdefault("Cache-Control", "no-cache")
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return cast(HttpResponse, found)
