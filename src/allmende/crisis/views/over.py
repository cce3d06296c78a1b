"""After the end: pages that are still open lead to the exercise and say that it is over."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from allmende.portal.access import SignedInRequest, see_other

from ..models import Delivery, Exercise, ExerciseState, Part
from ..services import exercises as serve


def is_over(exercise: Exercise) -> bool:
    """Whether an exercise has ended, looked at now: its time may have run out."""
    serve.advance(exercise)
    return exercise.state == ExerciseState.ENDED


def to_what_is_over(request: SignedInRequest, exercise: Exercise) -> HttpResponse:
    """To the page of an exercise that has ended, which says so."""
    messages.info(request, _("Die Übung ist beendet."))
    return see_other(exercise.get_absolute_url())


def until_it_ends(
    view: Callable[[SignedInRequest, Any], HttpResponse],
) -> Callable[[SignedInRequest, Any], HttpResponse]:
    """A view of what has no sense after the end; whoever still has its page is told."""

    @wraps(view)
    def guarded(request: SignedInRequest, found: Exercise | Part | Delivery) -> HttpResponse:
        exercise = found if isinstance(found, Exercise) else found.exercise
        if is_over(exercise):
            return to_what_is_over(request, exercise)
        return view(request, found)

    return guarded
