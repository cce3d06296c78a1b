"""Pages about mails: what a person wants to hear, and the operator's log."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allmende.portal.access import SignedInRequest, public, requires, see_other, signed_in
from allmende.portal.tables import csv_response, moment

from . import queries, services
from .forms import ChoicesForm, LogFilterForm
from .letters import read_unsubscribe_token
from .models import Message

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@signed_in
def choices(request: SignedInRequest) -> HttpResponse:
    """How often she wants to hear of what."""
    form = ChoicesForm(
        request.POST or None,
        topics=queries.topics(),
        chosen=queries.frequencies_of(request.user.pk),
    )
    if request.method == "POST" and form.is_valid():
        services.choose_frequencies(user=request.user, choices=form.choices)
        messages.success(request, _("Gespeichert."))
        return see_other(reverse("mail:choices"))
    return render(request, "mail/choices.html", {"form": form})


# Mail programs post here by themselves (RFC 8058); the signed address is the proof, not a cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Leave topics by the link in a mail. Only the button does it: some programs open every link."""
    user_id, left = read_unsubscribe_token(token)
    done = request.method == "POST"
    if done:
        services.unsubscribe(user_id=user_id, topics=left)
    names = queries.topics()
    context = {"topics": [names[topic] for topic in left if topic in names], "done": done}
    return render(request, "mail/unsubscribe.html", context)


@require_safe
@requires("accounts.operate", login=True)
def log(request: SignedInRequest) -> HttpResponse:
    """The mail log: what left for whom and when, never what it said."""
    form = LogFilterForm(request.GET)
    page = Paginator(_logged(form), PAGE_SIZE).get_page(request.GET.get("seite"))
    return render(request, "mail/log.html", {"form": form, "page": page})


@require_safe
@requires("accounts.operate", login=True)
def log_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """The same list for a spreadsheet."""
    return csv_response(
        "post.csv",
        ["Nummer", "Eingereiht", "An", "Betreff", "Stand", "Versuche", "Gesendet", "Fehler"],
        (
            [
                message.pk,
                moment(message.created_at),
                message.shown_recipient,
                message.subject,
                message.get_state_display(),
                message.attempts,
                moment(message.sent_at),
                message.error,
            ]
            for message in _logged(LogFilterForm(request.GET)).iterator()
        ),
    )


def _logged(form: LogFilterForm) -> QuerySet[Message]:
    wishes = form.cleaned_data if form.is_valid() else {}
    found = Message.objects.defer("text", "html", "headers")
    if state := wishes.get("stand"):
        found = found.filter(state=state)
    if address := wishes.get("adresse"):
        found = found.filter(recipient__iexact=address)
    return found


@require_POST
@requires("accounts.operate", queries.get_message, about=lambda message: None, login=True)
def retry(request: SignedInRequest, message: Message) -> HttpResponse:
    """Try a failed mail once more."""
    return _decide(
        request, services.retry_message, message, _("Die Mail wird noch einmal versucht.")
    )


@require_POST
@requires("accounts.operate", queries.get_message, about=lambda message: None, login=True)
def give_up(request: SignedInRequest, message: Message) -> HttpResponse:
    """Do not try a failed mail any more."""
    return _decide(request, services.give_up_message, message, _("Die Mail ist aufgegeben."))


def _decide(
    request: SignedInRequest, decide: Callable[..., None], message: Message, done: str
) -> HttpResponse:
    try:
        decide(actor=request.user, message=message)
    except services.Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, done)
    return see_other(reverse("mail:log"))
