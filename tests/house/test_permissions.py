"""Who may do what: one table of all rules, held current, and every address visited in every role.

``ALLMENDE_WRITE_DOCS=1 python -m pytest tests/house/test_permissions.py`` writes the table anew.
"""

import logging
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from rules.permissions import permissions

from allmende.portal.access import PUBLIC, SIGNED_IN
from allmende.portal.api import operations
from allmende.portal.api.build import the_api
from tests.conftest import ROOT

from .world import NOBODYS, NOTHING, World, address, all_patterns, make_world

PATH = ROOT / "docs" / "reference" / "permissions.md"
HEAD = """# Who may do what

Generated from the rules (`rules.py` of each app) and from a world with one person in each role and one object in each phase
(`tests/house/world.py`). A test holds it current and visits every address in every role; what it answers is what stands here.
`ALLMENDE_WRITE_DOCS=1 python -m pytest tests/house/test_permissions.py` writes it anew.

Roles: a *visitor* has not signed in; a *stranger* has an account and no mandate; a *neighbour* votes for another municipality; a *member*
contributes and votes for the municipality in question, but neither releases nor manages; its *manager* may do all of this; an *operator*
runs the installation; a *former* manager's mandate ended yesterday; an *official* releases for the responsible ministry; *staff* sits in the municipality's crisis
staff, a *provider* works for the one who runs its facilities, an *authority* sits in the crisis staff of a ministry that was given insight.
Managers, operators and these three have a second factor: without one, what they may do beyond a member or stranger does not count. What somebody may not see answers 404, with the same body as what does not exist.
In the exercise *mit Einlass*, on a register's network, the member waits until the control lets her in, and the provider was let in.
"""
ROLES = (
    *("visitor", "stranger", "neighbour", "member", "manager", "operator", "former", "official"),
    *("staff", "provider", "authority"),
)
PATTERNS = all_patterns()
RULE_OF = {name: getattr(entry.callback, "rule", "allauth") for name, entry in PATTERNS.items()}
# allauth's own pages look after themselves; that none of them breaks is tested all the same.
OPERATIONS = list(operations(the_api()))
NOT_BY_RULE = {PUBLIC, SIGNED_IN, "allauth"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def phases_allowed(world: World, permission: str, role: str) -> set[str]:
    """The phases of its object in which somebody in this role may do it."""
    return {
        phase
        for phase, obj in world.objects(permission).items()
        if rules.has_perm(permission, world.people[role], *([] if obj is None else [obj]))
    }


def cell(world: World, permission: str, role: str) -> str:
    """One cell of the table: the phases, „always“, or nothing."""
    phases = list(world.objects(permission))
    allowed = phases_allowed(world, permission, role)
    if allowed == set(phases):
        return NOTHING
    return ", ".join(phase for phase in phases if phase in allowed) or "–"


def sentence(permission: str) -> str:
    """A rule as it reads aloud."""
    words = str(permissions[permission].name).replace("_", " ")
    for sign, word in ((" & ", " **and** "), (" | ", " **or** "), ("~", "**not** ")):
        words = words.replace(sign, word)
    return re.sub(r"^\((.*)\)$", r"\1", words) if words.count("(") == 1 else words


def as_markdown(world: World) -> str:
    """The whole document."""
    lines = [HEAD, "## Role × object × phase", ""]
    lines += ["| Permission | " + " | ".join(ROLES) + " |", "|---|" + "---|" * len(ROLES)]
    for permission in sorted(permissions):
        cells = [cell(world, permission, role) for role in ROLES]
        lines.append(f"| `{permission}` | " + " | ".join(cells) + " |")
    lines += ["", "## The rules, read aloud", ""]
    lines += [f"- `{permission}`: who {sentence(permission)}" for permission in sorted(permissions)]
    lines += ["", "## Every address and its rule", "", "| Address | Name | Rule |", "|---|---|---|"]
    for name in sorted(PATTERNS):
        rule = RULE_OF[name]
        shown = rule if rule in NOT_BY_RULE else f"`{rule}`"
        lines.append(f"| `{readable(name)}` | `{name}` | {shown} |")
    lines += ["", "## Every operation of the interface", ""]
    lines += ["| Operation | Rule | Scope of the token |", "|---|---|---|"]
    for method, path, guard in sorted(OPERATIONS, key=lambda each: (each[1], each[0])):
        shown = guard.rule if guard.rule in NOT_BY_RULE else f"`{guard.rule}`"
        lines.append(f"| `{method} /api{path}` | {shown} | {guard.scope or '–'} |")
    return "\n".join(lines) + "\n"


def readable(name: str) -> str:
    """Where an address lies, without the converters of its parts."""
    from django.urls import get_resolver

    space, _, bare = name.rpartition(":")
    resolver = get_resolver()
    if space:
        prefix, resolver = resolver.namespace_dict[space]
    else:
        prefix = ""
    (possible, *_), *_ = resolver.reverse_dict.getlist(bare)
    return "/" + prefix + re.sub(r"%\((\w+)\)s", r"<\1>", possible[0][0])


@pytest.mark.one_database
def test_the_table_says_what_the_rules_say(world: World) -> None:
    text = as_markdown(world)
    if os.environ.get("ALLMENDE_WRITE_DOCS"):
        PATH.write_text(text)
    assert PATH.read_text() == text


CHANGES_EACH_TIME = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|name="next" value="[^"]*"|/[a-z]+/\?next=[^"]*'
)


