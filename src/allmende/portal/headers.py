"""What every answer tells the browser, beside what Django and django-csp say already.

Together: docs/reference/security.md. A house test visits the pages and compares.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

EVERYWHERE = {
    # Nothing here asks for a camera, a place or a payment, so no injected script may either.
    "Permissions-Policy": "browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "microphone=(), payment=(), serial=(), usb=()",
    # No other site may embed our answers, not even as an image.
    "Cross-Origin-Resource-Policy": "same-origin",
}


def more_headers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: adds ``EVERYWHERE`` to every answer, static files included."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        return response

    return answer
