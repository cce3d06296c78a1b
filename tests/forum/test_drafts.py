"""Four eyes: what staff says is a draft; whoever may release decides; nothing is lost or said twice."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.forum import services
from allmende.forum.models import (
    Ballot,
    Concern,
    ConcernState,
    Draft,
    DraftKind,
    DraftState,
    Participant,
    Stand,
    Statement,
    StatementState,
    VoiceLevel,
    Vote,
)
from allmende.forum.portal import offer
from allmende.forum.queries import Voice, progress_of
from allmende.mail.models import Notice
from allmende.registry.models import Mandate, Office, Organisation, Topic
from tests.factories import ConcernFactory, MandateFactory, StatementFactory, second_factor
from tests.forum.conversations import put_before

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(concern: Concern, alice: User) -> Mandate:
    """Alice's, whose municipality wants four eyes from now on."""
    mandate = alice.mandates.get()
    mandate.organisation.four_eyes = True
    mandate.organisation.save()
    return alice.mandates.get()


@pytest.fixture
def head(staff: Mandate) -> Mandate:
    mandate = MandateFactory(
        user__name="Herta", organisation=staff.organisation, office=Office.MAYOR, may_release=True
    )
    second_factor(mandate.user)
    return mandate


@pytest.fixture
def lindenfurt(concern: Concern, alice: User) -> Participant:
    return services.join_concern(concern=concern, voice=Voice(alice, concern.owner))


def draft_vote(
    mandate: Mandate, participant: Participant, statement: Statement, stand: int = 1
) -> Draft:
    draft = services.cast_vote(
        actor=mandate.user,
        participant=participant,
        statement=statement,
        stand=Stand(stand),
        mandate=mandate,
    )
    assert isinstance(draft, Draft)
    return draft


def release(head: Mandate, concern: Concern, *drafts: Draft) -> services.Decided:
    return services.release_drafts(actor=head.user, concern=concern, drafts=drafts, mandate=head)


def give_back(head: Mandate, concern: Concern, *drafts: Draft) -> services.Decided:
    return services.return_drafts(
        actor=head.user, concern=concern, drafts=drafts, reason="Zu teuer.", mandate=head
    )


def states() -> list[str]:
    return list(Draft.objects.order_by("pk").values_list("state", flat=True))


def test_what_staff_votes_counts_once_it_is_released(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate
) -> None:
    yes, no = StatementFactory.create_batch(2, concern=concern)
    drafts = [draft_vote(staff, lindenfurt, yes), draft_vote(staff, lindenfurt, no, -1)]
    assert (Vote.objects.count(), Ballot.objects.count()) == (0, 0)
    assert progress_of(concern=concern, participant=lindenfurt).left == 0
    assert put_before(lindenfurt) is None, "it is not shown twice"
    assert release(head, concern, *drafts) == services.Decided(2, ())
    assert [(v.statement, v.stand, v.level) for v in Vote.objects.order_by("pk")] == [
        (yes, Stand.AGREE, VoiceLevel.MAYOR),
        (no, Stand.DISAGREE, VoiceLevel.MAYOR),
    ]
    assert {(b.cast_by, b.mandate, b.level) for b in Ballot.objects.all()} == {
        (head.user, head, VoiceLevel.MAYOR)
    }
    entry = Entry.objects.get(deed="forum.release_drafts")
    assert (entry.actor, entry.details["drafts"]) == (head.user, [draft.pk for draft in drafts])
    with pytest.raises(services.Conflict, match="inzwischen entschieden"):
        release(head, concern, *drafts)


def test_without_four_eyes_and_for_the_head_nothing_waits(
    concern: Concern, lindenfurt: Participant, alice: User, charlie: User
) -> None:
    statement = StatementFactory(concern=concern)
    own = {"participant": lindenfurt, "statement": statement, "stand": Stand.AGREE}
    services.cast_vote(actor=alice, mandate=alice.mandates.get(), **own)
    assert Vote.objects.get().level == VoiceLevel.ADMINISTRATION
    mayor = MandateFactory(
        organisation=alice.mandates.get().organisation, office=Office.MAYOR, may_release=True
    )
    mayor.organisation.four_eyes = True
    mayor.organisation.save()
    second_factor(mayor.user)
    services.cast_vote(actor=mayor.user, mandate=mayor, **own)
    assert (Vote.objects.get().level, Draft.objects.count()) == (VoiceLevel.MAYOR, 0)


