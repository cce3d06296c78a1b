"""The list of concerns, and one concern from its draft to its end."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.portal.access import SignedInRequest, public, requires, see_other
from allmende.portal.tables import csv_response, moment
from allmende.registry.models import Region, RegionQuerySet, Right

from .. import queries, services
from ..forms import ChangeConcernForm, CloseForm, ConcernFilterForm, ConcernForm
from ..models import Concern, ConcernQuerySet, ConcernState, Draft
from ..queries.sittings import sittings_about
from . import similar

PAGE_SIZE = 20


@require_safe
@public
def concern_list(request: HttpRequest) -> HttpResponse:
    """All concerns that this person may see."""
    form = ConcernFilterForm(request.GET)
    page = Paginator(_filtered(request, form), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "forum/concerns.html", {"form": form, "page": page})


@require_safe
@public
def concern_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    concerns = _filtered(request, ConcernFilterForm(request.GET))
    return csv_response(
        "anliegen.csv",
        [
            _("Frage"),
            _("Themenfeld"),
            _("Eingebracht von"),
            _("Stand"),
            _("Frist"),
            _("Kommunen"),
            _("Aussagen"),
            _("Beiträge"),
            _("Beispieldaten"),
            _("Adresse"),
        ],
        (
            [
                concern.question,
                concern.get_topic_display(),
                concern.owner or "",
                concern.stands,
                moment(concern.deadline),
                concern.municipalities,
                concern.statement_count,
                concern.contribution_count,
                "ja" if concern.is_example else "nein",
                request.build_absolute_uri(concern.get_absolute_url()),
            ]
            for concern in concerns
        ),
    )


def _filtered(request: HttpRequest, form: ConcernFilterForm) -> ConcernQuerySet:
    concerns = queries.with_counts(queries.visible_concerns(request.user))
    wishes = form.cleaned_data if form.is_valid() else {}
    if words := wishes.get("q"):
        concerns = concerns.filter(question__icontains=words)
    if topic := wishes.get("thema"):
        concerns = concerns.filter(topic=topic)
    standing = wishes.get("stand")
    if standing == "offen":
        concerns = concerns.open()
    elif standing == "beendet":
        concerns = concerns.ended()
    elif standing == "ueberfaellig":
        concerns = concerns.overdue()
    elif standing:
        concerns = concerns.filter(state=standing)
    order = {"frist": "deadline", "kommunen": "-municipalities"}.get(wishes.get("sortierung", ""))
    return concerns.order_by(order, "-pk") if order else concerns


@require_safe
@requires("forum.view_concern", queries.get_concern)
def concern(request: HttpRequest, concern: Concern) -> HttpResponse:
    """One concern: its question, where it is on its way, and what a person can do now."""
    voices = queries.voices_of(user=request.user, concern=concern)
    participant = queries.participant_of(concern=concern, voice=voices[0]) if voices else None
    is_draft = concern.state == ConcernState.DRAFT
    owning = queries.mandate_for(request.user, concern.owner_id, *queries.WRITES)
    return render(
        request,
        "forum/concern.html",
        {
            "concern": queries.with_counts(
                Concern.objects.select_related("owner", "ministry", "merged_into", "extension")
            ).get(pk=concern.pk),
            "voice": voices[0] if voices else None,
            "progress": queries.progress_of(concern=concern, participant=participant),
            "needs_release": owning and queries.needs_release(request.user, owning),
            "opening": queries.draft_to_open(concern) if is_draft else None,
            "statements": queries.first_statements(concern),
            "meetings": sittings_about(concern),
            "history": list(tell(history_of(concern)[:20], reader=request.user)),
        },
    )


def _own_municipalities(request: SignedInRequest) -> RegionQuerySet:
    """The municipalities for which a person may bring in a concern."""
    own = queries.municipalities_of(request.user, Right.CONTRIBUTE)
    return Region.objects.filter(pk__in=[region.pk for region in own])


@require_http_methods(["GET", "POST"])
@requires("forum.add_concern", login=True)
def draft(request: SignedInRequest) -> HttpResponse:
    """Write a new concern."""
    form = ConcernForm(request.POST or None, owners=_own_municipalities(request))
    if request.method == "POST" and form.is_valid() and not similar.wants_back(request):
        if step := _step(request, form):
            return step
        owner = form.cleaned_data["owner"]
        concern = services.draft_concern(
            actor=request.user,
            mandate=queries.mandate_for(request.user, owner.pk, Right.CONTRIBUTE),
            **form.cleaned_data,
        )
        messages.success(request, _("Gespeichert. Noch sieht das Anliegen nur Ihre Kommune."))
        return see_other(concern.get_absolute_url())
    return render(request, "forum/edit.html", {"form": form})


def _step(request: SignedInRequest, form: ConcernForm) -> HttpResponse | None:
    """„Gibt es das schon?“, where something similar does and was not yet shown."""
    question = form.cleaned_data["question"]
    if similar.was_seen(request, question):
        return None
    found = queries.similar_concerns(user=request.user, question=question)
    context = {"form": form, "similar": found, "seen": question}
    return render(request, "forum/similar.html", context) if found else None


@require_http_methods(["GET", "POST"])
@requires("forum.edit_concern", queries.get_concern, login=True)
def change(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Change a draft; what somebody else has changed meanwhile is shown beside what was typed."""
    form = ChangeConcernForm(
        request.POST or None,
        owners=_own_municipalities(request),
        initial=ChangeConcernForm.values_of(concern),
    )
    shown: dict[str, object] = {"form": form, "concern": concern}
    if request.method == "POST" and form.is_valid():
        mandate = queries.mandate_for(request.user, concern.owner_id, Right.CONTRIBUTE)
        try:
            services.change_concern(
                actor=request.user, concern=concern, mandate=mandate, **form.cleaned_data
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"] = form.catch_up(concern)
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            return see_other(concern.get_absolute_url())
    return render(request, "forum/edit.html", shown, status=409 if "meanwhile" in shown else 200)


@require_POST
@requires("forum.open_concern", queries.get_concern, login=True)
def open_(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Let statements and votes in, or ask whoever may release for it."""
    mandate = queries.mandate_for(request.user, concern.owner_id, *queries.WRITES)
    assert mandate is not None  # noqa: S101  the rule has asked for it
    try:
        opened = services.open_concern(actor=request.user, concern=concern, mandate=mandate)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        done = _("Das Anliegen ist offen. Alle Kommunen können jetzt abstimmen.")
        asked = _("Gespeichert. Das Anliegen öffnet sich, sobald es freigegeben ist.")
        messages.success(request, asked if isinstance(opened, Draft) else done)
    return see_other(concern.get_absolute_url())


@require_http_methods(["GET", "POST"])
@requires("forum.close_concern", queries.get_concern, login=True)
def close(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """End the voting before its deadline, with a reason."""
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        mandate = queries.mandate_for(request.user, concern.owner_id, *queries.VOTES)
        try:
            services.close_concern(
                actor=request.user, concern=concern, mandate=mandate, **form.cleaned_data
            )
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        return see_other(reverse("forum:concern", args=[concern.slug]))
    return render(request, "forum/close.html", {"form": form, "concern": concern})
