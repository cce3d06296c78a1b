"""Every page speaks English and Leichte Sprache, too, and says so."""

import re
from collections.abc import Iterator

import pytest
import rules
from django.test import Client

from .test_permissions import NOTHING, PATTERNS, PUBLIC, ROLES, RULE_OF, SIGNED_IN
from .world import NOBODYS, World, address, make_world

LANGUAGE = re.compile(r'<html lang="([^"]*)">')
# Answers in German whoever asks: a word for machines.
NO_PAGES = {"health"}


def pages(world: World) -> Iterator[tuple[str, str, str]]:
    """Name and address of each page, and a role that may see it."""
    for name, pattern in PATTERNS.items():
        rule = RULE_OF[name]
        role, phase = somebody_who_may(world, rule)
        if name not in NOBODYS | NO_PAGES:
            there, _ = address(world, name, pattern, rule=rule, phase=phase)
            if there.endswith("/"):
                yield name, role, there


def somebody_who_may(world: World, rule: str) -> tuple[str, str]:
    """A role and a phase in which a rule allows what it guards; some rules allow nobody of this world."""
    if rule in {PUBLIC, SIGNED_IN, "allauth"}:
        return ("stranger" if rule == SIGNED_IN else "visitor"), NOTHING
    allowed = (
        (role, phase)
        for role in ROLES
        for phase, obj in world.objects(rule).items()
        if rules.has_perm(rule, world.people[role], *([] if obj is None else [obj]))
    )
    return next(allowed, ("visitor", next(iter(world.objects(rule)))))


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.django_db
def test_every_page_speaks_all_languages() -> None:
    world = make_world()
    clients = {role: Client() for role in ROLES}
    for role, client in clients.items():
        if role != "visitor":
            client.force_login(world.people[role])  # type: ignore[arg-type]
    seen, wrong = set(), []
    for name, role, there in pages(world):
        for language in ("en", "de-x-ls"):
            answer = clients[role].get(there, headers={"Accept-Language": language})
            if answer.status_code == 200 and b"<html" in getattr(answer, "content", b""):
                seen.add(name)
                said = LANGUAGE.search(answer.content.decode())
                if not said or said[1] != language or answer["Content-Language"] != language:
                    wrong.append((name, language))
            elif answer.status_code >= 500:
                wrong.append((name, language))
    assert wrong == []
    assert len(seen) > 100  # else it has looked at nothing
