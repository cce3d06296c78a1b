"""What the register of critical facilities and exercises offer to the frame."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import MenuEntry, Offer, PersonalData, Retention, Task, TaskKind

from . import queries
from .models import ExerciseState, Part, Seat
from .queries.exercises import running_exercises_of

if TYPE_CHECKING:
    from allmende.accounts.models import User


def personal_data(user: "User") -> Iterator[PersonalData]:
    """In which crisis staffs a person sits."""
    seats = Seat.objects.filter(mandate__user=user).select_related("mandate__organisation")
    yield PersonalData(
        gettext("Krisenstäbe"),
        [
            {
                gettext("Organisation"): seat.mandate.organisation.name,
                gettext("Aufgabe"): seat.get_function_display(),
                gettext("Seit"): seat.given_at,
            }
            for seat in seats
        ],
    )
    parts = (
        Part.objects.filter(user=user).select_related("exercise__host").defer("exercise__script")
    )
    yield PersonalData(
        gettext("Übungen"),
        [
            {
                gettext("Übung"): part.exercise.title,
                gettext("Wer übt"): part.exercise.host.name,
                gettext("Aufgabe"): part.get_kind_display(),
                gettext("Rolle"): part.role,
                gettext("Seit"): part.joined_at,
            }
            for part in parts
        ],
    )


def tasks(user: "User") -> Iterator[Task]:
    """Exercises that wait for her, or go on without her."""
    for part in running_exercises_of(user):
        running = part.exercise.state == ExerciseState.RUNNING
        yield Task(
            title=part.exercise.title,
            note=gettext("Die Übung läuft.") if running else gettext("Die Übung ist vorbereitet."),
            url=part.exercise.get_absolute_url(),
            due=None,
            kind=TaskKind.EXERCISE,
            whose=part.exercise.host.whose,
        )


def known(user: "User") -> Iterator[int]:
    """Whom a person may know by name: those in the staffs that she appoints, and in her exercises."""
    for staff in queries.administered_staffs(user):
        for seat in queries.seats_in(staff):
            yield seat.mandate.user_id
    own = Part.objects.filter(user=user).values("exercise")
    yield from Part.objects.filter(exercise__in=own).values_list("user_id", flat=True)


def forget(user: "User") -> tuple[()]:
    """Who has no account sits in no crisis staff; what she did in exercises stays, without her."""
    Seat.objects.filter(mandate__user=user).delete()
    Part.objects.filter(user=user).delete()
    return ()


def demo(seed: int) -> list[str]:
    """Fill in example data; its modules are only needed here."""
    from .demo import fill

    return fill(seed)


offer = Offer(
    menu=(MenuEntry(label=_("Krise"), url_name="crisis:start", order=40),),
    demo=demo,
    personal_data=personal_data,
    forget=forget,
    knows=known,
    tasks=tasks,
    deeds={
        "crisis.add_exercise": _("Übung vorbereitet."),
        "crisis.replace_script": _("Übung: anderes Drehbuch."),
        "crisis.remove_exercise": _("Übung vor ihrem Beginn gelöscht."),
        "crisis.start_exercise": _("Übung begonnen."),
        "crisis.end_exercise": _("Übung beendet."),
        "crisis.add_facility": _("Einrichtung in das Register aufgenommen."),
        "crisis.change_facility": _("Angaben zur Einrichtung geändert."),
        "crisis.close_facility": _("Einrichtung als aufgegeben gekennzeichnet."),
        "crisis.reopen_facility": _("Einrichtung wieder in Betrieb genommen."),
        "crisis.add_supply": _("Bedarf hinzugefügt."),
        "crisis.change_supply": _("Bedarf geändert."),
        "crisis.remove_supply": _("Bedarf gelöscht."),
        "crisis.appoint": _("In den Krisenstab berufen."),
        "crisis.dismiss": _("Aus dem Krisenstab entlassen."),
        "crisis.give_insight": _("Einsicht in die Einrichtungen des Gebiets gegeben."),
        "crisis.revoke_insight": _("Einsicht in die Einrichtungen des Gebiets entzogen."),
    },
    kinds={
        "crisis.Exercise": _("Übung"),
        "crisis.Facility": _("Einrichtung"),
        "crisis.Seat": _("Platz im Krisenstab"),
        "crisis.Insight": _("Einsicht in Einrichtungen"),
    },
    retention=(
        Retention(
            "crisis.exercise",
            _("Übungen: Drehbuch, Nachrichten, Entscheidungen, Verlauf"),
            None,
            _(
                "Solange die Installation besteht, zum Lernen. Wer mitgespielt hat, geht mit dem Konto."
            ),
        ),
        Retention(
            "crisis.facility",
            _("Register der Einrichtungen: Angaben, Bedarf, versorgte Menschen"),
            None,
            _("Solange die Installation besteht; wer es sehen darf, steht in den Regeln."),
        ),
        Retention(
            "crisis.seat",
            _("Wer in welchem Krisenstab welche Aufgabe hat"),
            None,
            _("Bis zur Entlassung oder bis das Konto gelöscht wird."),
            with_account=True,
        ),
    ),
)
