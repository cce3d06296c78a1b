"""Voting, one statement at a time, and looking at votes."""

from operator import attrgetter

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import VoiceForm, VoteForm
from ..models import Concern, Participant, Statement, StatementState

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@requires("forum.view_ballot", queries.get_concern, login=True)
def vote(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Show the next statement; take the vote on it and, in the same answer, show the one after.

    With htmx the answer is only the part that changes. Without JavaScript the browser is sent to
    the page again, so that reloading it votes for nothing. A vote in the name of somebody else, such
    as a municipality whose mandate has just ended, is no vote for the next one.
    """
    voices = queries.voices_of(user=request.user, concern=concern)
    whose = VoiceForm(request.POST or request.GET, voices=voices)
    voice = whose.voice()
    if concern.is_over:
        return _too_late(request, concern, voice)
    participant = services.join_concern(concern=concern, voice=voice)
    problem = None
    if request.method == "POST":
        problem = (
            VoiceForm.NOT_YOURS if whose.is_foreign else _take_vote(request, concern, participant)
        )
    if request.method == "POST" and not request.htmx and not problem:
        return see_other(f"{reverse('forum:vote', args=[concern.slug])}?als={voice.key}")
    context = {
        "concern": concern,
        "voice": voice,
        "voices": voices,
        "statement": _asked_for(request, concern) or services.present_statement(participant),
        "progress": queries.progress_of(concern=concern, participant=participant),
        "last": queries.votes_of(participant).first(),
        "problem": problem,
    }
    page = "forum/_statement.html" if request.htmx else "forum/vote.html"
    return render(request, page, context, status=409 if problem and not request.htmx else 200)


def _too_late(request: SignedInRequest, concern: Concern, voice: queries.Voice) -> HttpResponse:
    """The same page without a statement; a vote that was sent is not counted."""
    participant = queries.participant_of(concern=concern, voice=voice)
    progress = queries.progress_of(concern=concern, participant=participant)
    context = {"concern": concern, "voice": voice, "voices": [], "progress": progress}
    page = "forum/_statement.html" if request.htmx else "forum/vote.html"
    missed = request.method == "POST" and not request.htmx
    return render(request, page, context, status=409 if missed else 200)


def _take_vote(request: SignedInRequest, concern: Concern, participant: Participant) -> str | None:
    """Record the vote; returns what is wrong with it, if anything."""
    form = VoteForm(request.POST, concern=concern)
    if not form.is_valid():
        return "Diese Stimme war unvollständig und wurde nicht gezählt. Bitte stimmen Sie noch einmal ab."
    try:
        services.cast_vote(actor=request.user, participant=participant, **form.cleaned_data)
    except services.Conflict as conflict:
        return str(conflict)
    return None


def _asked_for(request: SignedInRequest, concern: Concern) -> Statement | None:
    """A statement named in the address: somebody wants to change her vote on it."""
    number = request.GET.get("aussage", "") if request.method == "GET" else ""
    if not number.isascii() or not number.isdigit():
        return None
    return (
        concern.statements.filter(pk=int(number[:18]), state=StatementState.ACCEPTED)
        .select_related("author__region")
        .first()
    )


@require_safe
@requires("forum.view_concern", queries.get_concern, login=True)
def own_votes(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """All votes of one's municipality, or of oneself, each with a way to change it."""
    voices = queries.voices_of(user=request.user, concern=concern)
    if not voices:
        raise Http404
    voice = VoiceForm(request.GET, voices=voices).voice()
    participant = queries.participant_of(concern=concern, voice=voice)
    votes = queries.votes_of(participant) if participant else ()
    page = Paginator(votes, PAGE_SIZE).get_page(request.GET.get("seite"))
    shown = list(page)
    earlier = queries.earlier_ballots(participant=participant, votes=shown) if participant else {}
    return render(
        request,
        "forum/own_votes.html",
        {
            "concern": concern,
            "voice": voice,
            "voices": voices,
            "page": page,
            "rows": [(vote, earlier.get(vote.statement_id, [])) for vote in shown],
        },
    )


@require_safe
@requires("forum.view_voices", queries.get_municipality, about=attrgetter("concern"))
def municipality(request: HttpRequest, participant: Participant) -> HttpResponse:
    """How one municipality voted: official votes are public."""
    votes = queries.votes_of(participant)
    page = Paginator(votes, PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(
        request,
        "forum/municipality.html",
        {"concern": participant.concern, "participant": participant, "page": page},
    )
