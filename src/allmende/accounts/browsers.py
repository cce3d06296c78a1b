"""Browsers from which a person has signed in before, and what they are called.

A signed cookie says whom the browser knows; nothing about it is stored here.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from .models import User

COOKIE = "known_browser"
SALT = "allmende.accounts.browsers"
SECONDS = 400 * 24 * 3600  # longer, no browser keeps it
MOST_PEOPLE = 5  # at one shared computer

# In this order: nearly every browser claims to be Safari, and many to be Chrome.
FAMILIES = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def family(agent: str) -> str:
    """What a browser says of itself, in words.

    >>> family("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    'Firefox unter Linux'
    """
    name = next((FAMILIES[mark] for mark in FAMILIES if mark in agent), _("Ein Browser"))
    system = next((SYSTEMS[mark] for mark in SYSTEMS if mark in agent), "")
    return (
        _("%(browser)s unter %(system)s") % {"browser": name, "system": system} if system else name
    )


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether this person has signed in with this browser before."""
    return str(user.pk) in _people(request)


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Let the browser know this person from now on."""
    people = [str(user.pk), *_people(request)][:MOST_PEOPLE]
    response.set_signed_cookie(
        COOKIE,
        ".".join(people),
        salt=SALT,
        max_age=SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _people(request: HttpRequest) -> list[str]:
    value: str = request.get_signed_cookie(COOKIE, default="", salt=SALT) or ""
    return value.split(".") if value else []
