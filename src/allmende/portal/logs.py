"""Log lines without personal data: no addresses of people, computers or secret links.

``MaskingFormatter`` formats every line that we write, tracebacks included; settings.LOGGING and the
server use it. ``KnownRoutes`` puts the pattern of an address in place of the address itself.
"""

import logging
import re
from typing import Any

EMAIL = re.compile(r"[^\s@<>\"'(),;:=\[\]{}|]+@[^\s@<>\"'(),;:\[\]{}|]+\.[^\s@<>\"'(),;:\[\]{}|]+")
IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
QUERY = re.compile(r"(?<=[\w/])\?[^\s\"'<>]*=[^\s\"'<>]*")
# A part of an address with digits and letters, long enough to be a key; our own files end in .py.
KEY = re.compile(r"(?<=/)(?=[^/\s]*\d)(?=[^/\s]*[A-Za-z])[\w:.=~%-]{16,}(?<!\.py)(?=[/\s\"'?)]|$)")


def masked(text: str) -> str:
    """A text without addresses of people and computers, query strings and keys in paths.

    >>> masked("Not Found: /konto/e-mail/MjU:1vLk2a:x9_a8/?next=/ for anna@example.org, 10.1.2.3")
    'Not Found: /konto/e-mail/‹…›/?… for ‹E-Mail›, ‹IP›'
    """
    text = QUERY.sub("?…", text)
    text = EMAIL.sub("‹E-Mail›", text)
    text = KEY.sub("‹…›", text)
    return IPV6.sub("‹IP›", IPV4.sub("‹IP›", text))


class MaskingFormatter(logging.Formatter):
    """Formats as usual and masks the whole line, whatever it was made of."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class KnownRoutes(logging.Filter):
    """Django names the address of a request; what people typed into it is theirs.

    ``/einladung/K7XM-2PQR/`` becomes ``/einladung/<code>/``.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        match = getattr(request, "resolver_match", None)
        if match is not None and isinstance(record.args, tuple):
            route = f"/{match.route}"
            record.args = tuple(route if arg == request.path else arg for arg in record.args)
        return True
