"""Who may know of facilities, and who may change what is said of them.

Facilities are known to those who need to know: their *provider's* people, the *crisis staffs* of the
municipality, the Gemeindeverband and the Kreis, and authorities that one of these has *given insight*.
Who knows of a facility knows its suppliers
by name, for she may have to call them, and nothing else of them. All of them need a second factor. Operators of this installation are not among them.
``queries.visible_facilities`` is where it is said; rules ask it.
"""

from typing import TYPE_CHECKING

import rules
from rules.predicates import Predicate, predicate

from allmende.accounts.rules import is_signed_in
from allmende.forum.rules.concerns import contributes_for_a_municipality
from allmende.registry.models import Organisation, Right

from . import queries
from .models import (
    STAFF_KINDS,
    Delivery,
    Exercise,
    ExerciseFile,
    ExerciseState,
    Facility,
    Generator,
    ImportCheck,
    Improvement,
    Insight,
    Observation,
    Part,
    PartKind,
    ScriptDraft,
    Seat,
    questionnaire_ends,
)
from .queries.attachments import came_with_an_inject
from .queries.exercises import hosting_mandates, is_control, part_of
from .queries.reports import evaluates, report_in

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


@predicate
def needs_to_know_of_it(user: "Person", facility: Facility) -> bool:
    return queries.visible_facilities(user).filter(pk=facility.pk).exists()


@predicate
def writes_about_it(user: "Person", facility: Facility) -> bool:
    return queries.changing_mandate(user, facility) is not None


@predicate
def sits_in_a_crisis_staff(user: "Person") -> bool:
    return bool(queries.seats_of(user))


@predicate
def sits_in_a_municipal_crisis_staff(user: "Person") -> bool:
    return any(seat.mandate.organisation.kind in STAFF_KINDS for seat in queries.seats_of(user))


@predicate
def works_for_a_provider(user: "Person") -> bool:
    return bool(queries.providing_mandates(user))


@predicate
def writes_for_a_provider(user: "Person") -> bool:
    return bool(queries.providing_mandates(user, Right.CONTRIBUTE))


def _organisation(thing: "Organisation | Seat") -> Organisation:
    return thing.mandate.organisation if isinstance(thing, Seat) else thing


@predicate
def appoints_its_crisis_staff(user: "Person", thing: "Organisation | Seat") -> bool:
    return queries.staffing_mandate(user, _organisation(thing)) is not None


@predicate
def decides_for_its_area(user: "Person", organisation: Organisation) -> bool:
    return queries.granting_mandate(user, organisation) is not None


@predicate
def decides_for_its_area_too(user: "Person", insight: Insight) -> bool:
    return any(
        staff.region_id == insight.region_id and queries.granting_mandate(user, staff) is not None
        for staff in queries.administered_staffs(user)
    )


@predicate
def exists_today(user: "Person", thing: "Organisation | Seat") -> bool:
    return _organisation(thing).is_current


@predicate
def writes_for_it(user: "Person", provider: Organisation) -> bool:
    return queries.mandate_for_provider(user, provider) is not None


@predicate
def writes_about_that_generator(user: "Person", generator: Generator) -> bool:
    return queries.generator_mandate(user, generator) is not None


@predicate
def runs_no_more(user: "Person", generator: Generator) -> bool:
    return generator.facility is not None and generator.facility.closed_on is not None


@predicate
def is_working(user: "Person", facility: Facility) -> bool:
    return facility.closed_on is None


@predicate
def has_sent_it(user: "Person", check: ImportCheck) -> bool:
    return check.created_by_id is not None and check.created_by_id == user.pk


InExercise = Exercise | Part | Delivery | Observation | Improvement


def _exercise(thing: InExercise) -> Exercise:
    return thing if isinstance(thing, Exercise) else thing.exercise


@predicate
def sits_in_the_staff_that_writes_it(user: "Person", draft: ScriptDraft) -> bool:
    return draft.host in hosting_mandates(user)


@predicate
def it_came_to_her(user: "Person", file: ExerciseFile) -> bool:
    return came_with_an_inject(user, file)


@predicate
def takes_part_in_it(user: "Person", thing: InExercise) -> bool:
    return part_of(user, _exercise(thing)) is not None


@predicate
def controls_it(user: "Person", thing: InExercise) -> bool:
    return is_control(part_of(user, _exercise(thing)))


@predicate
def plays_a_role_in_it(user: "Person", thing: InExercise) -> bool:
    part = part_of(user, _exercise(thing))
    return part is not None and part.kind == PartKind.PLAYER


@predicate
def only_looks_on(user: "Person", thing: InExercise) -> bool:
    part = part_of(user, _exercise(thing))
    return part is not None and part.is_spectator


@predicate
def observes_it(user: "Person", thing: InExercise) -> bool:
    part = part_of(user, _exercise(thing))
    return part is not None and part.observes


@predicate
def has_noted_it(user: "Person", observation: Observation) -> bool:
    return observation.made_by_id is not None and observation.made_by_id == user.pk


@predicate
def is_asked_about_it(user: "Person", thing: InExercise) -> bool:
    part = part_of(user, _exercise(thing))
    return part is not None and part.is_asked


