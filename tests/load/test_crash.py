"""Programs are killed in the middle of their work, again and again: nothing that was accepted is lost.

``ALLMENDE_KILLS`` says how often in one run (6 without it; ``make bench`` does 50).
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from threading import Event

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.audit.models import Entry
from allmende.forum.models import Ballot, Concern, Draft, DraftState, Participant, Vote
from allmende.mail.models import Message, MessageState
from allmende.mail.services.delivery import WINDOW
from allmende.registry.models import Invitation, Mandate
from tests.factories import ConcernFactory, MandateFactory, StatementFactory, second_factor
from tests.load.installation import Browser, Fields, Installation, message_ids, pause
from tests.load.killing import BETWEEN, assert_the_database_is_whole, kill_by_turns, kills

KILLS = kills(without=6)
CLIENTS = 4


@dataclass
class Person:
    """Somebody who manages, releases and votes for a municipality of her own, one deed at a time."""

    browser: Browser
    concern: Concern
    participant: Participant
    statements: list[int]
    drafts: list[int]
    colleagues: list[int]
    chance: random.Random
    accepted: dict[str, list[int | str | tuple[int, int]]] = field(
        default_factory=lambda: {"vote": [], "release": [], "end": [], "invite": [], "draft": []}
    )
    refused: Counter[int] = field(default_factory=Counter)

    def act(self, stop: Event) -> None:
        """Do one thing after the other until told to stop."""
        number = 0
        while not stop.is_set():
            number += 1
            kind = self.chance.choice(list(self.accepted))
            what, path, fields = self.next_deed(kind, number)
            try:
                status = self.ask(path, fields, stop)
            except (OSError, HTTPException):
                continue  # nobody knows what came of it
            if status == 303:
                self.accepted[kind].append(what)
            else:
                self.refused[status] += 1

    def ask(self, path: str, fields: Fields, stop: Event) -> int:
        """The status of the answer; while nobody listens, nothing was sent, and it is asked again."""
        while True:
            try:
                return self.browser.post(path, fields)[0]
            except ConnectionRefusedError:
                if stop.is_set():
                    raise
                pause(0.02)

    def next_deed(self, kind: str, number: int) -> tuple[int | str | tuple[int, int], str, Fields]:
        """What is done, where, and what is sent."""
        name = f"{self.browser.user.pk}-{number}"
        if kind == "vote":
            cast = (self.chance.choice(self.statements), self.chance.choice((-1, 0, 1)))
            path = reverse("forum:vote", args=[self.concern.slug])
            return cast, path, {"statement": cast[0], "stand": cast[1]}
        if kind == "release":
            draft = self.drafts.pop()
            path = reverse("forum:release", args=[self.concern.slug])
            return draft, path, {"drafts": [draft], "decision": "release"}
        if kind == "end":
            mandate = self.colleagues.pop()
            path = reverse("registry:end_mandate", args=[mandate])
            return mandate, path, {"reason": "Neue Wahlperiode"}
        assert self.participant.region is not None
        if kind == "invite":
            organisation = self.participant.region.organisation
            fields = {"schritt": 3, "email": f"p{name}@example.org", "office": "council"}
            path = reverse("registry:invite", args=[organisation.slug])
            return fields["email"], path, fields
        fields = {
            "owner": self.participant.region.pk,
            "question": f"Wie geht es weiter mit {name}?",
            "topic": "finanzen",
            "background": "Es muss.",
            "last_day": (timezone.localdate() + timedelta(days=9)).isoformat(),
        }
        return fields["question"], reverse("forum:draft"), fields


def make_person(number: int, port: int) -> Person:
    mandate = MandateFactory(may_manage=True, may_release=True)
    second_factor(mandate.user)
    region = mandate.organisation.region
    concern = ConcernFactory(owner=region)
    participant = Participant.objects.create(concern=concern, voices="official", region=region)
    some = StatementFactory.create_batch(10, concern=concern)
    staff = MandateFactory(region=region)
    often = 100 + KILLS * BETWEEN  # each can be done once only
    drafts = Draft.objects.bulk_create(
        Draft(
            concern=concern,
            participant=participant,
            organisation=mandate.organisation,
            kind="statement",
            text=f"Der Bund soll zahlen ({n}).",
            drafted_by=staff.user,
            mandate=staff,
        )
        for n in range(often)
    )
    colleagues = Mandate.objects.bulk_create(
        Mandate(
            user=staff.user,
            organisation=mandate.organisation,
            office="council",
            since=timezone.localdate() - timedelta(days=n + 1),
        )
        for n in range(often)
    )
    return Person(
        browser=Browser(port, mandate.user),
        concern=concern,
        participant=participant,
        statements=[statement.pk for statement in some],
        drafts=[draft.pk for draft in drafts],
        colleagues=[colleague.pk for colleague in colleagues],
        chance=random.Random(number),  # noqa: S311
    )


@pytest.mark.slow
def test_killed_programs_lose_nothing_that_was_accepted(installation: Installation) -> None:
    chance = random.Random(50)  # noqa: S311
    people = [make_person(number, installation.port) for number in range(CLIENTS)]
    connection.close()  # else the file would never be opened anew after a crash
    installation.start_server()
    installation.start_worker()
    stop = Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        acting = [pool.submit(person.act, stop) for person in people]
        try:
            kill_by_turns(
                installation,
                chance,
                times=KILLS,
                accepted=lambda: sum(
                    len(done) for person in people for done in person.accepted.values()
                ),
                acting=acting,
            )
        finally:
            stop.set()
    assert [deeds.result() for deeds in acting] == [None] * CLIENTS
    installation.stop()

    if connection.vendor == "sqlite":
        # A process that dies closes its connection without a word to the server: only there is an
        # answer with an error an honest one.
        assert [dict(person.refused) for person in people] == [{}] * CLIENTS, (
            installation.log.read_text()[-4000:]
        )
    assert_the_database_is_whole(installation)
    assert {kind for person in people for kind, done in person.accepted.items() if done} == set(
        people[0].accepted
    )
    for person in people:
        assert_nothing_is_lost(person)
    assert_every_mail_leaves_once(installation)


def assert_nothing_is_lost(person: Person) -> None:
    """What was accepted is in the database, once, with its entry; what holds is what was said last."""
    accepted = person.accepted
    ballots = Ballot.objects.filter(participant=person.participant).order_by("pk")
    cast = Counter((ballot.statement_id, ballot.stand) for ballot in ballots)
    assert not Counter(accepted["vote"]) - cast
    assert {ballot.statement_id: ballot.stand for ballot in ballots} == dict(
        Vote.objects.filter(participant=person.participant).values_list("statement", "stand")
    )
    entries = Entry.objects.filter(actor=person.browser.user)

    released = Draft.objects.filter(pk__in=accepted["release"], state=DraftState.RELEASED)
    told = [pk for e in entries.filter(deed="forum.release_drafts") for pk in e.details["drafts"]]
    assert len(released) == len(accepted["release"])
    assert len(told) == len(set(told))
    assert set(accepted["release"]) <= set(told)
    texts = Draft.objects.filter(pk__in=told).values_list("text", flat=True)
    said = person.concern.statements.filter(author=person.participant)
    assert sorted(texts) == sorted(said.values_list("text", flat=True))

    ended = Mandate.objects.filter(pk__in=accepted["end"], until__lt=timezone.localdate())
    keys = entries.filter(deed="registry.end_mandate").values_list("object_key", flat=True)
    assert len(ended) == len(accepted["end"])
    assert len(keys) == len(set(keys))
    assert {str(pk) for pk in accepted["end"]} <= set(keys)

    invitations = Invitation.objects.filter(invited_by=person.browser.user)
    invited = [invitation.email for invitation in invitations]
    assert (
        len(invited) == len(set(invited)) == entries.filter(deed="registry.invite_person").count()
    )
    assert set(accepted["invite"]) <= set(invited)
    assert Counter(
        Message.objects.filter(recipient__in=invited).values_list("recipient", flat=True)
    ) == (Counter(invited))

    drafted = Concern.objects.filter(author=person.browser.user)
    questions = [concern.question for concern in drafted]
    assert (
        len(questions) == len(set(questions)) == entries.filter(deed="forum.draft_concern").count()
    )
    assert set(accepted["draft"]) <= set(questions)


def assert_every_mail_leaves_once(installation: Installation) -> None:
    """Within the window none leaves twice; after it, all have left."""
    mails = installation.directory / "mail"
    worked = installation.run("worker", "--once")
    assert worked.returncode == 0, worked.stderr
    ready = DBTaskResult.objects.ready().filter(run_after__lte=timezone.now())
    assert not ready.exists()
    assert set(Counter(message_ids(mails)).values()) == {1}
    # Half an hour later: those during which a worker died are tried again.
    late = timezone.now() - WINDOW
    Message.objects.filter(state=MessageState.SENDING).update(claimed_at=late)
    connection.close()
    assert installation.run("tick").returncode == 0
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
    assert set(message_ids(mails)) == set(Message.objects.values_list("message_id", flat=True))
