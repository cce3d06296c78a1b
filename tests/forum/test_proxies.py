"""Answering for members (in Vollmacht): only with their power, and never instead of themselves."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.forum import queries, services
from allmende.forum.models import (
    Ballot,
    Concern,
    Participant,
    Result,
    Stand,
    Statement,
    Voices,
    Vote,
)
from allmende.forum.portal import tasks
from allmende.forum.queries import Voice
from allmende.forum.results.queries import read_votes
from allmende.registry import services as registry
from allmende.registry.models import Organisation, Proxy, Region, Topic
from tests.factories import (
    AgentFactory,
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    ProxyFactory,
    StatementFactory,
    VoteFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db
AGREE, DISAGREE = Stand.AGREE, Stand.DISAGREE


@pytest.fixture
def kreis(db: None) -> Organisation:
    organisation: Organisation = AgentFactory(region__name="Landkreis Ahornkreis")
    return organisation


@pytest.fixture
def gerda(kreis: Organisation) -> User:
    """She votes for the Landkreis."""
    user: User = MandateFactory(organisation=kreis, user__name="Gerda").user
    return user


@pytest.fixture
def concern(alice: User) -> Concern:
    concern: Concern = ConcernFactory(owner=alice.mandates.get().region, topic=Topic.FINANCE)
    return concern


@pytest.fixture
def statement(concern: Concern) -> Statement:
    statement: Statement = StatementFactory(concern=concern)
    return statement


@pytest.fixture
def lindenfurt(alice: User, kreis: Organisation) -> Region:
    """Alice's municipality; it has empowered the Landkreis."""
    mandate = alice.mandates.get()
    ProxyFactory(member=mandate.organisation, agent=kreis)
    assert mandate.region is not None
    return mandate.region


def members(count: int, kreis: Organisation) -> list[Organisation]:
    found = [OrganisationFactory() for _ in range(count)]
    for member in found:
        ProxyFactory(member=member, agent=kreis)
    return found


def voice_of(user: User, concern: Concern, region: Region | None = None) -> Voice:
    [voice] = queries.agent_voices(user=user, concern=concern)
    assert voice.agent is not None
    key = f"{voice.agent.slug}.{region.ars}" if region else voice.agent.slug
    found = queries.agent_voice(user=user, concern=concern, key=key)
    assert found is not None
    return found


def answer(user: User, statement: Statement, stand: Stand = AGREE) -> services.Stored:
    voice = voice_of(user, statement.concern)
    return services.answer_for_members(actor=user, voice=voice, statement=statement, stand=stand)


def vote_self(user: User, statement: Statement, stand: Stand) -> None:
    mandate = user.mandates.get()
    participant = services.join_concern(
        concern=statement.concern, voice=Voice(user, mandate.region, mandate)
    )
    services.cast_vote(
        actor=user, participant=participant, statement=statement, stand=stand, mandate=mandate
    )


def stands(statement: Statement) -> dict[str, tuple[int, str]]:
    votes = Vote.objects.filter(statement=statement).select_related(
        "participant__region", "answered_by"
    )
    return {str(v.participant): (v.stand, str(v.answered_by or "")) for v in votes}


def test_one_answer_for_all_who_have_not_answered_themselves(
    gerda: User, alice: User, kreis: Organisation, lindenfurt: Region, statement: Statement
) -> None:
    others = members(3, kreis)
    vote_self(alice, statement, DISAGREE)
    assert answer(gerda, statement) == services.Stored(stored=3, own=1, others=0)
    assert stands(statement) == {
        "Lindenfurt": (DISAGREE, ""),
        **{str(other): (AGREE, "Landkreis Ahornkreis") for other in others},
    }
    ballots = Ballot.objects.filter(answered_by=kreis)
    assert {(b.cast_by, b.mandate) for b in ballots} == {(gerda, gerda.mandates.get())}
    # Another answer replaces the agent's own earlier one, and only that.
    assert answer(gerda, statement, Stand.PASS).stored == 3
    assert sorted(stand for stand, _ in stands(statement).values()) == [-1, 0, 0, 0]
    assert (Vote.objects.count(), Ballot.objects.count()) == (4, 7)
    assert Result.objects.get().requested_at is not None


