"""Saved filters of the queue: one's own alone."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import FilterNameForm
from ..models import SavedFilter
from .queue import back_to_queue, queue_form


@require_safe
@requires("forum.work_in_ministry", login=True)
def filters(request: SignedInRequest) -> HttpResponse:
    """All that one has saved."""
    shown = {"filters": queries.filters_of(request.user), "most": services.MOST_FILTERS}
    return render(request, "forum/queue/filters.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.work_in_ministry", login=True)
def save(request: SignedInRequest) -> HttpResponse:
    """Keep the filter that the address names."""
    form, shown = FilterNameForm(request.POST or None), queue_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_filter(
                user=request.user, name=form.cleaned_data["name"], wishes=shown.wishes
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(
                request, _("Gespeichert als Ansicht „%(name)s“.") % {"name": saved.name}
            )
            return see_other(saved.address)
    context = {"form": form, "back": back_to_queue(shown)}
    return render(request, "forum/queue/filter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.change_filter", queries.get_filter, login=True)
def rename(request: SignedInRequest, saved: SavedFilter) -> HttpResponse:
    """Give a saved filter another name."""
    form = FilterNameForm(request.POST or None, initial={"name": saved.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_filter(saved=saved, name=form.cleaned_data["name"])
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            return see_other(reverse("ministry:filters"))
    context = {"form": form, "saved": saved, "back": reverse("ministry:filters")}
    return render(request, "forum/queue/filter.html", context)


@require_POST
@requires("forum.change_filter", queries.get_filter, login=True)
def choose_first(request: SignedInRequest, saved: SavedFilter) -> HttpResponse:
    """Begin with this filter whenever the queue is opened, or no longer."""
    services.choose_first_filter(saved=saved, is_default=request.POST.get("zuerst") == "ja")
    return see_other(reverse("ministry:filters"))


@require_POST
@requires("forum.change_filter", queries.get_filter, login=True)
def remove(request: SignedInRequest, saved: SavedFilter) -> HttpResponse:
    """Forget a saved filter."""
    services.remove_filter(saved=saved)
    messages.success(request, _("Die Ansicht „%(name)s“ ist gelöscht.") % {"name": saved.name})
    return see_other(reverse("ministry:filters"))