def test_a_right_to_release_counts_only_with_a_second_factor(
    concern: Concern, lindenfurt: Participant, staff: Mandate
) -> None:
    careless = MandateFactory(organisation=staff.organisation, may_release=True)
    draft_vote(careless, lindenfurt, StatementFactory(concern=concern))
    assert states() == [DraftState.WAITING]


def test_nobody_votes_officially_without_a_mandate(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    statement = StatementFactory(concern=concern)
    with pytest.raises(ValueError, match="mandate"):
        services.cast_vote(
            actor=alice,
            participant=lindenfurt,
            statement=statement,
            stand=Stand.AGREE,
            mandate=None,
        )


def test_what_comes_back_is_changed_and_submitted_again(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate, bob: User
) -> None:
    statement = StatementFactory(concern=concern)
    draft = draft_vote(staff, lindenfurt, statement)
    give_back(head, concern, draft)
    draft.refresh_from_db()
    assert (draft.state, draft.reason, draft.decided_by) == ("returned", "Zu teuer.", head.user)
    assert put_before(lindenfurt) == statement, "it waits for another answer"
    colleague = bob.mandates.get()
    again = draft_vote(colleague, lindenfurt, statement, -1)
    assert states() == [DraftState.WITHDRAWN, DraftState.WAITING]
    release(head, concern, again)
    assert Vote.objects.get().stand == Stand.DISAGREE


def test_the_head_speaks_and_the_draft_does_not_come_after_her(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate
) -> None:
    statement = StatementFactory(concern=concern)
    draft = draft_vote(staff, lindenfurt, statement)
    services.cast_vote(
        actor=head.user, participant=lindenfurt, statement=statement, stand=Stand.PASS, mandate=head
    )
    assert states() == [DraftState.WITHDRAWN]
    with pytest.raises(services.Conflict):
        release(head, concern, draft)
    assert Vote.objects.get().stand == Stand.PASS


def test_what_can_no_longer_be_said_stays_a_draft_and_says_why(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate
) -> None:
    good, bad, gone = StatementFactory.create_batch(3, concern=concern)
    drafts = [draft_vote(staff, lindenfurt, each) for each in (good, bad, gone)]
    Statement.objects.filter(pk=bad.pk).update(state=StatementState.REJECTED)
    services.withdraw_draft(actor=staff.user, draft=drafts[2], mandate=staff)
    decided = release(head, concern, *drafts)
    assert (decided.done, sorted(count for _, count in decided.left)) == (1, [1, 1])
    assert "Über die Aussage wird nicht mehr abgestimmt." in dict(decided.left)
    assert states() == [DraftState.RELEASED, DraftState.WAITING, DraftState.WITHDRAWN]
    late = draft_vote(staff, lindenfurt, StatementFactory(concern=concern))
    Concern.objects.update(deadline=timezone.now())
    with pytest.raises(services.Conflict, match="beendet"):
        release(head, concern, late)
    assert states()[-1] == DraftState.WAITING


def test_nobody_releases_for_another_organisation(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate
) -> None:
    draft = draft_vote(staff, lindenfurt, StatementFactory(concern=concern))
    foreign = MandateFactory(office=Office.MAYOR, may_release=True)
    second_factor(foreign.user)
    with pytest.raises(services.Conflict):
        release(foreign, concern, draft)
    assert states() == [DraftState.WAITING]


def test_a_statement_is_drafted_and_then_waits_like_any_other(
    concern: Concern, staff: Mandate, head: Mandate, charlie: User
) -> None:
    Concern.objects.update(owner=charlie.mandates.get().region)
    concern.refresh_from_db()
    author = services.join_concern(
        concern=concern, voice=Voice(staff.user, staff.organisation.region)
    )
    written = {"concern": concern, "author": author, "text": "Der Bund zahlt."}
    draft = services.add_statement(actor=staff.user, mandate=staff, **written)
    assert isinstance(draft, Draft)
    with pytest.raises(services.Conflict, match="schon als Entwurf"):
        services.add_statement(actor=staff.user, mandate=staff, **written)
    release(head, concern, draft)
    statement = Statement.objects.get()
    assert (statement.state, statement.level) == (StatementState.PENDING, VoiceLevel.MAYOR)
    draft.refresh_from_db()
    assert (draft.state, draft.statement) == (DraftState.RELEASED, statement)


def test_a_concern_is_opened_by_four_eyes_and_stands_as_it_was_read(
    concern: Concern, staff: Mandate, head: Mandate
) -> None:
    Concern.objects.update(state=ConcernState.DRAFT)
    concern.refresh_from_db()
    asked = services.open_concern(actor=staff.user, concern=concern, mandate=staff)
    assert isinstance(asked, Draft)
    with pytest.raises(services.Conflict, match="wartet schon"):
        services.open_concern(actor=staff.user, concern=concern, mandate=staff)
    services.change_concern(
        actor=staff.user,
        concern=concern,
        seen=concern.edition,
        mandate=staff,
        question="Ganz anders?",
    )
    with pytest.raises(services.Conflict):
        release(head, concern, asked)
    assert states() == [DraftState.WITHDRAWN, DraftState.WAITING]
    release(head, concern, Draft.objects.waiting().get())
    concern.refresh_from_db()
    assert (concern.state, states()[-1]) == (ConcernState.OPEN, DraftState.RELEASED)


def test_drafts_survive_the_mandate_of_who_wrote_them_and_the_end_of_four_eyes(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate
) -> None:
    draft = draft_vote(staff, lindenfurt, StatementFactory(concern=concern))
    staff.until = timezone.localdate() - timedelta(days=1)
    staff.save()
    staff.organisation.four_eyes = False
    staff.organisation.save()
    assert [task.title for task in offer.tasks(head.user)] == ["1 Entwurf wartet auf Ihre Freigabe"]
    assert release(head, concern, draft).done == 1


def test_levels_of_decisions_come_with_evidence_and_go_with_it(
    concern: Concern, lindenfurt: Participant, alice: User
) -> None:
    statement = StatementFactory(concern=concern)
    mandate = alice.mandates.get()
    of_vote = {"participant": lindenfurt, "mandate": mandate}
    services.cast_vote(actor=alice, statement=statement, stand=Stand.AGREE, **of_vote)
    covered = {"actor": alice, "concern": concern, "statements": [statement.pk], **of_vote}
    assert services.set_level(level=VoiceLevel.COUNCIL, **covered) == 1
    assert Vote.objects.get().level == VoiceLevel.COUNCIL
    assert services.set_level(level=None, **covered) == 1
    assert Vote.objects.get().level == VoiceLevel.ADMINISTRATION
    with pytest.raises(ValueError, match="evidence"):
        services.set_level(level=VoiceLevel.MAYOR, **covered)
    services.set_level(level=VoiceLevel.COUNCIL, **covered)
    services.cast_vote(actor=alice, statement=statement, stand=Stand.DISAGREE, **of_vote)
    assert Vote.objects.get().level == VoiceLevel.ADMINISTRATION, "the council decided otherwise"


def test_who_may_release_is_told_once_and_who_drafted_when_it_comes_back(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate
) -> None:
    drafts = [
        draft_vote(staff, lindenfurt, each)
        for each in StatementFactory.create_batch(3, concern=concern)
    ]
    give_back(head, concern, *drafts)
    draft_vote(staff, lindenfurt, drafts[0].statement, -1)
    assert [(notice.user, notice.topic) for notice in Notice.objects.order_by("pk")] == [
        (head.user, "forum.release"),
        (staff.user, "forum.returned"),
        (head.user, "forum.release"),
    ]


# --- Pages ----------------------------------------------------------------------------------------


def signed_in(mandate: Mandate) -> Client:
    client = Client()
    client.force_login(mandate.user)
    return client


def test_from_the_ballot_to_the_release_and_back(
    concern: Concern, staff: Mandate, head: Mandate
) -> None:
    first, second = StatementFactory.create_batch(2, concern=concern)
    clerk, mayor = signed_in(staff), signed_in(head)
    vote = reverse("forum:vote", args=[concern.slug])
    for statement in (first, second):
        clerk.post(vote, {"statement": statement.pk, "stand": 1})
    assert "Als Entwurf gespeichert: 2 Stimmen" in clerk.get(vote).content.decode()
    start = mayor.get("/").content.decode()
    assert "2 Entwürfe warten auf Ihre Freigabe" in start
    page = reverse("forum:release", args=[concern.slug])
    drafts = [draft.pk for draft in Draft.objects.order_by("pk")]
    told = mayor.get(page).content.decode()
    assert [first.text in told, second.text in told, "Alice" in told] == [True] * 3
    unfounded = mayor.post(page, {"drafts": drafts[:1], "decision": "return"})
    assert "Bitte begründen Sie" in unfounded.content.decode()
    assert "Bitte wählen Sie" in mayor.post(page, {"decision": "release"}).content.decode()
    mayor.post(page, {"drafts": drafts[:1], "decision": "return", "reason": "Nein."})
    assert mayor.post(page, {"shown": drafts, "decision": "release-all"}).status_code == 303
    told = mayor.get(page).content.decode()
    assert "1 Entwurf freigegeben." in told
    assert "1 Entwurf nicht freigegeben: Darüber ist inzwischen entschieden." in told
    assert [vote.statement for vote in Vote.objects.all()] == [second]
    assert [task.title for task in offer.tasks(staff.user)] == [
        "1 Entwurf kam zurück (Stimme)",
        f"1 Aussage zu „{concern.question}“",
    ]
    own = clerk.get(reverse("forum:own_votes", args=[concern.slug])).content.decode()
    assert "Herta: Nein." in own
    assert "Kam zurück" in clerk.get(f"{vote}?aussage={first.pk}").content.decode()
    clerk.post(reverse("forum:withdraw_draft", args=[concern.slug, drafts[0]]))
    assert states() == [DraftState.WITHDRAWN, DraftState.RELEASED]


def test_drafts_show_only_inside_the_organisation(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate, charlie: User
) -> None:
    draft = draft_vote(staff, lindenfurt, StatementFactory(concern=concern))
    stranger = signed_in(charlie.mandates.get())
    pages = {
        "forum:release": [concern.slug],
        "forum:change_draft": [concern.slug, draft.pk],
    }
    assert {stranger.get(reverse(p, args=a)).status_code for p, a in pages.items()} == {404}
    assert signed_in(staff).get(reverse("forum:release", args=[concern.slug])).status_code == 404
    withdraw = reverse("forum:withdraw_draft", args=[concern.slug, draft.pk])
    assert stranger.post(withdraw).status_code == 404
    public = Client().get(
        reverse("forum:municipality", args=[concern.slug, staff.organisation.region.ars])
    )
    assert "noch über keine Aussage" in public.content.decode()
    own = stranger.get(reverse("forum:concern", args=[concern.slug]))
    assert own.context["progress"].drafted == 0


def test_a_statement_that_came_back_is_written_anew(
    concern: Concern, staff: Mandate, head: Mandate
) -> None:
    clerk = signed_in(staff)
    clerk.post(reverse("forum:add_statement", args=[concern.slug]), {"text": "Erster Versuch."})
    draft = Draft.objects.get(kind=DraftKind.STATEMENT)
    give_back(head, concern, draft)
    own = reverse("forum:own_statements", args=[concern.slug])
    assert "Herta: Zu teuer." in clerk.get(own).content.decode()
    vote = draft_vote(staff, draft.participant, StatementFactory(concern=concern))
    assert clerk.get(reverse("forum:change_draft", args=[concern.slug, vote.pk])).status_code == 404
    vote.delete()
    change = reverse("forum:change_draft", args=[concern.slug, draft.pk])
    assert "Erster Versuch." in clerk.get(change).content.decode()
    assert clerk.post(change, {"text": "Zweiter Versuch."})["Location"] == own
    assert [(d.text, d.state) for d in Draft.objects.all()] == [
        ("Erster Versuch.", DraftState.WITHDRAWN),
        ("Zweiter Versuch.", DraftState.WAITING),
    ]
    waiting = Draft.objects.waiting().get()
    change = reverse("forum:change_draft", args=[concern.slug, waiting.pk])
    signed_in(head).post(change, {"text": "Gleich so."})
    assert states() == [DraftState.WITHDRAWN, DraftState.WITHDRAWN]
    assert [statement.text for statement in Statement.objects.filter(level="mayor")] == [
        "Gleich so."
    ], "who may release says it at once"


def test_who_may_only_contribute_writes_and_raises_but_opens_nothing(
    concern: Concern, head: Mandate
) -> None:
    councillor = MandateFactory(
        organisation=head.organisation, office=Office.COUNCIL, may_vote=False
    )
    client = signed_in(councillor)
    client.post(reverse("forum:add_statement", args=[concern.slug]), {"text": "Aus dem Rat."})
    assert client.get(reverse("forum:vote", args=[concern.slug])).status_code == 404
    typed = {
        "owner": head.organisation.region_id,
        "topic": Topic.TRAFFIC,
        "question": "Wer zahlt?",
        "background": "Niemand.",
        "last_day": (timezone.localdate() + timedelta(days=9)).isoformat(),
    }
    raised = client.post(reverse("forum:draft"), typed)["Location"]
    client.post(f"{raised}oeffnen/")
    assert "Das Öffnen wartet auf Freigabe." in client.get(raised).content.decode()
    kinds = Draft.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [DraftKind.STATEMENT, DraftKind.OPENING]
    assert "Freigeben oder zurückgeben" in signed_in(head).get(raised).content.decode()


def test_nor_where_nobody_has_to_release_anything(staff: Mandate) -> None:
    Organisation.objects.update(four_eyes=False)
    councillor = MandateFactory(
        organisation=staff.organisation, office=Office.COUNCIL, may_vote=False
    )
    draft = ConcernFactory(owner=staff.organisation.region, state=ConcernState.DRAFT)
    page = reverse("forum:open", args=[draft.slug])
    assert signed_in(councillor).post(page).status_code == 404
    draft.refresh_from_db()
    assert draft.state == ConcernState.DRAFT
    assert signed_in(staff).post(page).status_code == 303
    draft.refresh_from_db()
    assert draft.state == ConcernState.OPEN


def test_pages_ask_the_database_equally_often_for_1_and_3_drafts(
    concern: Concern, lindenfurt: Participant, staff: Mandate, head: Mandate
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts: dict[str, list[int]] = {}
    for _ in range(2):
        for _ in range(1 + Draft.objects.count()):
            draft_vote(staff, lindenfurt, StatementFactory(concern=concern))
        for mandate, page in ((head, "release"), (staff, "own_votes"), (head, "start")):
            address = "/" if page == "start" else reverse(f"forum:{page}", args=[concern.slug])
            client = signed_in(mandate)
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.setdefault(page, []).append(len(captured))
    assert [few == many for few, many in counts.values()] == [True] * 3
    assert max(many for _, many in counts.values()) <= 22


def test_concerns_are_found_by_their_topic(client: Client) -> None:
    traffic = ConcernFactory(topic=Topic.TRAFFIC)
    ConcernFactory(topic=Topic.HEALTH)
    ConcernFactory(topic="")
    page = client.get(reverse("forum:concerns"), {"thema": Topic.TRAFFIC})
    assert list(page.context["page"]) == [traffic]
    answer = client.get(reverse("forum:concerns_csv"), {"thema": Topic.TRAFFIC})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [line.split(";")[1] for line in text.splitlines()] == [
        "Themenfeld",
        "Verkehr und Mobilität",
    ]
