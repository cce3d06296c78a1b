"""Exercises on a register's network: who comes in at once, who waits, and what is shown until then."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.crisis.small import come_in, small_document, small_script, wait_for
from tests.factories import (
    FacilityFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    SeatFactory,
    UserFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis import services
from allmende.crisis.models import Exercise, Facility, Insight, Part, ScriptDraft
from allmende.crisis.portal.exercises import tasks
from allmende.crisis.queries.joining import has_to_wait
from allmende.crisis.queries.reports import improvements_for
from allmende.crisis.services import exercises as serve
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.workbooks import write_workbook
from allmende.registry.models import Office, Organisation, OrganisationKind

pytestmark = pytest.mark.django_db
NAMES = ("Ortsnetz", "Wasserwerk Nord", "Wasserwerk Süd")


def in_staff(organisation: Organisation, office: Office = Office.ADMINISTRATION) -> User:
    seat = SeatFactory(mandate__organisation=organisation, mandate__office=office)
    return second_factor(seat.mandate.user)


def exercise_on(script: Any, host: Organisation | None = None) -> Exercise:
    """One that somebody with a second factor controls."""
    control = second_factor(UserFactory(name="Dora Director"))
    return serve.add_exercise(
        actor=control, mandate=None, host=host or OrganisationFactory(), script=script
    )


@pytest.fixture
def exercise() -> Exercise:
    return exercise_on(small_script(from_register=True))


@pytest.fixture
def control(exercise: Exercise) -> User:
    return exercise.parts.get(kind="leitung").user


@pytest.fixture
def guest() -> User:
    return second_factor(UserFactory(name="Gabi Gast", email="gabi@example.org"))


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def knock(client: Client, exercise: Exercise, what: str = "spiel/stab") -> str:
    """Come by the link; returns where one is led."""
    answer = client.post(exercise.get_join_url(), {"part": what})
    return str(answer.headers.get("Location", ""))


def answer(client: Client, exercise: Exercise, said: str, *requests: int, **more: str) -> str:
    """What the control says to people who wait; returns the page that comes then."""
    address = reverse("exercises:admit", args=[exercise.pk])
    sent = client.post(address, {"antwort": said, "wer": requests} | more)
    assert sent.status_code == 303
    return page(client, sent.headers["Location"])


def let_in_entries() -> list[tuple[str, Any]]:
    found = Entry.objects.filter(deed__contains="_exercise", details__has_key="person")
    return list(found.order_by("number").values_list("deed", "details"))


def test_who_waits_is_told_so_and_sees_nothing_else(
    client: Client, exercise: Exercise, guest: User
) -> None:
    client.force_login(guest)
    assert "lässt die Übungsleitung Sie ein" in page(client, exercise.get_join_url())
    for _twice in range(2):
        assert knock(client, exercise) == exercise.get_join_url()
    assert exercise.join_requests.count() == 1
    shown = page(client, exercise.get_join_url())
    assert "Sie warten auf Einlass" in shown
    assert not exercise.parts.filter(user=guest).exists()
    for part in ("", "uhr/", "neues/", "lage/", "einlagen/", "verlauf.csv", "beobachten/"):
        assert client.get(exercise.get_absolute_url() + part).status_code == 404, part
    own = page(client, reverse("exercises:exercises"))
    assert "Sie warten auf Einlass" in own
    assert exercise.get_absolute_url() not in own
    assert list(tasks(guest)) == []


def test_the_waiting_page_leads_in_as_soon_as_she_is_let_in(
    client: Client, exercise: Exercise, control: User, guest: User
) -> None:
    number = wait_for(exercise, guest)
    client.force_login(guest)
    again = f"{exercise.get_join_url()}?wartet=1"
    assert client.get(again, headers={"HX-Request": "true"}).status_code == 204
    serve.decline(exercise=exercise, requests=[number])
    declined = client.get(again, headers={"HX-Request": "true"}).content.decode()
    assert declined.startswith('<div id="warten"')
    assert "wartet=abgelehnt" in declined
    serve.let_in(actor=control, exercise=exercise, requests=[number])
    live = client.get(again, headers={"HX-Request": "true"})
    assert live.headers["HX-Redirect"] == exercise.get_absolute_url()
    assert client.get(again).headers["Location"] == exercise.get_absolute_url()
    assert "Ihre Rolle: Leitung des Krisenstabs" in page(client, exercise.get_absolute_url())


def test_who_does_not_want_to_wait_any_more_may_choose_anew(
    client: Client, exercise: Exercise, guest: User
) -> None:
    wait_for(exercise, guest)
    client.force_login(guest)
    client.post(exercise.get_join_url(), {"zurueckziehen": "1"})
    assert not exercise.join_requests.exists()
    knock(client, exercise, "beobachtung/")
    assert exercise.join_requests.get().kind == "beobachtung"


def test_the_control_sees_who_waits_and_lets_her_in(
    client: Client, exercise: Exercise, control: User, guest: User
) -> None:
    MandateFactory(user=guest, organisation=OrganisationFactory(name="Klinikum Falkenbrück"))
    stand = Exercise.objects.get(pk=exercise.pk).observed
    number = wait_for(exercise, guest)
    assert Exercise.objects.get(pk=exercise.pk).observed == stand + 1
    client.force_login(control)
    for address in ("leitung/", "teilnahme/"):
        shown = page(client, exercise.get_absolute_url() + address)
        for said in ("Gabi Gast", "gabi@example.org", "Klinikum Falkenbrück", "Einlassen"):
            assert said in shown, (address, said)
    assert "1 Person wartet auf Einlass" in page(client, f"{exercise.get_absolute_url()}leitung/")
    assert "Eingelassen: Gabi Gast." in answer(client, exercise, "einlassen", number)
    assert (part := exercise.parts.get(user=guest)).role == "stab"
    assert "Das ist schon entschieden" in answer(client, exercise, "einlassen", number)
    assert let_in_entries() == [
        (
            "crisis.let_into_exercise",
            {"person": guest.pk, "kind": part.kind, "role": part.role},
        )
    ]
    assert Entry.objects.get(deed="crisis.let_into_exercise").actor == control


def test_all_means_all_whom_the_page_has_listed(
    client: Client, exercise: Exercise, control: User
) -> None:
    listed = [wait_for(exercise, UserFactory(), role="presse") for _each in range(2)]
    client.force_login(control)
    assert "Alle 2 einlassen" in page(client, f"{exercise.get_absolute_url()}teilnahme/")
    late = wait_for(exercise, UserFactory())
    shown = answer(client, exercise, "einlassen", *listed, seite="teilnahme")
    assert "3 Personen" in shown
    assert list(exercise.join_requests.values_list("pk", flat=True)) == [late]


def test_who_is_declined_does_not_ask_again_but_can_be_let_in(
    client: Client, exercise: Exercise, control: User, guest: User
) -> None:
    number = wait_for(exercise, guest)
    client.force_login(control)
    answer(client, exercise, "ablehnen", number)
    client.force_login(guest)
    knock(client, exercise)
    client.post(exercise.get_join_url(), {"zurueckziehen": "1"})
    assert "hat Sie nicht eingelassen" in page(client, exercise.get_join_url())
    assert client.get(exercise.get_absolute_url()).status_code == 404
    client.force_login(control)
    assert "wartet auf Einlass" not in page(client, f"{exercise.get_absolute_url()}leitung/")
    assert "Doch einlassen" in page(client, f"{exercise.get_absolute_url()}teilnahme/")
    assert "Eingelassen: Gabi Gast." in answer(client, exercise, "einlassen", number)


def test_only_the_control_lets_people_in_and_only_into_her_exercise(
    client: Client, exercise: Exercise, control: User, guest: User
) -> None:
    other = exercise_on(small_script(from_register=True))
    number = wait_for(other, guest)
    client.force_login(come_in(exercise).user)
    address = reverse("exercises:admit", args=[exercise.pk])
    assert client.post(address, {"antwort": "einlassen", "wer": number}).status_code == 404
    client.force_login(control)
    for said in ("einlassen", "ablehnen"):
        answer(client, exercise, said, number)
        assert other.join_requests.get().declined_at is None
    client.post(address, {"wer": ["²", "x", "9" * 30, ""]})
    assert not other.parts.filter(user=guest).exists()


def test_whom_the_control_removes_waits_again(
    client: Client, exercise: Exercise, control: User, guest: User
) -> None:
    part = come_in(exercise, guest)
    client.force_login(control)
    for status in (303, 404):
        address = reverse("exercises:remove_part", args=[part.pk])
        assert client.post(address).status_code == status
    client.force_login(guest)
    assert client.get(exercise.get_absolute_url()).status_code == 404
    assert knock(client, exercise) == exercise.get_join_url()
    deeds = [deed for deed, _details in let_in_entries()]
    assert deeds == ["crisis.let_into_exercise", "crisis.take_out_of_exercise"]


def test_giving_a_spectator_something_to_do_lets_her_in(
    exercise: Exercise, control: User, guest: User
) -> None:
    part = serve.join(actor=guest, exercise=exercise, kind="zuschauen", role="")
    for kind, role in (("spiel", "stab"), ("beobachtung", ""), ("zuschauen", "")):
        serve.change_part(actor=control, exercise=exercise, part=part, kind=kind, role=role)
    assert [(deed, details["kind"]) for deed, details in let_in_entries()] == [
        ("crisis.let_into_exercise", "spiel"),
        ("crisis.take_out_of_exercise", "zuschauen"),
    ]


def test_who_looks_on_while_she_waits_plays_once_she_is_let_in(
    client: Client, exercise: Exercise, control: User, guest: User
) -> None:
    number = wait_for(exercise, guest)
    client.force_login(guest)
    client.post(reverse("exercises:watch", args=[exercise.spectator_token]))
    assert exercise.parts.get(user=guest).kind == "zuschauen"
    assert "Sie warten auf Einlass" in page(client, exercise.get_join_url())
    serve.let_in(actor=control, exercise=exercise, requests=[number])
    assert exercise.parts.get(user=guest).kind == "spiel"


def test_who_is_given_something_to_do_waits_no_more(
    client: Client, exercise: Exercise, control: User, guest: User
) -> None:
    wait_for(exercise, guest)
    part = serve.join(actor=guest, exercise=exercise, kind="zuschauen", role="")
    serve.change_part(actor=control, exercise=exercise, part=part, kind="zuschauen", role="")
    assert exercise.join_requests.count() == 1
    serve.change_part(actor=control, exercise=exercise, part=part, kind="spiel", role="stab")
    assert exercise.join_requests.count() == 0
    client.force_login(guest)
    assert "Sie warten auf Einlass" not in page(client, exercise.get_join_url())
    more = {"netz": "Umspannwerk", "nord": "Wasserwerk Nord", "sued": "Wasserwerk Süd"}
    script = small_script(from_register=True, facility_names=more)
    serve.replace_script(actor=control, exercise=exercise, script=script)
    assert exercise.join_requests.get().role == "stab"


def test_letting_in_leaves_an_exercise_its_control(
    exercise: Exercise, control: User, guest: User
) -> None:
    number = exercise.join_requests.create(user=control, kind="spiel", role="stab").pk
    with pytest.raises(services.Conflict):
        serve.let_in(actor=control, exercise=exercise, requests=[number])
    assert exercise.parts.get(user=control).kind == "leitung"
    Part.objects.create(exercise=exercise, user=guest, kind="leitung")
    serve.let_in(actor=control, exercise=exercise, requests=[number])
    assert exercise.parts.get(kind="leitung").user == guest


@pytest.fixture
def waterworks() -> Facility:
    return FacilityFactory(
        name="Wasserwerk",
        region=MunicipalityFactory(ars="095740123456", name="Lindenfurt"),
        provider=OrganisationFactory(region=None, kind=OrganisationKind.PROVIDER),
    )


def on_register(*facilities: Facility, **changes: str) -> Any:
    """A script whose network are these facilities, as it is taken from the register."""
    keys = {f"{each.service}-{each.pk}": each for each in facilities}
    rows = [
        {"key": key, "sector": each.service, "municipality": "Lindenfurt"}
        for key, each in keys.items()
    ]
    names = {key: each.name for key, each in keys.items()} | changes
    document = small_document(
        from_register=True, decisions=[], facility_names=names, model={"facilities": rows}
    )
    return script_of(document)


def test_who_sees_every_facility_in_the_register_does_not_wait(waterworks: Facility) -> None:
    village = OrganisationFactory(region=waterworks.region)
    mine = exercise_on(on_register(waterworks), host=village)
    provider = second_factor(MandateFactory(organisation=waterworks.provider).user)
    ministry = OrganisationFactory(region=None, kind=OrganisationKind.MINISTRY)
    authority = in_staff(ministry, Office.DESK)
    elsewhere = in_staff(OrganisationFactory(region=MunicipalityFactory()))
    assert has_to_wait(authority, mine, "spiel")
    Insight.objects.create(organisation=ministry, region=waterworks.region)
    waits = {
        person: has_to_wait(person, mine, "spiel")
        for person in (in_staff(village), provider, authority, elsewhere)
    }
    assert list(waits.values()) == [False, False, False, True]
    assert not has_to_wait(elsewhere, mine, "zuschauen")
    well = FacilityFactory(name="Brunnen", region=waterworks.region)
    both = exercise_on(on_register(waterworks, well), host=village)
    assert has_to_wait(provider, both, "spiel")
    assert not has_to_wait(authority, both, "spiel")


def test_the_same_number_in_another_register_is_another_facility(waterworks: Facility) -> None:
    provider = second_factor(MandateFactory(organisation=waterworks.provider).user)
    key = f"{waterworks.service}-{waterworks.pk}"
    other = exercise_on(on_register(waterworks, **{key: "Wasserwerk einer anderen Stadt"}))
    assert has_to_wait(provider, other, "spiel")
    assert has_to_wait(provider, exercise_on(small_script(from_register=True)), "spiel")


@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_a_file_that_hides_where_its_network_comes_from_does_not_open_it(
    ending: str, client: Client, waterworks: Facility, guest: User
) -> None:
    village = OrganisationFactory(region=waterworks.region)
    author = in_staff(village)
    document = document_of(on_register(waterworks))
    del document["from_register"]
    is_json = ending == "json"
    content = json.dumps(document).encode() if is_json else write_workbook(script_of(document))
    client.force_login(author)
    file = SimpleUploadedFile(f"d.{ending}", content)
    begun = client.post(
        reverse("scripts:add"), {"host": village.pk, "begin": "datei", "file": file}
    )
    draft = ScriptDraft.objects.get()
    if not is_json:
        look = client.get(begun.headers["Location"]).context["look"]
        said = {"revision": 1, **look.columns}
        client.post(f"{begun.headers['Location']}uebernehmen/", said)
        draft.refresh_from_db()
    assert draft.script["from_register"] is True
    for script in (draft.script, document):
        made = exercise_on(script_of(script), host=village)
        client.force_login(guest)
        assert knock(client, made) == made.get_join_url()
        assert not made.parts.filter(user=guest).exists()
    invented = document | {"facility_names": {}}
    assert not exercise_on(script_of(invented), host=village).from_register


def test_without_a_second_factor_nobody_comes_in_and_nobody_stays(
    client: Client, exercise: Exercise
) -> None:
    user = UserFactory()
    client.force_login(user)
    assert "nur mit einem zweiten Faktor" in page(client, exercise.get_join_url())
    refused = client.post(exercise.get_join_url(), {"part": "spiel/stab"}).content.decode()
    assert "Dafür brauchen Sie einen zweiten Faktor" in refused
    assert not exercise.join_requests.exists()
    knock(client, exercise, "zuschauen/")
    assert client.get(exercise.get_absolute_url()).status_code == 200
    player = come_in(exercise).user
    client.force_login(player)
    assert client.get(exercise.get_absolute_url()).status_code == 200
    Authenticator.objects.filter(user=player).delete()
    assert client.get(exercise.get_absolute_url()).status_code == 404
    assert f'href="{exercise.get_join_url()}"' in page(client, reverse("exercises:exercises"))
    assert [task.url for task in tasks(player)] == [exercise.get_join_url()]


def test_without_a_second_factor_measures_are_not_listed(exercise: Exercise, control: User) -> None:
    player = come_in(exercise).user
    serve.start_exercise(actor=control, exercise=exercise)
    serve.end_exercise(actor=control, exercise=exercise)
    exercise.refresh_from_db()
    measure = serve.add_improvement(
        actor=control,
        exercise=exercise,
        lesson="Ohne Strom kein Wasser.",
        what="Ein Aggregat beschaffen",
        owner=None,
        organisation="Stadtwerke",
        due_on="2027-01-01",
    )
    serve.share_report(actor=control, exercise=exercise, shared=True)
    assert list(improvements_for(player)) == [measure]
    Authenticator.objects.filter(user=player).delete()
    assert list(improvements_for(player)) == []
    assert list(tasks(player)) == []


def test_on_an_invented_network_nobody_waits(client: Client) -> None:
    made = exercise_on(small_script())
    client.force_login(UserFactory())
    assert knock(client, made) == made.get_absolute_url()
    assert all(name in page(client, f"{made.get_absolute_url()}lage/") for name in NAMES)
    client.force_login(made.parts.get(kind="leitung").user)
    assert "Register" not in page(client, f"{made.get_absolute_url()}teilnahme/")


def test_another_network_lets_those_wait_who_do_not_know_it(waterworks: Facility) -> None:
    village = OrganisationFactory(region=waterworks.region)
    made = exercise_on(small_script(), host=village)
    control = made.parts.get(kind="leitung").user
    colleague, stranger = in_staff(village), second_factor(UserFactory())
    for person, role in ((colleague, "stab"), (stranger, "presse")):
        serve.join(actor=person, exercise=made, kind="spiel", role=role)

    def take(script: Any) -> tuple[set[User], set[User]]:
        serve.replace_script(actor=control, exercise=made, script=script)
        playing = Part.objects.filter(exercise=made, kind="spiel").select_related("user")
        waiting = made.join_requests.select_related("user")
        return {each.user for each in playing}, {each.user for each in waiting}

    assert take(on_register(waterworks)) == ({colleague}, {stranger})
    serve.let_in(actor=control, exercise=made, requests=[made.join_requests.get().pk])
    assert take(on_register(waterworks)) == ({colleague, stranger}, set())
    well = FacilityFactory(name="Brunnen", region=waterworks.region)
    assert take(on_register(waterworks, well)) == ({colleague}, {stranger})
    assert take(small_script()) == ({colleague, stranger}, set())


def test_a_second_control_that_does_not_know_the_network_waits_too(client: Client) -> None:
    made = exercise_on(small_script())
    control = made.parts.get(kind="leitung").user
    second = second_factor(UserFactory(name="Carl Control"))
    Part.objects.create(exercise=made, user=second, kind="leitung")
    serve.replace_script(actor=control, exercise=made, script=small_script(from_register=True))
    client.force_login(second)
    assert client.get(f"{made.get_absolute_url()}lage/").status_code == 404
    assert "Sie warten auf Einlass" in page(client, made.get_join_url())
    client.force_login(control)
    number = made.join_requests.get().pk
    assert "Carl Control" in page(client, f"{made.get_absolute_url()}teilnahme/")
    assert "Eingelassen: Carl Control." in answer(client, made, "einlassen", number)
    assert made.parts.get(user=second).kind == "leitung"
    who = {"person": second.pk, "kind": "leitung", "role": ""}
    assert let_in_entries() == [
        ("crisis.take_out_of_exercise", who),
        ("crisis.let_into_exercise", who),
    ]


def test_the_end_ends_waiting(
    client: Client, exercise: Exercise, control: User, guest: User
) -> None:
    come_in(exercise)
    number = wait_for(exercise, guest)
    serve.start_exercise(actor=control, exercise=exercise)
    serve.end_exercise(actor=control, exercise=exercise)
    assert not exercise.join_requests.exists()
    client.force_login(guest)
    live = client.get(f"{exercise.get_join_url()}?wartet=1", headers={"HX-Request": "true"})
    assert live.headers["HX-Redirect"] == exercise.get_join_url()
    assert "Mitmachen und zuschauen geht nicht mehr" in page(client, exercise.get_join_url())
    serve.let_in(actor=control, exercise=exercise, requests=[number])
    assert not exercise.parts.filter(user=guest).exists()
    with pytest.raises(services.Conflict):
        serve.ask_to_join(actor=guest, exercise=exercise, kind="spiel", role="stab")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_of_the_control_need_as_many_queries_for_one_as_for_three(
    client: Client, exercise: Exercise, control: User, rows: int, django_assert_num_queries: Any
) -> None:
    for _each in range(rows):
        number = wait_for(exercise, UserFactory())
        serve.decline(exercise=exercise, requests=[number])
        wait_for(exercise, MandateFactory().user)
    client.force_login(control)
    for address, count in (("leitung/", 16), ("teilnahme/", 8)):
        client.get(exercise.get_absolute_url() + address)
        with django_assert_num_queries(count):
            client.get(exercise.get_absolute_url() + address)


@pytest.mark.django_db(transaction=True)
def test_two_controls_at_once_let_her_in_once() -> None:
    made = exercise_on(small_script(from_register=True))
    first = made.parts.get(kind="leitung").user
    second = second_factor(UserFactory())
    Part.objects.create(exercise=made, user=second, kind="leitung")
    guest = UserFactory()
    number = wait_for(made, guest)

    def let_in(actor: User) -> list[str]:
        try:
            return serve.let_in(actor=actor, exercise=made, requests=[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(let_in, (first, second)))
    assert sorted(done) == [[], [guest.name]]
    assert made.parts.filter(user=guest).count() == 1
    assert len(let_in_entries()) == 1