def test_the_member_replaces_the_answer_and_then_the_agent_cannot(
    gerda: User, alice: User, lindenfurt: Region, statement: Statement
) -> None:
    answer(gerda, statement)
    vote_self(alice, statement, DISAGREE)
    assert stands(statement) == {"Lindenfurt": (DISAGREE, "")}
    single = voice_of(gerda, statement.concern, lindenfurt)
    assert single.label == "Lindenfurt (in Vollmacht: Landkreis Ahornkreis)"
    with pytest.raises(services.Conflict, match="Lindenfurt hat selbst geantwortet"):
        services.answer_for_members(actor=gerda, voice=single, statement=statement, stand=AGREE)
    with pytest.raises(services.Conflict, match="schon alle Mitglieder"):
        answer(gerda, statement)
    assert Vote.objects.get().stand == DISAGREE


def test_two_agents_do_not_overrule_each_other(
    gerda: User, lindenfurt: Region, statement: Statement
) -> None:
    union = AgentFactory()
    ursula = MandateFactory(organisation=union).user
    ProxyFactory(member=lindenfurt.organisation, agent=union)
    answer(gerda, statement)
    with pytest.raises(services.Conflict):
        answer(ursula, statement, DISAGREE)
    single = voice_of(ursula, statement.concern, lindenfurt)
    with pytest.raises(services.Conflict, match="schon jemand anderes in Vollmacht"):
        services.answer_for_members(actor=ursula, voice=single, statement=statement, stand=AGREE)
    assert stands(statement) == {"Lindenfurt": (AGREE, "Landkreis Ahornkreis")}


@pytest.mark.parametrize("change", [{"topic": Topic.DIGITAL}, {"topic": ""}, {"is_example": True}])
def test_a_power_holds_in_its_topic_and_world_only(
    gerda: User, lindenfurt: Region, concern: Concern, change: dict[str, object]
) -> None:
    Concern.objects.filter(pk=concern.pk).update(**change)
    concern.refresh_from_db()
    assert queries.agent_voices(user=gerda, concern=concern) == []


def test_with_four_eyes_only_who_releases_answers(
    client: Client, kreis: Organisation, gerda: User, lindenfurt: Region, statement: Statement
) -> None:
    voice = voice_of(gerda, statement.concern)
    Organisation.objects.filter(pk=kreis.pk).update(four_eyes=True)
    assert queries.agent_voices(user=gerda, concern=statement.concern) == []
    assert voice.mandate is not None
    voice.mandate.organisation.refresh_from_db()
    with pytest.raises(services.Conflict, match="nur, wer freigeben darf"):
        services.answer_for_members(actor=gerda, voice=voice, statement=statement, stand=AGREE)
    head = second_factor(MandateFactory(organisation=kreis, may_release=True).user)
    assert answer(head, statement).stored == 1


def test_a_revoked_power_stops_a_page_that_was_open(
    client: Client, gerda: User, kreis: Organisation, lindenfurt: Region, statement: Statement
) -> None:
    client.force_login(gerda)
    here = f"/forum/{statement.concern.slug}/mitglieder/abstimmen/"
    page = client.get(here, {"als": kreis.slug}).content.decode()
    assert "in Vollmacht" in page
    voice = voice_of(gerda, statement.concern)
    form = {"als": kreis.slug, "statement": statement.pk, "stand": 1}
    Proxy.objects.update(revoked_at="2026-01-01T00:00:00Z")
    late = client.post(here, form)
    assert late.status_code == 409
    assert "Dafür haben Sie keine Vollmacht (mehr)" in late.content.decode()
    with pytest.raises(services.Conflict, match="keine Vollmacht"):
        services.answer_for_members(actor=gerda, voice=voice, statement=statement, stand=AGREE)
    assert list(Vote.objects.all()) == []


def test_after_the_end_nothing_is_stored(
    gerda: User, alice: User, lindenfurt: Region, statement: Statement
) -> None:
    answer(gerda, statement)
    Concern.objects.update(state="closed")
    participant = Participant.objects.get()
    mandate = alice.mandates.get()
    with pytest.raises(services.Conflict, match="beendet"):
        answer(gerda, statement, DISAGREE)
    for decide in (services.take_over_answers, services.withdraw_answers):
        with pytest.raises(services.Conflict, match="beendet"):
            decide(actor=alice, participant=participant, mandate=mandate)
    assert stands(statement) == {"Lindenfurt": (AGREE, "Landkreis Ahornkreis")}


