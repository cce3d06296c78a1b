"""What the interface for programs says of itself: a page for people, and OpenAPI for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from ..access import public
from ..api.build import the_schema


@require_safe
@public
def root(request: HttpRequest) -> HttpResponse:
    """The address that people try first."""
    return redirect("api_docs")


@require_safe
@public
def schema(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(the_schema(), json_dumps_params={"ensure_ascii": False})


@require_safe
@public
def docs(request: HttpRequest) -> HttpResponse:
    """The same document as a page."""
    found = the_schema()
    tags: dict[str, list[dict[str, Any]]] = {}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            row = _row(found, path, method, operation)
            tags.setdefault(_said((operation.get("tags") or [""])[0]), []).append(row)
    about = _said(found["info"]["description"])
    return render(request, "portal/api_docs.html", {"groups": tags.items(), "about": about})


def _said(words: str) -> str:
    """What the OpenAPI document says in German, in the language of the page."""
    return gettext(words) if words else ""


def _row(
    schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    good: dict[str, Any] = next((r for s, r in operation["responses"].items() if int(s) < 300), {})
    answer = good.get("content", {}).get("application/json", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": _said(operation["summary"]),
        "description": _said(operation.get("description", "")),
        "scope": operation.get("x-scope", ""),
        "parameters": [
            {
                **each,
                "type": _type(each["schema"]),
                "description": _said(each.get("description", "")),
            }
            for each in operation.get("parameters", ())
            if each["in"] != "path"
        ],
        "fields": _fields(schema, body.get("schema")),
        "answer": _fields(schema, answer.get("schema")),
    }


def _type(of: dict[str, Any]) -> str:
    """A type in a word: „string“, „string | null“, „a, b oder c“, a schema's name."""
    if "enum" in of:
        return " | ".join(str(value) for value in of["enum"])
    if "$ref" in of:
        return str(of["$ref"].rpartition("/")[2])
    if "anyOf" in of:
        return " | ".join(_type(each) for each in of["anyOf"])
    if of.get("type") == "array":
        return f"[{_type(of.get('items', {}))}]"
    return str(of.get("format") or of.get("type", "object"))


def _fields(schema: dict[str, Any], of: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The fields of an object, those of a list's items."""
    if not of:
        return []
    name = of.get("$ref", "").rpartition("/")[2]
    found = schema["components"]["schemas"].get(name, of)
    items = found.get("properties", {}).get("items", {}).get("items", {})
    if "$ref" in items and "next" in found.get("properties", {}):
        return _fields(schema, items)
    required = set(found.get("required", ()))
    return [
        {
            "name": field,
            "type": _type(about),
            "required": field in required,
            "description": _said(about.get("description", "")),
        }
        for field, about in found.get("properties", {}).items()
    ]
