"""Finding: what fits, in which order, and never what a person may not see."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.accounts import services as accounts
from allmende.accounts.models import User
from allmende.forum import queries as forum
from allmende.forum import services
from allmende.forum.models import (
    Answer,
    Commitment,
    Concern,
    ConcernState,
    Contribution,
    SealedPosition,
    SealedSection,
    SectionAnswer,
    Statement,
    StatementState,
)
from allmende.portal.models import SearchEntry
from allmende.portal.search import index, queries
from allmende.portal.search.queries import Wishes
from tests.factories import (
    ConcernFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


def found(words: str, user: Any = NOBODY, **wishes: Any) -> list[str]:
    """Titles of what somebody finds, best first; without legal pages, which hold many a word."""
    asked = Wishes(words, **wishes)
    findings = queries.find(asked, queries.visible_entries(user))
    hits = queries.show(findings.entries, asked.wanted)
    assert findings.total == sum(kind.count or 0 for kind in findings.kinds)
    if not asked.kind:
        assert findings.total == len(hits), "what is counted is what is found"
    return [hit.plain_title for hit in hits if hit.kind != "Seite"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wie hoch ist der Gewerbesteuerhebesatz?", "Gewerbesteuer"),
        ("Wer baut die Straße?", "Strasse"),
        ("Was tun gegen Uebergriffe?", "Übergriffe"),
        ("Was tun bei einem übergriff?", "Übergriffe"),
        ("Wer zahlt den Katastrophenschutz?", "Schutz"),
        ("Was macht die EU?", "eu"),
        ("Wer zahlt den Katastrophenschutz?", "schutz zahlen"),
        ("Wer zahlt den Katastrophenschutz?", "„zahlt den Katastrophen“"),
    ],
)
def test_german_words_are_found(question: str, words: str) -> None:
    ConcernFactory(question=question, background="")
    ConcernFactory(question="Neubau von Seen", background="")
    index.rebuild()
    assert found(words) == [question]


def test_all_words_have_to_occur_and_marks_stay_in_order() -> None:
    ConcernFactory(question="Wer zahlt den Schutz?", background="Der Bund.")
    ConcernFactory(question="Wer zahlt die Wege?", background="Das Land.")
    index.rebuild()
    assert found("zahlt bund") == ["Wer zahlt den Schutz?"]
    assert found("„den Wege“") == []
    assert found("zahlt europa") == []


def test_title_before_text_whole_before_part_newer_before_older() -> None:
    now = timezone.now()
    for days, question, background in [
        (1, "Teil im Text", "Vom Katastrophenschutz."),
        (2, "Ganz im Text", "Vom Schutz."),
        (3, "Teil: Katastrophenschutz", ""),
        (5, "Ganz, älter: Schutz", ""),
        (4, "Ganz, neuer: Schutz", ""),
    ]:
        ConcernFactory(
            question=question, background=background, opened_at=now - timedelta(days=days)
        )
    index.rebuild()
    assert found("Schutz") == [
        "Ganz, neuer: Schutz",
        "Ganz, älter: Schutz",
        "Teil: Katastrophenschutz",
        "Ganz im Text",
        "Teil im Text",
    ]


def test_a_place_stands_before_concerns_that_name_it_and_the_larger_before_the_smaller() -> None:
    MunicipalityFactory(name="Lindenfurt", population=800)
    MunicipalityFactory(name="Lindenfurt", population=90_000)
    ConcernFactory(question="Was braucht Lindenfurt?", owner__name="Kranichsee")
    index.rebuild()
    asked = Wishes("Lindenfurt")
    entries = queries.find(asked, queries.visible_entries(NOBODY)).entries
    hits = queries.show(entries, asked.wanted)
    assert [hit.kind for hit in hits] == ["Ort", "Ort", "Anliegen"]
    assert [entry.weight for entry in entries] == [90_002, 802, 0]


def _everything(state: ConcernState, **fields: Any) -> Concern:
    """A concern with one of everything that belongs to it, all with the word „Wachholder“."""
    concern = ConcernFactory(question="Wachholder: Frage", state=state, **fields)
    StatementFactory(concern=concern, text="Wachholder: Aussage")
    StatementFactory(concern=concern, text="Wachholder: wartet", state=StatementState.PENDING)
    ministry = OrganisationFactory(region=None, kind="ministerium", name="BMX")
    for number in (1, 2):
        position = SealedPosition.objects.create(
            concern=concern, number=number, document={}, hash=str(number)
        )
        section = SealedSection.objects.create(
            position=position,
            number=1,
            title="Wachholder",
            text="Abschnitt",
            origin=concern.sections.create(place=1),
        )
    answer = Answer.objects.create(
        concern=concern,
        position=position,
        ministry=ministry,
        summary="Wachholder: Antwort",
        published_at=timezone.now() if state == ConcernState.ANSWERED else None,
    )
    answered = SectionAnswer.objects.create(answer=answer, section=section, disposition="taken_up")
    Commitment.objects.create(
        concern=concern,
        answer=answered,
        organisation=ministry,
        what="Wachholder: Zusage",
        who="Referat",
        sign="Woran",
        due_on=timezone.localdate(),
    )
    Contribution.objects.create(concern=concern, text="Wachholder: Beitrag")
    Contribution.objects.create(
        concern=concern,
        text="Wachholder: weg",
        removed_at=timezone.now(),
        removal_reason="Name",
    )
    return concern


ALL = [
    "Antwort: BMX",
    "Gemeinsame Position, Fassung 2",
    "Wachholder: Aussage",
    "Wachholder: Beitrag",
    "Wachholder: Frage",
    "Wachholder: Zusage",
]


def test_everything_public_of_a_concern_is_found_and_nothing_else() -> None:
    _everything(ConcernState.ANSWERED)
    index.rebuild()
    assert sorted(found("Wachholder")) == ALL


def test_an_answer_and_its_commitments_are_found_once_it_is_published() -> None:
    _everything(ConcernState.SENT)
    index.rebuild()
    assert sorted(found("Wachholder")) == [
        title for title in ALL if title not in {"Antwort: BMX", "Wachholder: Zusage"}
    ]


def test_what_a_person_may_not_see_she_does_not_find(
    alice: User, charlie: User, dora: User, operator: User
) -> None:
    own = alice.mandates.get().region
    concerns = [
        ConcernFactory(question="Wachholder A", owner=own, state=ConcernState.DRAFT),
        ConcernFactory(question="Wachholder B", is_confidential=True),
        ConcernFactory(question="Wachholder C"),
        ConcernFactory(
            question="Wachholder D",
            is_confidential=True,
            deadline=timezone.now() - timedelta(days=1),
        ),
        ConcernFactory(question="Wachholder E", is_confidential=True, is_example=True),
    ]
    for concern in concerns:
        StatementFactory(concern=concern, text=f"{concern.question} Aussage")
    index.rebuild()
    for person in (NOBODY, alice, charlie, dora, operator):
        seen = sorted(forum.visible_concerns(person).values_list("question", flat=True))
        assert sorted(found("Wachholder", person, kind="forum.concern")) == seen
        statements = [f"{question} Aussage" for question in seen]
        assert sorted(found("Wachholder", person, kind="forum.statement")) == statements
    assert len(found("Wachholder", alice)) == 8, "her own draft, what is open, and confidential"


def test_what_waits_is_found_by_those_who_wrote_it(alice: User, charlie: User) -> None:
    author = ParticipantFactory(region=alice.mandates.get().region)
    StatementFactory(
        concern=author.concern, author=author, text="Wachholder", state=StatementState.PENDING
    )
    index.rebuild()
    assert [found("Wachholder", person) for person in (NOBODY, charlie, alice)] == [
        [],
        [],
        ["Wachholder"],
    ]


def test_what_ceased_to_be_public_is_not_shown_even_if_the_index_is_old() -> None:
    statement = StatementFactory(text="Wachholder")
    index.rebuild()
    Statement.objects.filter(pk=statement.pk).update(state=StatementState.REJECTED)
    asked = Wishes("Wachholder")
    [entry] = queries.find(asked, queries.visible_entries(NOBODY)).entries
    assert queries.show([entry], asked.wanted) == []


def test_filters_narrow_by_kind_place_topic_state_and_day() -> None:
    now = timezone.now()
    ConcernFactory(question="Wachholder A", topic="klima", owner__ars="090510000001", opened_at=now)
    ConcernFactory(
        question="Wachholder B",
        topic="finanzen",
        owner__ars="010510000001",
        state=ConcernState.CLOSED,
        opened_at=now - timedelta(days=100),
    )
    index.rebuild()
    today = timezone.localdate()
    assert found("Wachholder", place="09") == ["Wachholder A"]
    assert found("Wachholder", place="01051") == ["Wachholder B"]
    assert found("Wachholder", topic="finanzen") == ["Wachholder B"]
    assert found("Wachholder", state="open") == ["Wachholder A"]
    assert found("Wachholder", since=today) == ["Wachholder A"]
    assert found("Wachholder", until=today - timedelta(days=1)) == ["Wachholder B"]
    assert found("Wachholder", kind="forum.statement") == []
    both = queries.find(
        Wishes("Wachholder", kind="forum.statement"), queries.visible_entries(NOBODY)
    )
    assert [(kind.kind, kind.count) for kind in both.kinds] == [("forum.concern", 2)]


def entries() -> list[dict[str, Any]]:
    rows = SearchEntry.objects.order_by("kind", "key").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def test_every_deed_keeps_the_index_as_rebuilding_would_make_it(alice: User) -> None:
    region = alice.mandates.get().region
    mandate = alice.mandates.get()
    index.rebuild()
    concern = services.draft_concern(
        actor=alice,
        owner=region,
        topic="klima",
        question="Wachholder?",
        background="",
        deadline=timezone.now() + timedelta(days=3),
        mandate=mandate,
    )
    assert found("Wachholder", alice) == ["Wachholder?"]
    services.change_concern(
        actor=alice, concern=concern, seen=concern.edition, mandate=mandate, question="Fichte?"
    )
    assert (found("Wachholder", alice), found("Fichte", alice)) == ([], ["Fichte?"])
    author = ParticipantFactory(concern=concern, region=region)
    statement = services.add_statement(
        actor=alice, concern=concern, author=author, text="Fichten pflanzen.", mandate=mandate
    )
    assert found("Fichte") == []
    services.open_concern(actor=alice, concern=concern, mandate=mandate)
    assert found("Fichte", state="open") == ["Fichte?", "Fichten pflanzen."]
    assert isinstance(statement, Statement)
    services.decide_statement(
        actor=alice,
        statement=statement,
        state=StatementState.REJECTED,
        seen_state=StatementState.ACCEPTED,
        reason="Doppelt",
    )
    assert found("Fichte") == ["Fichte?"]
    services.close_concern(actor=alice, concern=concern, mandate=mandate, reason="Genug")
    assert found("Fichte", state="position") == ["Fichte?"]
    kept = entries()
    index.rebuild()
    assert entries() == kept


def test_a_deed_that_fails_leaves_the_index_as_it_was(alice: User, concern: Concern) -> None:
    index.rebuild()
    kept = entries()
    with pytest.raises(services.Conflict):
        services.change_concern(
            actor=alice, concern=concern, seen="", mandate=None, question="Fichte?"
        )
    assert entries() == kept


def test_what_moves_to_another_concern_moves_in_the_index(alice: User) -> None:
    from allmende.audit.services import audited, record

    one, other = ConcernFactory(), ConcernFactory(state=ConcernState.DRAFT)
    StatementFactory(concern=one, text="Wachholder")
    index.rebuild()
    with audited():
        Statement.objects.update(concern=other)
        record(actor=alice, deed="forum.change_concern", obj=one)
    assert found("Wachholder") == []


def test_nothing_is_kept_of_what_somebody_takes_back_by_leaving(dora: User) -> None:
    author = ParticipantFactory(
        concern__takes_personal_voices=True, voices="personal", region=None, user=dora
    )
    StatementFactory(
        concern=author.concern, author=author, text="Wachholder", state=StatementState.PENDING
    )
    index.rebuild()
    accounts.delete_account(actor=dora)
    assert not SearchEntry.objects.filter(text_key__contains="wachholder").exists()


def test_what_a_deed_deletes_is_gone_at_once(alice: User) -> None:
    mandate = alice.mandates.get()
    concern = ConcernFactory()
    said = services.add_contribution(
        actor=alice, concern=concern, text="Wachholder", mandate=mandate
    )
    assert len(found("Wachholder", kind="forum.contribution")) == 1
    services.take_back_contribution(actor=alice, contribution=said)
    assert not SearchEntry.objects.filter(text_key__contains="wachholder").exists()


def test_a_page_asks_the_database_as_often_for_one_hit_as_for_three(client: Client) -> None:
    def asked(hits: int) -> int:
        index.rebuild()
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/suche/", {"q": "Wachholder"})
        assert len(page.context["hits"]) == hits
        return len(captured)

    StatementFactory(text="Wachholder 0")
    once = asked(1)
    for number in (1, 2):
        StatementFactory(text=f"Wachholder {number}")
    assert asked(3) == once


@pytest.fixture
def five(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than are counted: an old concern, and statements of four days, all with the same word."""
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    now = timezone.now()
    ConcernFactory(question="Wachholder", background="")
    Concern.objects.update(created_at=now - timedelta(days=9))
    for days in (4, 3, 2, 1):
        statement = StatementFactory(text=f"Wachholder, vor {days}", concern__owner__ars=f"0{days}")
        Statement.objects.filter(pk=statement.pk).update(created_at=now - timedelta(days=days))
    index.rebuild()


