"""What is there already: concerns and statements that ask or say the same in other words."""

from typing import TYPE_CHECKING

from allmende.portal.models import SearchEntry
from allmende.portal.search.queries import visible_entries
from allmende.portal.search.similar import most_alike

from ..models import Concern, ConcernState, Statement, StatementState
from .concerns import visible_concerns, with_counts

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

MOST = 5


def similar_concerns(*, user: "Person", question: str) -> list[Concern]:
    """Concerns that ask what this question asks, most similar first, with their counts.

    Open and closed ones; neither drafts nor such as were merged into others.
    """
    entries = visible_entries(user, kind="forum.concern").exclude(state=ConcernState.DRAFT)
    keys = [key for key, _ in most_alike(entries, question, column="title", most=MOST)]
    if not keys:
        return []
    found = with_counts(visible_concerns(user).filter(pk__in=keys, merged_into=None))
    return sorted(found, key=lambda concern: keys.index(concern.pk))


def similar_statements(*, concern: Concern, text: str) -> list[Statement]:
    """Statements on which one can vote in this concern and which say what this text says."""
    entries = SearchEntry.objects.filter(kind="forum.statement", about=concern.pk, is_public=True)
    keys = [key for key, _ in most_alike(entries, text, column="text", most=MOST, among_few=True)]
    if not keys:
        return []
    found = concern.statements.filter(pk__in=keys, state=StatementState.ACCEPTED)
    return sorted(found, key=lambda statement: keys.index(statement.pk))
