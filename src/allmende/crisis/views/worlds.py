"""The world of a script: its network, taken from the register, and what fails in it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.errors import FormatError
from allmende.formats.exercise_script.changes import stand_of
from allmende.portal.access import SignedInRequest, posted_number, requires, see_other

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.authoring.worlds import HazardForm, RegisterForm
from ..models import ScriptDraft
from ..queries import drafts as queries
from ..queries import worlds
from ..services.exercises import authoring as serve
from ..services.exercises import worlds as serve_worlds
from .authoring import mandate_for


@require_safe
@requires("crisis.write_script", queries.get_draft, login=True)
def world(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """The network of a script, and what fails in it."""
    script = queries.script_of_draft(draft)
    fault = worlds.fault_of(script)
    context = {
        "draft": draft,
        "count": 0 if fault else len(script.facilities),
        "fault": fault,
        "replaced": worlds.can_be_put_back(draft),
        "in_register": worlds.facilities_of_host(request.user, draft).working().count(),
    }
    return render(request, "crisis/exercises/script_world.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", queries.get_draft, login=True)
def take_register(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Choose from the register, see what would come of it, and put it in the place of the script's network."""
    said = request.POST if request.method == "POST" else request.GET
    form = RegisterForm(said, towns=worlds.towns_of_host(request.user, draft))
    world = worlds.world_of_register(request.user, draft, form.wish)
    if request.method != "POST":
        replaces = draft.script.get("model") and world.names
        context = {
            "draft": draft,
            "form": form,
            "world": world,
            "most": worlds.MOST_FACILITIES,
            "said": [(name, value) for name in form.fields for value in said.getlist(name)],
            "exchange": worlds.exchange_with(draft, world) if replaces else None,
        }
        return render(request, "crisis/exercises/script_take_register.html", context)
    if not form.is_valid():
        # What cannot be understood must not take the whole register.
        return see_other(f"{request.path}?{said.urlencode()}")
    try:
        taken = serve_worlds.take_register(
            actor=request.user,
            mandate=mandate_for(request, draft),
            draft=draft,
            world=world,
            seen=posted_number(request, "revision"),
        )
    except (services.Conflict, FormatError) as error:
        messages.warning(request, str(error))
    else:
        done = _(
            "Das Netz hat jetzt %(count)s Einrichtungen. Sehen Sie in der Prüfung nach, was nicht mehr passt."
        )
        messages.success(request, done % {"count": taken})
    return see_other(reverse("scripts:world", args=[draft.pk]))


@require_POST
@requires("crisis.write_script", queries.get_draft, login=True)
def put_back(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """Put the network back that the register's took the place of."""
    try:
        serve_worlds.put_network_back(
            actor=request.user, mandate=mandate_for(request, draft), draft=draft
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Das Netz ist wieder das alte."))
    return see_other(reverse("scripts:world", args=[draft.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.write_script", queries.get_draft, login=True)
def hazard(request: SignedInRequest, draft: ScriptDraft) -> HttpResponse:
    """What fails, when and for how long."""
    model = draft.script.get("model")
    if not model:
        messages.warning(
            request, _("Das Drehbuch hat noch kein Netz, in dem etwas ausfallen könnte.")
        )
        return see_other(reverse("scripts:world", args=[draft.pk]))
    script = queries.script_of_draft(draft)
    if fault := worlds.fault_of(script):
        messages.warning(request, fault)
        return see_other(reverse("scripts:world", args=[draft.pk]))
    form = HazardForm(request.POST or None, script=script)
    seen = (
        request.POST.get("stand", "")[:32]
        if request.method == "POST"
        else stand_of({"model": model})
    )
    if request.method == "POST" and form.is_valid():
        try:
            serve.change_part(
                actor=request.user,
                mandate=mandate_for(request, draft),
                draft=draft,
                part="scenario",
                values={"model": model | {"scenario": form.chosen}},
                seen=seen,
            )
        except services.Overtaken as conflict:
            form.add_error(None, str(conflict))
            seen = stand_of(conflict.there)
        except (services.Conflict, FormatError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(reverse("scripts:world", args=[draft.pk]))
    context = {"form": form, "draft": draft, "stand": seen, "here": _("Was ausfällt")}
    return render(request, "crisis/exercises/script_part.html", context)
