"""The joint position: its draft, who writes it, and its sealing."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.registry.models import Mandate, Organisation

from .. import queries, services
from ..forms import SealForm
from ..models import Concern, ConcernState
from .editions import show_edition

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_MATCHES = 20


def acting_mandate(user: "User", concern: Concern) -> Mandate | None:
    """In which mandate somebody writes the position; none for an operator where nobody owns it."""
    return next(iter(queries.writing_mandates(user, concern)), None)


@require_safe
@requires("forum.view_position", queries.get_position)
def position(request: HttpRequest, concern: Concern) -> HttpResponse:
    """The newest sealed edition, or the draft as long as there is none."""
    newest = queries.editions_of(concern).first()
    if newest is None:
        return _show_draft(request, concern)
    return show_edition(request, queries.get_edition(concern.slug, newest.number))


@require_safe
@requires("forum.view_position", queries.get_position)
def draft(request: HttpRequest, concern: Concern) -> HttpResponse:
    """The draft, with the tools of those who write it."""
    return _show_draft(request, concern)


def _show_draft(request: HttpRequest, concern: Concern) -> HttpResponse:
    may_write = request.user.has_perm("forum.write_position", concern)
    rows = queries.draft_rows(concern)
    return render(
        request,
        "forum/position_draft.html",
        {
            "concern": concern,
            "here": _("Gemeinsame Position"),
            "rows": rows,
            "may_write": may_write,
            "removed": queries.draft_rows(concern, removed=True) if may_write else [],
            "to_take": services.statements_to_take(concern) if may_write else 0,
            "editions": queries.editions_of(concern),
        },
    )


@require_POST
@requires("forum.write_position", queries.get_position, login=True)
def fill(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Make sections of the statements that unite."""
    mandate = acting_mandate(request.user, concern)
    try:
        made = services.draft_sections(actor=request.user, mandate=mandate, concern=concern)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        text = ngettext(
            "Ein Abschnitt ist angelegt. Bitte geben Sie ihm eine Überschrift und Worte, die alle tragen.",
            "%(count)s Abschnitte sind angelegt. Bitte geben Sie ihnen Überschriften und Worte, die alle "
            "tragen.",
            len(made),
        )
        messages.success(request, text % {"count": len(made)})
    return see_other(reverse("forum:position_draft", args=[concern.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.choose_rapporteurs", queries.get_position, login=True)
def rapporteurs(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Which organisations write the position with its owner."""
    if request.method == "POST":
        _choose(request, concern)
        return see_other(reverse("forum:rapporteurs", args=[concern.slug]))
    words = request.GET.get("q", "").strip()[:100]
    return render(
        request,
        "forum/rapporteurs.html",
        {
            "concern": concern,
            "words": words,
            "chosen": concern.rapporteurs.select_related("region"),
            "found": queries.possible_rapporteurs(concern, words)[:MOST_MATCHES] if words else [],
        },
    )


def _choose(request: SignedInRequest, concern: Concern) -> None:
    """Add or remove the organisation that the form names."""
    adds = "aufnehmen" in request.POST
    slug = request.POST.get("aufnehmen") or request.POST.get("entfernen") or ""
    among = queries.possible_rapporteurs(concern, "") if adds else concern.rapporteurs.all()
    organisation: Organisation | None = among.filter(slug=slug).first()
    if organisation is None:
        messages.warning(request, _("Diese Auswahl gilt nicht mehr. Hier ist der neue Stand."))
        return
    change = services.add_rapporteur if adds else services.remove_rapporteur
    mandate = queries.mandate_for(request.user, concern.owner_id, *queries.VOTES)
    try:
        change(actor=request.user, mandate=mandate, concern=concern, organisation=organisation)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
        return
    done = _("%(name)s schreibt jetzt mit.") if adds else _("%(name)s schreibt nicht mehr mit.")
    messages.success(request, done % {"name": organisation})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.seal_position", queries.get_position, login=True)
def seal(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Seal the draft; asks first, and shows all that will be sealed."""
    mandate = next(iter(queries.sealing_mandates(request.user, concern)), None)
    if mandate is None and concern.owner_id is not None:  # the rule has been asked
        raise Http404
    form = SealForm(request.POST or None)
    overtaken = False
    if request.method == "POST" and form.is_valid():
        try:
            sealed = services.seal_position(
                actor=request.user,
                mandate=mandate,
                concern=concern,
                seen=form.cleaned_data["seen"],
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
            overtaken = isinstance(conflict, services.Overtaken)
        else:
            done = (
                _("Fassung %(number)s ist versiegelt und liegt jetzt beim Ministerium.")
                if concern.state == ConcernState.SENT
                else _("Fassung %(number)s ist versiegelt.")
            )
            messages.success(request, done % {"number": sealed.number})
            return see_other(reverse("forum:position", args=[concern.slug]))
    rows = queries.draft_rows(concern)
    shown = {
        "concern": concern,
        "form": form,
        "rows": rows,
        "edition": queries.edition_of(rows),
        "last": queries.editions_of(concern).first(),
    }
    return render(request, "forum/seal_position.html", shown, status=409 if overtaken else 200)
