"""Who only looks on: by a link of her own, what every team could know, and nothing else."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.crisis.small import come_in, small_script
from tests.factories import OrganisationFactory, UserFactory, second_factor

from allmende.accounts.models import User
from allmende.crisis.models import CONTROL, Exercise, PartKind
from allmende.crisis.queries import exercises as queries
from allmende.crisis.queries.games import Game
from allmende.crisis.queries.log import log_of
from allmende.crisis.queries.reports import improvements_for
from allmende.crisis.queries.situation import answers_in
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db
SECOND = 1_000_000
BEGIN = 1_000_000 * SECOND


@pytest.fixture
def exercise() -> Exercise:
    """One that is paused after twenty minutes; a newspaper is read by two roles, a mail by one."""
    injects = [
        {
            "key": "1",
            "at": 5,
            "title": "Die Zeitung schreibt",
            "to": ["stab", "presse"],
            "channel": "media",
        },
        {"key": "2", "at": 6, "title": "Vertraulich", "to": ["stab"]},
    ]
    director = UserFactory(name="Dirk Director")
    made = serve.add_exercise(
        actor=director,
        mandate=None,
        host=OrganisationFactory(),
        script=small_script(injects=injects),
    )
    player = serve.join(actor=UserFactory(), exercise=made, kind="spiel", role="stab")
    serve.start_exercise(actor=director, exercise=made, wall=BEGIN)
    serve.deliver_due(exercise=made, wall=BEGIN + 20 * SECOND)
    serve.send_note(
        actor=player.user,
        part=player,
        key=uuid4(),
        recipient=CONTROL,
        text="Wir wissen nichts.",
        wall=BEGIN + 20 * SECOND,
    )
    serve.decide(
        actor=player.user,
        part=player,
        key=uuid4(),
        decision="wohin",
        option="nord",
        wall=BEGIN + 20 * SECOND,
    )
    serve.change_clock(actor=director, exercise=made, change="pause", wall=BEGIN + 21 * SECOND)
    made.refresh_from_db()
    return made


@pytest.fixture
def guest() -> User:
    return UserFactory(name="Gabi Gast")


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_link_to_look_on_makes_nobody_anything_else(
    client: Client, exercise: Exercise, guest: User
) -> None:
    client.force_login(guest)
    address = f"/krise/uebungen/zuschauen/{exercise.spectator_token}/"
    assert "Sie können nichts verändern" in page(client, address)
    answer = client.post(address, {"part": "spiel/stab", "kind": "leitung"})
    assert answer.headers["Location"] == exercise.get_absolute_url()
    part = queries.part_of(User.objects.get(pk=guest.pk), exercise)
    assert part is not None
    assert (part.kind, part.role) == (PartKind.SPECTATOR, "")


def test_the_two_links_do_not_open_each_other(
    client: Client, exercise: Exercise, guest: User
) -> None:
    client.force_login(guest)
    for address in (
        f"/krise/uebungen/zuschauen/{exercise.token}/",
        f"/krise/uebungen/mitmachen/{exercise.spectator_token}/",
    ):
        assert client.get(address).status_code == 404


def test_who_plays_stays_what_she_is(client: Client, exercise: Exercise) -> None:
    part = exercise.parts.get(role="stab")
    client.force_login(part.user)
    client.post(f"/krise/uebungen/zuschauen/{exercise.spectator_token}/")
    part.refresh_from_db()
    assert part.kind == PartKind.PLAYER


def test_only_the_control_is_told_the_link(client: Client, exercise: Exercise, guest: User) -> None:
    client.force_login(exercise.parts.get(kind="leitung").user)
    shown = page(client, f"{exercise.get_absolute_url()}teilnahme/")
    assert f"/zuschauen/{exercise.spectator_token}/" in shown
    serve.join(actor=guest, exercise=exercise, kind="zuschauen", role="")
    client.force_login(guest)
    assert client.get(f"{exercise.get_absolute_url()}teilnahme/").status_code == 404


def test_a_spectator_sees_media_once_and_nothing_between_roles(
    client: Client, exercise: Exercise, guest: User
) -> None:
    serve.join(actor=guest, exercise=exercise, kind="zuschauen", role="")
    client.force_login(guest)
    for part in ("", "neues/"):
        shown = page(client, exercise.get_absolute_url() + part)
        assert shown.count("Die Zeitung schreibt</h3>") == 1
        for secret in (
            "Vertraulich",
            "Wir wissen nichts.",
            "Wasserwerk nord",
            '<h2 class="kern-heading-medium">Nachrichten',
        ):
            assert secret not in shown, secret
    situation = page(client, f"{exercise.get_absolute_url()}lage/")
    assert "Wasserwerk Nord" in situation
    assert "Wasserwerk nord" not in situation


def test_a_spectator_can_do_nothing(client: Client, exercise: Exercise, guest: User) -> None:
    serve.join(actor=guest, exercise=exercise, kind="zuschauen", role="")
    client.force_login(guest)
    address = exercise.get_absolute_url()
    forms = re.findall(r'<form[^>]*action="([^"]*)"', page(client, address))
    assert [form for form in forms if "/uebungen/" in form] == []
    for part in ("schreiben/", "entscheiden/wohin/", "stellen/", "einlage/", "beenden/"):
        assert client.post(address + part).status_code == 404, part


def test_after_the_end_a_spectator_reads_no_more_than_before(
    exercise: Exercise, guest: User
) -> None:
    part = serve.join(actor=guest, exercise=exercise, kind="zuschauen", role="")
    serve.end_exercise(actor=exercise.parts.get(kind="leitung").user, exercise=exercise)
    game = Game(Exercise.objects.get(pk=exercise.pk), BEGIN + 60 * SECOND)
    assert [line.text for line in log_of(game, part)] == ["ÜBUNG: Die Zeitung schreibt"]
    assert answers_in(game, part) == []


def test_neither_log_nor_report_are_for_spectators(
    client: Client, exercise: Exercise, guest: User
) -> None:
    control = exercise.parts.get(kind="leitung").user
    serve.join(actor=guest, exercise=exercise, kind="zuschauen", role="")
    serve.end_exercise(actor=control, exercise=exercise)
    exercise.refresh_from_db()
    measure = serve.add_improvement(
        actor=control,
        exercise=exercise,
        lesson="Ohne Strom kein Wasser.",
        what="Ein Aggregat beschaffen",
        owner=None,
        organisation="Stadtwerke",
        due_on=timezone.localdate(),
    )
    serve.share_report(actor=control, exercise=exercise, shared=True)
    player = exercise.parts.get(role="stab").user
    addresses = [
        exercise.get_absolute_url() + part
        for part in ("verlauf/", "verlauf.csv", "verlauf.json", "bericht/")
    ]
    addresses += [
        f"/krise/uebungen/{exercise.pk}/bericht.{kind}" for kind in ("pdf", "docx", "json")
    ]
    addresses.append(f"/krise/uebungen/massnahmen/{measure.pk}/")
    for close in (False, True):
        if close:
            serve.close_report(actor=control, exercise=exercise)
        for person, status in ((player, 200), (guest, 404)):
            client.force_login(person)
            for address in addresses:
                assert client.get(address).status_code == status, (person, address)
        assert list(improvements_for(guest)) == []
        assert list(improvements_for(player)) == [measure]
    client.force_login(guest)
    shown = page(client, exercise.get_absolute_url())
    assert "Verlauf" not in shown
    assert "Übungsbericht" not in shown


def test_of_a_register_a_spectator_sees_sums_and_no_facility(client: Client, guest: User) -> None:
    director = second_factor(UserFactory())
    made = serve.add_exercise(
        actor=director,
        mandate=None,
        host=OrganisationFactory(),
        script=small_script(from_register=True),
    )
    player = come_in(made).user
    watcher = come_in(made, kind="beobachtung", role="").user
    serve.join(actor=guest, exercise=made, kind="zuschauen", role="")
    serve.start_exercise(actor=director, exercise=made, wall=BEGIN)
    serve.deliver_due(exercise=made, wall=BEGIN + 400 * SECOND)
    serve.change_clock(actor=director, exercise=made, change="pause", wall=BEGIN + 401 * SECOND)
    assert made.deliveries.filter(inject__startswith="simulation/", channel="media").exists()
    parts = ("", "neues/", "lage/", "einlagen/")
    names = ("Ortsnetz", "Wasserwerk Nord", "Wasserwerk Süd")
    for person, sees in ((player, True), (watcher, True), (guest, False)):
        client.force_login(person)
        told = "".join(page(client, made.get_absolute_url() + part) for part in parts)
        refreshed = client.get(f"{made.get_absolute_url()}lage/", headers={"HX-Request": "true"})
        told += refreshed.content.decode()
        assert [name in told for name in names] == [sees] * 3, person
        assert ("lage-einrichtungen" in told, "lage-netz" in told) == (sees, sees)
        assert "lage-verlauf" in told
        assert ("kommt aus einem Register" in told) is not sees
    client.force_login(director)
    given = page(client, f"{made.get_absolute_url()}teilnahme/")
    assert "sehen Zuschauende nur Summen" in given
    assert "wartet auf Ihren Einlass" in given


def test_of_an_invented_network_a_spectator_sees_all(client: Client, exercise: Exercise) -> None:
    client.force_login(exercise.parts.get(kind="leitung").user)
    assert "Register" not in page(client, f"{exercise.get_absolute_url()}teilnahme/")
