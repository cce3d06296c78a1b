"""The operator's page about the rules of the Alliance."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from allmende.audit.queries import history_of
from allmende.audit.words import tell
from allmende.portal.access import SignedInRequest, requires, see_other

from .. import queries, services
from ..forms import TermsForm

MOST_HISTORY = 10


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.operate", login=True)
def terms(request: SignedInRequest) -> HttpResponse:
    """Quorum, weeks to answer, and which ministry is responsible for which topic."""
    agreed = queries.terms()
    form = TermsForm(
        request.POST or None,
        instance=queries.terms(),
        responsible={topic: row.pk for topic, row in queries.responsible_now().items()},
        initial={"seen": queries.edition_of_terms()},
    )
    shown: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            reached = services.change_terms(
                actor=request.user,
                seen=form.cleaned_data["seen"],
                agreed=form.agreed,
                responsible=form.responsible,
            )
        except services.Overtaken as overtaken:
            form.add_error(None, str(overtaken))
            shown["meanwhile"] = form.catch_up(queries.edition_of_terms())
        else:
            messages.success(request, _saved(reached))
            return see_other(reverse("forum_desk:terms"))
    shown["history"] = list(tell(history_of(agreed)[:MOST_HISTORY], reader=request.user))
    status = 409 if "meanwhile" in shown else 200
    return render(request, "forum/terms.html", shown, status=status)


def _saved(reached: int) -> str:
    if not reached:
        return _("Gespeichert. Die Regeln gelten ab jetzt.")
    return ngettext(
        "Gespeichert. Ein laufendes Anliegen hat damit das Quorum erreicht.",
        "Gespeichert. %(count)s laufende Anliegen haben damit das Quorum erreicht.",
        reached,
    ) % {"count": reached}
