"""What the forum's operations have in common: in whose name somebody speaks, and which edition she saw."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from allmende.portal.api import Problem
from allmende.registry.models import Mandate

from ..queries import Voice, needs_release

if TYPE_CHECKING:
    from allmende.accounts.models import User

TAG = re.compile(r'(?:W/)?"([0-9a-z]+)(?:-[0-9a-f]+)?"')


def voice_among(voices: list[Voice], key: str | None) -> Voice:
    """The voice that a program names; it may be left out where there is only one.

    Raises ``Problem`` where it is missing or not this person's.
    """
    keys = ", ".join(voice.key for voice in voices)
    if key is None and len(voices) == 1:
        return voices[0]
    if key is None:
        raise Problem(
            422,
            _("Bitte nennen Sie in „voice“, für wen Sie sprechen: %(keys)s.") % {"keys": keys},
        )
    for voice in voices:
        if voice.key == key:
            return voice
    raise Problem(
        422,
        _("Für „%(key)s“ haben Sie hier kein Mandat; möglich ist: %(keys)s.")
        % {"key": key, "keys": keys},
    )


def edition_seen(request: HttpRequest, given: Any, now: object) -> str:
    """Which edition somebody changes: ``edition`` in the body, or the ETag in ``If-Match``.

    Raises ``Problem``: 428 where both are missing, 412 where the ETag is not that of today's edition.
    """
    said = request.headers.get("If-Match", "")
    if given is not None:
        return str(given)
    if not said:
        raise Problem(
            428,
            _(
                "Bitte schicken Sie „edition“ mit, wie Sie sie gelesen haben, oder den ETag als „If-Match“."
            ),
        )
    found = TAG.fullmatch(said.strip())
    if said.strip() != "*" and (found is None or found[1] != str(now)):
        raise Problem(
            412, _("Inzwischen hat jemand etwas geändert. Bitte lesen Sie neu und vergleichen Sie.")
        )
    return str(now)


def mandate_among(mandates: Iterable[Mandate], slug: str | None) -> Mandate:
    """The mandate for the organisation that a program names; it may be left out where there is one.

    Raises ``Problem`` where it is missing or not this person's.
    """
    found = {mandate.organisation.slug: mandate for mandate in mandates}
    if slug is None and len(found) == 1:
        return next(iter(found.values()))
    if slug is None or slug not in found:
        raise Problem(
            422,
            _("Bitte nennen Sie in „organisation“, für wen Sie sprechen: %(keys)s.")
            % {"keys": ", ".join(sorted(found)) or _("Sie haben dafür kein Mandat")},
        )
    return found[slug]


def own_mandate(request: HttpRequest, mandates: Iterable[Mandate]) -> Mandate:
    """The mandate for the organisation in the address. Raises ``Http404`` where she has none."""
    match = request.resolver_match
    slug = match.kwargs["organisation"] if match else ""
    for mandate in mandates:
        if mandate.organisation.slug == slug:
            return mandate
    raise Http404


def without_release(user: "User", mandates: Iterable[Mandate]) -> list[Mandate]:
    """Those in which nobody else has to agree; the token's scopes count, too."""
    return [mandate for mandate in mandates if not needs_release(user, mandate)]


def said(value: Any) -> str:
    """A choice that may be left out, as our queries take it: empty where it was."""
    return str(value) if value else ""
