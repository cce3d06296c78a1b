"""What every answer tells the browser, beside what Django says already.

Together: docs/reference/security.md. A house test visits the pages and compares.
"""

from collections.abc import Callable

from csp.utils import build_policy
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
    """Middleware: adds ``EVERYWHERE`` and our policy to every answer, static files included.

    The policy is the same for all of them: django-csp's own middleware would write it anew each time.
    """
    everywhere = EVERYWHERE | {"Content-Security-Policy": build_policy()}

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in everywhere.items():
            response.headers.setdefault(name, value)
        return response

    return answer
