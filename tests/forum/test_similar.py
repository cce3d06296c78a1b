"""„Gibt es das schon?“: similar concerns and statements, offered before one is written once more."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum.models import Concern, ConcernState, Statement, StatementState
from allmende.forum.queries import similar_concerns, similar_statements
from allmende.portal.search import index
from tests.factories import ConcernFactory, StatementFactory

pytestmark = pytest.mark.django_db
QUESTION = "Wer zahlt den Gewerbesteuerhebesatz der kleinen Gemeinden?"


@pytest.fixture
def there(db: None) -> list[Concern]:
    """Two that are alike, one that is not, and one that only its owner sees."""
    made = [
        ConcernFactory(question="Wer bezahlt kleinen Gemeinden die Gewerbesteuer?"),
        ConcernFactory(
            question="Was zahlt der Bund kleinen Gemeinden?",
            state=ConcernState.CLOSED,
            deadline=timezone.now() - timedelta(days=1),
        ),
        ConcernFactory(question="Wie schützt der Bund Menschen im Amt?"),
        ConcernFactory(question=QUESTION, state=ConcernState.DRAFT),
    ]
    index.rebuild()
    return made


def fields(alice: User, **changes: Any) -> dict[str, Any]:
    return {
        "owner": alice.mandates.get().region.pk,
        "question": QUESTION,
        "topic": "finanzen",
        "background": "Darum.",
        "last_day": timezone.localdate() + timedelta(days=30),
        "is_confidential": "on",
    } | changes


def hidden(page: str) -> dict[str, str]:
    """What a page's form would send: its hidden fields."""
    import re

    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_similar_are_those_that_share_telling_words_also_within_compounds(
    alice: User, there: list[Concern]
) -> None:
    assert similar_concerns(user=alice, question=QUESTION) == there[:2]
    assert similar_concerns(user=alice, question="Wer ist das?") == []
    assert similar_concerns(user=alice, question="Woher kommt Glasfaser?") == []


def test_what_nobody_may_see_and_what_was_merged_is_not_offered(
    alice: User, there: list[Concern]
) -> None:
    Concern.objects.filter(pk=there[1].pk).update(merged_into=there[0])
    Concern.objects.filter(pk=there[0].pk).update(state=ConcernState.DRAFT)
    assert similar_concerns(user=alice, question=QUESTION) == []


def test_before_a_concern_is_saved_similar_ones_are_offered_and_nothing_is_lost(
    client: Client, alice: User, there: list[Concern]
) -> None:
    client.force_login(alice)
    step = client.post("/forum/neu/", fields(alice))
    text = step.content.decode()
    assert Concern.objects.count() == 4
    assert "Mitmachen statt neu anlegen" in text
    assert "Ansehen, was daraus wurde" in text
    sent = hidden(text)
    back = client.post("/forum/neu/", sent | {"zurueck": "1"})
    assert back.context["form"]["question"].value() == QUESTION
    assert back.context["form"].errors == {}
    done = client.post("/forum/neu/", sent)
    assert done.status_code == 303
    made = Concern.objects.order_by("-pk")[0]
    assert (made.question, made.is_confidential, made.takes_personal_voices) == (
        QUESTION,
        True,
        False,
    )


def test_who_changes_the_question_after_the_step_is_asked_again(
    client: Client, alice: User, there: list[Concern]
) -> None:
    client.force_login(alice)
    other = fields(alice, question="Was zahlt der Bund den Gemeinden?", gesehen=QUESTION)
    assert client.post("/forum/neu/", other).status_code == 200
    assert Concern.objects.count() == 4


def test_without_anything_similar_there_is_no_step(client: Client, alice: User) -> None:
    ConcernFactory(question="Wie schützt der Bund Menschen im Amt?")
    index.rebuild()
    client.force_login(alice)
    assert client.post("/forum/neu/", fields(alice)).status_code == 303


def test_while_she_types_similar_ones_are_shown_and_count_as_seen(
    client: Client, alice: User, there: list[Concern]
) -> None:
    client.force_login(alice)
    part = client.get("/forum/neu/aehnlich/", {"question": f" {QUESTION}\0"})
    assert part.context["similar"] == there[:2]
    assert hidden(part.content.decode()) == {"gesehen": QUESTION}
    assert client.post("/forum/neu/", fields(alice, gesehen=QUESTION)).status_code == 303
    nothing = client.get("/forum/neu/aehnlich/", {"question": "Wie"}).content.decode()
    assert "Gibt es das schon" not in nothing
    assert client.get("/forum/neu/aehnlich/").status_code == 200


def test_before_a_statement_is_added_similar_ones_are_offered(client: Client, alice: User) -> None:
    concern = ConcernFactory()
    same = StatementFactory(concern=concern, text="Der Bund soll Feuerwehrhäuser bezahlen.")
    StatementFactory(concern=concern, text="Kommunen brauchen Glasfaser.")
    StatementFactory(
        concern=concern, text="Feuerwehr soll bezahlt sein.", state=StatementState.REJECTED
    )
    StatementFactory(text="Der Bund soll Feuerwehrhäuser bezahlen, anderswo.")
    index.rebuild()
    text = "Feuerwehrhäuser soll das Land bezahlen."
    assert similar_statements(concern=concern, text=text) == [same]
    client.force_login(alice)
    address = f"/forum/{concern.slug}/aussagen/neu/"
    step = client.post(address, {"text": text}).content.decode()
    assert Statement.objects.filter(concern=concern).count() == 3
    assert f"aussage={same.pk}" in step
    back = client.post(address, {"text": text, "zurueck": "1"})
    assert back.context["form"]["text"].value() == text
    assert client.post(address, hidden(step)).status_code == 303
    assert Statement.objects.filter(concern=concern).count() == 4
    part = client.get(f"/forum/{concern.slug}/aussagen/aehnlich/", {"text": text})
    assert same in part.context["similar"]


def test_strangers_do_not_learn_what_is_similar(client: Client, there: list[Concern]) -> None:
    assert client.get("/forum/neu/aehnlich/", {"question": QUESTION}).status_code == 302
    draft = there[3]
    assert client.get(f"/forum/{draft.slug}/aussagen/aehnlich/").status_code == 302
