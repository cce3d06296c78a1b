"""A country to measure with: municipalities, people, mandates, concerns, votes, audit entries.

The same every time. Special people and organisations are there at any size, so that the same pages can
be asked for: see ``Country``.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils import timezone

from allmende.accounts.models import User
from allmende.audit.chain import digest
from allmende.audit.models import Entry
from allmende.forum.models import (
    Ballot,
    Concern,
    ConcernState,
    Participant,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from allmende.portal.models import CacheEntry
from allmende.registry.models import Level, Mandate, Office, Organisation, Region, SizeClass
from allmende.registry.models.mandates import as_columns, usual_rights
from allmende.registry.services import organisations_of

PASSWORD = "sieben Schafe auf der Weide"  # noqa: S105  of people who do not exist
MANY, SOME = 200, 5  # people of two organisations; a third one has none
MANDATES_OF_ONE = 20
AT_ONCE = 5_000
T = TypeVar("T", bound=models.Model)


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    accounts: int
    mandates: int
    concerns: int
    statements: int
    voters: int
    attempts: int  # to sign in, within the hour for which they count


FULL = Size(
    accounts=200_000, mandates=60_000, concerns=60, statements=60, voters=250, attempts=20_000
)
SMALL = Size(accounts=400, mandates=300, concerns=3, statements=60, voters=3, attempts=10)


@dataclass(frozen=True)
class Country:
    """Whom to be and what to look at."""

    with_one: User
    with_many: User
    operator: User
    without: list[User]  # mandates, and a second factor
    organisations: dict[int, Organisation]  # by how many people speak for them
    concern: Concern


def fill(size: Size, municipalities: int) -> Country:
    """Fill an empty database; invents as many municipalities as no register has brought."""
    chance = random.Random(2026)  # noqa: S311  nothing secret
    invent_municipalities(municipalities)
    regions = Region.objects.current().filter(level=Level.GEMEINDE)
    organisations = list(organisations_of(regions).order_by("slug").select_related("region"))
    people = list(make_people(size.accounts))
    mandates = list(make_mandates(size.mandates, people, organisations, chance))
    keep(Mandate, mandates)
    heads = {mandate.user_id for mandate in mandates if mandate.may_release}
    keep(
        Authenticator,
        (
            Authenticator(user_id=pk, type="totp", data={"secret": ""})
            for pk in sorted(heads | {people[2].pk})
        ),
    )
    write_log(Mandate.objects.order_by("pk").select_related("organisation"))
    soon = timezone.now() + timedelta(hours=1)
    keep(
        CacheEntry,
        (
            CacheEntry(cache_key=f":1:attempt:{n}", value="", expires=soon)
            for n in range(size.attempts)
        ),
    )
    concerns = list(make_concerns(size, organisations))
    make_votes(size, concerns, organisations, chance)
    with_one, with_many, operator = people[:3]
    by_people = {0: organisations[0], SOME: organisations[1], MANY: organisations[2]}
    return Country(with_one, with_many, operator, people[-100:], by_people, concerns[0])


def keep(model: type[T], rows: Iterable[T]) -> None:
    """Store rows a few thousand at a time."""
    waiting = iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        model._default_manager.bulk_create(some)


def invent_municipalities(wanted: int) -> None:
    """Add municipalities until there are enough."""
    there = Region.objects.current().filter(level=Level.GEMEINDE).count()
    keep(
        Region,
        (
            Region(
                level=Level.GEMEINDE,
                ars=f"09051{number:07d}",
                ags=f"09{number:06d}",
                land="09",
                kreis="09051",
                name=f"Lindenfurt {number}",
                search_key=f"lindenfurt {number}",
                population=500 + number,
                size_class=SizeClass.of(500 + number),
            )
            for number in range(there, wanted)
        ),
    )


def make_people(count: int) -> Iterator[User]:
    """People who can sign in, all with one password: the hash of each would take hours."""
    password = make_password(PASSWORD)
    long_ago = timezone.now() - timedelta(days=30)
    keep(
        User,
        (
            User(
                email=f"person{n}@example.org",
                name=f"Person {n}",
                password=password,
                last_login=long_ago,
                is_operator=n == 2,
            )
            for n in range(count)
        ),
    )
    people = list(User.objects.order_by("pk"))
    keep(
        EmailAddress,
        (EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in people),
    )
    return iter(people)


def make_mandates(
    count: int, people: list[User], organisations: list[Organisation], chance: random.Random
) -> Iterator[Mandate]:
    """Heads first, then administration and council, by chance; the special ones as ``Country`` says."""
    since = timezone.localdate() - timedelta(days=400)
    made = 0

    def mandate(user: User, organisation: Organisation, office: Office) -> Mandate:
        nonlocal made
        made += 1
        rights = as_columns(usual_rights(office))
        return Mandate(user=user, organisation=organisation, office=office, since=since, **rights)

    others = organisations[3:]
    yield mandate(people[0], others[0], Office.ADMINISTRATION)
    for organisation in others[:MANDATES_OF_ONE]:
        yield mandate(people[1], organisation, Office.ADMINISTRATION)
    rest = iter(people[3:])
    for organisation, number in ((organisations[1], SOME), (organisations[2], MANY)):
        for _ in range(number):
            yield mandate(next(rest), organisation, Office.COUNCIL)
    rest_of_people = list(rest)
    for organisation, user in zip(others, rest_of_people, strict=False):
        if made == count:
            return
        yield mandate(user, organisation, Office.MAYOR)
    offices = (Office.ADMINISTRATION, Office.COUNCIL, Office.COUNCIL)
    for user in islice(rest_of_people, len(others), None):
        if made == count:
            return
        yield mandate(user, chance.choice(others), chance.choice(offices))
    assert made == count, "there are too few people for so many mandates"  # noqa: S101


def write_log(mandates: Iterable[Mandate]) -> None:
    """An entry for each mandate, chained as ``record`` does it."""
    last = Entry.objects.first()  # importing a register leaves some
    start, before = (last.number + 1, last.hash) if last else (1, "")
    now = timezone.now()

    def entries() -> Iterator[Entry]:
        nonlocal before
        for number, mandate in enumerate(mandates, start):
            entry = Entry(
                number=number,
                at=now,
                deed="registry.grant_mandate",
                object_kind="registry.Mandate",
                object_key=str(mandate.pk),
                object_name=mandate.audit_name,
                details={"organisation": mandate.organisation.slug, "office": mandate.office},
                previous_hash=before,
            )
            entry.hash = before = digest(entry.as_link())
            yield entry

    keep(Entry, entries())


def make_concerns(size: Size, organisations: list[Organisation]) -> Iterator[Concern]:
    """Open concerns of various municipalities, each with its statements."""
    now = timezone.now()
    keep(
        Concern,
        (
            Concern(
                slug=f"anliegen-{n}",
                question=f"Wie bezahlt der Bund, was er bestellt ({n})?",
                background="Aufgaben kommen ohne Geld.",
                owner=organisations[3 + n].region,
                topic="finanzen",
                state=ConcernState.OPEN,
                opened_at=now - timedelta(days=5),
                deadline=now + timedelta(days=5 + n),
            )
            for n in range(size.concerns)
        ),
    )
    concerns = list(Concern.objects.order_by("pk"))
    keep(
        Statement,
        (
            Statement(
                concern=concern, text=f"Der Bund soll zahlen ({n}).", state=StatementState.ACCEPTED
            )
            for concern in concerns
            for n in range(size.statements)
        ),
    )
    return iter(concerns)


def make_votes(
    size: Size,
    concerns: list[Concern],
    organisations: list[Organisation],
    chance: random.Random,
) -> None:
    """A third of all statements voted on by so many municipalities; the special people have not begun."""
    voting = organisations[3 + MANDATES_OF_ONE :]
    for concern in concerns:
        some = chance.sample(voting, size.voters)
        keep(
            Participant,
            (
                Participant(concern=concern, voices=Voices.OFFICIAL, region=each.region)
                for each in some
            ),
        )
        statements = list(concern.statements.values_list("pk", flat=True))
        participants = concern.participants.values_list("pk", flat=True)
        cast: list[dict[str, Any]] = [
            {"participant_id": pk, "statement_id": number, "stand": chance.choice((-1, 0, 1))}
            for pk in participants
            for number in statements[::3]
        ]
        keep(Vote, (Vote(**each) for each in cast))
        keep(Ballot, (Ballot(**each) for each in cast))
