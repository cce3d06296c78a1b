"""Playing: what is new, messages, decisions, the situation."""

from collections.abc import Callable, Collection, Sequence
from itertools import compress
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from allmende.portal.access import SignedInRequest, requires, see_other

from .. import rules, services  # noqa: F401  rules: they are registered by it
from ..forms.exercises import ChoiceForm, NoteForm
from ..models import CONTROL, Delivery, Exercise, ExerciseState, Note, Part
from ..outages import live
from ..queries import exercises as queries
from ..queries import situation as situations
from ..queries.attachments import attach
from ..queries.decisions import Asked, asked_in, open_to
from ..queries.games import Game
from ..queries.recipients import unplayed_in
from ..services import exercises as serve
from .over import to_what_is_over, until_it_ends

Row = TypeVar("Row")
# Older ones stand on pages of their own (views/told.py).
MOST_SHOWN = 40
# A role is told a few dozen things; who sees all roles sees the newest.
MOST_OF_A_ROLE = 120
# Once it is over, they read the report and the log.
MOST_AFTERWARDS = 12
# So many of a kind stand open on a page, the earlier ones are folded away: a phone shows little.
MOST_NEAR = 4


def _part(request: HttpRequest, exercise: Exercise) -> Part:
    """What this person does; the rules have seen to it that she does something."""
    part = queries.part_of(request.user, exercise)
    assert part is not None  # noqa: S101
    part.exercise = exercise
    return part


def look(request: HttpRequest, exercise: Exercise) -> dict[str, Any]:
    """What every page of an exercise shows: its clock, who one is, and how people call the roles."""
    serve.advance(exercise)
    game = Game(exercise, serve.microseconds())
    part = _part(request, exercise)
    return {
        "exercise": exercise,
        "game": game,
        "part": part,
        "stand": queries.stand_of(part, exercise),
        "time": situations.exercise_time(game, game.now),
        "names": situations.role_names(game),
    }


