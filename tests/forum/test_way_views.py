"""Pages about the way of a concern."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.forum import queries, services
from allmende.forum.models import Concern, ConcernState, Support, Terms
from allmende.registry.models import Level, Mandate, Office, Organisation, Topic
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db


def sign(concern: Concern, mandate: Mandate) -> None:
    Support.objects.create(
        concern=concern, organisation=mandate.organisation, signed_by=mandate.user, mandate=mandate
    )


def words(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def sent(client: Client, there: str, form: dict[str, object] | None = None) -> str:
    """The page to which a form leads."""
    answer = client.post(there, form or {})
    assert answer.status_code == 303
    return words(client.get(answer.headers["Location"]))


# Co-signing


def test_co_signing_is_one_click_and_so_is_taking_it_back(
    client: Client, concern: Concern, charlie: User
) -> None:
    client.force_login(charlie)
    there = f"/forum/{concern.slug}/mitzeichnung/"
    assert "Für Kranichsee mitzeichnen" in words(client.get(there))
    page = sent(client, f"{there}zeichnen/")
    assert "Kranichsee zeichnet dieses Anliegen jetzt mit." in page
    assert "1 von 50 Kommunen, aus mindestens 4 Ländern (bisher 1)" in page
    again = sent(client, f"{there}zeichnen/")
    assert "Kranichsee hat dieses Anliegen schon mitgezeichnet." in again
    assert "Kranichsee zeichnet nicht mehr mit." in sent(client, f"{there}zurueckziehen/")
    assert "schon zurückgezogen" in sent(client, f"{there}zurueckziehen/")


def test_who_speaks_for_several_says_for_whom(
    client: Client, concern: Concern, charlie: User
) -> None:
    second = MandateFactory(user=charlie, region__name="Falkenbrück")
    client.force_login(charlie)
    there = f"/forum/{concern.slug}/mitzeichnung/zeichnen/"
    assert client.post(there).status_code == 404
    assert client.post(there, {"als": "gibt-es-nicht"}).status_code == 404
    client.post(there, {"als": second.organisation.slug})
    assert Support.objects.get().organisation == second.organisation


def test_with_four_eyes_the_page_says_who_can_do_it(
    client: Client, concern: Concern, charlie: User
) -> None:
    clerk = charlie.mandates.get()
    Organisation.objects.filter(pk=clerk.organisation_id).update(four_eyes=True)
    head = MandateFactory(
        organisation=clerk.organisation, may_release=True, user__name="Helga Haupt"
    ).user
    client.force_login(charlie)
    page = words(client.get(f"/forum/{concern.slug}/mitzeichnung/"))
    assert "Mitzeichnen kann, wer freigeben darf. Bitte wenden Sie sich an: Helga Haupt." in page
    assert "Für Kranichsee mitzeichnen" not in page
    assert client.post(f"/forum/{concern.slug}/mitzeichnung/zeichnen/").status_code == 404
    client.force_login(second_factor(head))
    client.post(f"/forum/{concern.slug}/mitzeichnung/zeichnen/")
    assert Support.objects.get().signed_by == head


def test_the_list_is_found_by_name_and_land_and_can_be_taken_along(
    client: Client, concern: Concern
) -> None:
    for key, name in (("09", "Bayern"), ("14", "Sachsen")):
        MunicipalityFactory(level=Level.LAND, ars=key, land=key, ags="", name=name)
    for ars, name in (("090010000001", "Birkenfeld"), ("140010000001", "Ahornau")):
        sign(concern, MandateFactory(region__name=name, region__ars=ars, office=Office.MAYOR))
    there = f"/forum/{concern.slug}/mitzeichnung/"
    shown = [row.organisation.name for row in client.get(there).context["page"]]
    assert shown == ["Ahornau", "Birkenfeld"]
    for wish in ({"q": "birken"}, {"land": "09"}):
        [row] = client.get(there, wish).context["page"]
        assert row.organisation.name == "Birkenfeld"
    assert "Niemand passt zu diesem Filter." in words(client.get(there, {"q": "Zett"}))
    assert len(client.get(there, {"land": "unsinn"}).context["page"]) == 2
    file = b"".join(client.get(f"{there}mitzeichnung.csv", {"land": "14"}))  # type: ignore[arg-type]
    at = timezone.localtime(Support.objects.get(organisation__name="Ahornau").signed_at)
    assert file.decode("utf-8-sig").splitlines() == [
        "Wer;Art;Land;Schlüssel;Mitgezeichnet am;Im Amt",
        f"Ahornau;Gemeinde oder Stadt;Sachsen;14001001;{at:%d.%m.%Y %H:%M};"
        "Bürgermeisterin oder Bürgermeister",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_a_constant_number_of_times(
    count: int, client: Client, concern: Concern, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for mandate in MandateFactory.create_batch(count):
        sign(concern, mandate)
    with django_assert_num_queries(9):
        client.get(f"/forum/{concern.slug}/mitzeichnung/")


def test_what_is_confidential_shows_its_supporters_to_municipalities_alone(
    client: Client, charlie: User, dora: User
) -> None:
    concern = ConcernFactory(is_confidential=True)
    there = f"/forum/{concern.slug}/mitzeichnung/"
    assert client.get(there).status_code == 404
    client.force_login(dora)
    assert client.get(there).status_code == 404
    client.force_login(charlie)
    assert client.get(there).status_code == 200


def test_imported_conversations_have_no_way_and_nobody_co_signs_them(
    client: Client, charlie: User
) -> None:
    concern = ConcernFactory(owner=None)
    client.force_login(charlie)
    assert client.get(f"/forum/{concern.slug}/mitzeichnung/").status_code == 404
    page = client.get(f"/forum/{concern.slug}/")
    assert page.status_code == 200
    assert "al-way" not in words(page)


def test_at_the_quorum_the_page_says_when_the_clock_starts(
    client: Client, concern: Concern, alice: User
) -> None:
    Terms.objects.create(pk=1, quorum_municipalities=1, quorum_laender=1)
    services.sign_concern(actor=alice, mandate=alice.mandates.get(), concern=concern)
    ministry = OrganisationFactory(region=None, kind="ministerium", name="Haus A")
    Concern.objects.update(ministry=ministry, state=ConcernState.POSITION)
    page = words(client.get(f"/forum/{concern.slug}/mitzeichnung/"))
    assert "<strong>Das Quorum ist erreicht</strong>" in page
    assert "Erst dann beginnt die Frist für die Antwort" in page


# The ministry


@pytest.fixture
def houses() -> list[Organisation]:
    return [
        OrganisationFactory(region=None, kind="ministerium", name=f"Haus {letter}")
        for letter in "AB"
    ]


def test_rapporteurs_say_which_ministry_answers(
    client: Client, concern: Concern, alice: User, charlie: User, houses: list[Organisation]
) -> None:
    there = f"/forum/{concern.slug}/ministerium/"
    client.force_login(charlie)
    assert client.get(there).status_code == 404
    concern.rapporteurs.add(charlie.mandates.get().organisation)
    assert client.get(there).status_code == 200
    page = client.post(there, {"ministerium": houses[0].pk})
    assert "Bitte nennen Sie den Grund." in words(page)
    form = {"ministerium": houses[0].pk, "begruendung": "Es geht um Schutz."}
    assert "Zuständig ist jetzt: Haus A." in sent(client, there, form)
    concern.refresh_from_db()
    assert concern.ministry == houses[0]


def test_names_in_a_ministry_stay_there(
    client: Client, houses: list[Organisation], alice: User
) -> None:
    head = MandateFactory(organisation=houses[0], office=Office.DESK, user__name="Ines Amt")
    concern = ConcernFactory(
        state=ConcernState.SENT,
        sent_at=timezone.now(),
        answer_due=timezone.now(),
        ministry=houses[0],
        official=head.user,
    )
    for user, knows in ((alice, False), (head.user, True)):
        client.force_login(user)
        assert ("Ines Amt" in words(client.get(concern.get_absolute_url()))) is (
            knows or user == head.user
        )


@pytest.mark.parametrize("gone", ["mandate", "right", "account"])
def test_who_has_left_the_ministry_is_named_nowhere_as_in_charge(
    gone: str, client: Client, houses: list[Organisation]
) -> None:
    tim, ines = (
        MandateFactory(organisation=houses[0], office=Office.DESK, user__name=name)
        for name in ("Tim Thoma", "Ines Amt")
    )
    concern = ConcernFactory(
        state=ConcernState.SENT,
        sent_at=timezone.now(),
        answer_due=timezone.now() + timedelta(days=5),
        ministry=houses[0],
        official=tim.user,
    )
    pages = (
        concern.get_absolute_url(),
        f"/forum/{concern.slug}/ministerium/person/",
        f"/ministerium/zuweisen/?umfang=wahl&wahl={concern.pk}&an={ines.user.pk}",
    )
    client.force_login(ines.user)
    for page in pages:
        assert "Tim Thoma" in words(client.get(page))
    if gone == "mandate":
        Mandate.objects.filter(pk=tim.pk).update(until=timezone.localdate() - timedelta(days=1))
    elif gone == "right":
        Mandate.objects.filter(pk=tim.pk).update(
            may_contribute=False, may_vote=False, may_release=False
        )
    else:
        User.objects.filter(pk=tim.user.pk).update(is_active=False)
    shown = [words(client.get(page)) for page in pages]
    assert ["Tim Thoma" in page for page in shown] == [False] * 3
    assert "Noch ist niemand dort zuständig." in shown[0]
    assert "Übernehmen oder zuweisen" in shown[0]
    assert "Noch ist niemand dort zuständig." in shown[1]
    assert "bisher: niemand" in shown[2]


def test_who_was_overtaken_in_assigning_sees_who_it_is_and_can_repeat(
    client: Client, houses: list[Organisation]
) -> None:
    first, second = (
        MandateFactory(organisation=houses[0], office=Office.DESK, user__name=name)
        for name in ("Ines Amt", "Tim Thoma")
    )
    concern = ConcernFactory(state=ConcernState.SENT, sent_at=timezone.now(), ministry=houses[0])
    there = f"/forum/{concern.slug}/ministerium/person/"
    client.force_login(first.user)
    assert "Ich selbst: Ines Amt, Referat" in words(client.get(there))
    Concern.objects.update(official=second.user)
    page = client.post(there, {"person": first.user.pk, "seen": ""})
    assert "Inzwischen ist zuständig: Tim Thoma." in words(page)
    assert f'name="seen" value="{second.user.pk}"' in words(page)
    form = {"person": first.user.pk, "seen": second.user.pk}
    assert "Zuständig ist jetzt: Ines Amt." in sent(client, there, form)


# The terms


def test_terms_that_somebody_else_has_changed_are_shown_beside_what_was_typed(
    client: Client, operator: User, houses: list[Organisation]
) -> None:
    client.force_login(operator)
    typed = {
        "quorum_municipalities": 60,
        "quorum_laender": 4,
        "quorum_associations": 1,
        "answer_weeks": 8,
        "seen": queries.edition_of_terms(),
        Topic.SECURITY.value: houses[0].pk,
    }
    services.change_terms(
        actor=operator,
        seen=queries.edition_of_terms(),
        agreed={
            "quorum_municipalities": 40,
            "quorum_laender": 4,
            "quorum_associations": 1,
            "answer_weeks": 8,
        },
        responsible={Topic.SECURITY: houses[1]},
    )
    page = client.post("/betrieb/regeln/", typed)
    assert page.status_code == 409
    assert page.context["meanwhile"] == [
        ("Kommunen, die mitzeichnen", "40"),
        ("Sicherheit und Bevölkerungsschutz", "Haus B"),
    ]
    assert 'value="60"' in words(page)
    typed["seen"] = page.context["form"].data["seen"]
    assert client.post("/betrieb/regeln/", typed).status_code == 303
    assert Terms.objects.get().quorum_municipalities == 60
    assert queries.responsible_now() == {"sicherheit": houses[0]}


def test_terms_that_make_no_sense_are_refused(client: Client, operator: User) -> None:
    client.force_login(operator)
    page = client.post(
        "/betrieb/regeln/",
        {
            "quorum_municipalities": "viele",
            "quorum_laender": 17,
            "quorum_associations": 0,
            "answer_weeks": "",
        },
    )
    assert set(page.context["form"].errors) == {
        "quorum_municipalities",
        "quorum_laender",
        "quorum_associations",
        "answer_weeks",
    }
    assert "Es gibt 16 Länder." in words(page)


# The end


def test_an_owner_closes_and_merges_and_others_do_not(
    client: Client, concern: Concern, alice: User, charlie: User
) -> None:
    other = ConcernFactory(question="Wer schützt den Rat?")
    for page in ("abschliessen", "zusammenfuehren"):
        client.force_login(charlie)
        assert client.get(f"/forum/{concern.slug}/{page}/").status_code == 404
    client.force_login(alice)
    assert client.get(f"/forum/{concern.slug}/abschliessen/").status_code == 404
    there = f"/forum/{concern.slug}/zusammenfuehren/"
    assert [row.slug for row in client.get(there).context["targets"]] == [other.slug]
    assert list(client.get(there, {"q": "Feuerwehr"}).context["targets"]) == []
    page = client.post(there, {"ziel": "gibt-es-nicht", "begruendung": "Dasselbe."})
    assert set(page.context["form"].errors) == {"ziel"}
    assert other.question in sent(client, there, {"ziel": other.slug, "begruendung": "Dasselbe."})
    old = words(client.get(concern.get_absolute_url()))
    assert "Dieses Anliegen ist in einem anderen aufgegangen" in old
    assert other.get_absolute_url() in old


def test_closing_asks_for_a_reason_and_proposes_one_where_all_is_settled(
    client: Client, alice: User
) -> None:
    concern = ConcernFactory(owner=alice.mandates.get().region, state=ConcernState.PURSUED)
    client.force_login(alice)
    there = f"/forum/{concern.slug}/abschliessen/"
    assert "Zu jeder Zusage steht fest, was daraus wurde." in words(client.get(there))
    assert "Bitte nennen Sie den Grund." in words(client.post(there, {"reason": ""}))
    assert "Das Anliegen ist abgeschlossen." in sent(client, there, {"reason": "Erledigt."})
    concern.refresh_from_db()
    assert concern.state == ConcernState.CLOSED
