"""Working on many concerns of the queue at once: first what would happen, then it happens."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import AssignmentForm, ExtensionForm, QueueFilterForm, SeenForm, UndoForm, caught_up
from .queue import back_to_queue, chosen_concerns, queue_form, ticked


def _chosen(request: SignedInRequest, queue: QueueFilterForm) -> tuple[list[int], str]:
    """The concerns that are meant, by their keys, or none and what is wrong with them."""
    keys = ticked(request)
    if request.GET.get("umfang") == "alle":
        found = chosen_concerns(request, queue)
        keys = list(found.values_list("pk", flat=True)[: queries.MOST_AT_ONCE + 1])
    if not keys:
        return [], _("Bitte kreuzen Sie zuerst mindestens ein Anliegen an.")
    if len(keys) > queries.MOST_AT_ONCE:
        too_many = _("Auf einmal gehen höchstens %(most)s Anliegen. Bitte filtern Sie enger.")
        return [], too_many % {"most": queries.MOST_AT_ONCE}
    return keys, ""


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.work_in_ministry", login=True)
def assign(request: SignedInRequest) -> HttpResponse:
    """Put somebody in charge of the chosen concerns, or nobody."""
    queue = queue_form(request)
    keys, complaint = _chosen(request, queue)
    whom = AssignmentForm(request.GET, queue=queue, me=request.user)
    if not whom.is_valid():
        messages.warning(request, complaint or _("Bitte wählen Sie, wer zuständig sein soll."))
        return redirect(back_to_queue(queue))
    form = SeenForm(request.POST or None)
    # Where a filter has chosen, a second click finds nothing any more: whether it is one, the service says.
    if request.method == "POST" and form.is_valid():
        try:
            done = services.assign_officials(
                actor=request.user,
                keys=keys,
                official=whom.official,
                seen=form.cleaned_data["seen"],
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _assigned(done.count, whom))
            return see_other(f"{back_to_queue(queue)}&zugewiesen={done.first}-{done.last}")
    if complaint:
        messages.warning(request, complaint)
        return redirect(back_to_queue(queue))
    plan = queries.plan_assignment(request.user, keys, whom.official)
    shown: dict[str, object] = {"official": whom.official, "back": back_to_queue(queue)}
    return _ask(request, "forum/queue/assign.html", form, plan, shown)


def _assigned(count: int, whom: AssignmentForm) -> str:
    if whom.official is None:
        done = ngettext(
            "Für %(count)s Anliegen ist jetzt niemand zuständig.",
            "Für %(count)s Anliegen ist jetzt niemand zuständig.",
            count,
        )
        return done % {"count": count}
    done = ngettext(
        "%(count)s Anliegen zugewiesen. Zuständig ist jetzt: %(name)s.",
        "%(count)s Anliegen zugewiesen. Zuständig ist jetzt: %(name)s.",
        count,
    )
    return done % {"count": count, "name": whom.official}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.work_in_ministry", login=True)
def extend(request: SignedInRequest) -> HttpResponse:
    """Move the date of the chosen answers, with a public reason."""
    queue = queue_form(request)
    keys, complaint = _chosen(request, queue)
    plan = queries.plan_extension(request.user, keys)
    form = ExtensionForm(request.POST or None, days=queries.possible_days(plan.concerns))
    if request.method == "POST" and form.is_valid():
        try:
            count = services.extend_answers(
                actor=request.user,
                keys=keys,
                last_day=form.cleaned_data["bis"],
                reason=form.cleaned_data["begruendung"],
                seen=form.cleaned_data["seen"],
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            plan = overtaken.there
            form.allow(queries.possible_days(plan.concerns))
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            done = ngettext(
                "Die Frist ist für %(count)s Anliegen verlängert.",
                "Die Frist ist für %(count)s Anliegen verlängert.",
                count,
            )
            messages.success(request, done % {"count": count})
            return see_other(back_to_queue(queue))
    if complaint:
        messages.warning(request, complaint)
        return redirect(back_to_queue(queue))
    shown: dict[str, object] = {
        "back": back_to_queue(queue),
        "possible": bool(plan.concerns) and form.earliest <= form.latest,
    }
    return _ask(request, "forum/queue/extend.html", form, plan, shown)


def _ask(
    request: SignedInRequest,
    template: str,
    form: SeenForm,
    plan: queries.Plan,
    shown: dict[str, object],
) -> HttpResponse:
    """Show what would happen; whoever confirms it says which edition of that she has read."""
    failed = bool(form.non_field_errors())
    if form.is_bound:
        caught_up(form, plan.edition)
    else:
        form.initial["seen"] = plan.edition
    context = shown | {"form": form, "plan": plan}
    return render(request, template, context, status=409 if failed else 200)


@require_POST
@requires("forum.work_in_ministry", login=True)
def undo(request: SignedInRequest) -> HttpResponse:
    """Take back what one has just assigned, where nobody has changed it since."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Das lässt sich nicht mehr zurücknehmen."))
        return see_other(back_to_queue(queue_form(request)))
    undone = services.undo_assignments(
        actor=request.user, first=form.cleaned_data["von"], last=form.cleaned_data["bis"]
    )
    if undone.count:
        done = ngettext(
            "%(count)s Zuweisung zurückgenommen.",
            "%(count)s Zuweisungen zurückgenommen.",
            undone.count,
        )
        messages.success(request, done % {"count": undone.count})
    if undone.left or not undone.count:
        left = ngettext(
            "%(count)s Anliegen bleibt, wie es ist: Es hat sich inzwischen geändert.",
            "%(count)s Anliegen bleiben, wie sie sind: Sie haben sich inzwischen geändert.",
            undone.left,
        )
        messages.warning(request, left % {"count": undone.left})
    return see_other(back_to_queue(queue_form(request)))
