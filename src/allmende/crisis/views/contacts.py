"""Whom to call about a facility, and the papers that belong to it."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.portal.access import SignedInRequest, posted_number, requires, see_other
from allmende.portal.uploads import download

from .. import queries, services
from ..forms import ContactForm, DocumentForm
from ..models import Contact, Document, Facility


def _facility_of(thing: Contact | Document) -> Facility:
    return thing.facility


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility, login=True)
def add(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Say whom to call."""
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_contact(
                actor=request.user,
                mandate=queries.changing_mandate(request.user, facility),
                facility=facility,
                fields=form.cleaned_data,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Gespeichert."))
            return see_other(facility.get_absolute_url())
    return render(request, "crisis/edit_contact.html", {"form": form, "facility": facility})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_contact, about=_facility_of, login=True)
def change(request: SignedInRequest, contact: Contact) -> HttpResponse:
    """Say it otherwise, or confirm it by saving."""
    facility = contact.facility
    form = ContactForm(request.POST or None, instance=contact)
    differences = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_contact(
                actor=request.user,
                mandate=queries.changing_mandate(request.user, facility),
                contact=contact,
                seen=posted_number(request, "version"),
                fields=form.cleaned_data,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
            if stored := Contact.objects.filter(pk=contact.pk).first():
                differences = form.differences(stored)
        else:
            messages.success(request, _("Gespeichert. Die Angaben gelten damit als bestätigt."))
            return see_other(facility.get_absolute_url())
    context = {"form": form, "facility": facility, "contact": contact}
    return render(request, "crisis/edit_contact.html", context | {"differences": differences})


@require_POST
@requires("crisis.change_facility", queries.get_contact, about=_facility_of, login=True)
def remove(request: SignedInRequest, contact: Contact) -> HttpResponse:
    """Forget whom to call."""
    facility = contact.facility
    try:
        services.remove_contact(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            contact=contact,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Der Kontakt ist gelöscht."))
    return see_other(facility.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_facility", queries.get_facility, login=True)
def add_document(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """Keep a paper with a facility."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_document(
                actor=request.user,
                mandate=queries.changing_mandate(request.user, facility),
                facility=facility,
                **form.cleaned_data,
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Das Dokument liegt bei der Einrichtung."))
            return see_other(facility.get_absolute_url())
    return render(request, "crisis/add_document.html", {"form": form, "facility": facility})


@require_POST
@requires("crisis.view_facility", queries.get_document, about=_facility_of, login=True)
def document(request: SignedInRequest, document: Document) -> FileResponse:
    """Take a paper along; that somebody did is written down."""
    services.fetch_document(
        actor=request.user,
        mandate=queries.changing_mandate(request.user, document.facility),
        document=document,
    )
    return download(document.upload)


@require_POST
@requires("crisis.change_facility", queries.get_document, about=_facility_of, login=True)
def remove_document(request: SignedInRequest, document: Document) -> HttpResponse:
    """Remove a paper."""
    facility = document.facility
    try:
        services.remove_document(
            actor=request.user,
            mandate=queries.changing_mandate(request.user, facility),
            document=document,
        )
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Das Dokument ist gelöscht."))
    return see_other(facility.get_absolute_url())