def test_pages_of_the_agent(
    client: Client, gerda: User, kreis: Organisation, lindenfurt: Region, statement: Statement
) -> None:
    members(2, kreis)
    client.force_login(gerda)
    there = f"/forum/{statement.concern.slug}/"
    assert "Für Mitglieder antworten" in client.get(there).content.decode()
    form = {"als": kreis.slug, "statement": statement.pk, "stand": 1}
    done = client.post(f"{there}mitglieder/abstimmen/", form)
    assert done.status_code == 303
    page = client.get(done.headers["Location"]).content.decode()
    assert ("Für 3 Kommunen gespeichert." in page, "Geschafft." in page) == (True, True)
    rows = client.get(f"{there}mitglieder/", {"q": "lindenfurt"}).context["page"]
    assert {(row.own_votes, row.votes_by_agent) for row in rows} == {(0, 1)}
    one = {"als": f"{kreis.slug}.{lindenfurt.ars}"}
    page = client.get(f"{there}mitglieder/abstimmen/", one).content.decode()
    assert "für <strong>Lindenfurt</strong>" in page


def test_strangers_and_other_members_find_no_page(
    client: Client, charlie: User, concern: Concern, lindenfurt: Region
) -> None:
    client.force_login(charlie)
    there = f"/forum/{concern.slug}/mitglieder/"
    assert [client.get(page).status_code for page in (there, f"{there}abstimmen/")] == [404, 404]


def test_an_agent_sees_a_confidential_concern_of_its_members(
    gerda: User, charlie: User, concern: Concern, lindenfurt: Region
) -> None:
    Concern.objects.update(is_confidential=True)
    other = MandateFactory(organisation=AgentFactory()).user
    for user, sees in ((gerda, True), (other, False)):
        concern.refresh_from_db()
        assert user.has_perm("forum.view_concern", concern) == sees
        assert list(queries.visible_concerns(user)) == ([concern] if sees else [])


def test_the_member_sees_filters_takes_over_and_withdraws(
    client: Client, gerda: User, alice: User, lindenfurt: Region, statement: Statement
) -> None:
    other = StatementFactory(concern=statement.concern)
    answer(gerda, statement)
    vote_self(alice, other, AGREE)
    client.force_login(alice)
    there = f"/forum/{statement.concern.slug}/"
    page = client.get(f"{there}abstimmen/", {"aussage": statement.pk}).content.decode()
    assert "Landkreis Ahornkreis hat für Sie geantwortet: <strong>Stimme zu</strong>" in page
    assert "In Vollmacht für Sie beantwortet: 1 Aussage<" in page
    own = client.get(f"{there}stimmen/", {"nur": "vollmacht"})
    assert [vote.statement for vote, _ in own.context["rows"]] == [statement]
    assert "in Vollmacht: Landkreis Ahornkreis" in own.content.decode()
    public = client.get(f"{there}kommunen/{lindenfurt.ars}/").content.decode()
    assert public.count("in Vollmacht: Landkreis Ahornkreis") == 1
    titles = [task.title for task in tasks(alice)]
    assert "1 Antwort in Vollmacht ansehen: Landkreis Ahornkreis für Lindenfurt" in titles
    done = client.post(f"{there}stimmen/uebernehmen/", {"als": lindenfurt.ars})
    assert done.status_code == 303
    assert stands(statement) == {"Lindenfurt": (AGREE, "")}
    assert [task.title for task in tasks(alice)] == []
    Vote.objects.update(answered_by=Organisation.objects.get(kind="kreis"))
    client.post(f"{there}stimmen/zurueckziehen/", {"als": lindenfurt.ars})
    assert Vote.objects.count() == 0
    assert Entry.objects.get(deed="forum.withdraw_answers").details["answers"] == 2


def test_revoking_keeps_or_withdraws_the_answers(
    gerda: User, kreis: Organisation, lindenfurt: Region, statement: Statement
) -> None:
    mayor = second_factor(
        MandateFactory(organisation=lindenfurt.organisation, may_release=True).user
    )
    over = StatementFactory(concern=ConcernFactory(topic=Topic.FINANCE))
    answer(gerda, statement)
    answer(gerda, over)
    Concern.objects.filter(pk=over.concern_id).update(state="closed")
    pair = {"member": lindenfurt.organisation, "agent": kreis, "topics": [Topic.FINANCE]}
    registry.revoke_proxy(actor=mayor, **pair)
    assert Vote.objects.filter(answered_by=kreis).count() == 2
    registry.grant_proxy(actor=mayor, **pair)
    registry.revoke_proxy(actor=mayor, **pair, withdraw_answers=True)
    assert [vote.statement for vote in Vote.objects.all()] == [over]


