"""The pages of observers and of the questionnaire, as a browser without JavaScript meets them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.crisis.small import small_document, small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.crisis.models import Delivery, Exercise, Observation, Part
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db
MINUTE = 60_000_000


@pytest.fixture
def control() -> User:
    return UserFactory(name="Dirk Director")


@pytest.fixture
def running(control: User) -> Exercise:
    """It has run for 20 minutes and stands."""
    script = small_script(goals=[{"key": "lage", "name": "Lage feststellen"}])
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script
    )
    serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    serve.join(
        actor=UserFactory(name="Olga Observer"), exercise=exercise, kind="beobachtung", role=""
    )
    serve.start_exercise(actor=control, exercise=exercise)
    serve.change_clock(actor=control, exercise=exercise, change="pause")
    serve.change_clock(actor=control, exercise=exercise, change="jump", value=20 * MINUTE)
    exercise.refresh_from_db()
    return exercise


def part_of(exercise: Exercise, kind: str) -> Part:
    return exercise.parts.get(kind=kind)


@pytest.fixture
def olga(client: Client, running: Exercise) -> Client:
    client.force_login(part_of(running, "beobachtung").user)
    return client


def page(client: Client, exercise: Exercise, path: str = "beobachten/") -> str:
    answer = client.get(f"{exercise.get_absolute_url()}{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_task_is_marked_in_one_tap(olga: Client, running: Exercise) -> None:
    delivery = running.deliveries.get(recipient="stab")
    shown = page(olga, running)
    assert "Erwartet: Beim Netzbetreiber nachfragen" in shown
    address = f"/krise/uebungen/einlagen/{delivery.pk}/beobachtet/"
    assert f'action="{address}?"' in shown
    for _twice in range(2):
        answer = olga.post(f"{address}?rolle=stab", {"mark": "erledigt"})
    assert answer.headers["Location"] == (
        f"/krise/uebungen/{running.pk}/beobachten/?rolle=stab&aufgabe={delivery.pk}#aufgabe-{delivery.pk}"
    )
    assert Observation.objects.get().mark == "erledigt"
    assert page(olga, running).count('aria-pressed="true"') == 1
    # With htmx the part of the page that changes comes at once.
    answer = olga.post(address, {"mark": "teilweise"}, headers={"HX-Request": "true"})
    assert answer.content.decode().count('aria-pressed="true"') == 1
    assert "<html" not in answer.content.decode()
    olga.post(address, {"zuruecknehmen": "1"})
    assert Observation.objects.count() == 0


def test_words_are_added_and_a_mark_in_one_tap_keeps_them(olga: Client, running: Exercise) -> None:
    delivery = running.deliveries.get(recipient="stab")
    address = f"/krise/uebungen/einlagen/{delivery.pk}"
    answer = olga.post(f"{address}/beobachten/", {"mark": "", "text": "Sehr ruhig."})
    assert "Sehr ruhig." in answer.content.decode()
    assert 'href="#id_mark"' in answer.content.decode()
    olga.post(f"{address}/beobachten/", {"mark": "erledigt", "text": "Sehr ruhig."})
    olga.post(f"{address}/beobachtet/", {"mark": "teilweise"})
    own = Observation.objects.get()
    assert (own.mark, own.text) == ("teilweise", "Sehr ruhig.")
    olga.post(f"{address}/beobachten/", {"mark": "teilweise", "text": ""})
    own.refresh_from_db()
    assert own.text == ""


def test_what_asks_for_nothing_is_not_marked(
    olga: Client, running: Exercise, control: User
) -> None:
    serve.give_order(actor=control, exercise=running, kind="trigger", inject="3")
    delivery = running.deliveries.get(inject="3")
    answer = olga.post(
        f"/krise/uebungen/einlagen/{delivery.pk}/beobachten/", {"mark": "erledigt", "text": "x"}
    )
    assert "ist bei dieser Rolle nicht angekommen" in answer.content.decode()
    assert Observation.objects.count() == 0


def test_a_note_keeps_what_was_typed_and_its_author_removes_it(
    olga: Client, running: Exercise, control: User
) -> None:
    address = f"{running.get_absolute_url()}beobachten/"
    key = str(uuid4())
    answer = olga.post(address, {"key": key, "role": "leitung", "text": "Guter Ton."})
    assert "Guter Ton." in answer.content.decode()
    assert Observation.objects.count() == 0
    for _twice in range(2):
        answer = olga.post(
            f"{address}?rolle=stab", {"key": key, "role": "stab", "text": "Guter Ton."}
        )
    assert answer.headers["Location"] == f"{address}?rolle=stab&gesendet={key}"
    note = Observation.objects.get()
    other = Client()
    other.force_login(control)
    assert "Guter Ton." in page(other, running)
    removal = f"/krise/uebungen/beobachtungen/{note.pk}/loeschen/"
    assert other.post(removal).status_code == 404
    assert olga.post(removal).status_code == 303
    assert Observation.objects.count() == 0


def test_a_role_can_be_chosen(olga: Client, running: Exercise) -> None:
    assert page(olga, running).count("<li id=") == 2
    assert page(olga, running, "beobachten/?rolle=presse").count("<li id=") == 1
    assert page(olga, running, "beobachten/?rolle=gibtesnicht").count("<li id=") == 2


def test_what_came_to_many_roles_is_told_an_observer_once(olga: Client, running: Exercise) -> None:
    assert running.deliveries.filter(inject="1").count() == 2
    for path, level in (("", 3), ("einlagen/", 2)):
        shown = page(olga, running, path)
        assert shown.count(f"ÜBUNG: Das Licht flackert</h{level}>") == 1
        assert "→ an 2 Rollen" in shown
        assert "<li>Leitung des Krisenstabs</li>" in shown


def test_the_newest_tasks_and_notes_stand_open_and_the_others_are_folded(
    olga: Client, running: Exercise
) -> None:
    first = running.deliveries.get(recipient="stab")
    for number in range(4):
        Delivery.objects.create(
            exercise=running,
            inject=first.inject,
            attempt=1,
            recipient=f"rolle-{number}",
            due=first.due + MINUTE,
            wall=first.wall,
            title=first.title,
        )
    for number in range(5):
        note = {"key": str(uuid4()), "text": f"Notiz {number}."}
        olga.post(f"{running.get_absolute_url()}beobachten/", note)
    near, folded = page(olga, running).split('id="fruehere-aufgaben"')
    assert near.count("Beim Netzbetreiber nachfragen") == 4
    assert "2 frühere Aufgaben, 2 davon ohne Ihre Marke" in folded
    assert f'<li id="aufgabe-{first.pk}">' in folded
    shown, older = folded.split('id="aeltere-notizen"')
    assert [f"Notiz {number}." in shown for number in range(5)] == [False, True, True, True, True]
    assert "1 ältere Notiz<" in older
    # Who marks a folded task without JavaScript comes back to where it is unfolded.
    answer = olga.post(f"/krise/uebungen/einlagen/{first.pk}/beobachtet/", {"mark": "erledigt"})
    back = olga.get(answer.headers["Location"]).content.decode()
    assert 'id="fruehere-aufgaben" open>' in back
    assert "2 frühere Aufgaben, 1 davon ohne Ihre Marke" in back


def test_an_observer_is_told_which_task_of_a_role_comes_next(
    olga: Client, running: Exercise, control: User
) -> None:
    task = {"title": "Das Wasser sinkt", "to": ["stab"], "expected_action": "Sparaufruf"}
    injects = [*small_document()["injects"], {"key": "4", "at": 90} | task]
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=running.host, script=small_script(injects=injects)
    )
    serve.join(
        actor=part_of(running, "beobachtung").user, exercise=exercise, kind="beobachtung", role=""
    )
    serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    assert "Nächste Aufgabe" not in page(olga, exercise)
    serve.start_exercise(actor=control, exercise=exercise)
    serve.change_clock(actor=control, exercise=exercise, change="pause")
    serve.change_clock(actor=control, exercise=exercise, change="jump", value=20 * MINUTE)
    # „Die Zeitung fragt“ comes later as well, and asks for nothing.
    assert "Nächste Aufgabe: Tag 1, 09:30 Uhr<" in page(olga, exercise)
    assert "Erwartet: Sparaufruf" in page(olga, exercise, "beobachten/?rolle=stab")
    assert "Nächste Aufgabe" not in page(olga, exercise, "beobachten/?rolle=presse")


def test_players_see_no_observations(olga: Client, running: Exercise) -> None:
    olga.post(
        f"{running.get_absolute_url()}beobachten/",
        {"key": str(uuid4()), "role": "stab", "text": "Guter Ton."},
    )
    delivery = running.deliveries.get(recipient="stab")
    player = Client()
    player.force_login(part_of(running, "spiel").user)
    for path in (
        *("beobachten/", "beobachtungen.csv", "beobachtungen.json"),
        *(f"../einlagen/{delivery.pk}/{last}/" for last in ("beobachten", "beobachtet")),
    ):
        method = player.post if path.endswith("beobachtet/") else player.get
        assert method(f"{running.get_absolute_url()}{path}").status_code == 404, path
    for path in ("", "neues/", "uhr/", "lage/", "einlagen/", "nachrichten/"):
        assert "Guter Ton." not in page(player, running, path)


def test_what_was_observed_is_read_once_for_a_page(olga: Client, running: Exercise) -> None:
    with CaptureQueriesContext(connection) as captured:
        page(olga, running)
    read = [each["sql"] for each in captured if 'FROM "crisis_observation"' in each["sql"]]
    assert len(read) == 1


def test_the_page_of_an_observer_hears_of_others(olga: Client, running: Exercise) -> None:
    address = f"{running.get_absolute_url()}uhr/"
    stand = olga.get(address).context["stand"]
    assert "HX-Trigger" not in olga.get(f"{address}?stand={stand}").headers
    delivery = running.deliveries.get(recipient="stab")
    olga.post(f"/krise/uebungen/einlagen/{delivery.pk}/beobachtet/", {"mark": "erledigt"})
    assert "neues" in olga.get(f"{address}?stand={stand}").headers["HX-Trigger"]


def test_observations_as_a_file(olga: Client, running: Exercise) -> None:
    delivery = running.deliveries.get(recipient="stab")
    olga.post(f"/krise/uebungen/einlagen/{delivery.pk}/beobachtet/", {"mark": "erledigt"})
    answer: Any = olga.get(f"{running.get_absolute_url()}beobachtungen.csv")
    text = b"".join(answer.streaming_content).decode()
    entry = Entry.objects.get(deed="crisis.export_observations")
    assert entry.details == {"format": "csv"}
    seen = "Leitung des Krisenstabs;Das Licht flackert;erledigt;;Olga Observer"
    assert f"{seen};Beobachtung · {running.host};" in text
    assert f";{entry.number}-{entry.hash[:8]}" in text


def test_pages_take_as_many_queries_with_one_row_as_with_three(
    olga: Client, running: Exercise, control: User
) -> None:
    part = part_of(running, "beobachtung")
    paths = ("beobachten/", "einlagen/", "nachrichten/", "beobachtungen.csv")

    def note(number: int) -> None:
        for _each in range(number):
            serve.note_observation(actor=part.user, part=part, key=uuid4(), text="Ton.")
        for person in [UserFactory() for _each in range(number)]:
            other = serve.join(actor=person, exercise=running, kind="beobachtung", role="")
            serve.mark_task(actor=person, part=other, inject="1", role="stab", mark="erledigt")

    def counted() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer: Any = olga.get(f"{running.get_absolute_url()}{path}")
                if answer.streaming:
                    b"".join(answer.streaming_content)
            found.append(len(queries))
        return found

    note(1)
    counted()  # what is computed once per process
    once = counted()
    note(2)
    serve.give_order(actor=control, exercise=running, kind="again", inject="1")
    assert counted() == once


def test_who_sees_all_roles_finds_what_came_earlier(
    olga: Client, running: Exercise, control: User
) -> None:
    delivery = running.deliveries.get(recipient="stab")
    for attempt in range(2, 62):
        delivery.pk = None
        delivery.attempt = attempt
        delivery.save()
    shown = page(olga, running, "")
    # Of the newest 40, the last may lack roles; the newest four stand open.
    assert shown.count('<li id="einlage-') == 39
    near, folded = shown.split('id="frueher-angekommen"')
    assert near.count('<li id="einlage-') == 4
    assert "35 frühere Einlagen" in folded
    assert "Alles, was angekommen ist" in shown
    first, second = page(olga, running, "einlagen/"), page(olga, running, "einlagen/?seite=2")
    assert (first.count("Das Licht flackert</h2>"), second.count("Das Licht flackert</h2>")) == (
        25,
        25,
    )
    olga.force_login(control)
    assert "Noch einmal einspielen" in page(olga, running, "einlagen/?seite=2")
    assert "Alles, was angekommen ist" in page(olga, running, "leitung/")
    serve.end_exercise(actor=control, exercise=running)
    afterwards = page(olga, running, "")
    assert afterwards.count('<li id="einlage-') == 11
    assert "Alles, was angekommen ist" in afterwards


@pytest.fixture
def ended(olga: Client, running: Exercise, control: User) -> Exercise:
    serve.end_exercise(actor=control, exercise=running)
    running.refresh_from_db()
    return running


def test_the_questionnaire_is_answered_once(olga: Client, ended: Exercise) -> None:
    address = f"{ended.get_absolute_url()}fragebogen/"
    shown = page(olga, ended, "fragebogen/")
    assert shown.count("<legend") == 9
    assert "Haben wir dieses Ziel erreicht? Lage feststellen" in shown
    assert "Bitte keine Namen" in shown
    key = str(uuid4())
    answer = olga.post(address, {"key": key, "frage-0": "7", "frage-9": "Der Funk."})
    assert "Der Funk." in answer.content.decode()  # the form keeps what was typed
    said = {"key": key, "frage-0": "4", "frage-8": "2", "frage-9": "Der Funk."}
    for _twice in range(2):
        assert olga.post(address, said).status_code == 303
    assert "1 Mensch hat geantwortet." in page(olga, ended, "fragebogen/ergebnis/")
    assert "Der Funk." not in page(olga, ended, "fragebogen/ergebnis/")
    assert olga.get(address).status_code == 303
    assert ended.questionnaire.tallies.get(question="ziel:lage", score=2).count == 1


def test_the_start_page_asks_until_it_is_answered(olga: Client, ended: Exercise) -> None:
    address = f"{ended.get_absolute_url()}fragebogen/"
    assert address in olga.get("/").content.decode()
    olga.post(address, {"key": str(uuid4()), "frage-0": "4"})
    assert address not in olga.get("/").content.decode()


def test_the_control_closes_it_and_does_not_see_who_answered(
    olga: Client, ended: Exercise, control: User
) -> None:
    for number in range(5):
        part = Part.objects.create(exercise=ended, user=UserFactory(), kind="beobachtung")
        serve.answer_questionnaire(
            part=part, scores={"gelernt": 5}, remarks={"gut": f"Der Funk {number}."}
        )
    address = f"{ended.get_absolute_url()}fragebogen"
    assert olga.post(f"{address}/schliessen/").status_code == 404
    olga.force_login(control)
    assert "Fragebogen schließen" in page(olga, ended, "fragebogen/ergebnis/")
    assert olga.post(f"{address}/schliessen/").status_code == 303
    shown = page(olga, ended, "fragebogen/ergebnis/")
    assert "Der Funk 0." in shown
    assert "5 Antworten, Mittel 5,0, Median 5 von 5" in shown
    assert "Fragebogen schließen" not in shown
    table: Any = olga.get(f"{address}/ergebnis.csv")
    lines = b"".join(table.streaming_content).decode().splitlines()
    assert "Ich habe etwas gelernt, das ich im Ernstfall brauche.;5 · trifft voll zu;5" in lines
    assert len(lines) == 1 + 9 * 5 + 5
    names = set(ended.parts.exclude(user=control).values_list("user__name", flat=True))
    assert [name for name in names if name in shown] == []


def test_the_control_finds_what_is_over(olga: Client, ended: Exercise, control: User) -> None:
    olga.force_login(control)
    assert "Verlauf" in page(olga, ended, "")
    assert "Was Sie beobachten" in page(olga, ended)


def test_a_final_report_rests_on_what_was_noted_until_then(
    olga: Client, ended: Exercise, control: User
) -> None:
    delivery = ended.deliveries.get(recipient="stab")
    mark = f"/krise/uebungen/einlagen/{delivery.pk}/beobachtet/"
    notes = f"{ended.get_absolute_url()}beobachten/"
    olga.post(mark, {"mark": "erledigt"})
    olga.post(notes, {"key": str(uuid4()), "text": "Guter Ton."})
    serve.close_report(actor=control, exercise=ended)
    said = "Der Bericht ist abgeschlossen."
    olga.post(mark, {"mark": "teilweise"})
    assert said in page(olga, ended)
    assert "Was Sie beobachten" not in page(olga, ended)
    answer = olga.post(mark, {"zuruecknehmen": "1"}, headers={"HX-Request": "true"})
    assert said in answer.content.decode()
    note = Observation.objects.get(inject="")
    olga.post(f"/krise/uebungen/beobachtungen/{note.pk}/loeschen/")
    answer = olga.post(notes, {"key": str(uuid4()), "text": "Zu spät notiert."})
    assert said in answer.content.decode()
    assert "Zu spät notiert." in answer.content.decode()
    kept = Observation.objects.order_by("pk").values_list("mark", "text")
    assert list(kept) == [("erledigt", ""), ("", "Guter Ton.")]
    serve.reopen_report(actor=control, exercise=ended)
    olga.post(mark, {"mark": "teilweise"})
    assert Observation.objects.get(inject="1").mark == "teilweise"
