"""What goes wrong, as RFC 9457 wants it told: ``application/problem+json``, in German."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818
    """Ends an operation with this status; ``detail`` is a German sentence that says what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})
        self.more = more


def title_of(status: int) -> str:
    """The kind of problem in a few words, the same for every one of its kind."""
    titles = {
        400: _("Die Anfrage ist unverständlich"),
        401: _("Ein Schlüssel fehlt oder gilt nicht"),
        403: _("Das erlaubt der Schlüssel nicht"),
        404: _("Das gibt es nicht, oder Sie dürfen es nicht sehen"),
        405: _("Diese Methode gibt es hier nicht"),
        409: _("Das passt nicht zum jetzigen Stand"),
        412: _("Inzwischen hat sich etwas geändert"),
        413: _("Die Anfrage ist zu groß"),
        415: _("Dieses Format wird nicht gelesen"),
        422: _("Die Angaben sind unvollständig oder falsch"),
        428: _("Es fehlt, auf welche Fassung Sie sich beziehen"),
        429: _("Zu viele Anfragen"),
        500: _("Da ist etwas schiefgegangen"),
    }
    return titles.get(status, _("Das ging nicht"))


def as_response(problem: Problem) -> HttpResponse:
    """The document that tells of a problem."""
    document = {
        "type": "about:blank",
        "title": title_of(problem.status),
        "status": problem.status,
        "detail": problem.detail,
        **({"errors": problem.errors} if problem.errors else {}),
        **problem.more,
    }
    return HttpResponse(
        json.dumps(document, ensure_ascii=False, default=str),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **problem.headers},
    )


def of_status(status: int, request: HttpRequest, allow: str = "") -> HttpResponse:
    """The same for what was answered below the operations: unknown addresses, methods, our own faults."""
    details = {
        400: _("Bitte prüfen Sie Adresse und Inhalt der Anfrage."),
        404: _(
            "Unter dieser Adresse liegt nichts, was Sie sehen dürfen. Alle Adressen: /api/docs/"
        ),
        405: _("Erlaubt sind hier: %(methods)s.") % {"methods": allow or "–"},
        413: _("Die Anfrage ist größer, als die Plattform sie liest."),
        500: _(
            "Der Fehler liegt bei uns und ist vermerkt. Bitte versuchen Sie es später noch einmal."
        ),
    }
    return as_response(
        Problem(
            status,
            details.get(status, title_of(status)),
            headers={"Allow": allow} if allow else None,
        )
    )


def checked(form: forms.BaseForm) -> dict[str, Any]:
    """What a form makes of its input. Raises ``Problem`` with all that is wrong with it."""
    if form.is_valid():
        return dict(form.cleaned_data)
    errors = [
        {"field": "" if field == "__all__" else field, "detail": str(message)}
        for field, messages in form.errors.items()
        for message in messages
    ]
    raise Problem(
        422, _("Bitte ergänzen oder berichtigen Sie die genannten Angaben."), errors=errors
    )


def of_validation(faults: list[dict[str, Any]]) -> Problem:
    """What the schemas object to, in German."""
    errors = [
        {"field": ".".join(str(part) for part in _place(fault["loc"])), "detail": _words(fault)}
        for fault in faults
    ]
    if any(fault["type"] == "json_invalid" for fault in faults):
        return Problem(400, _("Der Inhalt ist kein gültiges JSON."))
    return Problem(
        422, _("Bitte ergänzen oder berichtigen Sie die genannten Angaben."), errors=errors
    )


def _place(loc: tuple[Any, ...]) -> tuple[Any, ...]:
    """The field itself: where it stands in the request, and what our code calls it, says nothing."""
    place = loc[1:] if loc and loc[0] in {"body", "query", "path", "header"} else loc
    return place[1:] if place and place[0] in {"data", "filters", "paging"} else place


def _words(fault: dict[str, Any]) -> str:
    given = {key: str(value) for key, value in fault.get("ctx", {}).items()}
    templates = {
        "missing": _("Diese Angabe fehlt."),
        "extra_forbidden": _("Diese Angabe ist hier unbekannt."),
        "string_too_long": _("Höchstens %(max_length)s Zeichen."),
        "string_too_short": _("Mindestens %(min_length)s Zeichen."),
        "string_type": _("Hier steht ein Text."),
        "string_pattern_mismatch": _("Das hat nicht die richtige Form."),
        "int_parsing": _("Hier steht eine ganze Zahl."),
        "int_type": _("Hier steht eine ganze Zahl."),
        "bool_type": _("Hier steht true oder false."),
        "bool_parsing": _("Hier steht true oder false."),
        "list_type": _("Hier steht eine Liste."),
        "greater_than_equal": _("Mindestens %(ge)s."),
        "less_than_equal": _("Höchstens %(le)s."),
        "literal_error": _("Erlaubt sind: %(expected)s."),
        "enum": _("Erlaubt sind: %(expected)s."),
        "date_from_datetime_parsing": _("Ein Tag in der Form 2027-02-03."),
        "date_parsing": _("Ein Tag in der Form 2027-02-03."),
        "datetime_from_date_parsing": _("Ein Zeitpunkt in der Form 2027-02-03T12:00:00Z."),
        "datetime_parsing": _("Ein Zeitpunkt in der Form 2027-02-03T12:00:00Z."),
        "timezone_aware": _("Ein Zeitpunkt mit Zeitzone, etwa 2027-02-03T12:00:00Z."),
    }
    template = templates.get(fault["type"], _("Diese Angabe ist ungültig."))
    return template % given if "%(" in template else template
