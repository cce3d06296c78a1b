"""What every page needs."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from .offers import menu


@dataclass(frozen=True)
class MenuLink:
    """A menu entry as this page shows it."""

    label: str
    url: str
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """The main menu and the way back; lazily, because a fragment for htmx needs none."""
    return {
        "menu": SimpleLazyObject(lambda: _links(request)),
        "come_back": SimpleLazyObject(lambda: _come_back(request)),
        "languages": settings.LANGUAGES,
    }


def _come_back(request: HttpRequest) -> str:
    """Where signing in leads: to this page, or where the account's pages would lead themselves."""
    match = request.resolver_match
    if match and (match.url_name or "").startswith("account_"):
        return request.GET.get("next", "/")
    return request.get_full_path()


def _links(request: HttpRequest) -> list[MenuLink]:
    addresses = ((str(entry.label), reverse(entry.url_name)) for entry in menu(request.user))
    return [MenuLink(label, url, request.path.startswith(url)) for label, url in addresses]
