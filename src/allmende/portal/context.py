"""What every page needs."""

from dataclasses import dataclass
from typing import Any

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
    """The main menu; lazily, because a fragment for htmx needs none."""
    return {"menu": SimpleLazyObject(lambda: _links(request.path))}


def _links(path: str) -> list[MenuLink]:
    addresses = ((entry.label, reverse(entry.url_name)) for entry in menu())
    return [MenuLink(label, url, path.startswith(url)) for label, url in addresses]