def test_tasks_of_the_agent_end_when_everything_is_answered(
    gerda: User, alice: User, kreis: Organisation, lindenfurt: Region, statement: Statement
) -> None:
    members(1, kreis)
    vote_self(alice, statement, AGREE)
    assert [task.title for task in tasks(gerda)] == [
        f"Für 2 Mitglieder antworten: „{statement.concern.question}“"
    ]
    answer(gerda, statement)
    assert list(tasks(gerda)) == []


@pytest.mark.parametrize("count", [1, 60])
def test_answering_takes_a_constant_number_of_queries(
    count: int,
    gerda: User,
    kreis: Organisation,
    statement: Statement,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    members(count, kreis)
    voice = voice_of(gerda, statement.concern)
    # On PostgreSQL, the lock of the result is one more.
    with django_assert_num_queries(17 + (connection.vendor == "postgresql")):
        stored = services.answer_for_members(
            actor=gerda, voice=voice, statement=statement, stand=AGREE
        )
    assert stored.stored == count


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_the_agent_take_a_constant_number_of_queries(
    count: int,
    client: Client,
    kreis: Organisation,
    statement: Statement,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    members(count, kreis)
    client.force_login(MandateFactory(organisation=kreis).user)
    there = f"/forum/{statement.concern.slug}/mitglieder/"
    with django_assert_num_queries(9):
        client.get(there)
    with django_assert_num_queries(8):
        client.get(f"{there}abstimmen/", {"als": kreis.slug})


def test_answers_alike_by_declared_powers_raise_no_suspicion(
    gerda: User, kreis: Organisation, concern: Concern
) -> None:
    members(4, kreis)
    asked = StatementFactory.create_batch(3, concern=concern)
    for statement in asked:
        answer(gerda, statement)
    own = VoteFactory(statement=asked[0])
    read = read_votes(Result.objects.get(concern=concern))
    assert (len(read.votes.values), len(read.own.values)) == (13, 1)
    assert read.own.participants.tolist() == read.votes.participants.tolist()
    assert read.times is not None
    assert read.times.tolist() == [own.cast_at.timestamp()]
    services.compute_now(concern=concern, voices=Voices.OFFICIAL)


def test_files_and_result_say_what_was_answered_for_whom(
    client: Client, gerda: User, alice: User, lindenfurt: Region, statement: Statement
) -> None:
    answer(gerda, statement)
    services.compute_now(concern=statement.concern, voices=Voices.OFFICIAL)
    there = f"/forum/{statement.concern.slug}/ergebnis/"
    lines = client.get(f"{there}teilnehmende.csv").getvalue().decode().splitlines()
    cells = dict(zip(lines[0].split(";"), lines[1].split(";"), strict=True))
    assert cells["Stimmen in Vollmacht"] == "1"
    assert cells["in Vollmacht von"] == "Landkreis Ahornkreis"
    [participant] = client.get(f"{there}ergebnis.json").json()["participants"]
    assert participant["answered_by"] == {"Landkreis Ahornkreis": 1}
    page = client.get(f"{there}teilnehmende/").content.decode()
    assert "auch in Vollmacht: Landkreis Ahornkreis" in page


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_the_members_answer_wins(
    gerda: User, alice: User, kreis: Organisation, lindenfurt: Region, concern: Concern
) -> None:
    members(2, kreis)
    voice = voice_of(gerda, concern)
    for statement in StatementFactory.create_batch(4, concern=concern):
        start = Barrier(3)

        def agent(stand: Stand, on: Statement = statement, start: Barrier = start) -> None:
            try:
                start.wait()
                services.answer_for_members(actor=gerda, voice=voice, statement=on, stand=stand)
            finally:
                connection.close()

        def member(on: Statement = statement, start: Barrier = start) -> None:
            try:
                start.wait()
                vote_self(alice, on, DISAGREE)
            finally:
                connection.close()

        with ThreadPoolExecutor(3) as pool:
            for done in [
                pool.submit(agent, AGREE),
                pool.submit(agent, Stand.PASS),
                pool.submit(member),
            ]:
                done.result()
        assert stands(statement)["Lindenfurt"] == (DISAGREE, "")
        assert len(stands(statement)) == 3
