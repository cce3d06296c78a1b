"""Four eyes: releasing what staff has drafted, returning it, taking it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.templatetags.portal import number
from allmende.registry.models import Mandate, Right

from .. import queries, services
from ..forms import ReleaseForm, VoiceForm
from ..models import Concern, Draft, DraftKind

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@requires("forum.release_drafts", queries.get_concern, login=True)
def release(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """What waits for one's release in a concern; release or return some of it or all."""
    voices = queries.official_voices(user=request.user, concern=concern, rights=(Right.RELEASE,))
    whose = VoiceForm(request.POST or request.GET, voices=voices)
    voice = whose.voice()
    mandate = voice.mandate
    if mandate is None or (request.method == "POST" and whose.is_foreign):
        raise Http404
    of_organisation = concern.drafts.filter(organisation=mandate.organisation_id)
    form = ReleaseForm(request.POST or None, drafts=of_organisation)
    if request.method == "POST" and form.is_valid():
        _decide(request, concern, mandate, form)
        return see_other(f"{reverse('forum:release', args=[concern.slug])}?als={voice.key}")
    drafts = queries.drafts_to_release(concern=concern, mandate=mandate)
    page = Paginator(drafts, PAGE_SIZE).get_page(request.GET.get("seite"))
    ticked = set(request.POST.getlist("drafts"))
    return render(
        request,
        "forum/release.html",
        {
            "concern": concern,
            "form": form,
            "voice": voice,
            "voices": voices,
            "page": page,
            "rows": [(draft, str(draft.pk) in ticked) for draft in page],
        },
    )


def _decide(
    request: SignedInRequest, concern: Concern, mandate: Mandate, form: ReleaseForm
) -> None:
    """Carry out what the form says, and say what became of it."""
    typed, drafts = form.cleaned_data, form.cleaned_data["drafts"]
    returns = typed["decision"] == "return"
    try:
        if returns:
            decided = services.return_drafts(
                actor=request.user,
                concern=concern,
                drafts=drafts,
                reason=typed["reason"],
                mandate=mandate,
            )
        else:
            decided = services.release_drafts(
                actor=request.user, concern=concern, drafts=drafts, mandate=mandate
            )
    except services.Conflict as conflict:
        messages.warning(request, f"{_('Nichts wurde geändert.')} {conflict}")
        return
    messages.success(request, _returned(decided.done) if returns else _released(decided.done))
    for sentence, count in decided.left:
        left = _not_returned(count) if returns else _not_released(count)
        messages.warning(request, f"{left} {sentence}")


def _released(count: int) -> str:
    return ngettext("%(count)s Entwurf freigegeben.", "%(count)s Entwürfe freigegeben.", count) % {
        "count": number(count)
    }


def _returned(count: int) -> str:
    return ngettext(
        "%(count)s Entwurf zurückgegeben.", "%(count)s Entwürfe zurückgegeben.", count
    ) % {"count": number(count)}


def _not_released(count: int) -> str:
    return ngettext(
        "%(count)s Entwurf nicht freigegeben:", "%(count)s Entwürfe nicht freigegeben:", count
    ) % {"count": number(count)}


def _not_returned(count: int) -> str:
    return ngettext(
        "%(count)s Entwurf nicht zurückgegeben:", "%(count)s Entwürfe nicht zurückgegeben:", count
    ) % {"count": number(count)}


@require_POST
@requires("forum.change_draft", queries.get_draft, login=True)
def withdraw(request: SignedInRequest, draft: Draft) -> HttpResponse:
    """Take a draft back."""
    mandate = queries.mandate_of(request.user, draft)
    assert mandate is not None  # noqa: S101  the rule has asked for it
    try:
        services.withdraw_draft(actor=request.user, draft=draft, mandate=mandate)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Der Entwurf ist zurückgezogen."))
    page = {DraftKind.VOTE: "own_votes", DraftKind.STATEMENT: "own_statements"}
    name = page.get(DraftKind(draft.kind), "concern")
    return see_other(reverse(f"forum:{name}", args=[draft.concern.slug]))
