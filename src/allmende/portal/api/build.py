"""Puts the interface together from what the apps offer, and tells of it as OpenAPI."""

import re
from functools import cache
from importlib import import_module
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import ValidationError

from ..offers import all_offers
from .guards import operations
from .problems import MEDIA_TYPE, Problem, as_response, of_status, of_validation
from .schemas import ProblemOut

ABOUT = gettext_noop(
    "Alles Öffentliche der Allmende ist ohne Konto lesbar. Wer für eine Kommune, einen Verband oder ein "
    "Ministerium spricht, schreibt mit einem persönlichen Schlüssel („Ihr Konto“ → „Schlüssel für "
    "Programme“), durch dieselben Regeln wie auf den Seiten."
)


@cache
def the_api() -> NinjaAPI:
    """The interface with the routers of all apps."""
    api = NinjaAPI(
        title="Allmende",
        version="1",
        description=ABOUT,
        urls_namespace="api",
        openapi_url=None,
        docs_url=None,
        # Names of schemas are unique; those of functions need not be.
    )
    for offer in all_offers():
        if offer.api:
            api.add_router("/v1", import_module(offer.api).router)
    _tell_problems(api)
    return api


def _tell_problems(api: NinjaAPI) -> None:
    """Answer every fault in one form."""

    def tell(request: HttpRequest, problem: Problem) -> HttpResponse:
        return as_response(problem)

    def tell_of_input(request: HttpRequest, fault: ValidationError) -> HttpResponse:
        return as_response(of_validation(fault.errors))

    def not_found(request: HttpRequest, fault: Http404) -> HttpResponse:
        return of_status(404, request)

    def too_big(request: HttpRequest, fault: RequestDataTooBig) -> HttpResponse:
        return of_status(413, request)

    def unreadable(request: HttpRequest, fault: Exception) -> HttpResponse:
        return as_response(Problem(400, _("Der Inhalt ist kein gültiges JSON.")))

    def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
        raise fault  # Django logs it, and ``frame`` tells of it

    from ninja.errors import HttpError

    handlers: list[tuple[type[Exception], Any]] = [
        (Problem, tell),
        (ValidationError, tell_of_input),
        (Http404, not_found),
        (RequestDataTooBig, too_big),
        (UnreadablePostError, unreadable),
        (HttpError, unreadable),
        (Exception, broken),
    ]
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)
    for offer in all_offers():
        for fault, as_problem in offer.api_faults.items():
            api.add_exception_handler(fault, _telling(as_problem))


def _telling(handler: Any) -> Any:
    return lambda request, fault: as_response(handler(fault))


@cache
def the_schema() -> dict[str, Any]:
    """The OpenAPI document: ninja's, with every problem that an operation may answer, and tokens."""
    schema: dict[str, Any] = dict(the_api().get_openapi_schema(path_prefix="/api/"))
    components = schema["components"]
    components.setdefault("schemas", {})["Problem"] = ProblemOut.model_json_schema()
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": gettext_noop(
                "Ein Schlüssel aus „Ihr Konto“ → „Schlüssel für Programme“."
            ),
        }
    }
    guards = {
        (method.lower(), _plain(path)): guard for method, path, guard in operations(the_api())
    }
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            guard = guards[method, path.removeprefix("/api")]
            needs = bool(guard.scope) or guard.rule == "signed in"
            operation["security"] = [{"token": []}] if needs else [{}, {"token": []}]
            if guard.scope:
                operation["x-scope"] = guard.scope
            _add_problems(operation, method, needs=needs, path=path)
    return schema


def _plain(path: str) -> str:
    """A path without the converters of its parts."""
    return re.sub(r"{[^}:]+:", "{", path)


def _add_problems(operation: dict[str, Any], method: str, *, needs: bool, path: str) -> None:
    statuses = {400, 401, 404, 405, 422, 429}
    if needs:
        statuses.add(403)
    if method != "get":
        statuses |= {403, 409, 412, 413, 415, 428}
        operation.setdefault("parameters", []).append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "required": False,
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,100}$"},
                "description": gettext_noop(
                    "Eine Zeichenfolge, die nur diese Anfrage trägt: Wiederholt geschickt, "
                    "wirkt sie ein Mal."
                ),
            }
        )
    for status in sorted(statuses):
        operation["responses"].setdefault(
            str(status),
            {
                "description": "Problem",
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