@predicate
def came_to_its_role(user: "Person", delivery: Delivery) -> bool:
    part = part_of(user, delivery.exercise)
    return part is not None and part.is_player and part.role == delivery.recipient


@predicate
def is_prepared(user: "Person", thing: InExercise) -> bool:
    return _exercise(thing).state == ExerciseState.PREPARED


@predicate
def has_ended(user: "Person", thing: InExercise) -> bool:
    return _exercise(thing).state == ExerciseState.ENDED


@predicate
def was_played(user: "Person", thing: InExercise) -> bool:
    return questionnaire_ends(_exercise(thing)) is not None


@predicate
def evaluates_it(user: "Person", thing: InExercise) -> bool:
    return evaluates(user, _exercise(thing))


@predicate
def sits_in_the_staff_that_held_it(user: "Person", thing: InExercise) -> bool:
    return queries.seat_of(user, _exercise(thing).host) is not None


@predicate
def is_controlled_by_nobody(user: "Person", thing: InExercise) -> bool:
    return not _exercise(thing).parts.filter(kind=PartKind.CONTROL).exists()


@predicate
def has_a_report_for_all(user: "Person", thing: InExercise) -> bool:
    report = report_in(_exercise(thing))
    return report.is_shared or report.closed_at is not None


@predicate
def answers_for_it(user: "Person", improvement: Improvement) -> bool:
    return improvement.owner_id is not None and improvement.owner_id == user.pk


# Guests see what every team could know, before the end and after it; who sits in the staff that held it
# evaluates it, whatever she did in it.
did_something_in_it: Predicate = takes_part_in_it & ~only_looks_on
may_read_the_report: Predicate = evaluates_it | (did_something_in_it & has_a_report_for_all)
may_open: Predicate = sits_in_a_crisis_staff | works_for_a_provider
may_add: Predicate = sits_in_a_municipal_crisis_staff | writes_for_a_provider

rules.add_perm("crisis.open_register", may_open)
rules.add_perm("crisis.add_facility", may_add)
rules.add_perm("crisis.carry_out_import", has_sent_it & may_add)
rules.add_perm("crisis.view_facility", needs_to_know_of_it)
rules.add_perm("crisis.change_facility", needs_to_know_of_it & writes_about_it & is_working)
rules.add_perm("crisis.close_facility", needs_to_know_of_it & writes_about_it)
rules.add_perm("crisis.add_generator", may_add)
rules.add_perm("crisis.change_generator", writes_about_that_generator & ~runs_no_more)
rules.add_perm("crisis.change_particulars", writes_for_it & exists_today)
rules.add_perm("crisis.appoint_staff", exists_today & appoints_its_crisis_staff)
rules.add_perm("crisis.give_insight", exists_today & decides_for_its_area)
rules.add_perm("crisis.revoke_insight", decides_for_its_area_too)

rules.add_perm("crisis.add_exercise", sits_in_a_municipal_crisis_staff)
rules.add_perm("crisis.write_script", sits_in_the_staff_that_writes_it)
rules.add_perm("crisis.fetch_attachment", it_came_to_her)
rules.add_perm("crisis.view_exercise", takes_part_in_it)
# Who has a page still open when it ends, or a link to it, reads that it is over, and keeps what she typed:
# that nothing happens any more is what the services say.
rules.add_perm("crisis.join_exercise", is_signed_in)
rules.add_perm("crisis.prepare_exercise", controls_it & is_prepared)
rules.add_perm("crisis.control_exercise", controls_it)
rules.add_perm("crisis.play_exercise", plays_a_role_in_it)
rules.add_perm("crisis.write_note", plays_a_role_in_it | controls_it)
rules.add_perm("crisis.open_delivery", came_to_its_role)
# What the control knows before is nobody else's to know until it is over.
rules.add_perm("crisis.view_log", controls_it | (did_something_in_it & has_ended))
# Players do not see what is said of them while they play; afterwards the report tells them.
rules.add_perm("crisis.observe_exercise", observes_it)
rules.add_perm("crisis.mark_task", observes_it)
rules.add_perm("crisis.remove_observation", observes_it & has_noted_it)
rules.add_perm("crisis.answer_questionnaire", is_asked_about_it & was_played)
rules.add_perm("crisis.close_questionnaire", controls_it & was_played)

rules.add_perm("crisis.read_report", has_ended & may_read_the_report)
# Who has a closed report still open on her page reads that it is closed, and keeps what she typed.
rules.add_perm("crisis.write_report", has_ended & evaluates_it)
# Whoever controlled it alone may have left; then it is for those who held it.
rules.add_perm(
    "crisis.settle_report",
    has_ended & (controls_it | (sits_in_the_staff_that_held_it & is_controlled_by_nobody)),
)
rules.add_perm("crisis.add_improvement", has_ended & evaluates_it)
rules.add_perm("crisis.view_improvement", answers_for_it | may_read_the_report)
rules.add_perm(
    "crisis.change_improvement", answers_for_it | controls_it | sits_in_the_staff_that_held_it
)
rules.add_perm(
    "crisis.raise_concern", contributes_for_a_municipality & (answers_for_it | evaluates_it)
)