def test_of_too_much_the_titles_and_the_newest_are_ranked(client: Client, five: None) -> None:
    page = client.get("/suche/", {"q": "Wachholder"})
    assert [hit.plain_title for hit in page.context["hits"]] == [
        "Wachholder",
        "Wachholder, vor 1",
        "Wachholder, vor 2",
        "Wachholder, vor 3",
    ]
    assert ">2+</span>" in page.content.decode()
    assert "Es gibt mehr als 2 Treffer." in page.content.decode()
    assert {kind.count for kind in page.context["found"].kinds} == {None}


def test_within_a_kind_or_a_place_the_rest_of_too_much_is_found(client: Client, five: None) -> None:
    def titles(**asked: str) -> list[str]:
        page = client.get("/suche/", {"q": "Wachholder"} | asked)
        return [hit.plain_title for hit in page.context["hits"]]

    assert titles(art="forum.concern") == ["Wachholder"]
    assert titles(art="forum.commitment") == []
    until = timezone.localdate() - timedelta(days=3)
    assert titles(art="forum.statement", bis=until.isoformat()) == [
        "Wachholder, vor 3",
        "Wachholder, vor 4",
    ]


def test_the_page_marks_counts_pages_and_exports(client: Client) -> None:
    for number in range(23):
        ConcernFactory(question=f"Wachholder <{number}>")
    StatementFactory(text="Ein Wachholderbusch.")
    index.rebuild()
    page = client.get("/suche/", {"q": "wachholder"})
    text = page.content.decode()
    assert "<mark>Wachholder</mark> &lt;22&gt;" in text
    assert [(kind.label, kind.count) for kind in page.context["found"].kinds] == [
        ("Anliegen", 23),
        ("Aussagen", 1),
    ]
    second = client.get("/suche/", {"q": "wachholder", "seite": "2"})
    assert len(second.context["hits"]) == 4
    export = client.get("/suche/suche.csv", {"q": "wachholder", "art": "forum.statement"})
    lines = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Art;Titel;Dazu;Adresse"
    assert [line.split(";")[:2] for line in lines[1:]] == [["Aussage", "Ein Wachholderbusch."]]
    same = client.get("/suche/suche.json", {"q": "wachholder", "art": "forum.statement"})
    [record] = json.loads(b"".join(same.streaming_content))["records"]
    assert (record["Art"], record["Titel"]) == ("Aussage", "Ein Wachholderbusch.")


def test_where_nothing_is_found_a_word_of_a_title_is_offered(client: Client) -> None:
    ConcernFactory(question="Wer zahlt die Gewerbesteuer?", background="")
    index.rebuild()
    page = client.get("/suche/", {"q": "gewerbestuer zahlt"})
    assert page.context["better"] == "Gewerbesteuer zahlt"


def test_words_that_no_title_has_are_not_bettered(client: Client) -> None:
    ConcernFactory(question="Wer zahlt?", state=ConcernState.DRAFT)
    index.rebuild()
    assert client.get("/suche/", {"q": "zahhlt"}).context["better"] == "", "nobody sees the draft"
    assert UserFactory.create().is_operator is False
