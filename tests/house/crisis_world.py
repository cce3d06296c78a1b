"""Critical facilities of the world of roles, and who sits in its crisis staffs."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.utils import timezone

from allmende.accounts.models import User
from allmende.crisis.models import (
    Exercise,
    ExerciseFile,
    ExerciseState,
    Facility,
    Fulfilment,
    Function,
    ImportCheck,
    InjectTable,
    Insight,
    ScriptFile,
    Seat,
)
from allmende.crisis.services import exercises as serve
from allmende.crisis.services.exercises.authoring import add_draft, remove_draft
from allmende.formats.exercise_script.document import script_of
from allmende.formats.exercise_script.model import Script
from allmende.portal.models import Upload
from allmende.registry.models import Office, Organisation, OrganisationKind
from tests.crisis.small import come_in, small_document, small_script, wait_for
from tests.factories import (
    ContactFactory,
    DocumentFactory,
    FacilityFactory,
    GeneratorFactory,
    IncidentFactory,
    MandateFactory,
    MeasureFactory,
    OrganisationFactory,
    SeatFactory,
    SupplyFactory,
    UserFactory,
    second_factor,
)

# Ended, and its report is closed, too.
WITH_REPORT = "abgeschlossen"
# Runs on a register's network.
WAITING = "mit Einlass"
COUNTS = {"new": 0, "changed": 0, "new_needs": 0, "changed_needs": 0, "unchanged": 1}
People = dict[str, User | AnonymousUser]


def make_things(
    people: People, *, staff: Organisation, authority: Organisation
) -> dict[str, dict[str, object]]:
    """Facilities in Alice's municipality, one in each phase; her crisis staff, a provider and an authority
    with insight come to the people.
    """
    provider = OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER, slug="stadtwerke")
    people["staff"] = second_factor(SeatFactory(mandate__organisation=staff).mandate.user)
    people["provider"] = second_factor(
        MandateFactory(organisation=provider, office=Office.LEADERSHIP, may_release=True).user
    )
    people["authority"] = second_factor(
        SeatFactory(
            mandate__organisation=authority,
            mandate__user=UserFactory(),
            mandate__office=Office.DESK,
            function=Function.ADVISER,
        ).mandate.user
    )
    facilities = {
        "working": FacilityFactory(region=staff.region, provider=provider),
        "given_up": FacilityFactory(region=staff.region, provider=provider, closed_on="2026-01-01"),
    }
    SupplyFactory(facility=facilities["working"])
    return {
        "facilities": dict(facilities),
        "providers": {"existing": provider},
        "generators": {
            "own": GeneratorFactory(region=staff.region),
            "working": _generator_of(facilities["working"]),
            "given_up": _generator_of(facilities["given_up"]),
        },
        "imports": {
            phase: ImportCheck.objects.create(
                created_by=people["staff"],
                file_name="neu.csv",
                plan={"facilities": [], "needs": []},
                counts=dict(COUNTS),
                fault_count=number,
            )
            for number, phase in enumerate(("checked", "faulty"))
        },
        "insights": {"given": Insight.objects.create(organisation=authority, region=staff.region)},
        **_exercises(people, host=staff),
        **_drafts(people, host=staff),
    }


def _generator_of(facility: Facility) -> object:
    return GeneratorFactory(facility=facility, region=None, owner_name="")


def _with_a_plan(name: str, **changes: object) -> Script:
    """The small script; its third inject brings a file."""
    document = small_document(name=name, attachments=[{"name": "Plan.pdf"}], **changes)
    document["injects"][2]["attachments"] = ["Plan.pdf"]
    return script_of(document)


def _exercises(people: People, *, host: Organisation) -> dict[str, dict[str, object]]:
    """One exercise in every phase: the crisis staff controls it, a member of Alice's municipality plays, the
    authority looks on. One on a register's network runs, in which the member waits and the provider was let in.
    """
    control, player, guest = people["staff"], people["member"], people["authority"]
    provider = people["provider"]
    assert isinstance(provider, User)
    assert isinstance(control, User)
    assert isinstance(player, User)
    assert isinstance(guest, User)
    exercises, deliveries, observations = {}, {}, {}
    files: dict[str, object] = {}
    for phase in (*ExerciseState, WAITING):
        waits = phase == WAITING
        exercise = serve.add_exercise(
            actor=control,
            mandate=None,
            host=host,
            script=_with_a_plan(f"Übung {phase}", from_register=waits),
            planned_at=timezone.now(),
        )
        if waits:
            wait_for(exercise, player)
            come_in(exercise, provider)
        else:
            serve.join(actor=player, exercise=exercise, kind="spiel", role="stab")
        serve.join(actor=guest, exercise=exercise, kind="zuschauen", role="")
        if phase != ExerciseState.PREPARED:
            serve.start_exercise(actor=control, exercise=exercise)
            serve.give_order(actor=control, exercise=exercise, kind="trigger", inject="3")
            deliveries[str(phase)] = exercise.deliveries.get(inject="3")
            observations[str(phase)] = serve.note_observation(
                actor=control,
                part=exercise.parts.get(user=control),
                key=uuid4(),
                text="Ruhiger Ton.",
            )
        if phase == ExerciseState.ENDED:
            serve.end_exercise(actor=control, exercise=exercise)
        exercise.refresh_from_db()
        exercises[str(phase)] = exercise
        files[str(phase)] = ExerciseFile.objects.create(
            exercise=exercise, name="Plan.pdf", upload=_upload()
        )
    exercises[WITH_REPORT] = closed = serve.add_exercise(
        actor=control,
        mandate=None,
        host=host,
        script=small_script(name="Übung mit Bericht"),
        planned_at=timezone.now(),
    )
    serve.join(actor=player, exercise=closed, kind="spiel", role="stab")
    serve.join(actor=guest, exercise=closed, kind="zuschauen", role="")
    serve.start_exercise(actor=control, exercise=closed)
    serve.end_exercise(actor=control, exercise=closed)
    closed.refresh_from_db()
    serve.close_report(actor=control, exercise=closed)
    ended = exercises[str(ExerciseState.ENDED)]
    improvements = {
        phase: serve.add_improvement(
            actor=control,
            exercise=exercise,
            lesson="Ohne Strom kein Wasser.",
            what="Ein zweites Aggregat beschaffen",
            owner=owner,
            organisation="" if owner else "Stadtwerke",
            due_on=timezone.localdate(),
        )
        for phase, exercise, owner in (
            ("hers", ended, player),
            ("others", ended, None),
            ("reported", closed, None),
        )
    }
    return {
        "exercises": dict(exercises),
        "deliveries": dict(deliveries),
        "exercise_files": files,
        "observations": dict(observations),
        "improvements": dict(improvements),
    }


def _drafts(people: People, *, host: Organisation) -> dict[str, dict[str, object]]:
    """A script that the crisis staff writes, and one that it has removed."""
    writer = people["staff"]
    assert isinstance(writer, User)
    written, removed = (
        add_draft(actor=writer, mandate=None, host=host, script=small_script(name=name))
        for name in ("Stromausfall", "Hochwasser")
    )
    remove_draft(actor=writer, mandate=None, draft=removed)
    return {"script_drafts": {"written": written}, "removed_drafts": {"removed": removed}}


def _upload() -> Upload:
    upload = Upload(name="Plan.pdf", media_type="application/pdf", size=4, sha256="")
    upload.file.save("Plan.pdf", ContentFile(b"%PDF"))
    return upload


def _attachment(world: Any, phase: str) -> dict[str, object]:
    return {"number": world.things["exercise_files"][phase].pk}


def _script_file(world: Any, phase: str) -> dict[str, object]:
    draft = world.things["script_drafts"][phase]
    there = ScriptFile.objects.filter(draft=draft).first()
    return {"number": (there or ScriptFile.objects.create(draft=draft, upload=_upload())).pk}


def _facility(world: Any, phase: str) -> dict[str, object]:
    facility = world.things["facilities"].get(phase) or world.things["facilities"]["working"]
    assert isinstance(facility, Facility)
    return {"number": facility.pk}


def _provider(world: Any, phase: str) -> dict[str, object]:
    return {"slug": world.things["providers"]["existing"].slug}


def _generator(world: Any, phase: str) -> dict[str, object]:
    return {"number": world.things["generators"][phase].pk}


def _supply(world: Any, phase: str) -> dict[str, object]:
    facility = world.things["facilities"][phase]
    assert isinstance(facility, Facility)
    return {"number": (facility.supplies.first() or SupplyFactory(facility=facility)).pk}


def _staff(world: Any, phase: str) -> dict[str, object]:
    return {"slug": world.organisations[phase].slug}


def _seat(world: Any, phase: str) -> dict[str, object]:
    organisation = world.organisations[phase]
    seat = Seat.objects.filter(mandate__organisation=organisation).first() or SeatFactory(
        mandate__organisation=organisation, mandate__office=Office.BOARD
    )
    return {"number": seat.pk}


def _import(world: Any, phase: str) -> dict[str, object]:
    check = world.things["imports"].get(phase) or world.things["imports"]["checked"]
    return {"number": check.pk}


def _template(world: Any, phase: str) -> dict[str, object]:
    return {"file": "einrichtungen.xlsx"}


def _insight(world: Any, phase: str) -> dict[str, object]:
    return {"number": world.things["insights"]["given"].pk}


def _exercise(world: Any, phase: str) -> dict[str, object]:
    exercise = world.things["exercises"].get(phase) or world.things["exercises"]["laeuft"]
    assert isinstance(exercise, Exercise)
    return {
        "number": exercise.pk,
        "token": exercise.token,
        "decision": "wohin",
        "section": "zusammenfassung",
    }


def _spectating(world: Any, phase: str) -> dict[str, object]:
    exercise = world.things["exercises"].get(phase) or world.things["exercises"]["laeuft"]
    assert isinstance(exercise, Exercise)
    return {"token": exercise.spectator_token}


def _draft(world: Any, phase: str) -> dict[str, object]:
    return {
        "number": world.things["script_drafts"][phase].pk,
        "section": "einlagen",
        "file": "drehbuch.json",
    }


def _removed_draft(world: Any, phase: str) -> dict[str, object]:
    return {"number": world.things["removed_drafts"]["removed"].pk}


def _inject_table(world: Any, phase: str) -> dict[str, object]:
    draft = world.things["script_drafts"][phase]
    cells = {"headings": ["Zeit", "Titel", "An"], "rows": [[2, ["10", "Anruf", "stab"]]]}
    return {"number": InjectTable.objects.get_or_create(draft=draft, cells=cells)[0].pk}


def _part(world: Any, phase: str) -> dict[str, object]:
    exercise = world.things["exercises"][phase]
    assert isinstance(exercise, Exercise)
    return {"number": exercise.parts.filter(kind="spiel").first().pk}


def _delivery(world: Any, phase: str) -> dict[str, object]:
    return {"number": world.things["deliveries"][phase].pk}


def _improvement(world: Any, phase: str) -> dict[str, object]:
    return {"number": world.things["improvements"][phase].pk}


def _observation(world: Any, phase: str) -> dict[str, object]:
    return {"number": world.things["observations"][phase].pk}


def _contact(world: Any, phase: str) -> dict[str, object]:
    facility = world.things["facilities"][phase]
    return {"number": (facility.contacts.first() or ContactFactory(facility=facility)).pk}


def _document(world: Any, phase: str) -> dict[str, object]:
    facility = world.things["facilities"][phase]
    return {"number": (facility.documents.first() or DocumentFactory(facility=facility)).pk}


def _measure(world: Any, phase: str) -> dict[str, object]:
    facility = world.things["facilities"][phase]
    return {"number": (facility.measures.first() or MeasureFactory(facility=facility)).pk}


def _duty(world: Any, phase: str) -> dict[str, object]:
    return _facility(world, phase) | {"key": "registrierung"}


def _fulfilment(world: Any, phase: str) -> dict[str, object]:
    facility = world.things["facilities"][phase]
    done = {"facility": facility, "duty": "registrierung", "done_on": "2026-08-01"}
    return {"number": Fulfilment.objects.get_or_create(**done)[0].pk}


def _incident(world: Any, phase: str) -> dict[str, object]:
    facility = world.things["facilities"][phase]
    return {"number": (facility.incidents.first() or IncidentFactory(facility=facility)).pk}


def _incident_step(world: Any, phase: str) -> dict[str, object]:
    return _incident(world, phase) | {"key": "was"}


MAKERS: dict[str, Callable[[Any, str], dict[str, object]]] = {
    "exercises": _exercise,
    "exercises:watch": _spectating,
    "exercises:change_part": _part,
    "exercises:remove_part": _part,
    "exercises:seen": _delivery,
    **dict.fromkeys(
        (
            "exercises:improvement",
            "exercises:change_improvement",
            "exercises:settle_improvement",
            "exercises:raise_concern",
        ),
        _improvement,
    ),
    "exercises:task": _delivery,
    "exercises:mark": _delivery,
    "exercises:remove_observation": _observation,
    "scripts": _draft,
    "scripts:restore": _removed_draft,
    "scripts:template": lambda _world, _phase: {"file": "stromausfall.json"},
    "scripts:table": _inject_table,
    "scripts:file": _script_file,
    "exercises:attachment": _attachment,
    "scripts:carry_out_table": _inject_table,
    "scripts:discard_table": _inject_table,
    "crisis": _facility,
    "crisis:particulars": _provider,
    "crisis:change_generator": _generator,
    "crisis:remove_generator": _generator,
    "crisis:change_supply": _supply,
    "crisis:remove_supply": _supply,
    "crisis:import": _import,
    "crisis:import_faults": _import,
    "crisis:carry_out_import": _import,
    "crisis:discard_import": _import,
    "crisis:import_template": _template,
    "crisis:change_contact": _contact,
    "crisis:remove_contact": _contact,
    "crisis:document": _document,
    "crisis:remove_document": _document,
    "crisis:remove_measure": _measure,
    "crisis:fulfil": _duty,
    "crisis:paper": _duty,
    "crisis:withdraw_fulfilment": _fulfilment,
    "crisis:evidence": _fulfilment,
    "crisis:incident": _incident,
    "crisis:hand_in": _incident,
    "crisis:discard_incident": _incident,
    "crisis:fetch_incident": _incident,
    "crisis:change_incident": _incident_step,
    "crisis:staff": _staff,
    "crisis:appoint": _staff,
    "crisis:give_insight": _staff,
    "crisis:dismiss": _seat,
    "crisis:revoke_insight": _insight,
}
