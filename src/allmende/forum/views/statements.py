"""Writing statements, and deciding on those of others."""

from operator import attrgetter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import DecisionForm, StatementForm, VoiceForm
from ..models import Concern, Statement, StatementState


@require_http_methods(["GET", "POST"])
@requires("forum.add_statement", queries.get_concern, login=True)
def add(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Write a statement."""
    voices = queries.voices_of(user=request.user, concern=concern)
    whose = VoiceForm(request.POST or request.GET, voices=voices)
    voice = whose.voice()
    form = StatementForm(request.POST or None)
    if request.method == "POST" and whose.is_foreign:
        form.add_error("text", VoiceForm.NOT_YOURS)
    if request.method == "POST" and form.is_valid():
        author = services.join_concern(concern=concern, voice=voice)
        try:
            statement = services.add_statement(
                actor=request.user, concern=concern, author=author, **form.cleaned_data
            )
        except services.Conflict as conflict:
            form.add_error("text", str(conflict))
        else:
            messages.success(request, _thanks(statement))
            return see_other(reverse("forum:own_statements", args=[concern.slug]))
    return render(
        request,
        "forum/add_statement.html",
        {"form": form, "concern": concern, "voice": voice, "voices": voices},
    )


def _thanks(statement: Statement) -> str:
    if statement.state == StatementState.ACCEPTED:
        return "Ihre Aussage steht zur Abstimmung."
    return "Danke. Ihre Aussage wird geprüft; hier sehen Sie, was daraus wird."


@require_safe
@requires("forum.view_concern", queries.get_concern, login=True)
def own(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """What became of one's own statements, with the reasons."""
    statements = queries.statements_by(concern=concern, user=request.user)
    return render(
        request, "forum/own_statements.html", {"concern": concern, "statements": statements}
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
        try:
            services.decide_statement(actor=request.user, statement=statement, **form.cleaned_data)
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        return see_other(reverse("forum:moderate", args=[statement.concern.slug]))
    return render(
        request,
        "forum/decide.html",
        {"form": form, "concern": statement.concern, "statement": statement},
    )
