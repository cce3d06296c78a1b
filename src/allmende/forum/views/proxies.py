"""Answering for members (in Vollmacht), and what a member does about answers given for it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.registry.names import fold

from .. import queries, services
from ..forms import MemberAnswerForm, MemberSearchForm, VoiceForm
from ..models import Concern

PAGE_SIZE = 50
ANSWER = "forum.answer_for_members"


@require_safe
@requires(ANSWER, queries.get_concern, login=True)
def members(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """For whom somebody may answer here, and who has answered how much."""
    voices = queries.agent_voices(user=request.user, concern=concern)
    voice = VoiceForm(request.GET, voices=voices).voice() if voices else None
    form = MemberSearchForm(request.GET)
    words = fold(form.cleaned_data["q"]) if form.is_valid() else ""
    context = {"concern": concern, "voices": voices, "voice": voice, "form": form, "words": words}
    if voice and voice.agent:
        found = queries.members_in(concern, voice.agent).filter(search_key__contains=words)
        rows = queries.with_answers(found, concern=concern, agent=voice.agent)
        context["page"] = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("seite"))
        context["total"] = queries.progress_of(concern=concern, participant=None).total
    return render(request, "forum/members.html", context)


@require_http_methods(["GET", "POST"])
@requires(ANSWER, queries.get_concern, login=True)
def answer(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Answer for all members together or for one, one statement at a time.

    Works like ``votes.vote``. A power that was revoked since the page was opened stores nothing.
    """
    key = (request.POST or request.GET).get("als", "").replace("\0", "")
    voice = queries.agent_voice(user=request.user, concern=concern, key=key)
    problem = None
    if request.method == "POST":
        problem = _take_answer(request, concern, voice) if voice else services.REVOKED
    page = "forum/_answer.html" if request.htmx else "forum/answer.html"
    status = 409 if problem and not request.htmx else 200
    context: dict[str, Any]
    if voice is None:
        context = {"concern": concern, "problem": problem}
        return render(request, page, context, status=status)
    if request.method == "POST" and not request.htmx and not problem:
        return see_other(f"{reverse('forum:answer', args=[concern.slug])}?als={voice.key}")
    behind = queries.members_behind(concern=concern, voice=voice)
    left = queries.left_to_answer(concern=concern, members=behind, count=voice.members)
    context = {
        "concern": concern,
        "voice": voice,
        "left": left,
        "statement": left.next,
        "said": queries.said_on(statement=left.next, members=behind, agent=voice.agent)
        if left.next and voice.agent
        else None,
        "problem": problem,
    }
    return render(request, page, context, status=status)


def _take_answer(request: SignedInRequest, concern: Concern, voice: queries.Voice) -> str | None:
    """Store the answer and say for whom; returns what is wrong with it, if anything."""
    form = MemberAnswerForm(request.POST, concern=concern)
    if not form.is_valid():
        return _("Diese Antwort war unvollständig und wurde nicht gespeichert.")
    try:
        stored = services.answer_for_members(actor=request.user, voice=voice, **form.cleaned_data)
    except services.Conflict as conflict:
        return str(conflict)
    messages.success(request, _in_words(stored))
    return None


def _in_words(stored: services.Stored) -> str:
    """„Für 38 Kommunen gespeichert; 4 haben selbst geantwortet.“"""
    said = ngettext(
        "Für %(count)s Kommune gespeichert", "Für %(count)s Kommunen gespeichert", stored.stored
    )
    parts = [said % {"count": stored.stored}]
    if stored.own:
        own = ngettext(
            "%(count)s hat selbst geantwortet", "%(count)s haben selbst geantwortet", stored.own
        )
        parts.append(own % {"count": stored.own})
    if stored.others:
        others = _("für %(count)s hat schon jemand anderes geantwortet")
        parts.append(others % {"count": stored.others})
    return f"{'; '.join(parts)}."


@require_POST
@requires("forum.take_part", queries.get_concern, login=True)
def take_over(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Make all answers that were given for a municipality its own."""
    return _decide_on_answers(request, concern, services.take_over_answers, _taken_over)


@require_POST
@requires("forum.take_part", queries.get_concern, login=True)
def withdraw(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Take back all answers that were given for a municipality."""
    return _decide_on_answers(request, concern, services.withdraw_answers, _withdrawn)


def _taken_over(count: int) -> str:
    return ngettext("%(count)s Antwort übernommen.", "%(count)s Antworten übernommen.", count) % {
        "count": count
    }


def _withdrawn(count: int) -> str:
    return ngettext(
        "%(count)s Antwort zurückgezogen.", "%(count)s Antworten zurückgezogen.", count
    ) % {"count": count}


def _decide_on_answers(
    request: SignedInRequest,
    concern: Concern,
    decide: services.DecideOnAnswers,
    in_words: Callable[[int], str],
) -> HttpResponse:
    voices = queries.voices_of(user=request.user, concern=concern)
    whose = VoiceForm(request.POST, voices=voices)
    voice = whose.voice()
    participant = queries.participant_of(concern=concern, voice=voice)
    if whose.is_foreign or participant is None or voice.mandate is None:
        messages.warning(request, VoiceForm.NOT_YOURS)
    else:
        try:
            count = decide(actor=request.user, participant=participant, mandate=voice.mandate)
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, in_words(count))
    return see_other(f"{reverse('forum:own_votes', args=[concern.slug])}?als={voice.key}")
