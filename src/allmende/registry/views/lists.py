"""Inviting many people from a file: look first, then carry it out as a whole."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.formats.errors import FormatError
from allmende.formats.invitation_list import ListRow, read_invitation_list
from allmende.portal.access import SignedInRequest, requires, see_other
from allmende.portal.tables import csv_response
from allmende.portal.uploads import safe_name

from .. import queries, services
from ..forms import InvitationListForm
from ..models import InvitationList
from .desk import OPERATE

MOST_SHOWN = 50


@require_http_methods(["GET", "POST"])
@requires(OPERATE, login=True)
def choose(request: SignedInRequest) -> HttpResponse:
    """Send a file; nothing happens before it was looked at."""
    form = InvitationListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = _read(file)
        except FormatError as error:
            form.add_error("file", str(error))
        else:
            made = services.keep_list(
                actor=request.user, file_name=safe_name(file.name or ""), rows=rows
            )
            return see_other(reverse("registry:list", args=[made.pk]))
    return render(request, "registry/list_choose.html", {"form": form})


def _read(file: UploadedFile) -> list[ListRow]:
    """The rows of what was sent; read by its path, and gone again afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, safe_name(file.name or ""))
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        return read_invitation_list(path)


@require_safe
@requires(OPERATE, queries.get_list, login=True)
def kept(request: HttpRequest, found: InvitationList) -> HttpResponse:
    """What a list would do, what is wrong with it, or how far its mails are."""
    return render(
        request,
        "registry/list.html",
        {
            "list": found,
            "count": len(found.rows),
            "faults": found.faults[:MOST_SHOWN],
            "fault_lines": len({fault["line"] for fault in found.faults}),
            "mailed": found.invitations.exclude(mailed_at=None).count(),
        },
    )


@require_safe
@requires(OPERATE, queries.get_list, login=True)
def faults_csv(request: HttpRequest, found: InvitationList) -> StreamingHttpResponse:
    """Every fault, to be mended row by row."""
    return csv_response(
        "fehler.csv",
        ["Zeile", "Spalte", "Grund"],
        ([fault["line"], fault["column"], fault["reason"]] for fault in found.faults),
    )


@require_POST
@requires(OPERATE, queries.get_list, login=True)
def carry_out(request: SignedInRequest, found: InvitationList) -> HttpResponse:
    """Invite all of them."""
    try:
        services.carry_out_list(actor=request.user, kept=found)
        messages.success(request, _("Alle sind eingeladen. Die Mails gehen nach und nach hinaus."))
    except services.ListError as error:
        messages.warning(request, str(error))
    return see_other(reverse("registry:list", args=[found.pk]))
