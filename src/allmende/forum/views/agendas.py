"""The agenda of a sitting: its host orders it, members propose points."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, posted_number, requires, see_other

from ..forms.minutes import DecideForm, ItemForm, ProposeForm
from ..models import AgendaItem, Concern, Sitting
from ..queries import sittings as queries
from ..services import Conflict
from ..services import sittings as services


@require_safe
@requires("forum.change_agenda", queries.get_sitting, login=True)
def agenda(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Order the agenda, decide on proposals, find concerns."""
    return _show(request, sitting, ItemForm())


def _show(
    request: SignedInRequest, sitting: Sitting, form: ItemForm, *, status: int = 200
) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    return render(
        request,
        "forum/sittings/agenda.html",
        {
            "sitting": sitting,
            "form": form,
            "agenda": list(queries.agenda_of(sitting)),
            "proposals": list(queries.proposals_of(sitting)),
            "candidates": queries.candidates_for(sitting),
            "words": words,
            "found": queries.search_concerns(sitting, words) if words else [],
        },
        status=status,
    )


@require_POST
@requires("forum.change_agenda", queries.get_sitting, login=True)
def add(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Put a concern (``concern``) or a free point (``title``) on the agenda."""
    concern = _concern(request.POST.get("concern", ""))
    form = ItemForm(request.POST)
    if concern is None and not form.is_valid():
        return _show(request, sitting, form)
    try:
        services.add_item(
            actor=request.user,
            mandate=queries.running_mandate(request.user, sitting.series),
            sitting=sitting,
            title="" if concern else form.cleaned_data["title"],
            concern=concern,
        )
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return _back(sitting)


def _concern(slug: str) -> Concern | None:
    return queries.public_concerns().filter(slug=slug).first() if slug else None


def _back(sitting: Sitting) -> HttpResponse:
    return see_other(reverse("sittings:agenda", args=[sitting.pk]))


@require_POST
@requires("forum.change_agenda", queries.get_item, login=True)
def move(request: SignedInRequest, item: AgendaItem) -> HttpResponse:
    """Move a point up or down."""
    mandate = queries.running_mandate(request.user, item.sitting.series)
    try:
        services.move_item(
            actor=request.user,
            mandate=mandate,
            item=item,
            seen=posted_number(request, "platz"),
            up=request.POST.get("up") == "1",
        )
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(f"{reverse('sittings:agenda', args=[item.sitting_id])}#punkt-{item.pk}")


@require_POST
@requires("forum.change_agenda", queries.get_item, login=True)
def remove(request: SignedInRequest, item: AgendaItem) -> HttpResponse:
    """Take a point off the agenda."""
    mandate = queries.running_mandate(request.user, item.sitting.series)
    try:
        services.remove_item(actor=request.user, mandate=mandate, item=item)
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return _back(item.sitting)


@require_POST
@requires("forum.change_agenda", queries.get_item, login=True)
def decide(request: SignedInRequest, item: AgendaItem) -> HttpResponse:
    """Take a proposal onto the agenda, or say why not."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.warning(request, " ".join(str(error) for error in errors))
        return _back(item.sitting)
    mandate = queries.running_mandate(request.user, item.sitting.series)
    try:
        services.decide_item(
            actor=request.user,
            mandate=mandate,
            item=item,
            accept=form.cleaned_data["accept"] == "ja",
            reason=form.cleaned_data["reason"],
        )
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    return _back(item.sitting)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.propose_item", queries.get_sitting, login=True)
def propose(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Propose a point for the agenda in a member's name."""
    mandates = {
        mandate.organisation_id: mandate
        for mandate in queries.proposing_mandates(request.user, sitting.series)
    }
    form = ProposeForm(
        request.POST or None,
        organisations=[mandate.organisation for mandate in mandates.values()],
        concerns=queries.concerns_to_propose(sitting),
    )
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        mandate = mandates.get(typed.pop("organisation").pk)
        if mandate is None:
            raise Http404
        try:
            services.propose_item(actor=request.user, mandate=mandate, sitting=sitting, **typed)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Vorgeschlagen. Sie hören, wie entschieden wird."))
            return see_other(sitting.get_absolute_url())
    return render(request, "forum/sittings/propose.html", {"form": form, "sitting": sitting})
