"""A decision of the council stands behind votes only with its proof."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.formats.oparl import Decision, OParlError
from allmende.forum import services
from allmende.forum.models import (
    Concern,
    Evidence,
    OParlServer,
    Participant,
    Stand,
    VoiceLevel,
    Vote,
)
from allmende.registry.models import Mandate
from tests.factories import ParticipantFactory, StatementFactory, VoteFactory, second_factor

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nBeschluss\n%%EOF\n"
TYPE = "https://schema.oparl.org/1.1/"


@pytest.fixture
def lindenfurt(concern: Concern) -> Participant:
    """Alice's municipality, which has voted on two statements."""
    participant = ParticipantFactory(concern=concern, region=concern.owner)
    for _ in range(2):
        VoteFactory(
            participant=participant,
            statement=StatementFactory(concern=concern),
            level=VoiceLevel.ADMINISTRATION,
        )
    return participant


def decision(**fields: Any) -> Decision:
    return Decision(kind="Paper", address="https://rat.example.org/paper/12", **fields)


def prove(actor: User, participant: Participant, *statements: int, **fields: Any) -> Evidence:
    given = {
        "level": VoiceLevel.COUNCIL,
        "decided_on": date(2026, 3, 3),
        "title": "Städtebauförderung",
        "reference": "12/2026",
        "source": decision(),
        "seen_at": timezone.now(),
    }
    return services.add_evidence(
        actor=actor,
        mandate=Mandate.objects.get(user=actor),
        participant=participant,
        statements=statements or list(participant.votes.values_list("statement", flat=True)),
        **given | fields,
    )


def levels(participant: Participant) -> list[tuple[str, int | None]]:
    return list(participant.votes.order_by("pk").values_list("level", "evidence"))


# Services


def test_votes_take_the_level_of_their_decision_and_lose_it_with_it(
    lindenfurt: Participant, alice: User
) -> None:
    vote = lindenfurt.votes.order_by("pk").first()
    assert vote is not None
    services.cast_vote(
        actor=alice,
        participant=lindenfurt,
        statement=vote.statement,
        stand=Stand.AGREE,
        mandate=alice.mandates.get(),
    )
    evidence = prove(alice, lindenfurt, vote.statement_id)
    assert evidence.label == "Ratsbeschluss vom 3. März 2026 (Drucksache 12/2026)"
    assert levels(lindenfurt) == [("council", evidence.pk), ("administration", None)]
    services.withdraw_evidence(
        actor=alice, mandate=alice.mandates.get(), evidence=evidence, reason="Falsche Sitzung"
    )
    assert levels(lindenfurt) == [("administration", None), ("administration", None)]
    assert [entry.deed for entry in history_of(evidence)] == [
        "forum.withdraw_evidence",
        "forum.add_evidence",
    ]
    with pytest.raises(services.Conflict, match="schon zurückgezogen"):
        services.withdraw_evidence(actor=alice, mandate=alice.mandates.get(), evidence=evidence)


def test_a_vote_that_is_changed_loses_its_decision(lindenfurt: Participant, alice: User) -> None:
    evidence = prove(alice, lindenfurt, level=VoiceLevel.COMMITTEE, reference="")
    assert evidence.label == "Ausschussbeschluss vom 3. März 2026"
    vote = lindenfurt.votes.order_by("pk").first()
    assert vote is not None
    services.cast_vote(
        actor=alice,
        participant=lindenfurt,
        statement=vote.statement,
        stand=Stand.DISAGREE,
        mandate=alice.mandates.get(),
    )
    assert sorted(levels(lindenfurt), key=str) == [
        ("administration", None),
        ("committee", evidence.pk),
    ]


def test_what_proves_nothing_is_refused(lindenfurt: Participant, alice: User) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(services.Conflict, match="Zukunft"):
        prove(alice, lindenfurt, decided_on=tomorrow)
    with pytest.raises(services.Conflict, match="keine Stimme"):
        prove(alice, lindenfurt, StatementFactory(concern=lindenfurt.concern).pk)
    assert Evidence.objects.count() == 0


