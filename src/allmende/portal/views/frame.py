"""Where this comes from, whether it is well, and pages for when something goes wrong."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..access import public


@require_safe
@public
def sources(request: HttpRequest) -> HttpResponse:
    """Whose data and software this is built on."""
    return render(request, "portal/sources.html")


@require_safe
@public
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the database answers: for load balancers and monitors."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("gesund\n", content_type="text/plain; charset=utf-8")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """One answer for what does not exist and for what a person may not see."""
    return render(request, "portal/not_found.html", status=404)


def forbidden(
    request: HttpRequest, exception: Exception | None = None, reason: str = ""
) -> HttpResponse:
    """A form that is no longer valid; also Django's answer to a form without its token."""
    return render(request, "portal/forbidden.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault; no context processors, since they may be what failed."""
    title = _("Da ist etwas schiefgegangen")
    words = _(
        "Ihre letzte Eingabe wurde nicht gespeichert. Bitte versuchen Sie es noch einmal. "
        "Bleibt der Fehler, wenden Sie sich an den Betrieb dieser Plattform."
    )
    return HttpResponse(
        f"<!doctype html><html lang={get_language()}><title>{title}</title><h1>{title}</h1><p>{words}</p>",
        status=500,
    )
