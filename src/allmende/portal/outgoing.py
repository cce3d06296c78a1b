"""Asking other servers, without being made a tool against anybody.

Whoever names an address could name one inside our own network. So one is asked only

- by ``https``, on its usual port;
- if every address behind that name is public. The name is looked up once, and the connection goes to
  what was found then: a name that means something else a moment later (DNS rebinding) changes nothing;
- without following redirects, without cookies, credentials or a proxy;
- within a time that counts for all of it, not anew for each byte.

The certificate is checked against the name, as always. ``loopback`` lets tests ask a server of their own
by ``http``; nothing else sets it.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

MOST_OF_AN_ANSWER = 500  # characters: enough to see what went wrong
# Ways to hide an IPv4 address in an IPv6 one: NAT64 and its local prefix.
TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class OutgoingError(ValueError):
    """The address is not asked, or does not answer; the text is German."""


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


def parts_of(address: str, *, loopback: bool = False) -> SplitResult:
    """The parts of an address that may be asked. Raises ``OutgoingError`` for others."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise OutgoingError(_("Das ist keine vollständige Adresse.")) from None
    for_tests = loopback and parts.scheme == "http"
    if not for_tests and (parts.scheme != "https" or port not in {None, 443}):
        raise OutgoingError(
            _("Die Adresse muss mit https:// beginnen und darf keinen Port nennen.")
        )
    if (
        parts.username is not None
        or not parts.hostname
        or not address.isascii()
        or not address.isprintable()
    ):
        raise OutgoingError(_("Das ist keine vollständige Adresse."))
    return parts


def resolve(parts: SplitResult, *, loopback: bool = False) -> tuple[str, int]:
    """The public address of a host and its port; one that is not public spoils all of them."""
    port = parts.port or 443
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutgoingError(_("Diesen Server gibt es nicht.")) from None
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        allowed = ipaddress.ip_address(address.split("%", 1)[0]).is_loopback and loopback
        if not allowed and not is_public(address):
            raise OutgoingError(_("Dieser Server liegt in einem privaten Netz."))
    return addresses[0], port


@dataclass(frozen=True)
class Answered:
    """What a server said to something that was sent to it."""

    status: int
    text: str  # its beginning


def post(
    address: str, body: bytes, headers: Mapping[str, str], *, seconds: float, loopback: bool = False
) -> Answered:
    """Send something to an address. Raises ``OutgoingError`` if that was not possible."""
    until = time.monotonic() + seconds
    parts = parts_of(address, loopback=loopback)
    connection = Connection(parts, resolve(parts, loopback=loopback), seconds)
    # Timeouts of sockets begin anew with every byte: this one does not.
    watchdog = Timer(max(until - time.monotonic(), 0.01), connection.abort)
    watchdog.daemon = True
    watchdog.start()
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body=body, headers=dict(headers))
        answer = connection.getresponse()
        said = answer.read(MOST_OF_AN_ANSWER * 4).decode(errors="replace")
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = time.monotonic() >= until
        raise OutgoingError(
            _("Der Server antwortet nicht innerhalb von %(seconds)s Sekunden.")
            % {"seconds": round(seconds)}
            if late
            else _("Der Server antwortet nicht oder nicht richtig.")
        ) from error
    finally:
        watchdog.cancel()
        connection.close()
    return Answered(answer.status, said.replace("\0", "")[:MOST_OF_AN_ANSWER])


class Connection(http.client.HTTPConnection):
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
