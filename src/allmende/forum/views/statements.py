"""Writing statements, and deciding on those of others."""

from operator import attrgetter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.registry.models import Mandate

from .. import queries, services
from ..forms import DecisionForm, StatementForm, VoiceForm
from ..models import Concern, Draft, Participant, Statement, StatementState
from . import similar


@require_http_methods(["GET", "POST"])
@requires("forum.add_statement", queries.get_concern, login=True)
def add(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Write a statement."""
    voices = queries.voices_of(user=request.user, concern=concern, rights=queries.WRITES)
    whose = VoiceForm(request.POST or request.GET, voices=voices)
    voice = whose.voice()
    form = StatementForm(request.POST or None, concern=concern)
    if request.method == "POST" and whose.is_foreign:
        form.add_error("text", VoiceForm.NOT_YOURS)
    if request.method == "POST" and form.is_valid() and not similar.wants_back(request):
        if step := _step(request, form, concern, voice):
            return step
        author = services.join_concern(concern=concern, voice=voice)
        if added := _add(request, form, author, voice.mandate):
            return added
    return render(
        request,
        "forum/add_statement.html",
        {"form": form, "concern": concern, "voice": voice, "voices": voices},
    )


def _step(
    request: SignedInRequest, form: StatementForm, concern: Concern, voice: queries.Voice
) -> HttpResponse | None:
    """„Steht das schon da?“, where something similar does and was not yet shown."""
    text = form.cleaned_data["text"]
    if similar.was_seen(request, text):
        return None
    found = queries.similar_statements(concern=concern, text=text)
    context = {"form": form, "similar": found, "seen": text, "concern": concern, "voice": voice}
    return render(request, "forum/similar.html", context) if found else None


@require_http_methods(["GET", "POST"])
@requires("forum.change_draft", queries.get_drafted_statement, login=True)
def change_draft(request: SignedInRequest, draft: Draft) -> HttpResponse:
    """Write a drafted statement anew and submit it again."""
    mandate = queries.mandate_of(request.user, draft)
    form = StatementForm(request.POST or None, initial={"text": draft.text})
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = _add(request, form, draft.participant, mandate, instead_of=draft)
    return answer or render(
        request,
        "forum/add_statement.html",
        {"form": form, "concern": draft.concern, "draft": draft, "label": draft.organisation.name},
    )


def _add(
    request: SignedInRequest,
    form: StatementForm,
    author: Participant,
    mandate: Mandate | None,
    instead_of: Draft | None = None,
) -> HttpResponse | None:
    """Add what was typed; without an answer where that was not possible, and the form says why."""
    concern = author.concern
    try:
        added = services.add_statement(
            actor=request.user,
            concern=concern,
            author=author,
            mandate=mandate,
            instead_of=instead_of,
            **form.cleaned_data,
        )
    except services.Conflict as conflict:
        form.add_error("text", str(conflict))
        return None
    messages.success(request, _thanks(added))
    return see_other(reverse("forum:own_statements", args=[concern.slug]))


def _thanks(added: Statement | Draft) -> str:
    if isinstance(added, Draft):
        return _("Als Entwurf gespeichert. Ihre Aussage wartet auf Freigabe.")
    if added.state == StatementState.ACCEPTED:
        return _("Ihre Aussage steht zur Abstimmung.")
    return _("Danke. Ihre Aussage wird geprüft; hier sehen Sie, was daraus wird.")


@require_safe
@requires("forum.view_concern", queries.get_concern, login=True)
def own(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """What became of one's own statements, with the reasons."""
    statements = queries.statements_by(concern=concern, user=request.user)
    drafts = queries.statement_drafts(concern=concern, user=request.user)
    return render(
        request,
        "forum/own_statements.html",
        {"concern": concern, "statements": statements, "drafts": drafts},
    )


@require_safe
@requires("forum.moderate_concern", queries.get_concern, login=True)
def waiting(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Statements that wait for a decision, and those already decided on."""
    decided = concern.statements.exclude(state=StatementState.PENDING)
    return render(
        request,
        "forum/moderate.html",
        {
            "concern": concern,
            "statements": queries.statements_to_moderate(concern),
            "decided": decided.select_related("author__region").order_by("-pk")[:50],
        },
    )


@require_http_methods(["GET", "POST"])
@requires("forum.moderate_concern", queries.get_statement, about=attrgetter("concern"), login=True)
def decide(request: SignedInRequest, statement: Statement) -> HttpResponse:
    """Accept or reject a statement, or say that it is there already."""
    form = DecisionForm(request.POST or None, statement=statement)
    if request.method == "POST" and form.is_valid():
        owner = statement.concern.owner_id
        mandate = queries.mandate_for(request.user, owner, *queries.VOTES)
        try:
            services.decide_statement(
                actor=request.user, statement=statement, mandate=mandate, **form.cleaned_data
            )
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        return see_other(reverse("forum:moderate", args=[statement.concern.slug]))
    return render(
        request,
        "forum/decide.html",
        {"form": form, "concern": statement.concern, "statement": statement},
    )
