"""Pages of the forum, as a browser asks for them."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.models import (
    Concern,
    ConcernState,
    Participant,
    Stand,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from allmende.registry.models import Region
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    ParticipantFactory,
    StatementFactory,
    VoteFactory,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


def vote_url(concern: Concern) -> str:
    return reverse("forum:vote", args=[concern.slug])


def ballot(statement: Statement, stand: int = 1, als: str = "") -> dict[str, str]:
    return {"statement": str(statement.pk), "stand": str(stand), "als": als}


def test_voting_without_javascript_sends_the_browser_on(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    statement = StatementFactory(concern=concern)
    answer = sign_in(charlie).post(vote_url(concern), ballot(statement))
    ars = charlie.mandates.get().region.ars
    assert (answer.status_code, answer["Location"]) == (303, f"{vote_url(concern)}?als={ars}")
    assert [(v.participant.region.name, v.stand) for v in Vote.objects.all()] == [("Kranichsee", 1)]


def test_with_htmx_one_round_trip_votes_and_brings_the_next_statement(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    client = sign_in(charlie)
    StatementFactory.create_batch(2, concern=concern)
    first = client.get(vote_url(concern)).context["statement"]
    answer = client.post(vote_url(concern), ballot(first), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.templates[0].name == "forum/_statement.html"
    assert answer.context["statement"] != first
    assert answer.context["progress"].voted == 1


def test_no_line_of_the_ballot_begins_with_what_parts_words(
    client: Client, concern: Concern, charlie: User
) -> None:
    """The link to the concern may fill the line of a phone: what follows it is a part of its own."""
    StatementFactory(concern=concern)
    client.force_login(charlie)
    there = f"/forum/{concern.slug}/abstimmen/"
    shown = []
    for is_example in (True, False):
        Concern.objects.update(is_example=is_example)
        Region.objects.update(invented=is_example)
        page = " ".join(client.get(there).content.decode().split())
        shown += re.findall(r"</a> <span>(.*?)</span></p>", page)
    assert shown == ["Beispieldaten · noch 1 Aussage", "noch 1 Aussage"]


@pytest.mark.parametrize(
    "changes", [{"stand": "2"}, {"stand": ""}, {"statement": "x"}, {"statement": ""}]
)
def test_a_broken_vote_is_not_counted_and_says_so(
    changes: dict[str, str], sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    statement = StatementFactory(concern=concern)
    answer = sign_in(charlie).post(vote_url(concern), {**ballot(statement), **changes})
    assert answer.status_code == 409
    assert "nicht gezählt" in answer.content.decode()
    assert not Vote.objects.exists()


def test_a_statement_of_another_concern_is_no_vote_here(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    foreign = StatementFactory()
    assert sign_in(charlie).post(vote_url(concern), ballot(foreign)).status_code == 409
    assert not Vote.objects.exists()


def test_nobody_votes_for_a_municipality_that_is_not_hers(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    statement = StatementFactory(concern=concern)
    owner = concern.owner
    assert owner is not None
    client = sign_in(charlie)
    answer = client.post(vote_url(concern), ballot(statement, als=owner.ars))
    assert (answer.status_code, "kein Mandat" in answer.content.decode()) == (409, True)
    assert not Vote.objects.exists(), "nor for another one of hers, without asking"
    address = reverse("forum:add_statement", args=[concern.slug])
    answer = client.post(address, {"als": owner.ars, "text": "Ein Satz."})
    assert "kein Mandat" in answer.content.decode()
    assert list(Statement.objects.all()) == [statement]


def test_who_speaks_for_two_municipalities_chooses(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    second = MandateFactory(user=charlie, region__name="Zweitstadt").region
    statement = StatementFactory(concern=concern)
    sign_in(charlie).post(vote_url(concern), ballot(statement, als=second.ars))
    assert [v.participant.region for v in Vote.objects.all()] == [second]


def test_a_person_without_a_mandate_votes_for_herself_where_that_is_asked(
    sign_in: SignIn, dora: User, concern: Concern
) -> None:
    statement = StatementFactory(concern=concern)
    client = sign_in(dora)
    assert client.post(vote_url(concern), ballot(statement)).status_code == 404
    Concern.objects.update(takes_personal_voices=True)
    assert client.post(vote_url(concern), ballot(statement)).status_code == 303
    assert [(v.participant.voices, v.participant.user) for v in Vote.objects.all()] == [
        (Voices.PERSONAL, dora)
    ]


def test_a_vote_can_be_changed_until_the_deadline(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    client = sign_in(charlie)
    statement = StatementFactory(concern=concern)
    client.post(vote_url(concern), ballot(statement, 1))
    page = client.get(f"{vote_url(concern)}?aussage={statement.pk}")
    assert page.context["statement"] == statement
    client.post(vote_url(concern), ballot(statement, -1))
    assert [v.stand for v in Vote.objects.all()] == [Stand.DISAGREE]
    Concern.objects.update(deadline=timezone.now())
    late = client.post(vote_url(concern), ballot(statement, 1))
    assert (late.status_code, "nicht gezählt" in late.content.decode()) == (409, True)
    late = client.post(vote_url(concern), ballot(statement, 1), headers={"HX-Request": "true"})
    assert (late.status_code, late.templates[0].name) == (200, "forum/_statement.html")
    assert "beendet" in client.get(vote_url(concern)).content.decode()
    assert [v.stand for v in Vote.objects.all()] == [Stand.DISAGREE]


def test_who_votes_too_late_is_told_so_and_leaves_no_trace(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    statement = StatementFactory(concern=concern)
    Concern.objects.update(state=ConcernState.POSITION)
    client = sign_in(charlie)
    assert "Die Abstimmung ist beendet." in client.get(vote_url(concern)).content.decode()
    answer = client.post(vote_url(concern), ballot(statement), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "nicht gezählt" in answer.content.decode()
    assert not Participant.objects.filter(region__name="Kranichsee").exists()


def test_who_changes_a_vote_sees_what_it_was_and_can_leave_it(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    client = sign_in(charlie)
    statement = StatementFactory(concern=concern)
    asked_for = f"{vote_url(concern)}?aussage={statement.pk}"
    assert "Bisher" not in client.get(asked_for).content.decode()
    client.post(vote_url(concern), ballot(statement, -1))
    page = client.get(asked_for).content.decode()
    assert "Bisher: <strong>Lehne ab</strong>" in page
    assert "Dabei bleiben" in page


def test_only_who_speaks_for_a_municipality_is_sent_to_her_tasks(
    sign_in: SignIn, charlie: User, dora: User, concern: Concern
) -> None:
    Concern.objects.update(takes_personal_voices=True)
    told = {
        user: "auf Ihrer Startseite" in sign_in(user).get(vote_url(concern)).content.decode()
        for user in (charlie, dora)
    }
    assert told == {charlie: True, dora: False}


def test_after_a_change_the_address_no_longer_names_the_statement(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    statement = StatementFactory(concern=concern)
    client = sign_in(charlie)
    answer = client.post(vote_url(concern), ballot(statement), headers={"HX-Request": "true"})
    ars = charlie.mandates.get().region.ars
    assert answer["HX-Replace-Url"] == f"{vote_url(concern)}?als={ars}"


def test_an_imported_conversation_does_not_pretend_to_have_been_a_draft(
    client: Client, concern: Concern
) -> None:
    page = concern.get_absolute_url()
    assert "Entwurf" in client.get(page).content.decode()
    Concern.objects.update(owner=None)
    told = client.get(page).content.decode()
    assert "Eingelesen am" in told
    assert "Entwurf" not in told
    assert "haben abgestimmt" not in told


def test_a_concern_says_who_votes_on_it(
    client: Client, sign_in: SignIn, dora: User, concern: Concern
) -> None:
    page = concern.get_absolute_url()
    for reader in (client, sign_in(dora)):
        assert "Hier stimmen nur Kommunen ab" in reader.get(page).content.decode()
    Concern.objects.update(takes_personal_voices=True)
    assert "Mit einem Konto stimmen Sie" in client.get(page).content.decode()
    assert "Abstimmen: noch" not in client.get(page).content.decode()
    assert "Mit einem Konto stimmen Sie" not in sign_in(dora).get(page).content.decode()


def test_what_was_said_before_stays_readable(
    sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    client = sign_in(charlie)
    changed, kept = StatementFactory.create_batch(2, concern=concern)
    for statement, stand in ((changed, 1), (kept, 1), (changed, 0), (changed, -1)):
        client.post(vote_url(concern), ballot(statement, stand))
    page = client.get(reverse("forum:own_votes", args=[concern.slug]))
    said = {vote.statement: [b.stand for b in earlier] for vote, earlier in page.context["rows"]}
    assert said == {changed: [Stand.AGREE, Stand.PASS], kept: []}


@pytest.mark.parametrize("number", ["x", "-1", "²", "9" * 30, "0"])
def test_an_impossible_statement_in_the_address_is_ignored(
    number: str, sign_in: SignIn, charlie: User, concern: Concern
) -> None:
    statement = StatementFactory(concern=concern)
    page = sign_in(charlie).get(vote_url(concern), {"aussage": number})
    assert (page.status_code, page.context["statement"]) == (200, statement)


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client: Client, concern: Concern) -> None:
    answer = client.get(vote_url(concern))
    assert answer["Location"] == f"{reverse('account_login')}?next={vote_url(concern)}"


def test_foreign_and_absent_concerns_are_answered_alike(client: Client) -> None:
    draft = ConcernFactory(state=ConcernState.DRAFT)
    foreign = client.get(draft.get_absolute_url())
    absent = client.get(reverse("forum:concern", args=["gibt-es-nicht"]))
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert foreign.content.decode().replace(draft.slug, "gibt-es-nicht") == absent.content.decode()


def test_a_concern_is_drafted_changed_and_opened(sign_in: SignIn, alice: User) -> None:
    client = sign_in(alice)
    region = alice.mandates.get().region
    typed = {
        "owner": region.pk,
        "question": "Wer zahlt?",
        "topic": "finanzen",
        "background": "Niemand.",
        "last_day": (timezone.localdate() + timedelta(days=10)).isoformat(),
    }
    answer = client.post(reverse("forum:draft"), typed)
    concern = Concern.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, concern.get_absolute_url())
    change = reverse("forum:change", args=[concern.slug])
    seen = client.get(change).context["form"]["seen"].value()
    client.post(change, {**typed, "background": "Der Bund.", "seen": seen})
    client.post(reverse("forum:open", args=[concern.slug]))
    concern.refresh_from_db()
    assert (concern.owner, concern.background, concern.state) == (region, "Der Bund.", "open")
    assert timezone.localtime(concern.deadline).strftime("%H:%M:%S") == "23:59:59"


def test_who_edits_a_draft_at_the_same_time_sees_both_texts(
    sign_in: SignIn, alice: User, bob: User
) -> None:
    concern = ConcernFactory(owner=alice.mandates.get().region, state="draft", topic="digitales")
    change = reverse("forum:change", args=[concern.slug])
    typed = {
        "owner": concern.owner.pk,
        "question": "Wer zahlt?",
        "topic": "finanzen",
        "background": "Alices Text.",
        "last_day": (timezone.localdate() + timedelta(days=10)).isoformat(),
        "seen": concern.edition,
    }
    assert sign_in(alice).post(change, typed).status_code == 303
    bobs = {**typed, "topic": "digitales", "background": "Bobs Text."}
    answer = sign_in(bob).post(change, bobs)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Jemand anderes hat den Entwurf inzwischen geändert." in page
    assert answer.context["form"]["background"].value() == "Bobs Text."
    assert answer.context["meanwhile"] == [
        ("Themenfeld", "Finanzen und Förderung"),
        ("Hintergrund", "Alices Text."),
    ]
    concern.refresh_from_db()
    assert concern.background == "Alices Text."
    again = {**bobs, "seen": answer.context["form"]["seen"].value()}
    assert sign_in(bob).post(change, again).status_code == 303
    concern.refresh_from_db()
    assert (concern.background, concern.topic) == ("Bobs Text.", "digitales")


def test_errors_keep_what_was_typed_and_link_to_the_field(sign_in: SignIn, alice: User) -> None:
    typed = {
        "owner": alice.mandates.get().region.pk,
        "question": "Wer zahlt?",
        "last_day": "2020-01-01",
    }
    page = sign_in(alice).post(reverse("forum:draft"), typed).content.decode()
    assert 'value="Wer zahlt?"' in page
    assert 'href="#id_background"' in page
    assert "Dieser Tag ist vorbei" in page
    assert not Concern.objects.exists()


def test_a_confidential_concern_cannot_ask_for_personal_opinions(
    sign_in: SignIn, alice: User
) -> None:
    typed = {
        "owner": alice.mandates.get().region.pk,
        "question": "Wer zahlt?",
        "topic": "finanzen",
        "background": "Niemand.",
        "last_day": (timezone.localdate() + timedelta(days=10)).isoformat(),
        "is_confidential": "on",
        "takes_personal_voices": "on",
    }
    page = sign_in(alice).post(reverse("forum:draft"), typed)
    assert list(page.context["form"].errors) == ["takes_personal_voices"]
    assert not Concern.objects.exists()


def test_nobody_brings_in_a_concern_for_a_foreign_municipality(
    sign_in: SignIn, alice: User, charlie: User
) -> None:
    typed = {
        "owner": charlie.mandates.get().region.pk,
        "question": "Wer zahlt?",
        "topic": "finanzen",
        "background": "Niemand.",
        "last_day": (timezone.localdate() + timedelta(days=10)).isoformat(),
    }
    assert sign_in(alice).post(reverse("forum:draft"), typed).status_code == 200
    assert not Concern.objects.exists()


def test_a_statement_is_written_decided_on_and_its_author_reads_why(
    sign_in: SignIn, alice: User, charlie: User, concern: Concern
) -> None:
    sign_in(charlie).post(
        reverse("forum:add_statement", args=[concern.slug]), {"text": "Der  Bund\nsoll zahlen."}
    )
    statement = Statement.objects.get()
    assert (statement.text, statement.state) == ("Der Bund soll zahlen.", StatementState.PENDING)
    moderator = sign_in(alice)
    decide = reverse("forum:decide", args=[concern.slug, statement.pk])
    seen = {"seen_state": "pending"}
    unfounded = moderator.post(decide, {**seen, "state": "rejected"})
    assert "Bitte begründen Sie" in unfounded.content.decode()
    moderator.post(decide, {**seen, "state": "rejected", "reason": "Steht schon im Gesetz."})
    page = sign_in(charlie).get(reverse("forum:own_statements", args=[concern.slug]))
    assert "Steht schon im Gesetz." in page.content.decode()


def test_a_duplicate_names_its_original(sign_in: SignIn, alice: User, concern: Concern) -> None:
    original = StatementFactory(concern=concern)
    same = StatementFactory(concern=concern, state=StatementState.PENDING)
    decide = reverse("forum:decide", args=[concern.slug, same.pk])
    typed = {"seen_state": "pending", "state": "duplicate"}
    client = sign_in(alice)
    assert "Bitte wählen Sie" in client.post(decide, typed).content.decode()
    foreign = StatementFactory()
    client.post(decide, {**typed, "duplicate_of": foreign.pk})
    same.refresh_from_db()
    assert same.state == StatementState.PENDING
    client.post(decide, {**typed, "duplicate_of": original.pk})
    same.refresh_from_db()
    assert (same.state, same.duplicate_of) == (StatementState.DUPLICATE, original)


def test_how_a_municipality_voted_is_public_unless_still_confidential(
    client: Client, concern: Concern
) -> None:
    vote = VoteFactory(statement__concern=concern)
    page = reverse("forum:municipality", args=[concern.slug, vote.participant.region.ars])
    assert vote.statement.text in client.get(page).content.decode()
    Concern.objects.update(is_confidential=True)
    assert client.get(page).status_code == 404
    Concern.objects.update(deadline=timezone.now())
    assert client.get(page).status_code == 200


def test_personal_votes_have_no_page(client: Client, concern: Concern, dora: User) -> None:
    person = Participant.objects.create(concern=concern, voices=Voices.PERSONAL, user=dora)
    VoteFactory(statement__concern=concern, participant=person)
    for key in ("persoenlich", str(dora.pk), "None"):
        page = reverse("forum:municipality", args=[concern.slug, key])
        assert client.get(page).status_code == 404


def test_the_list_filters_and_sorts(client: Client) -> None:
    late = ConcernFactory(question="Wege", deadline=timezone.now() + timedelta(days=20))
    soon = ConcernFactory(question="Straßen", deadline=timezone.now() + timedelta(days=2))
    further = ConcernFactory(question="Brücken", state=ConcernState.POSITION)
    VoteFactory(statement__concern=soon)

    def listed(**wishes: str) -> list[Concern]:
        return list(client.get(reverse("forum:concerns"), wishes).context["page"])

    assert listed() == [further, soon, late]
    assert listed(q="weg") == [late]
    assert listed(stand="offen", sortierung="frist") == [soon, late]
    ended = ConcernFactory(question="Brunnen", deadline=timezone.now())
    assert listed(stand="offen", sortierung="frist") == [soon, late]
    assert listed(stand="beendet") == [ended]
    for state in ConcernState:
        if state not in {ConcernState.DRAFT, ConcernState.OPEN}:
            Concern.objects.filter(pk=further.pk).update(state=state)
            assert listed(stand=state.value) == [further]
    ended.delete()
    assert listed(sortierung="kommunen")[0] == soon
    assert listed(stand="unsinn") == [further, soon, late]


def test_the_files_say_of_each_concern_in_which_state_it_is(client: Client) -> None:
    for state in ConcernState:
        ConcernFactory(state=state)
    ConcernFactory(deadline=timezone.now())
    answer = client.get(reverse("forum:concerns_json"))
    records = json.loads(b"".join(answer.streaming_content))["records"]  # type: ignore[attr-defined]
    # Nobody but its owner sees a draft.
    public = [state.label for state in ConcernState if state != ConcernState.DRAFT]
    assert [row["Stand"] for row in reversed(records)] == [*public, "Abstimmung beendet"]


def test_the_list_as_csv_neutralises_formulas(client: Client) -> None:
    ConcernFactory(question="=HYPERLINK(1)")
    answer = client.get(reverse("forum:concerns_csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[1].split(";")[0] == "'=HYPERLINK(1)"


def _grow(concern: Concern, region_of: User) -> None:
    other = ConcernFactory()
    for grown in (concern, other):
        statement = StatementFactory(concern=grown)
        participant = ParticipantFactory(concern=grown)
        VoteFactory(statement=statement, participant=participant)
        StatementFactory(concern=grown, state=StatementState.PENDING)
    mine, _ = Participant.objects.get_or_create(
        concern=concern, region=region_of.mandates.get().region, voices=Voices.OFFICIAL
    )
    StatementFactory(concern=concern, author=mine)
    VoteFactory(statement=StatementFactory(concern=concern), participant=mine)


@pytest.mark.parametrize(
    "page",
    [
        "start",
        "forum:concerns",
        "forum:concern",
        "forum:vote",
        "forum:own_votes",
        "forum:own_statements",
        "forum:moderate",
        "forum:municipality",
    ],
)
def test_pages_ask_the_database_equally_often_at_1_and_3_rows(
    page: str, sign_in: SignIn, alice: User, concern: Concern
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(alice)
    parts = {"start": [], "forum:concerns": []}.get(page, [concern.slug])
    if page == "forum:municipality":
        parts = [concern.slug, alice.mandates.get().region.ars]
    address = reverse(page, args=parts)
    counts = []
    for rows in (1, 3):
        while Concern.objects.count() < 1 + rows:
            _grow(concern, alice)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 20