def test_the_database_wants_a_file_or_an_address(lindenfurt: Participant) -> None:
    fields = {"participant": lindenfurt, "level": "council", "decided_on": date(2026, 3, 3)}
    for proof in ({}, {"oparl_url": "https://x.example/"}, {"snapshot": {}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.create(title="x", **fields, **proof)


# The council information system


class Council(BaseHTTPRequestHandler):
    """Answers with what a test has put into ``papers``."""

    papers: ClassVar[dict[str, dict[str, Any]]] = {}

    def do_GET(self) -> None:
        body = json.dumps(self.papers[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def council(settings: Settings, lindenfurt: Participant) -> Iterator[str]:
    settings.OPARL_MAY_BE_LOOPBACK = True
    OParlServer.objects.create(host="127.0.0.1", note="Lindenfurt")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Council)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    assert lindenfurt.region is not None
    Council.papers = {
        "/paper": {
            "type": f"{TYPE}Paper",
            "name": "Städtebauförderung",
            "reference": "12/2026",
            "body": {"ags": lindenfurt.region.ags},
            "consultation": [{"meeting": f"{here}/meeting", "role": "Beschlussfassung"}],
        },
        "/meeting": {"type": f"{TYPE}Meeting", "start": "2026-03-03T19:00:00+01:00"},
        "/gone": {"type": f"{TYPE}Paper", "deleted": True},
        "/foreign": {"type": f"{TYPE}Paper", "body": {"ags": "01051011"}},
        "/bare": {"type": f"{TYPE}Paper"},
    }
    yield here
    server.shutdown()
    server.server_close()


def test_an_address_is_read_as_it_is_now(council: str, lindenfurt: Participant) -> None:
    found = services.read_address(address=f"{council}/paper", participant=lindenfurt)
    assert (found.title, found.reference, found.decided_on) == (
        "Städtebauförderung",
        "12/2026",
        date(2026, 3, 3),
    )


@pytest.mark.parametrize(
    ("path", "said"), [("gone", "gelöscht"), ("foreign", "01051011, nicht zu Lindenfurt")]
)
def test_another_council_proves_nothing(
    council: str, lindenfurt: Participant, path: str, said: str
) -> None:
    with pytest.raises(OParlError, match=said):
        services.read_address(address=f"{council}/{path}", participant=lindenfurt)


def test_a_server_is_asked_only_while_it_is_listed(
    council: str, lindenfurt: Participant, operator: User
) -> None:
    services.remove_oparl_server(actor=operator, server=OParlServer.objects.get())
    with pytest.raises(OParlError, match="steht nicht auf der Liste"):
        services.read_address(address=f"{council}/paper", participant=lindenfurt)


# Pages


def form_of(participant: Participant, **fields: Any) -> dict[str, Any]:
    votes = list(participant.votes.values_list("pk", flat=True))
    newest = max(participant.votes.values_list("cast_at", flat=True))
    return {"stufe": "council", "stimmen": votes, "stand": newest.isoformat(), **fields}


@pytest.fixture
def address(lindenfurt: Participant) -> str:
    assert lindenfurt.region is not None
    return f"/forum/{lindenfurt.concern.slug}/kommunen/{lindenfurt.region.ars}/nachweis/"


def test_a_file_proves_a_decision_and_everybody_can_fetch_it(
    client: Client, lindenfurt: Participant, alice: User, address: str
) -> None:
    client.force_login(alice)
    assert client.get(address).content.decode().count(" checked>") == 2
    fields = {
        "dokument": SimpleUploadedFile("Beschluss.pdf", PDF),
        "gegenstand": "Städtebauförderung",
        "datum": "2026-03-03",
        "drucksache": "12/2026",
    }
    answer = client.post(address, form_of(lindenfurt, **fields))
    assert answer.status_code == 303
    own = client.get(answer.headers["Location"]).content.decode()
    assert own.count("Ratsbeschluss vom 3. März 2026 (Drucksache 12/2026)") >= 3
    client.logout()
    evidence = Evidence.objects.get()
    assert lindenfurt.region is not None
    page = f"/forum/{lindenfurt.concern.slug}/kommunen/{lindenfurt.region.ars}/"
    proof = f"/forum/{lindenfurt.concern.slug}/nachweise/{evidence.pk}/"
    assert client.get(page).content.decode().count(proof) == 2
    assert b"".join(client.get(proof).streaming_content) == PDF


def test_a_vote_that_changed_meanwhile_is_not_proved_unseen(
    client: Client, lindenfurt: Participant, alice: User, address: str
) -> None:
    client.force_login(alice)
    fields = {"gegenstand": "Städtebauförderung", "datum": "2026-03-03"}
    before = form_of(lindenfurt, **fields)
    vote = lindenfurt.votes.first()
    assert vote is not None
    services.cast_vote(
        actor=alice,
        mandate=alice.mandates.get(),
        participant=lindenfurt,
        statement=vote.statement,
        stand=Stand.PASS,
    )
    answer = client.post(address, before | {"dokument": SimpleUploadedFile("Beschluss.pdf", PDF)})
    assert "wurde geändert, während Sie die Seite offen hatten" in answer.content.decode()
    assert Evidence.objects.count() == 0
    now_seen = form_of(lindenfurt, **fields)
    assert f'name="stand" value="{now_seen["stand"]}"' in answer.content.decode()
    again = client.post(address, now_seen | {"dokument": SimpleUploadedFile("Beschluss.pdf", PDF)})
    assert again.status_code == 303


def test_an_address_proves_a_decision_and_what_it_said_stays(
    client: Client, lindenfurt: Participant, alice: User, address: str, council: str
) -> None:
    client.force_login(alice)
    answer = client.post(address, form_of(lindenfurt, adresse=f"{council}/paper"))
    assert answer.status_code == 303
    Council.papers.clear()
    evidence = Evidence.objects.get()
    assert (evidence.title, evidence.decided_on) == ("Städtebauförderung", date(2026, 3, 3))
    page = client.get(f"/forum/{lindenfurt.concern.slug}/nachweise/{evidence.pk}/")
    assert f"{council}/paper" in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Bitte wählen Sie eine Datei, oder nennen Sie die Adresse."),
        ({"adresse": "https://anderswo.example/paper"}, "steht nicht auf der Liste"),
        ({"adresse": "bare"}, "Der Eintrag nennt keinen Gegenstand."),
        ({"datum": "2999-01-01"}, "Dieses Datum liegt in der Zukunft."),
        ({"stufe": "mayor"}, "Beschlossen hat"),
    ],
)
def test_what_is_missing_is_named(
    client: Client,
    lindenfurt: Participant,
    alice: User,
    address: str,
    council: str,
    *,
    fields: dict[str, str],
    said: str,
) -> None:
    client.force_login(alice)
    if fields.get("adresse") == "bare":
        fields = {"adresse": f"{council}/bare"}
    answer = client.post(address, form_of(lindenfurt) | fields)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Evidence.objects.count() == 0


def test_evidence_is_withdrawn_after_asking(
    client: Client, lindenfurt: Participant, alice: User
) -> None:
    evidence = prove(alice, lindenfurt)
    client.force_login(alice)
    page = f"/forum/{lindenfurt.concern.slug}/nachweise/{evidence.pk}/zurueckziehen/"
    assert "2 Stimmen bleiben gültig" in client.get(page).content.decode()
    assert client.post(page, {"begruendung": "Falsche Sitzung"}).status_code == 303
    assert client.get(page).status_code == 404
    assert client.get(page.replace("zurueckziehen/", "")).status_code == 404


def test_nobody_else_proves_or_withdraws(
    client: Client, lindenfurt: Participant, alice: User, charlie: User, address: str
) -> None:
    page = (
        f"/forum/{lindenfurt.concern.slug}/nachweise/{prove(alice, lindenfurt).pk}/zurueckziehen/"
    )
    client.force_login(charlie)
    assert [client.get(each).status_code for each in (address, page)] == [404, 404]
    assert [client.post(each).status_code for each in (address, page)] == [404, 404]


def test_with_four_eyes_staff_proves_nothing(
    client: Client, lindenfurt: Participant, alice: User, address: str
) -> None:
    mandate = alice.mandates.get()
    mandate.organisation.four_eyes = True
    mandate.organisation.save()
    client.force_login(alice)
    assert client.get(address).status_code == 404
    mandate.may_release = True
    mandate.save()
    second_factor(alice)
    assert client.get(address).status_code == 200


def test_until_the_deadline_a_confidential_decision_stays_so(
    client: Client, lindenfurt: Participant, alice: User
) -> None:
    evidence = prove(alice, lindenfurt)
    Concern.objects.update(is_confidential=True)
    proof = f"/forum/{lindenfurt.concern.slug}/nachweise/{evidence.pk}/"
    assert client.get(proof).status_code == 404
    Concern.objects.update(deadline=timezone.now() - timedelta(minutes=1))
    assert client.get(proof).status_code == 200


def test_own_votes_take_as_many_queries_with_and_without_evidence(
    client: Client, lindenfurt: Participant, alice: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(alice)
    prove(alice, lindenfurt)
    assert Vote.objects.count() == 2
    page = f"/forum/{lindenfurt.concern.slug}/stimmen/"
    client.get(page)
    with django_assert_max_num_queries(14):
        client.get(page)


def test_operators_keep_the_list_of_servers(client: Client, operator: User) -> None:
    client.force_login(operator)
    page = "/betrieb/ratsinformation/"
    assert "Noch steht kein Server auf der Liste" in client.get(page).content.decode()
    client.post(page, {"host": "Rat.Lindenfurt.example", "note": "Lindenfurt"})
    server = OParlServer.objects.get()
    assert server.host == "rat.lindenfurt.example"
    for wrong in ("https://rat.lindenfurt.example/", "127.0.0.1", "localhost", server.host):
        assert client.post(page, {"host": wrong, "note": "x"}).status_code == 200
    assert OParlServer.objects.count() == 1
    client.post(f"{page}{server.pk}/entfernen/")
    assert OParlServer.objects.count() == 0