def body_of(answer: HttpResponse) -> str:
    return CHANGES_EACH_TIME.sub("", answer.content.decode())


class Browser(Client):
    """Only answers: which templates made them, with which contexts, nobody asks here."""

    def request(self, **environ: Any) -> HttpResponse:
        return self.handler(self._base_environ(**environ))


class Visitor:
    """Somebody in one role; whatever a visit changes is taken back."""

    def __init__(self, world: World, role: str) -> None:
        self.client = Browser()
        person = world.people[role]
        if not isinstance(person, AnonymousUser):
            self.client.force_login(person)
        self.cookies = self.client.cookies.copy()

    def methods_at(self, url: str) -> list[str]:
        """How an address can be visited.

        To a method that none accepts, a view answers with those that it does, before it asks who is
        there; one that looks after itself may accept both.
        """
        accepted = self.visit("trace", url).headers.get("Allow", "GET, POST").split(", ")
        return [method for method in ("get", "post") if method.upper() in accepted]

    def visit(self, method: str, url: str) -> HttpResponse:
        self.client.cookies = self.cookies.copy()
        with transaction.atomic():
            answer = getattr(self.client, method)(url)
            if answer.streaming:
                b"".join(answer)
            transaction.set_rollback(True)
        return answer


def visits(world: World) -> Iterator[tuple[str, str, str, str]]:
    """Name, phase, address of what is there, address of what is not."""
    for name, pattern in sorted(PATTERNS.items()):
        rule = RULE_OF[name]
        phases = [NOTHING] if rule in NOT_BY_RULE else list(world.objects(rule))
        for phase in phases:
            yield (name, phase, *address(world, name, pattern, rule=rule, phase=phase))


@pytest.fixture
def much_in_little_time(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of requests: each refusal is logged otherwise, and kept with all that belongs to it."""
    caplog.set_level(logging.CRITICAL, "django.request")


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.usefixtures("much_in_little_time")
def test_every_address_answers_as_the_table_says(world: World) -> None:
    everywhere = list(visits(world))
    visitor = Visitor(world, "visitor")
    addresses = {name: there for name, _, there, _ in everywhere}
    methods = {name: visitor.methods_at(there) for name, there in addresses.items()}
    assert all(methods.values())
    wrong = [fault for role in ROLES for fault in faults_met_by(role, world, everywhere, methods)]
    assert not wrong, "\n".join(wrong)


def faults_met_by(
    role: str,
    world: World,
    everywhere: list[tuple[str, str, str, str]],
    methods: dict[str, list[str]],
) -> list[str]:
    """What is not as the table says, when somebody in this role visits everything.

    An address is visited in every phase in which she may see it, for each may break by itself, and in
    one in which she may not: what refuses her there is the same line of code in all of them.
    """
    somebody = Visitor(world, role)
    faults = []
    may = {rule: phases_allowed(world, rule, role) for rule in set(RULE_OF.values()) - NOT_BY_RULE}
    refused = set()
    for name, phase, there, absent in everywhere:
        rule = RULE_OF[name]
        allowed = rule in NOT_BY_RULE or phase in may[rule]
        if not allowed and name in refused:
            continue
        if not allowed:
            refused.add(name)
        nothing = ""
        for method in ["get"] if rule == "allauth" else methods[name]:
            answer = somebody.visit(method, there)
            fault = fault_of(answer, name, role=role, allowed=allowed)
            if not fault and not allowed and absent and answer.status_code == 404:
                nothing = nothing or body_of(somebody.visit(method, absent))
                fault = "" if body_of(answer) == nothing else "betrays that it exists"
            if fault:
                faults.append(f"{role} {method} {name} ({phase}): {answer.status_code} {fault}")
    return faults


def fault_of(answer: HttpResponse, name: str, *, role: str, allowed: bool) -> str:
    """What is wrong with an answer; nothing if it is what the table says."""
    rule, status = RULE_OF[name], answer.status_code
    found = status not in {403, 404}
    if status >= 500:
        return "broken"
    if rule == "allauth" or name in NOBODYS:
        return ""
    if rule == SIGNED_IN or getattr(PATTERNS[name].callback, "asks_to_sign_in", False):
        to_sign_in = "/konto/anmelden/" in answer.headers.get("Location", "")
        if role == "visitor":
            return "" if to_sign_in else "does not ask to sign in"
        if to_sign_in:
            return "asks to sign in again"
    if found != allowed:
        return "but may" if allowed else "but may not"
    return ""


def test_every_rule_guards_an_address() -> None:
    """One that only a template asks hides a button, and the address behind it is open."""
    on_pages = {"registry.view_names"}  # decides what a page shows
    guarding = {*RULE_OF.values(), *(guard.rule for _, _, guard in OPERATIONS)}
    assert set(permissions) - guarding == on_pages
