"""32 people at once vote, edit, release and return the same things for the same municipality."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.urls import reverse
from django.utils import timezone

from allmende.audit.models import Entry
from allmende.forum import services
from allmende.forum.models import Ballot, Concern, Draft, DraftState, Participant, Vote
from allmende.forum.models.drafts import CURRENT
from allmende.registry.models import Mandate, Organisation
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    StatementFactory,
    second_factor,
)
from tests.load.installation import Browser, Fields, Installation

CLIENTS, HEADS, STAFF = 32, 4, 4
Deed = tuple[str, str, Fields]


def people_of(organisation: Organisation) -> list[Mandate]:
    """Four who release, then four who draft."""
    heads = [
        MandateFactory(organisation=organisation, region=organisation.region, may_release=True)
        for _ in range(HEADS)
    ]
    for head in heads:
        second_factor(head.user)
    return heads + [
        MandateFactory(organisation=organisation, region=organisation.region) for _ in range(STAFF)
    ]


def edit_of(concern: Concern, text: str) -> Fields:
    return {
        "owner": concern.owner_id or "",
        "question": concern.question,
        "topic": "finanzen",
        "background": text,
        "last_day": (timezone.localdate() + timedelta(days=9)).isoformat(),
        "seen": concern.edition,
    }


@pytest.mark.slow
def test_32_people_at_once_lose_nothing(installation: Installation) -> None:  # noqa: PLR0915
    chance = random.Random(32)  # noqa: S311
    organisation = OrganisationFactory(four_eyes=True)
    people = people_of(organisation)
    staff = people[-1]
    concern = ConcernFactory(owner=organisation.region)
    raised = ConcernFactory(owner=organisation.region, state="draft")
    statements = StatementFactory.create_batch(4, concern=concern)
    lindenfurt = Participant.objects.create(
        concern=concern, voices="official", region=organisation.region
    )
    drafts = [
        services.cast_vote(
            actor=staff.user, participant=lindenfurt, statement=each, stand=1, mandate=staff
        )
        for each in statements
    ]
    vote, release, change = (
        reverse(f"forum:{page}", args=[about.slug])
        for page, about in (("vote", concern), ("release", concern), ("change", raised))
    )
    shown = {"drafts": [draft.pk for draft in drafts]}

    def deeds_of(number: int) -> list[Deed]:
        """What one of them does, in an order of her own."""
        deeds: list[Deed] = [
            ("vote", vote, {"statement": each.pk, "stand": chance.choice((-1, 0, 1))})
            for each in chance.sample(statements, 2)
        ]
        deeds.append(("edit", change, edit_of(raised, f"Text von Nummer {number}.")))
        if number % len(people) < HEADS:
            decision = (
                {"decision": "release"} if number % 2 else {"decision": "return", "reason": "Nein."}
            )
            deeds.append(("decide", release, shown | decision))
        chance.shuffle(deeds)
        return deeds

    browsers = [Browser(installation.port, people[n % len(people)].user) for n in range(CLIENTS)]
    planned = [deeds_of(number) for number in range(CLIENTS)]
    installation.start_server()
    together = Barrier(CLIENTS)

    def act(number: int) -> list[tuple[str, int, str]]:
        together.wait()
        answers = []
        for kind, path, fields in planned[number]:
            status, page = browsers[number].post(path, fields)
            whose = "head" if number % len(people) < HEADS else "staff"
            answers.append((f"{kind} by {whose}" if kind == "vote" else kind, status, page))
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [answer for each in pool.map(act, range(CLIENTS)) for answer in each]

    assert Counter((kind, status) for kind, status, _ in answers) == {
        ("vote by head", 303): CLIENTS,
        ("vote by staff", 303): CLIENTS,
        ("decide", 303): CLIENTS // 2,
        ("edit", 303): 1,
        ("edit", 409): CLIENTS - 1,
    }, installation.log.read_text()[-4000:]

    # Votes: one for each statement, and it is what was said last.
    ballots = Ballot.objects.filter(participant=lindenfurt).order_by("pk")
    last = {ballot.statement_id: ballot for ballot in ballots}
    votes = Vote.objects.filter(participant=lindenfurt)
    assert {v.statement_id: (v.stand, v.cast_at) for v in votes} == {
        pk: (ballot.stand, ballot.cast_at) for pk, ballot in last.items()
    }
    assert len(votes) == len(last)

    # Drafts: every one that was accepted is there and was decided on once; one a statement waits.
    released = Draft.objects.filter(state=DraftState.RELEASED)
    assert Draft.objects.count() == len(drafts) + CLIENTS
    assert ballots.count() == CLIENTS + released.count()
    waiting = Draft.objects.filter(state__in=CURRENT).values_list("statement", flat=True)
    assert len(waiting) == len(set(waiting))
    decided = {
        deed: [
            pk
            for entry in Entry.objects.filter(deed=f"forum.{deed}")
            for pk in entry.details["drafts"]
        ]
        for deed in ("release_drafts", "return_drafts")
    }
    assert sorted(decided["release_drafts"]) == [draft.pk for draft in released]
    once = decided["release_drafts"] + decided["return_drafts"]
    assert len(once) == len(set(once))

    # Edits: one was taken; whoever came too late reads what she typed, and what stands there now.
    raised.refresh_from_db()
    assert Entry.objects.filter(deed="forum.change_concern").count() == 1
    typed = [
        fields["background"] for deeds in planned for kind, _, fields in deeds if kind == "edit"
    ]
    conflicts = [page for kind, status, page in answers if (kind, status) == ("edit", 409)]
    assert raised.background in typed
    assert all(raised.background in page for page in conflicts)
    assert sorted(
        text for text in typed if any(f">\n{text}</textarea>" in page for page in conflicts)
    ) == sorted(text for text in typed if text != raised.background)
    assert installation.run("audit", "verify").returncode == 0