@require_safe
@requires("crisis.view_exercise", queries.get_exercise, login=True)
def exercise(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """The exercise as this person sees it."""
    context = look(request, exercise)
    part: Part = context["part"]
    if part.is_control and exercise.state != ExerciseState.ENDED:
        return see_other(reverse("exercises:control", args=[exercise.pk]))
    context |= feed_of(context)
    if part.is_player:
        context["form"] = NoteForm(
            script=context["game"].script,
            sender=part.role,
            initial=answer_to(context, request.GET.get("auf", "")),
        )
    return render(request, "crisis/exercises/play.html", context)


def answer_to(context: dict[str, Any], number: str) -> dict[str, str]:
    """What stands in the form for messages when somebody answers one: to whom, and whom the control plays.

    What was written to those whom nobody plays, the control answers in their name.
    """
    note = queries.note_to_answer(context["part"], number)
    if note is None:
        return {}
    people = context["game"].script.people if context["part"].is_control else {}
    return {
        "recipient": note.sender,
        "outside": note.outside or people.get(note.recipient, ""),
    }


def feed_of(context: dict[str, Any], unplayed: Collection[str] = ()) -> dict[str, Any]:
    """What came and was written, newest first: what is near, and what is folded away.

    ``unplayed`` are the roles and teams for whom the control answers.
    """
    game, part = context["game"], context["part"]
    if part.is_player:
        most = MOST_OF_A_ROLE
    else:
        most = MOST_AFTERWARDS if part.exercise.state == ExerciseState.ENDED else MOST_SHOWN
    deliveries = list(queries.deliveries_to(part)[:most])
    notes = list(queries.notes_of(part)[:MOST_SHOWN])
    for each in deliveries:
        each.time = situations.exercise_time(game, each.due)  # type: ignore[attr-defined]
        each.way = situations.channel_label(each.channel)  # type: ignore[attr-defined]
    attach(context["exercise"], part, deliveries)
    decisions = open_to(game, part.role) if part.is_player else []
    _ask(game, deliveries, decisions)
    for note in notes:
        _show(note, context, unplayed)
    came = situations.by_inject(deliveries, cut=len(deliveries) == most)
    near, earlier = near_and_far(came, lambda each: part.is_player and each.unread > 0)
    near_notes, far_notes = near_and_far(notes)
    return {
        "decisions": decisions,
        "came": near,
        "came_earlier": earlier,
        "notes": notes,
        "near_notes": near_notes,
        "far_notes": far_notes,
        "unread": [each.pk for each in deliveries if part.is_player and each.seen_wall is None],
        "older_deliveries": len(deliveries) == most,
        "older_notes": len(notes) == MOST_SHOWN,
        "CONTROL": CONTROL,
    }


def _show(note: Note, context: dict[str, Any], unplayed: Collection[str]) -> None:
    """Put beside a message its time, whether nobody plays those who should read it, and whether it is the
    reader's to answer.
    """
    part: Part = context["part"]
    asked = {CONTROL, *unplayed} if part.is_control else {note.recipient}
    own = CONTROL if part.is_control else part.role
    note.time = situations.exercise_time(context["game"], note.at)  # type: ignore[attr-defined]
    note.unplayed = note.recipient in unplayed  # type: ignore[attr-defined]
    note.answers = own not in ("", note.sender) and note.recipient in asked  # type: ignore[attr-defined]


def near_and_far(
    rows: Sequence[Row], stays: Callable[[Row], bool] = lambda _row: False
) -> tuple[list[Row], list[Row]]:
    """The newest and those that ``stays`` keeps beside them, and the others."""
    near = [place < MOST_NEAR or stays(row) for place, row in enumerate(rows)]
    return list(compress(rows, near)), list(compress(rows, (not each for each in near)))


def _ask(game: Game, deliveries: list[Delivery], decisions: list[Asked]) -> None:
    """Beside each inject, the decisions of the reader's role for which it asks."""
    mine = {each.decision.key: each for each in decisions}
    asks = {row.key: row.asks_for for row in game.script.injects} if mine else {}
    for each in deliveries:
        keys = asks.get(each.inject, ())
        each.asks = [mine[key] for key in keys if key in mine]  # type: ignore[attr-defined]


@require_safe
@requires("crisis.view_exercise", queries.get_exercise, login=True)
def clock(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """The clock, asked for again and again; it tells the page if anything on it is new."""
    context = look(request, exercise)
    response = render(request, "crisis/exercises/_clock.html", context)
    if context["stand"] != request.GET.get("stand"):
        trigger_client_event(response, "neues")
    return response


@require_safe
@requires("crisis.view_exercise", queries.get_exercise, login=True)
def news(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """The part of the page that changes."""
    context = look(request, exercise)
    context |= feed_of(context)
    return render(request, "crisis/exercises/_feed.html", context)


@require_safe
@requires("crisis.view_exercise", queries.get_exercise, login=True)
def situation(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """The situation: facilities by state, and who is without what. Who has this picture is sent none."""
    context = look(request, exercise)
    there = request.GET.get("bild", "") if request.headers.get("HX-Request") else ""
    if there and live.still_holds(context["game"], there):
        return HttpResponse(status=204)
    asked = live.asked_by(context["game"], context["part"])
    live.hold(asked)
    if there == asked.key:
        return HttpResponse(status=204)
    context |= {"picture": live.picture(asked), "picture_key": asked.key, "here": _("Lage")}
    part = "_situation" if request.headers.get("HX-Request") else "situation"
    return render(request, f"crisis/exercises/{part}.html", context)


@require_POST
@requires("crisis.open_delivery", queries.get_delivery, login=True)
@until_it_ends
def seen(request: SignedInRequest, delivery: Delivery) -> HttpResponse:
    """Say that it was read."""
    serve.mark_seen(delivery=delivery)
    return see_other(delivery.exercise.get_absolute_url())


@require_POST
@requires("crisis.write_note", queries.get_exercise, login=True)
def write(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """Write a message. A page with JavaScript stays where it is, and is told that it was sent."""
    context = look(request, exercise)
    part: Part = context["part"]
    sender = CONTROL if part.is_control else part.role
    form = NoteForm(request.POST, script=context["game"].script, sender=sender)
    if form.is_valid():
        data = form.cleaned_data
        try:
            note = serve.send_note(
                actor=request.user,
                part=part,
                key=data["key"],
                recipient=data["recipient"],
                outside=data["outside"],
                text=data["text"],
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            told = _told(context, note)
            if not request.htmx:
                messages.success(request, told)
                return see_other(f"{exercise.get_absolute_url()}?gesendet={data['key']}")
            fresh = NoteForm(script=context["game"].script, sender=sender)
            context |= {"form": fresh, "told": told, "sent": data["key"], "answers": True}
            response = render(request, "crisis/exercises/_write.html", context)
            return trigger_client_event(response, "neues")
    page = "_write" if request.htmx else "write"
    return render(
        request, f"crisis/exercises/{page}.html", context | {"form": form, "answers": request.htmx}
    )


def _told(context: dict[str, Any], note: Note) -> str:
    """To whom a message went, and when; and if nobody plays those, who answers."""
    game: Game = context["game"]
    whom = note.recipient == CONTROL and note.outside
    told = _("Nachricht gesendet an %(to)s, %(time)s Übungszeit.") % {
        "to": whom or context["names"][note.recipient],
        "time": situations.exercise_time(game, note.at),
    }
    if note.recipient not in unplayed_in(game.script, queries.taken_in(game.exercise)):
        return told
    return f"{told} {_('Dort spielt gerade niemand; das übernimmt die Übungsleitung.')}"


def _find_decision(number: int, decision: str) -> tuple[Exercise, str]:
    return queries.get_exercise(number), decision


@require_http_methods(["GET", "HEAD", "POST"])
@requires("crisis.play_exercise", _find_decision, about=lambda found: found[0], login=True)
def decide(request: SignedInRequest, found: tuple[Exercise, str]) -> HttpResponse:
    """Make a decision of one's role."""
    exercise, key = found
    context = look(request, exercise)
    if exercise.state == ExerciseState.ENDED and request.method != "POST" and not request.htmx:
        return to_what_is_over(request, exercise)
    asked = asked_in(context["game"], context["part"].role)
    row = next((each for each in asked if each.decision.key == key), None)
    if row is None:
        messages.warning(request, _("Diese Entscheidung trifft eine andere Rolle."))
        return see_other(exercise.get_absolute_url())
    # Who sends it all the same is told why it does not count, and keeps what she wrote.
    if row.since is None and request.method != "POST":
        messages.warning(request, _("Noch steht diese Entscheidung nicht an."))
        return see_other(exercise.get_absolute_url())
    options = [(option.key, option.name) for option in row.decision.options]
    newest = queries.newest_choice(exercise, key)
    form = ChoiceForm(request.POST or None, options=options, seen=newest)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            serve.decide(
                actor=request.user,
                part=context["part"],
                key=data["key"],
                decision=key,
                option=data["option"],
                reason=data["reason"],
                seen=data["seen"],
            )
        except services.Conflict as conflict:
            form.add_error(None, str(conflict))
            form.has_seen(queries.newest_choice(exercise, key))
        else:
            messages.success(request, _("Entschieden. Was daraus folgt, zeigt die Lage."))
            return see_other(f"{exercise.get_absolute_url()}?gesendet={data['key']}")
    context |= {
        "form": form,
        "decision": row.decision,
        "chosen": row,
        "here": _("Entscheiden"),
    }
    return render(request, "crisis/exercises/decide.html", context)
