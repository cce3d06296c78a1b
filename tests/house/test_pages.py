"""Every address says who may see it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from allmende.portal.access import PUBLIC, SIGNED_IN

# allauth's own views: they ask for a sign-in themselves where one is needed.
NOT_OURS = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reauthenticate",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# Everybody may see these. A new name here is a decision: say in the review why.
PUBLIC_PAGES = {
    "start",
    "search",
    "sources",
    "health",
    "registry:*",
    "forum:concerns",
    "forum:concerns_csv",
}


def all_patterns(
    resolver: URLResolver | None = None, space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address with its full name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{entry.namespace}:" if entry.namespace else ""
            yield from all_patterns(entry, space + inner)
        else:
            yield f"{space}{entry.name}", entry


PATTERNS = dict(all_patterns())
OURS = {name: pattern for name, pattern in PATTERNS.items() if name not in NOT_OURS}


def test_every_address_has_a_name_of_its_own() -> None:
    names = [name for name, _ in all_patterns()]
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if name.endswith("None")] == []


@pytest.mark.parametrize("name", OURS)
def test_view_names_its_rule(name: str) -> None:
    rule = getattr(OURS[name].callback, "rule", None)
    assert rule, f"{name}: put @public, @signed_in or @requires(…) on its view"
    if rule == PUBLIC:
        assert name in PUBLIC_PAGES or f"{name.split(':', maxsplit=1)[0]}:*" in PUBLIC_PAGES


def test_list_of_allauth_names_only_what_exists() -> None:
    assert NOT_OURS - set(PATTERNS) == set()


@pytest.mark.django_db
def test_a_page_for_the_signed_in_sends_others_to_sign_in(client: Client) -> None:
    names = [
        name
        for name, pattern in OURS.items()
        if getattr(pattern.callback, "rule", None) == SIGNED_IN
        and not pattern.pattern.regex.groupindex
    ]
    for name in names:
        response = client.get(reverse(name))
        assert response.status_code in {302, 405}
        if response.status_code == 302:
            assert response.headers["Location"].startswith(reverse("account_login"))
