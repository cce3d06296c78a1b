"""What every answer tells the browser, and that no page needs what that forbids."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import ROOT
from tests.factories import UserFactory
from tests.house.test_pages import PATTERNS

EXPECTED = {
    "Content-Security-Policy": "base-uri 'none'; connect-src 'self'; default-src 'none'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; "
    "script-src 'self'; style-src 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Opened by mail programs, which know no policy of ours and load no style sheet.
MAILS = {"frame.html"}
TEMPLATES = sorted(
    path
    for path in (ROOT / "src" / "allmende").rglob("templates/**/*.html")
    if not (path.parent.name == "mail" and path.name in MAILS)
)
INLINE = re.compile(
    r"\sstyle\s*=|\son[a-z]+\s*=|<style\b|<script\b(?![^>]*\ssrc=)|javascript:|hx-on\b",
    re.IGNORECASE,
)


# Pages of other sites may read them: docs/reference/api.md.
FOR_PROGRAMS_EVERYWHERE = {"/api/", "/api/openapi.json"}


def missing(client: Client, address: str, **headers: str) -> dict[str, str | None]:
    """Headers of an answer that are not as they should be."""
    response = client.get(address, headers=headers)
    policy = "; ".join(sorted(response.headers.get("Content-Security-Policy", "").split("; ")))
    found = {**response.headers, "Content-Security-Policy": policy}
    wrong = {name: found.get(name) for name, value in EXPECTED.items() if found.get(name) != value}
    if address in FOR_PROGRAMS_EVERYWHERE:
        assert wrong.pop("Cross-Origin-Resource-Policy") == "cross-origin"
    if "camera=()" not in found.get("Permissions-Policy", ""):
        wrong["Permissions-Policy"] = found.get("Permissions-Policy")
    return wrong


@pytest.mark.django_db
@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "person"])
def test_every_answer_has_its_headers(client: Client, signed_in: bool) -> None:
    if signed_in:
        client.force_login(UserFactory())
    names = [name for name, pattern in PATTERNS.items() if not pattern.pattern.regex.groups]
    addresses = [reverse(name) for name in names] + ["/gibt-es-nicht/", "/forum"]
    wrong = {address: missing(client, address) for address in addresses}
    wrong |= {f"{address} (htmx)": missing(client, address, HX_Request="true") for address in ["/"]}
    assert {address: headers for address, headers in wrong.items() if headers} == {}


@pytest.mark.django_db
def test_an_answer_to_our_own_fault_has_its_headers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("allmende.portal.context.menu", fail)
    client.raise_request_exception = False
    assert client.get("/").status_code == 500
    assert missing(client, "/") == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_has_inline_style_or_script(path: object) -> None:
    assert INLINE.findall(path.read_text()) == []
