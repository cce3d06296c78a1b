"""The operator's list of council information systems."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import services
from ..forms import ServerForm
from ..models import OParlServer


def get_server(number: int) -> OParlServer:
    """The server of an address."""
    return OParlServer.objects.get(pk=number)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.operate", login=True)
def servers(request: SignedInRequest) -> HttpResponse:
    """Which servers may be asked; add one."""
    form = ServerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_oparl_server(actor=request.user, **form.cleaned_data)
        except services.Conflict as conflict:
            form.add_error("host", str(conflict))
        else:
            messages.success(request, _("Der Server steht jetzt auf der Liste."))
            return see_other(reverse("forum_desk:servers"))
    found = OParlServer.objects.all()
    return render(request, "forum/servers.html", {"form": form, "servers": found})


@require_POST
@requires("accounts.operate", get_server, login=True)
def remove(request: SignedInRequest, server: OParlServer) -> HttpResponse:
    """Ask it no more."""
    services.remove_oparl_server(actor=request.user, server=server)
    messages.success(request, _("„%(server)s“ wird nicht mehr gefragt.") % {"server": server})
    return see_other(reverse("forum_desk:servers"))
