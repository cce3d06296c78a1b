"""The legal pages, the form about barriers, and how the operator changes a page."""

from dataclasses import replace

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import queries, services
from ..access import SignedInRequest, public, requires, see_other
from ..forms import PageForm, ReportForm
from ..legal import PAGES, LegalPage, PageText
from ..retention import table


def _show(request: HttpRequest, slug: str, **more: object) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    text = queries.page_text_in(language, PAGES[slug])
    is_foreign = not language.startswith(text.page.language)
    return render(request, "portal/legal.html", {"text": text, "is_foreign": is_foreign, **more})


@require_safe
@public
def imprint(request: HttpRequest) -> HttpResponse:
    """Who answers for this installation."""
    return _show(request, "impressum")


@require_safe
@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What becomes of personal data; the periods come from the apps themselves."""
    return _show(request, "datenschutz", periods=table())


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement that § 12b BGG asks for, and the way to report a barrier."""
    return _show(request, "barrierefreiheit", takes_reports=True)


@require_safe
@public
def easy_language(request: HttpRequest) -> HttpResponse:
    """What this is, in Leichte Sprache."""
    return _show(request, "leichte-sprache", is_easy=True)


@require_http_methods(["GET", "POST"])
@public
def report(request: HttpRequest) -> HttpResponse:
    """Tell of a barrier, without an account."""
    form = ReportForm(request.POST or None, initial={"page": request.GET.get("seite", "")[:300]})
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, action="barrier_report"):
            kept = services.report_barrier(**form.cleaned_data)
            messages.success(
                request,
                _("Danke. Ihre Rückmeldung ist angekommen; sie hat die Nummer %(number)s.")
                % {"number": kept.pk}
                + (
                    " " + _("Sie bekommen innerhalb eines Monats eine Antwort.")
                    if kept.email
                    else ""
                ),
            )
            return see_other(reverse("legal_accessibility"))
        form.add_error(
            None,
            _(
                "Von Ihrem Anschluss kamen in der letzten Stunde sehr viele Rückmeldungen. "
                "Bitte versuchen Sie es später noch einmal; Ihr Text steht noch unten."
            ),
        )
    return render(request, "portal/report.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("accounts.operate", queries.get_page, login=True)
def edit(request: SignedInRequest, page: LegalPage) -> HttpResponse:
    """Change a page: see how it will look, save, or learn that somebody else was quicker."""
    now = queries.page_text(page)
    values = {"title": now.title, "text": now.text, "seen": now.number}
    form = PageForm(request.POST or None, initial=values)
    preview = newer = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            # What is typed, not what is saved: the gaps that it still has, and how it will look.
            now = replace(now, text=form.cleaned_data["text"])
            preview = now.html
        else:
            try:
                services.save_page(actor=request.user, page=page, **form.cleaned_data)
            except services.Conflict as conflict:
                newer = queries.page_text(page)
                # Who saves again has been told, and shown what she replaces.
                form = PageForm({**form.cleaned_data, "seen": newer.number})
                form.add_error(None, str(conflict))
            else:
                messages.success(
                    request,
                    _("Die Seite „%(title)s“ ist gespeichert.")
                    % {"title": form.cleaned_data["title"]},
                )
                return see_other(reverse(page.url_name))
    context = {"page": page, "now": now, "form": form, "preview": preview, "newer": newer}
    context["versions"] = queries.versions_of(page)
    return render(request, "portal/desk_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("accounts.operate", queries.get_version, login=True)
def version(request: SignedInRequest, text: PageText) -> HttpResponse:
    """An earlier version of a page; sending the form makes it the current one again."""
    now = queries.page_text(text.page)
    if request.method == "POST":
        try:
            services.save_page(
                actor=request.user,
                page=text.page,
                title=text.title,
                text=text.text,
                seen=now.number,
            )
            messages.success(
                request, _("Fassung %(number)s gilt wieder.") % {"number": text.number}
            )
        except services.Conflict:
            messages.warning(request, _("Inzwischen hat jemand anderes die Seite gespeichert."))
        return see_other(reverse("desk_page", args=[text.page.slug]))
    return render(request, "portal/desk_page_version.html", {"text": text, "now": now})
