"""Asking another server for a JSON document, without being made a tool against anybody.

What ``portal.outgoing`` says of every address holds here, too. Beyond that, one is fetched only

- from a host that the operators have listed;
- within ``SECONDS`` and ``MOST_BYTES`` for everything that one ``Fetcher`` fetches.
"""

import http.client
import json
import time
from collections.abc import Collection
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from allmende.formats.oparl import OParlError
from allmende.portal.outgoing import Connection, OutgoingError, resolve

SECONDS = 5.0
MOST_BYTES = 1_000_000


class FetchError(OParlError):
    """The address is not fetched, or does not answer with JSON; the text is German."""


class Fetcher:
    """Fetches documents for one person's request; all of them share its time and size.

    ``loopback`` lets tests ask a server of their own by ``http``; nothing else sets it.
    """

    def __init__(self, hosts: Collection[str], *, loopback: bool = False) -> None:
        self.hosts = {host.lower() for host in hosts}
        self.loopback = loopback
        self.until = time.monotonic() + SECONDS
        self.left = MOST_BYTES

    def __call__(self, address: str) -> dict[str, Any]:
        """The JSON object behind an address.

        Raises
        ------
        FetchError
            If it may not be asked for, does not come in time, is too large, or is something else.
        """
        parts = self._check(address)
        connection = Connection(parts, self._resolve(parts), self._remaining())
        # Timeouts of sockets begin anew with every byte: this one does not.
        watchdog = Timer(self._remaining(), connection.abort)
        watchdog.daemon = True
        watchdog.start()
        try:
            document = self._get(connection, parts)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, FetchError):
                raise
            raise self._too_slow_or(_("Der Server antwortet nicht oder nicht richtig.")) from error
        finally:
            watchdog.cancel()
            connection.close()
        return _object(document)

    def _check(self, address: str) -> SplitResult:
        try:
            parts = urlsplit(address)
            port, host = parts.port, (parts.hostname or "").lower()
        except ValueError:
            raise FetchError(_("Das ist keine vollständige Adresse.")) from None
        for_tests = self.loopback and parts.scheme == "http"
        if not for_tests and (parts.scheme != "https" or port not in {None, 443}):
            raise FetchError(
                _("Die Adresse muss mit https:// beginnen und darf keinen Port nennen.")
            )
        if parts.username is not None or not address.isascii() or not address.isprintable():
            raise FetchError(_("Das ist keine vollständige Adresse."))
        if host not in self.hosts:
            raise FetchError(
                _(
                    "Der Server „%(host)s“ steht nicht auf der Liste der Ratsinformationssysteme. Bitten "
                    "Sie den Betrieb, ihn aufzunehmen, oder laden Sie den Beschluss als Datei hoch."
                )
                % {"host": host}
            )
        return parts

    def _resolve(self, parts: SplitResult) -> tuple[str, int]:
        try:
            return resolve(parts, loopback=self.loopback)
        except OutgoingError as error:
            raise FetchError(str(error)) from None

    def _get(self, connection: Connection, parts: SplitResult) -> bytes:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "GET", target, headers={"Accept": "application/json", "Accept-Encoding": "identity"}
        )
        answer = connection.getresponse()
        if 300 <= answer.status < 400:
            raise FetchError(
                _("Die Adresse leitet weiter. Bitte geben Sie die endgültige Adresse ein.")
            )
        if answer.status != 200:
            raise FetchError(
                _("Der Server antwortet mit Fehler %(status)s.") % {"status": answer.status}
            )
        kind = answer.headers.get_content_type()
        if kind != "application/json" and not kind.endswith("+json"):
            raise FetchError(
                _("Unter dieser Adresse liegt kein JSON, also kein Eintrag nach OParl.")
            )
        document = answer.read(self.left + 1)
        self._remaining()
        if len(document) > self.left:
            raise FetchError(_("Der Eintrag ist größer als 1 MB."))
        if answer.length:
            raise self._too_slow_or(_("Die Antwort des Servers ist unvollständig."))
        self.left -= len(document)
        return document

    def _remaining(self) -> float:
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise self._too_slow_or("")
        return seconds

    def _too_slow_or(self, otherwise: str) -> FetchError:
        late = time.monotonic() >= self.until
        return FetchError(
            _("Der Server antwortet nicht innerhalb von 5 Sekunden.") if late else otherwise
        )


def _object(document: bytes) -> dict[str, Any]:
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        raise FetchError(_("Die Antwort des Servers ist kein gültiges JSON.")) from None
    if not isinstance(found, dict):
        raise FetchError(_("Die Antwort des Servers ist kein Eintrag nach OParl."))
    return found
