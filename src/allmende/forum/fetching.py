"""Asking another server for a JSON document, without being made a tool against anybody.

Whoever names an address could name one inside our own network. So an address is fetched only

- by ``https``, on its usual port, from a host that the operators have listed;
- if every address behind that name is public. The name is looked up once, and the connection goes to
  what was found then: a name that means something else a moment later (DNS rebinding) changes nothing;
- without following redirects, without cookies, credentials or a proxy;
- within ``SECONDS`` and ``MOST_BYTES`` for everything that one ``Fetcher`` fetches.

The certificate is checked against the name, as always.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Collection
from contextlib import suppress
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from allmende.formats.oparl import OParlError

SECONDS = 5.0
MOST_BYTES = 1_000_000
# Ways to hide an IPv4 address in an IPv6 one: NAT64 and its local prefix.
TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchError(OParlError):
    """The address is not fetched, or does not answer with JSON; the text is German."""


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet, also if it is hidden in another one.

    >>> [is_public(ip) for ip in ("9.9.9.9", "10.0.0.1", "100.64.0.1", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    address: Address = ipaddress.ip_address(text.split("%", 1)[0])
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if hidden is not None:
            return is_public(str(hidden))
        if address.teredo or any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


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
        connection = _Connection(parts, self._resolve(parts), self._remaining())
        # Timeouts of sockets begin anew with every byte: this one does not.
        watchdog = Timer(self._remaining(), connection.abort)
        watchdog.daemon = True
        watchdog.start()
        try:
            document = self._get(connection, parts)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, FetchError):
                raise
            raise self._too_slow_or("Der Server antwortet nicht oder nicht richtig.") from error
        finally:
            watchdog.cancel()
            connection.close()
        return _object(document)

    def _check(self, address: str) -> SplitResult:
        try:
            parts = urlsplit(address)
            port, host = parts.port, (parts.hostname or "").lower()
        except ValueError:
            raise FetchError("Das ist keine vollständige Adresse.") from None
        for_tests = self.loopback and parts.scheme == "http"
        if not for_tests and (parts.scheme != "https" or port not in {None, 443}):
            raise FetchError("Die Adresse muss mit https:// beginnen und darf keinen Port nennen.")
        if parts.username is not None or not address.isascii() or not address.isprintable():
            raise FetchError("Das ist keine vollständige Adresse.")
        if host not in self.hosts:
            raise FetchError(
                f"Der Server „{host}“ steht nicht auf der Liste der Ratsinformationssysteme. Bitten Sie "
                "den Betrieb, ihn aufzunehmen, oder laden Sie den Beschluss als Datei hoch."
            )
        return parts

    def _resolve(self, parts: SplitResult) -> tuple[str, int]:
        """The public address of a host and its port; one that is not public spoils all of them."""
        port = parts.port or 443
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise FetchError("Diesen Server gibt es nicht.") from None
        addresses = [str(each[4][0]) for each in found]
        for address in addresses:
            allowed = ipaddress.ip_address(address.split("%", 1)[0]).is_loopback and self.loopback
            if not allowed and not is_public(address):
                raise FetchError("Dieser Server liegt in einem privaten Netz.")
        return addresses[0], port

    def _get(self, connection: "_Connection", parts: SplitResult) -> bytes:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "GET", target, headers={"Accept": "application/json", "Accept-Encoding": "identity"}
        )
        answer = connection.getresponse()
        if 300 <= answer.status < 400:
            raise FetchError(
                "Die Adresse leitet weiter. Bitte geben Sie die endgültige Adresse ein."
            )
        if answer.status != 200:
            raise FetchError(f"Der Server antwortet mit Fehler {answer.status}.")
        kind = answer.headers.get_content_type()
        if kind != "application/json" and not kind.endswith("+json"):
            raise FetchError("Unter dieser Adresse liegt kein JSON, also kein Eintrag nach OParl.")
        document = answer.read(self.left + 1)
        self._remaining()
        if len(document) > self.left:
            raise FetchError("Der Eintrag ist größer als 1 MB.")
        if answer.length:
            raise self._too_slow_or("Die Antwort des Servers ist unvollständig.")
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
            "Der Server antwortet nicht innerhalb von 5 Sekunden." if late else otherwise
        )


class _Connection(http.client.HTTPConnection):
    """To one address; what a name means is not looked up again."""

    def __init__(self, parts: SplitResult, where: tuple[str, int], seconds: float) -> None:
        super().__init__(parts.hostname or "", where[1], timeout=seconds)
        self.where = where
        self.secure = parts.scheme == "https"
        # ``sock`` is given up where the server closes after its answer, which is still being read.
        self.open_socket: socket.socket | None = None

    def connect(self) -> None:
        plain = socket.create_connection(self.where, self.timeout)
        self.sock = self.open_socket = plain
        if self.secure:
            context = ssl.create_default_context()
            self.sock = self.open_socket = context.wrap_socket(plain, server_hostname=self.host)

    def abort(self) -> None:
        """End whatever it is waiting for."""
        if self.open_socket is not None:
            with suppress(OSError):
                self.open_socket.shutdown(socket.SHUT_RDWR)


def _object(document: bytes) -> dict[str, Any]:
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        raise FetchError("Die Antwort des Servers ist kein gültiges JSON.") from None
    if not isinstance(found, dict):
        raise FetchError("Die Antwort des Servers ist kein Eintrag nach OParl.")
    return found
