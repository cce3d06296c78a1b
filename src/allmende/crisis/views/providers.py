"""What the law asks about whoever runs facilities: said once, it stands in all their papers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allmende.portal.access import SignedInRequest, posted_number, requires, see_other
from allmende.registry.models import Organisation

from .. import queries, services
from ..forms import ParticularsForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.change_particulars", queries.get_provider, login=True)
def particulars(request: SignedInRequest, provider: Organisation) -> HttpResponse:
    """Say it, say it otherwise, or confirm it by saving."""
    there = queries.particulars_of(provider)
    seen = there.version if there else 0
    form = ParticularsForm(request.POST or None, instance=there)
    differences = None
    if request.method == "POST" and form.is_valid():
        seen = posted_number(request, "version")
        try:
            services.set_particulars(
                actor=request.user,
                mandate=queries.mandate_for_provider(request.user, provider),
                provider=provider,
                seen=seen,
                fields=form.cleaned_data,
            )
        except services.Overtaken as conflict:
            form.add_error(None, str(conflict))
            # Told of what is there by now, she may save over it.
            stored = conflict.there
            seen, differences = stored.version, form.differences(stored)
        else:
            messages.success(
                request, _("Gespeichert. Die Angaben stehen jetzt in allen Unterlagen.")
            )
            return see_other(reverse("crisis:duties"))
    context = {"form": form, "provider": provider, "there": there, "version": seen}
    return render(request, "crisis/edit_particulars.html", context | {"differences": differences})
