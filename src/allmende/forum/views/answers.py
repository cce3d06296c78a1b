"""The federal answer: what everybody reads, and how the ministry writes it."""

from operator import attrgetter

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.formats.answer import write_answer
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.registry.models import Mandate, Right
from allmende.registry.queries import acting_mandate, people_of

from .. import queries, services
from ..forms import PublishForm, SectionAnswerForm, SummaryForm, caught_up
from ..models import Answer, Concern, SealedSection, SectionAnswer


@require_safe
@requires("forum.view_answer", queries.get_answered_concern)
def answer(request: HttpRequest, concern: Concern) -> HttpResponse:
    """What becomes of each section; for the ministry's people what is still to be written."""
    state = queries.answer_state(concern)
    if rules.has_perm("forum.draft_answer", request.user, concern):
        return render(request, "forum/answer_draft.html", _draft_context(request, state))
    shown = {
        "concern": concern,
        "state": state,
        "published": bool(state.answer and state.answer.published_at),
        "history": list(tell(history_of(concern)[:10], reader=request.user)),
    }
    return render(request, "forum/federal_answer.html", shown)


def _draft_context(request: HttpRequest, state: queries.AnswerState) -> dict[str, object]:
    ministry = state.concern.ministry
    return {
        "concern": state.concern,
        "state": state,
        "may_publish": rules.has_perm("forum.publish_answer", request.user, state.concern),
        "publishers": people_of(ministry).filter(may_release=True) if ministry else [],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires(
    "forum.draft_answer",
    queries.get_section_to_answer,
    about=attrgetter("position.concern"),
    login=True,
)
def section(request: SignedInRequest, section: SealedSection) -> HttpResponse:
    """Say what becomes of one section."""
    there = SectionAnswer.objects.filter(section=section).select_related("changed_by").first()
    form = SectionAnswerForm(request.POST or None, initial=SectionAnswerForm.values_of(there))
    shown: dict[str, object] = {}
    if block := request.POST.get("baustein"):
        form = _with_block(form, section, block)
    elif request.method == "POST" and form.is_valid():
        try:
            _answer_section(request, section, form)
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"] = overtaken.there
            caught_up(form, overtaken.there.edition if overtaken.there else "")
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
            return see_other(_page(section.position.concern))
        else:
            return see_other(_after(request, section))
    state = queries.answer_state(section.position.concern)
    shown |= {
        "concern": section.position.concern,
        "section": section,
        "form": form,
        "state": state,
        "there": there,
        "commitments": next(r.commitments for r in state.rows if r.section.pk == section.pk),
        "words": queries.words_on(section),
        "boilerplates": queries.boilerplates_of(section.position.concern.ministry),
        "before": section.number - 1,
        "after": section.number + 1 if section.number < len(state.rows) else 0,
    }
    status = 409 if "meanwhile" in shown else 200
    return render(request, "forum/answer_section.html", shown, status=status)


def _with_block(form: SectionAnswerForm, section: SealedSection, key: str) -> SectionAnswerForm:
    """What was typed, with one of the ministry's text blocks behind it."""
    blocks = queries.boilerplates_of(section.position.concern.ministry)
    text = next((block.text for block in blocks if str(block.pk) == key), "")
    return form.with_block(text) if text else form


def _answer_section(
    request: SignedInRequest, section: SealedSection, form: SectionAnswerForm
) -> None:
    services.answer_section(
        actor=request.user,
        mandate=mandate_in(request, section.position.concern),
        section=section,
        disposition=form.cleaned_data["was"],
        reason=form.cleaned_data["begruendung"],
        seen=form.cleaned_data["seen"],
    )


def _after(request: SignedInRequest, section: SealedSection) -> str:
    """Where saving a section leads: to a commitment, to the next open section, or to the overview."""
    concern = section.position.concern
    if "zusage" in request.POST:
        return reverse("forum:add_commitment", args=[concern.slug, section.number])
    numbers = [each.number for each in queries.answer_state(concern).open]
    later = [number for number in numbers if number > section.number] or numbers
    messages.success(request, _("Gespeichert. Noch sieht das nur Ihr Ministerium."))
    if later:
        return reverse("forum:answer_section", args=[concern.slug, later[0]])
    return _page(concern)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.draft_answer", queries.get_answered_concern, login=True)
def summary(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Say the whole answer in three sentences."""
    there = Answer.objects.filter(concern=concern).first() or Answer()
    before = {"kurzfassung": there.summary, "seen": there.edition}
    form = SummaryForm(request.POST or None, initial=before)
    shown: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        try:
            services.write_summary(
                actor=request.user,
                mandate=mandate_in(request, concern),
                concern=concern,
                summary=form.cleaned_data["kurzfassung"],
                seen=form.cleaned_data["seen"],
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"] = overtaken.there
            caught_up(form, overtaken.there.edition)
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
            return see_other(_page(concern))
        else:
            return see_other(_page(concern))
    shown |= {"concern": concern, "form": form, "state": queries.answer_state(concern)}
    status = 409 if "meanwhile" in shown else 200
    return render(request, "forum/answer_summary.html", shown, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.publish_answer", queries.get_answered_concern, login=True)
def publish(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Show the answer as everybody will read it, and publish it."""
    if request.method == "POST" and (form := PublishForm(request.POST)).is_valid():
        try:
            services.publish_answer(
                actor=request.user,
                mandate=mandate_in(request, concern, Right.RELEASE),
                concern=concern,
                seen=form.cleaned_data["seen"],
            )
        except services.Overtaken as overtaken:
            messages.warning(request, str(overtaken))
            return see_other(reverse("forum:publish_answer", args=[concern.slug]))
        except services.Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            done = _("Die Antwort ist veröffentlicht. Alle, die beteiligt waren, erfahren davon.")
            messages.success(request, done)
        return see_other(_page(concern))
    state = queries.answer_state(concern)
    return render(request, "forum/answer_publish.html", {"concern": concern, "state": state})


@require_safe
@requires("forum.read_answer", queries.get_answered_concern)
def as_pdf(request: HttpRequest, concern: Concern) -> HttpResponse:
    """The answer as a tagged PDF."""
    return HttpResponse(
        write_answer(_document(request, concern)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="antwort-{concern.slug}.pdf"'},
    )


@require_safe
@requires("forum.read_answer", queries.get_answered_concern)
def as_json(request: HttpRequest, concern: Concern) -> JsonResponse:
    """The answer for machines: docs/reference/answer-json.md."""
    return JsonResponse(
        _document(request, concern),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": f'attachment; filename="antwort-{concern.slug}.json"'},
    )


def _document(request: HttpRequest, concern: Concern) -> dict[str, object]:
    state = queries.answer_state(concern)
    if state.answer is None or state.answer.published_at is None:
        raise Http404
    return queries.answer_document(state, absolute=request.build_absolute_uri)


def mandate_in(request: SignedInRequest, concern: Concern, *rights: Right) -> Mandate:
    """In which mandate she works on the answer; the rule has been asked before."""
    if concern.ministry and (
        found := acting_mandate(request.user, concern.ministry, *(rights or queries.WRITES))
    ):
        return found
    raise Http404


def _page(concern: Concern) -> str:
    return reverse("forum:federal_answer", args=[concern.slug])
