"""Writing the draft of the position section by section, and what each has said before."""

from operator import attrgetter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.word_diff import diff_words
from allmende.portal.access import SignedInRequest, posted_number, requires, see_other

from .. import queries, services
from ..forms import ChangeSectionForm, CompareForm, SectionForm
from ..models import Concern, Section
from .positions import acting_mandate

PAGE_SIZE = 20
ITS_CONCERN = attrgetter("concern")


def _draft(concern: Concern, section: Section | None = None) -> str:
    page = reverse("forum:position_draft", args=[concern.slug])
    return f"{page}#abschnitt-{section.pk}" if section else page


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.write_position", queries.get_position, login=True)
def add(request: SignedInRequest, concern: Concern) -> HttpResponse:
    """Add a section of one's own."""
    form = SectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            section = services.add_section(
                actor=request.user,
                mandate=acting_mandate(request.user, concern),
                concern=concern,
                **form.cleaned_data,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Der Abschnitt steht am Ende des Entwurfs."))
            return see_other(_draft(concern, section))
    return render(request, "forum/edit_section.html", {"concern": concern, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("forum.write_position", queries.get_section, about=ITS_CONCERN, login=True)
def change(request: SignedInRequest, section: Section) -> HttpResponse:
    """Write a section anew; what somebody else has written meanwhile is shown beside what was typed."""
    concern, newest = section.concern, queries.newest_version(section)
    form = ChangeSectionForm(request.POST or None, initial=ChangeSectionForm.values_of(newest))
    shown: dict[str, object] = {"concern": concern, "section": section, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            services.write_section(
                actor=request.user,
                mandate=acting_mandate(request.user, concern),
                section=section,
                **form.cleaned_data,
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            meanwhile = overtaken.there
            form.catch_up(meanwhile)
            shown["meanwhile"] = meanwhile
            shown["title_difference"] = diff_words(meanwhile.title, form.cleaned_data["title"])
            shown["difference"] = diff_words(meanwhile.text, form.cleaned_data["text"])
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(_draft(concern, section))
    return render(
        request, "forum/edit_section.html", shown, status=409 if "meanwhile" in shown else 200
    )


@require_safe
@requires("forum.view_position", queries.get_section, about=ITS_CONCERN)
def versions(request: HttpRequest, section: Section) -> HttpResponse:
    """All that a section has said, and what changed between any two versions."""
    numbers = list(section.versions.order_by("-number").values_list("number", flat=True))
    form = CompareForm(request.GET, numbers=numbers)
    since, until = form.chosen()
    compared = list(section.versions.filter(number__in=(since, until)).order_by("number"))
    old, new = compared[0], compared[-1]
    page = Paginator(queries.versions_of(section), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(
        request,
        "forum/section_versions.html",
        {
            "concern": section.concern,
            "section": section,
            "newest": numbers[0],
            "page": page,
            "numbers": numbers,
            "old": old,
            "new": new,
            "title_parts": diff_words(old.title, new.title),
            "text_parts": diff_words(old.text, new.text),
        },
    )


@require_POST
@requires("forum.write_position", queries.get_section, about=ITS_CONCERN, login=True)
def restore(request: SignedInRequest, section: Section) -> HttpResponse:
    """Make an earlier version the newest again."""
    number = posted_number(request, "version")
    back = reverse("forum:section_versions", args=[section.concern.slug, section.pk])
    if not section.versions.filter(number=number).exists():
        messages.warning(
            request, _("Diese Version gibt es nicht. Bitte wählen Sie eine der Liste.")
        )
        return see_other(back)
    try:
        services.restore_section(
            actor=request.user,
            mandate=acting_mandate(request.user, section.concern),
            section=section,
            number=number,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(
            request, _("Version %(number)s gilt wieder, als neue Version.") % {"number": number}
        )
    return see_other(back)


@require_POST
@requires("forum.write_position", queries.get_section, about=ITS_CONCERN, login=True)
def move(request: SignedInRequest, section: Section) -> HttpResponse:
    """Let a section change places with the one above or below it."""
    try:
        services.move_section(
            actor=request.user,
            mandate=acting_mandate(request.user, section.concern),
            section=section,
            seen=posted_number(request, "platz"),
            up=request.POST.get("wohin") == "hoch",
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    return see_other(_draft(section.concern, section))


@require_POST
@requires("forum.write_position", queries.get_section, about=ITS_CONCERN, login=True)
def remove(request: SignedInRequest, section: Section) -> HttpResponse:
    """Take a section out; the page says how to get it back."""
    try:
        services.remove_section(
            actor=request.user,
            mandate=acting_mandate(request.user, section.concern),
            section=section,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(
            request, _("Der Abschnitt ist entfernt. Unten auf der Seite holen Sie ihn zurück.")
        )
    return see_other(_draft(section.concern))


@require_POST
@requires("forum.write_position", queries.get_section, about=ITS_CONCERN, login=True)
def put_back(request: SignedInRequest, section: Section) -> HttpResponse:
    """Put a section back that was taken out."""
    try:
        services.put_back_section(
            actor=request.user,
            mandate=acting_mandate(request.user, section.concern),
            section=section,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Der Abschnitt steht wieder im Entwurf."))
    return see_other(_draft(section.concern, section))
