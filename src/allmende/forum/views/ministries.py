"""Who answers a concern: its ministry, and the person in charge there."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.registry.models import Mandate

from .. import queries, services
from ..forms import MinistryForm, OfficialForm
from ..models import Concern


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.set_ministry", queries.get_concern, login=True)
def ministry(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Say which ministry answers; the one that should, hands it over to another one."""
    handing_over = queries.receiving_mandate(request.user, concern)
    others = queries.ministries(is_example=concern.is_example).exclude(pk=concern.ministry_id or 0)
    form = MinistryForm(request.POST or None, ministries=others)
    if request.method == "POST" and form.is_valid():
        try:
            done = _choose(request, concern, form, handing_over)
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, done)
            return see_other(concern.get_absolute_url())
    context = {
        "concern": concern,
        "form": form,
        "handing_over": handing_over,
        "choices": others.exists(),
    }
    return render(request, "forum/ministry.html", context)


def _choose(
    request: SignedInRequest, concern: Concern, form: MinistryForm, handing_over: Mandate | None
) -> str:
    """Do what the form says; returns what was done."""
    chosen, reason = form.cleaned_data["ministerium"], form.cleaned_data["begruendung"]
    if handing_over is not None:
        services.hand_over_concern(
            actor=request.user,
            mandate=handing_over,
            concern=concern,
            ministry=chosen,
            reason=reason,
        )
        return _("Abgegeben an: %(ministry)s. Beide Häuser erfahren davon.") % {"ministry": chosen}
    sent = services.set_ministry(
        actor=request.user,
        mandate=queries.rapporteur_mandate(request.user, concern),
        concern=concern,
        ministry=chosen,
        reason=reason,
    )
    if sent:
        return _("Das Anliegen ist jetzt unterwegs an: %(ministry)s.") % {"ministry": chosen}
    return _("Zuständig ist jetzt: %(ministry)s.") % {"ministry": chosen}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.assign_official", queries.get_concern, login=True)
def official(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Take a concern on, or give it to a colleague."""
    mandate = queries.receiving_mandate(request.user, concern)
    if mandate is None or concern.ministry is None:  # the rule has been asked
        raise Http404
    in_charge = queries.official_of(concern)
    form = OfficialForm(
        request.POST or None,
        officials=queries.officials_of(concern.ministry),
        me=request.user.pk,
        initial={
            "person": str(in_charge.pk if in_charge else request.user.pk),
            "seen": concern.official_id,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.assign_official(
                actor=request.user,
                mandate=mandate,
                concern=concern,
                official=form.cleaned_data["person"],
                seen=form.cleaned_data["seen"],
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
            form.data = dict(form.data.items()) | {"seen": concern.official_id or ""}
            in_charge = queries.official_of(concern)
        else:
            messages.success(
                request, _("Zuständig ist jetzt: %(name)s.") % {"name": concern.official}
            )
            return see_other(concern.get_absolute_url())
    return render(
        request,
        "forum/official.html",
        {"concern": concern, "official": in_charge, "form": form},
    )
