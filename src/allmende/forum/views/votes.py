"""Voting, one statement at a time, and looking at votes."""

from operator import attrgetter
from typing import Any

import rules
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import replace_url

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import VoiceForm, VoteForm
from ..models import Concern, DraftKind, Participant, Statement, StatementState, Vote

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
    if not concern.is_open:
        return _too_late(request, concern, voice)
    address = reverse("forum:vote", args=[concern.slug])
    here = f"{address}?als={voice.key}"
    turn = _take_turn(request, concern, whose)
    if request.method == "POST" and not request.htmx and not turn.problem:
        return see_other(here)
    asked_for = _asked_for(request, concern)
    statement = asked_for or turn.statement
    context = {
        "address": address,
        "concern": concern,
        "voice": voice,
        "voices": voices,
        "statement": statement,
        "before": _vote_on(asked_for, turn.participant) if asked_for else None,
        "draft": queries.draft_on(turn.participant, statement) if voice.needs_release else None,
        "progress": turn.progress,
        "last": turn.vote
        if isinstance(turn.vote, Vote)
        else queries.votes_of(turn.participant).first(),
        "problem": turn.problem,
    }
    answer = _answer(request, context)
    # Else loading the page again would bring back a statement whose vote was changed long ago.
    return replace_url(answer, here) if request.htmx else answer


def _too_late(request: SignedInRequest, concern: Concern, voice: queries.Voice) -> HttpResponse:
    """Say that voting has ended, also to somebody whose page was open when it did."""
    late = _("Ihre Stimme kam nach dem Ende der Abstimmung und wurde nicht gezählt.")
    participant = queries.participant_of(concern=concern, voice=voice)
    context = {
        "concern": concern,
        "voice": voice,
        "progress": queries.progress_of(concern=concern, participant=participant),
        "problem": late if request.method == "POST" else None,
    }
    return _answer(request, context)


def _answer(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    page = "forum/_statement.html" if request.htmx else "forum/vote.html"
    # htmx only puts in what comes with a good status.
    status = 409 if context["problem"] and not request.htmx else 200
    return render(request, page, context, status=status)


def _take_turn(request: SignedInRequest, concern: Concern, whose: VoiceForm) -> services.Turn:
    """Record the vote if there is one, and find out what comes next."""
    form = VoteForm(request.POST)
    problem = ""
    if request.method == "POST":
        if whose.is_foreign:
            problem = str(VoiceForm.NOT_YOURS)
        elif not form.is_valid():
            problem = _(
                "Diese Stimme war unvollständig und wurde nicht gezählt. "
                "Bitte stimmen Sie noch einmal ab."
            )
        else:
            return services.vote_and_go_on(
                concern=concern, voice=whose.voice(), **form.cleaned_data
            )
    return services.go_on(concern=concern, voice=whose.voice(), problem=problem)


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


def _vote_on(statement: Statement, participant: Participant) -> Vote | None:
    return queries.votes_of(participant).filter(statement=statement).first()


@require_safe
@requires("forum.view_ballot", queries.get_concern, login=True)
def own_votes(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """All votes of one's municipality, or of oneself, each with a way to change it."""
    voices = queries.voices_of(user=request.user, concern=concern)
    voice = VoiceForm(request.GET, voices=voices).voice()
    participant = queries.participant_of(concern=concern, voice=voice)
    votes = queries.votes_of(participant) if participant else Vote.objects.none()
    answered = votes.exclude(answered_by=None)
    only_answered = request.GET.get("nur") == "vollmacht"
    page = Paginator(answered if only_answered else votes, PAGE_SIZE).get_page(
        request.GET.get("seite")
    )
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
            "answered": answered.count(),
            "only_answered": only_answered,
            "rows": [(vote, earlier.get(vote.statement_id, [])) for vote in shown],
            "drafts": queries.current_drafts(participant, DraftKind.VOTE) if participant else (),
            "evidence": participant.evidence.current() if participant else (),
            "may_prove": participant is not None
            and rules.has_perm("forum.add_evidence", request.user, participant),
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
