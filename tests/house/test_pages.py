"""Every address says who may see it, and what scrolls on a page can be reached."""

import ast
import re

import pytest

from allmende.portal.access import PUBLIC
from tests.conftest import ROOT

from .world import all_patterns, named_patterns

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
    "mfa_*",
    "usersessions_list",
    "socialaccount_*",
}
# Everybody may see these. A new name here is a decision: say in the review why.
PUBLIC_PAGES = {
    "start",
    "crisis:start",  # counts only, and no small ones
    "crisis:thresholds",  # the law, and who says so
    "crisis:counts_csv",
    "crisis:counts_json",
    "crisis:thresholds_csv",
    "crisis:thresholds_json",
    "search",
    "search_csv",
    "search_json",
    "sources",
    "health",
    # Everything in them is public; a test looks for what must not be there.
    "open_data",
    "open_data_catalogue",
    "open_data_set",
    "open_data_csv",
    "open_data_json",
    "open_data_file",
    "open_data_kept",
    # What the law wants everybody to see, and the form to say that one could not.
    "legal_imprint",
    "legal_privacy",
    "legal_accessibility",
    "legal_report",
    "legal_easy_language",
    "account_language",  # whoever reads chooses
    "mail:unsubscribe",  # the signature in the address is the permission
    "openid_connect_login",
    "openid_connect_callback",
    # What is in them is public; tests look for what must not be there.
    "feeds:feeds",
    "feeds:everything",
    "feeds:region",
    "feeds:topic",
    "feeds:ministry",
    "feeds:selection",
    "feeds:selection_atom",
    # What everybody may know at a glance.
    "overview",
    # What programs can do here, and that for programs.
    "api_root",
    "api_docs",
    "api_schema",
    "registry:search",
    "registry:municipalities",
    "registry:municipalities_csv",
    "registry:municipalities_json",
    "registry:map",
    "registry:changes",
    "registry:changes_csv",
    "registry:changes_json",
    "registry:region",
    "registry:parts_csv",
    "registry:parts_json",
    "registry:organisations",
    "registry:organisations_csv",
    "registry:organisations_json",
    "registry:members",  # for whom somebody may answer is as public as the answers
    "registry:members_csv",
    "registry:members_json",
    "registry:organisation",
    # The link in the mail is the permission.
    "registry:invitation",
    "registry:accept_invitation",
    "registry:decline_invitation",
    "registry:sign_up",
    "registry:letter",
    "forum:concerns",
    "forum:concerns_csv",
    "forum:concerns_json",
    # What was promised in public, and how it is kept.
    "commitments:commitments",
    "commitments:commitments_csv",
    "commitments:commitments_json",
    "commitments:ministries",
    "commitments:ministries_csv",
    "commitments:ministries_json",
    "sittings:sittings",
    "sittings:sittings_csv",
    "sittings:sittings_json",
    "sittings:series",  # who meets with whom is public; so are its dates once it is invited to
    "sittings:members_csv",
    "sittings:members_json",
    "sittings:feed",
}


PATTERNS = all_patterns()
OURS = {
    name: pattern
    for name, pattern in PATTERNS.items()
    if name not in NOT_OURS and f"{name.split('_', maxsplit=1)[0]}_*" not in NOT_OURS
}


def test_every_address_has_a_name_of_its_own() -> None:
    names = [name for name, _ in named_patterns()]
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if name.endswith("None")] == []


@pytest.mark.parametrize("name", OURS)
def test_view_names_its_rule(name: str) -> None:
    rule = getattr(OURS[name].callback, "rule", None)
    assert rule, f"{name}: put @public, @signed_in or @requires(…) on its view"
    if rule == PUBLIC:
        assert name in PUBLIC_PAGES or f"{name.split(':', maxsplit=1)[0]}:*" in PUBLIC_PAGES


def test_list_of_allauth_names_only_what_exists() -> None:
    families = {f"{name.split('_', maxsplit=1)[0]}_*" for name in PATTERNS}
    assert NOT_OURS - set(PATTERNS) - families == set()


def test_nothing_signs_somebody_in_as_somebody_else() -> None:
    """Impersonation does not exist: only allauth signs people in, after they proved who they are."""
    calls = {
        f"{path.relative_to(ROOT)}: {node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id}"
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", ""))
        in {"login", "force_login", "perform_login", "resume_login", "alogin"}
    }
    # allauth's adapter, which is called once a person has proved who she is, calls its parent.
    assert calls == {"src/allmende/accounts/adapters.py: login"}


# Whatever stands before its class.
SCROLLS = re.compile(r'<\w+\b[^>]*\sclass="[^"]*\b(?:kern-table-responsive|al-scroll)\b[^>]*>')


@pytest.mark.parametrize(
    "tag",
    [
        '<div class="kern-table-responsive al-gap" tabindex="0">',
        '<div tabindex="0" role="region" class="al-scroll">',
        '<pre\n  id="skript"\n  class="al-code al-scroll">',
    ],
)
def test_what_scrolls_is_found_wherever_its_class_stands(tag: str) -> None:
    assert SCROLLS.findall(f'<p id="davor">Text</p>{tag}<p class="danach">') == [tag]


def test_what_scrolls_sideways_can_be_reached_by_keyboard_and_has_a_name() -> None:
    found = {
        (path.name, tag)
        for path in (ROOT / "src/allmende").rglob("templates/**/*.html")
        for tag in SCROLLS.findall(path.read_text())
    }
    assert len(found) > 30
    for _name, tag in found:
        assert 'tabindex="0"' in tag
        assert 'role="region"' in tag
        assert re.search(r'aria-label(?:ledby)?="[^"]', tag)
