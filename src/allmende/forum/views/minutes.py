"""Minutes: written while a sitting runs, read by everybody once they are closed."""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from allmende.portal.access import PageRequest, SignedInRequest, requires, see_other
from allmende.registry.models import Mandate

from ..forms.minutes import AddendumForm, MinutesForm, PromiseForm
from ..forms.sittings import MemberSearchForm
from ..models import AgendaItem, Presence, Sitting, SittingState
from ..queries import sittings as queries
from ..services import Conflict, Overtaken, make_commitment
from ..services import sittings as services

PAGE_SIZE = 100


@require_safe
@requires("forum.view_minutes", queries.get_sitting)
def minutes(request: PageRequest, sitting: Sitting) -> HttpResponse:
    """The minutes: while the sitting runs, the page asks for what is new by itself."""
    shown = queries.minutes_of(sitting)
    stand = _stand(shown)
    if request.htmx and request.GET.get("stand") == stand:
        return HttpResponse(status=204)  # nothing is new: nothing is put in, no focus is lost
    runs = queries.running_mandate(request.user, sitting.series) is not None
    keeping = queries.keeping_mandate(request.user, sitting.series) is not None
    context = {
        "sitting": sitting,
        "shown": shown,
        "stand": stand,
        "is_running": sitting.state == SittingState.RUNNING,
        "may_write": keeping and sitting.state == SittingState.RUNNING,
        "may_close": runs,
        "may_promise": runs,
        "next": queries.upcoming_of(sitting.series),
    }
    part = "forum/sittings/_minutes.html" if request.htmx else "forum/sittings/minutes.html"
    return render(request, part, context)


def _stand(shown: "queries.Minutes") -> str:
    """Another one whenever something in the minutes is another."""
    items = [(item.pk, item.edition, item.place, item.title) for item in shown.items]
    promises = [len(item.commitments.all()) for item in shown.items]
    said = (shown.sitting.state, items, promises, shown.present, len(shown.addenda))
    return sha256(repr(said).encode()).hexdigest()[:16]


@require_safe
@requires("forum.view_closed_minutes", queries.get_sitting)
def pdf(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """Closed minutes as a tagged PDF."""
    return HttpResponse(
        services.write_pdf(sitting),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="protokoll-{sitting.starts_at:%Y-%m-%d}.pdf"'
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.write_minutes", queries.get_item, login=True)
def write(request: SignedInRequest, item: AgendaItem) -> HttpResponse:
    """Write what was said and decided on one point; several may do so at once."""
    form = MinutesForm(request.POST or None, initial=MinutesForm.values_of(item))
    shown: dict[str, Any] = {"form": form, "item": item, "sitting": item.sitting}
    shown |= queries.neighbours_of(item)
    status = 200
    if request.method == "POST" and form.is_valid():
        mandate = _keeping(request, item.sitting)
        try:
            services.write_minutes(
                actor=request.user, mandate=mandate, item=item, **form.cleaned_data
            )
        except Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"], status = form.catch_up(overtaken.there), 409
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            if request.htmx:
                return render(request, "forum/sittings/_saved.html", shown)
            return see_other(_after(request, item, shown))
    if request.htmx:  # the form itself takes the place of the note that it was saved
        page = render(request, "forum/sittings/_write.html", shown)
        page.headers["HX-Retarget"], page.headers["HX-Reswap"] = "#schreiben", "outerHTML"
        return page
    return render(request, "forum/sittings/write.html", shown, status=status)


def _after(request: SignedInRequest, item: AgendaItem, shown: dict[str, Any]) -> str:
    """Where to go once it is saved: to the next point if that was the button, else to all."""
    if request.POST.get("dann") == "weiter" and shown["next_item"]:
        return reverse("sittings:write", args=[shown["next_item"].pk])
    return f"{reverse('sittings:minutes', args=[item.sitting_id])}#punkt-{item.pk}"


def _keeping(request: SignedInRequest, sitting: Sitting) -> Mandate:
    mandate = queries.keeping_mandate(request.user, sitting.series)
    if mandate is None:  # the rule has been asked; nothing else may lead here
        raise Http404
    return mandate


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.make_promise", queries.get_item, login=True)
def promise(request: SignedInRequest, item: AgendaItem) -> HttpResponse:
    """Make a commitment of a decision."""
    sitting = item.sitting
    form = PromiseForm(
        request.POST or None,
        organisations=queries.who_may_promise(sitting),
        initial={"what": item.decision[:300]},
    )
    if request.method == "POST" and form.is_valid():
        mandate = queries.running_mandate(request.user, sitting.series)
        try:
            make_commitment(actor=request.user, mandate=mandate, decision=item, **form.cleaned_data)
        except Conflict as conflict:
            form.add_error("due_on", str(conflict))
        else:
            messages.success(request, _("Die Zusage steht beim Beschluss und wird verfolgt."))
            return see_other(f"{reverse('sittings:minutes', args=[sitting.pk])}#punkt-{item.pk}")
    context = {"form": form, "item": item, "sitting": sitting}
    return render(request, "forum/sittings/promise.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.keep_minutes", queries.get_sitting, login=True)
def attendance(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Tick who is there."""
    here = reverse("sittings:attendance", args=[sitting.pk])
    if request.method == "POST":
        ticked, before = (
            {int(key[:18]) for key in request.POST.getlist(name) if key.isdecimal()}
            for name in ("da", "war")
        )
        try:
            services.note_attendance(
                actor=request.user,
                mandate=_keeping(request, sitting),
                sitting=sitting,
                came=ticked - before,
                left=before - ticked,
            )
        except Conflict as conflict:
            messages.warning(request, str(conflict))
        else:
            messages.success(request, _("Die Anwesenheit ist gespeichert."))
        return see_other(here)
    form = MemberSearchForm(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = Paginator(queries.guests_of(sitting, words), PAGE_SIZE)
    return render(
        request,
        "forum/sittings/attendance.html",
        {
            "sitting": sitting,
            "form": form,
            "words": words,
            "page": page.get_page(request.GET.get("seite")),
            "present": sitting.attendances.filter(presence=Presence.PRESENT).count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.close_minutes", queries.get_sitting, login=True)
def close(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Publish the minutes; asks first."""
    if request.method == "POST":
        mandate = queries.running_mandate(request.user, sitting.series)
        if mandate is None:
            raise Http404
        try:
            services.close_minutes(actor=request.user, mandate=mandate, sitting=sitting)
        except Conflict as conflict:
            messages.warning(request, str(conflict))
            return see_other(reverse("sittings:close_minutes", args=[sitting.pk]))
        messages.success(request, _("Das Protokoll ist geschlossen und öffentlich."))
        return see_other(reverse("sittings:minutes", args=[sitting.pk]))
    shown = queries.minutes_of(sitting)
    empty = [item for item in shown.items if not item.minutes and not item.decision]
    context = {"sitting": sitting, "shown": shown, "empty": empty}
    return render(request, "forum/sittings/close.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.add_addendum", queries.get_sitting, login=True)
def addendum(request: SignedInRequest, sitting: Sitting) -> HttpResponse:
    """Add something to closed minutes."""
    form = AddendumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        mandate = queries.running_mandate(request.user, sitting.series)
        if mandate is None:
            raise Http404
        services.add_addendum(
            actor=request.user, mandate=mandate, sitting=sitting, text=form.cleaned_data["text"]
        )
        messages.success(request, _("Der Nachtrag steht unter dem Protokoll."))
        return see_other(f"{reverse('sittings:minutes', args=[sitting.pk])}#nachtraege")
    return render(request, "forum/sittings/addendum.html", {"form": form, "sitting": sitting})
