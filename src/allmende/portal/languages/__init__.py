"""In which language a page speaks: German, English, or German in easy words (Leichte Sprache).

The reader's cookie says so, else the languages her browser asks for, else it is German. Files and the
interface for programs speak German, whoever fetches them: programs compare their words, and documents
are records.
See docs/decisions/0029-three-languages.md.
"""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, override

if TYPE_CHECKING:
    from allmende.accounts.models import User

# What is read by people although its address looks like a file's.
PAGES = {"", ".html"}
FOR_PROGRAMS = "/api/v"


def speak_to_reader(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answer in the reader's language."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not _is_page(request.path):
            with override(settings.LANGUAGE_CODE):
                return get_response(request)
        language = get_language_from_request(request)
        with override(language):
            response = get_response(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


def _is_page(path: str) -> bool:
    return PurePosixPath(path).suffix in PAGES and not path.startswith(FOR_PROGRAMS)


def has_chosen(request: HttpRequest) -> bool:
    """Whether somebody has chosen a language in this browser."""
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES


def keep_choice(response: HttpResponseBase, language: str) -> None:
    """Let the browser say from now on what its reader has chosen."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def in_language_of_reader(request: HttpRequest) -> override:
    """Within it, texts are in the language of pages: for what a page will say after a file's address."""
    return override(get_language_from_request(request))


def in_language_of(person: "User") -> override:
    """Within it, texts are in the language that a person reads: German until she has chosen."""
    return override(person.language or settings.LANGUAGE_CODE)
