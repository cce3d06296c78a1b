"""„Gibt es das schon?“: what is there already, before somebody writes it once more.

With htmx it is shown while somebody types; without, as a step before a thing is saved the first time.
Whoever has seen it for the very text that she saves is not asked again (``SEEN``).
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from allmende.portal.access import SignedInRequest, requires

from .. import queries
from ..models import Concern

SEEN = "gesehen"
BACK = "zurueck"
LONGEST = 500


def was_seen(request: HttpRequest, text: str) -> bool:
    """Whether somebody has been shown what is like this text, and saves it all the same."""
    return request.POST.get(SEEN) == text


def wants_back(request: HttpRequest) -> bool:
    """Whether somebody goes back from the step to what she has typed."""
    return BACK in request.POST


def _typed(request: HttpRequest, name: str) -> str:
    text = request.GET.get(name, "").replace("\0", "")[:LONGEST]  # PostgreSQL knows no NUL
    return " ".join(text.split())


@require_safe
@requires("forum.add_concern", login=True)
def concerns(request: SignedInRequest) -> HttpResponse:
    """Concerns like the question that is being typed."""
    question = _typed(request, "question")
    found = queries.similar_concerns(user=request.user, question=question)
    return render(request, "forum/_similar_concerns.html", {"similar": found, "seen": question})


@require_safe
@requires("forum.add_statement", queries.get_concern, login=True)
def statements(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Statements of the concern like the one that is being typed."""
    text = _typed(request, "text")
    found = queries.similar_statements(concern=concern, text=text)
    context = {"similar": found, "seen": text, "concern": concern}
    return render(request, "forum/_similar_statements.html", context)
