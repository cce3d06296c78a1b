"""Pages of sittings: who sees what, lists and files, and forms that lose nothing."""

from datetime import timedelta

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.forum.models import (
    AgendaItem,
    Attendance,
    Concern,
    ItemState,
    Presence,
    Series,
    Sitting,
    SittingState,
)
from allmende.forum.queries.sittings import visible_sittings
from allmende.registry.models import Mandate, Organisation, OrganisationKind
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    SeriesFactory,
    SittingFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db
LINK = "https://video.example.org/plenum"


@pytest.fixture
def host(db: None) -> Organisation:
    return OrganisationFactory(
        region=None, kind=OrganisationKind.ASSOCIATION, name="Städtebund", slug="staedtebund"
    )


@pytest.fixture
def hanna(host: Organisation) -> User:
    """She releases for the association that invites."""
    return second_factor(
        MandateFactory(user__name="Hanna", organisation=host, office="board", may_release=True).user
    )


@pytest.fixture
def series(host: Organisation, alice: User) -> Series:
    series = SeriesFactory(host=host, slug="plenum", name="Plenum")
    series.members.add(Mandate.objects.get(user=alice).organisation)
    return series


def sitting_in(series: Series, state: SittingState = SittingState.INVITED) -> Sitting:
    begins = timezone.now() + timedelta(days=14)
    if state in {SittingState.RUNNING, SittingState.HELD}:
        begins = timezone.now() - timedelta(hours=1)
    sitting = SittingFactory(series=series, state=state, link=LINK, starts_at=begins)
    if state != SittingState.PLANNED:
        for member in series.members.all():
            Attendance.objects.create(sitting=sitting, organisation=member)
    AgendaItem.objects.create(sitting=sitting, place=1, title="Begrüßung", minutes="Guten Tag.")
    return sitting


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    answer = client.get(reverse(f"sittings:{name}", args=args))
    assert answer.status_code == status
    return answer.content.decode()


def seen(client: Client, answer: HttpResponse) -> str:
    """The page after a form."""
    if answer.status_code == 303:
        answer = client.get(answer["Location"])
    assert answer.status_code == 200
    return answer.content.decode()


FORM = {
    "title": "Plenum",
    "day": "2031-03-04",
    "begins": "10:00",
    "ends": "12:00",
    "place": "Rathaus",
    "link": "",
    "answer_by": "2031-02-20",
}


def test_the_list_says_the_same_as_the_rule(
    series: Series, hanna: User, alice: User, charlie: User, operator: User
) -> None:
    sittings = [sitting_in(series, state) for state in SittingState]
    called_off_in_silence = SittingFactory(
        series=series, state=SittingState.CANCELLED, invited_at=None
    )
    sittings.append(called_off_in_silence)
    for person in (AnonymousUser(), hanna, alice, charlie, operator):
        allowed = {s for s in sittings if rules.has_perm("forum.view_sitting", person, s)}
        assert set(visible_sittings(person)) == allowed


def test_only_members_see_where_the_video_conference_is(
    series: Series, alice: User, charlie: User
) -> None:
    sitting = sitting_in(series)
    assert LINK in page(signed_in(alice), "sitting", sitting.pk)
    for stranger in (Client(), signed_in(charlie)):
        for name in ("sitting", "calendar"):
            assert LINK not in page(stranger, name, sitting.pk)
        assert LINK not in page(stranger, "feed", "plenum")
        assert LINK not in page(stranger, "series", "plenum")


def test_minutes_are_public_once_they_are_closed(
    series: Series, alice: User, charlie: User
) -> None:
    running = sitting_in(series, SittingState.RUNNING)
    assert "Guten Tag." in page(signed_in(alice), "minutes", running.pk)
    for stranger in (Client(), signed_in(charlie)):
        page(stranger, "minutes", running.pk, status=404)
        assert "Guten Tag." not in page(stranger, "sitting", running.pk)
    held = sitting_in(series, SittingState.HELD)
    assert "Guten Tag." in page(Client(), "minutes", held.pk)
    answer = Client().get(reverse("sittings:minutes_pdf", args=[held.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_names_of_guests_are_for_who_invites(
    series: Series, hanna: User, alice: User, charlie: User
) -> None:
    sitting = sitting_in(series)
    Attendance.objects.update(presence=Presence.COMING, who="Frau Albers, Ordnungsamt")
    assert "Frau Albers" in page(signed_in(hanna), "sitting", sitting.pk)
    for other in (Client(), signed_in(charlie)):
        assert "Frau Albers" not in page(other, "sitting", sitting.pk)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_questions(
    rows: int, series: Series, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        sitting_in(series)
    with django_assert_num_queries(4):  # series for the filter, count, sittings, all series
        Client().get(reverse("sittings:sittings"))
    with django_assert_num_queries(1):
        list(Client().get(reverse("sittings:sittings_csv")))


def test_the_list_is_filtered_and_comes_as_csv(series: Series) -> None:
    coming, past = sitting_in(series), sitting_in(series, SittingState.HELD)
    Sitting.objects.filter(pk=past.pk).update(title="=Vergangenes Plenum")
    other = sitting_in(SeriesFactory(slug="ausschuss"))
    Sitting.objects.filter(pk=other.pk).update(title="Ausschuss")

    def shown(query: str) -> list[int]:
        answer = Client().get(f"/sitzungen/?{query}")
        return [row.pk for row in answer.context["page"]]

    assert sorted(shown("")) == [coming.pk, other.pk]
    assert shown("stand=vergangen") == [past.pk]
    assert shown("reihe=plenum") == [coming.pk]
    answer = Client().get("/sitzungen/sitzungen.csv?stand=vergangen")
    lines = b"".join(answer).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert len(lines) == 2
    assert lines[1].startswith("'=Vergangenes Plenum;Plenum;")


def test_a_date_is_proposed_and_a_wrong_one_keeps_what_was_typed(
    series: Series, hanna: User
) -> None:
    client = signed_in(hanna)
    here = reverse("sittings:plan", args=["plenum"])
    proposed = client.get(here).context["form"].initial["day"]
    assert proposed > timezone.localdate()
    answer = client.post(here, FORM | {"ends": "09:00"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Das Ende liegt vor dem Beginn." in text
    assert 'value="2031-03-04"' in text
    assert (
        "Dieser Termin ist vorbei."
        in client.post(here, FORM | {"day": "2020-03-03", "answer_by": ""}).content.decode()
    )
    assert client.post(here, FORM).status_code == 303
    sitting = Sitting.objects.get()
    assert timezone.localtime(sitting.starts_at).isoformat() == "2031-03-04T10:00:00+01:00"
    page(Client(), "sitting", sitting.pk, status=404)  # nobody is invited yet


def test_who_saves_over_somebody_else_sees_both(series: Series, hanna: User) -> None:
    sitting = sitting_in(series)
    client = signed_in(hanna)
    here = reverse("sittings:change", args=[sitting.pk])
    Sitting.objects.update(place="Kranichsee", edition=4)
    answer = client.post(here, FORM | {"seen": "0"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Kranichsee" in text
    assert 'value="Rathaus"' in text
    assert client.post(here, FORM | {"seen": "4"}).status_code == 303
    sitting.refresh_from_db()
    assert (sitting.place, sitting.sequence, sitting.edition) == ("Rathaus", 1, 5)


def test_the_way_of_a_sitting_by_its_pages(series: Series, hanna: User, alice: User) -> None:
    client = signed_in(hanna)
    sitting = sitting_in(series, SittingState.PLANNED)

    def press(name: str, **data: str) -> str:
        answer = client.post(reverse(f"sittings:{name}", args=[sitting.pk]), data)
        return seen(client, answer)

    assert "1 Mitglied ist eingeladen." in press("invite")
    assert "schon eingeladen" in press("invite")
    assert "an ihrem Tag beginnen" in press("begin")
    assert "Bitte prüfen Sie eine Eingabe" in press("cancel", grund="")
    assert "Hochwasser" in press("cancel", reason="Hochwasser")
    sitting.refresh_from_db()
    assert sitting.state == SittingState.CANCELLED
    answer = client.post(reverse("sittings:cancel", args=[sitting.pk]), {"reason": "Noch mal"})
    assert answer.status_code == 404
    assert "Hochwasser" in page(Client(), "sitting", sitting.pk)
    (event,) = Calendar.from_ical(page(Client(), "feed", "plenum")).walk("VEVENT")
    assert str(event["status"]) == "CANCELLED"


def test_an_answer_says_who_comes(series: Series, alice: User, charlie: User) -> None:
    sitting = sitting_in(series)
    attendance = sitting.attendances.get()
    here = reverse("sittings:answer", args=[attendance.pk])
    client = signed_in(alice)
    assert "Bitte wählen Sie, ob jemand kommt." in client.post(here, {"wer": ""}).content.decode()
    nobody = client.post(here, {"comes": "ja"}).content.decode()
    assert "Bitte nennen Sie, wer kommt." in nobody
    stranger = client.post(here, {"comes": "ja", "person": str(charlie.pk)})
    assert stranger.status_code == 200
    answer = client.post(here, {"comes": "ja", "person": str(alice.pk), "who": "überflüssig"})
    assert answer.status_code == 303
    attendance.refresh_from_db()
    assert (attendance.presence, attendance.person, attendance.who) == (
        Presence.COMING,
        alice,
        "",
    )
    assert signed_in(charlie).get(here).status_code == 404


def test_members_are_found_added_and_removed(series: Series, hanna: User, charlie: User) -> None:
    client = signed_in(hanna)
    here = reverse("sittings:members", args=["plenum"])
    found = client.get(here, {"q": "kranich"}).context["found"]
    assert [one.name for one in found] == ["Kranichsee"]
    client.post(reverse("sittings:add_member", args=["plenum"]), {"organisation": found[0].pk})
    assert series.members.filter(name="Kranichsee").exists()
    client.post(reverse("sittings:remove_member", args=["plenum"]), {"organisation": found[0].pk})
    assert not series.members.filter(name="Kranichsee").exists()
    OrganisationFactory()  # nobody speaks for it
    answer = client.post(reverse("sittings:add_many", args=["plenum"]), {"kind": "gemeinde"})
    assert "1 Organisation ist aufgenommen." in seen(client, answer)
    for wrong in ({"kind": "unsinn"}, {}):
        answer = client.post(reverse("sittings:add_many", args=["plenum"]), wrong)
        assert answer.status_code == 303
    lines = b"".join(Client().get(reverse("sittings:members_csv", args=["plenum"])))  # type: ignore[arg-type]
    assert len(lines.decode().splitlines()) == 1 + series.members.count()


def test_a_proposal_is_declined_with_a_reason_only(
    series: Series, hanna: User, alice: User, concern: Concern
) -> None:
    sitting = sitting_in(series)
    here = reverse("sittings:propose", args=[sitting.pk])
    member = signed_in(alice)
    own = str(Mandate.objects.get(user=alice).organisation_id)
    nothing = member.post(here, {"organisation": own, "why": "Es eilt."})
    assert "Bitte wählen Sie ein Anliegen" in nothing.content.decode()
    sent = {"organisation": own, "concern": str(concern.pk), "why": "Es eilt."}
    assert member.post(here, sent).status_code == 303
    item = AgendaItem.objects.get(state=ItemState.PROPOSED)
    assert item.title == concern.question
    assert concern.question not in page(Client(), "sitting", sitting.pk)
    client = signed_in(hanna)
    decide = reverse("sittings:decide_item", args=[item.pk])
    client.post(decide, {"accept": "nein"})
    item.refresh_from_db()
    assert item.state == ItemState.PROPOSED
    client.post(decide, {"accept": "ja"})
    assert concern.question in page(Client(), "sitting", sitting.pk)


def test_with_four_eyes_who_releases_proposes(series: Series, alice: User) -> None:
    organisation = Mandate.objects.get(user=alice).organisation
    Organisation.objects.filter(pk=organisation.pk).update(four_eyes=True)
    sitting = sitting_in(series)
    client = signed_in(alice)
    page(client, "propose", sitting.pk, status=404)
    assert "wer freigibt" in page(client, "sitting", sitting.pk)


def test_confidential_concerns_do_not_come_onto_a_public_agenda(
    series: Series, hanna: User
) -> None:
    secret = ConcernFactory(is_confidential=True)
    sitting = sitting_in(series)
    client = signed_in(hanna)
    client.post(reverse("sittings:add_item", args=[sitting.pk]), {"concern": secret.slug})
    assert not AgendaItem.objects.filter(concern=secret).exists()
    found = client.get(reverse("sittings:agenda", args=[sitting.pk]), {"q": secret.question})
    assert found.context["found"] == []


def test_minutes_are_saved_in_the_background_and_tell_of_others(
    series: Series, hanna: User
) -> None:
    sitting = sitting_in(series, SittingState.RUNNING)
    item = sitting.agenda.get()
    client = signed_in(hanna)
    here = reverse("sittings:write", args=[item.pk])
    htmx = {"HX-Request": "true"}
    text = {"minutes": "Von Hanna", "decision": ""}
    saved = client.post(here, text | {"seen": "0"}, headers=htmx)
    assert 'name="seen" value="1"' in saved.content.decode()
    AgendaItem.objects.update(minutes="Von Karl", edition=2)
    both = client.post(here, text | {"seen": "1"}, headers=htmx)
    assert (both.status_code, both["HX-Retarget"]) == (200, "#schreiben")
    for part in ("Von Karl", "Von Hanna", 'name="seen" value="2"'):
        assert part in both.content.decode()
    plain = client.post(here, text | {"seen": "1"})
    assert plain.status_code == 409
    assert client.post(here, text | {"seen": "2"}).status_code == 303
    item.refresh_from_db()
    assert (item.minutes, item.edition) == ("Von Hanna", 3)


def test_the_minutes_ask_for_what_is_new_only(series: Series, alice: User) -> None:
    sitting = sitting_in(series, SittingState.RUNNING)
    client = signed_in(alice)
    here = reverse("sittings:minutes", args=[sitting.pk])
    stand = client.get(here).context["stand"]
    htmx = {"HX-Request": "true"}
    assert client.get(here, {"stand": stand}, headers=htmx).status_code == 204
    AgendaItem.objects.update(minutes="Neu", edition=1)
    new = client.get(here, {"stand": stand}, headers=htmx)
    assert new.status_code == 200
    assert new.content.decode().lstrip().startswith('<div id="protokoll"')
    Sitting.objects.update(state=SittingState.HELD, minutes_at=timezone.now())
    closed = client.get(here, {"stand": stand}, headers=htmx).content.decode()
    assert "hx-trigger" not in closed  # nothing more to wait for


def test_markup_in_minutes_stays_text(series: Series) -> None:
    sitting = sitting_in(series, SittingState.HELD)
    AgendaItem.objects.update(minutes="<script>alert(1)</script>")
    assert "<script>alert" not in page(Client(), "minutes", sitting.pk)


def test_a_concern_says_where_it_was_discussed(series: Series, concern: Concern) -> None:
    held = sitting_in(series, SittingState.HELD)
    AgendaItem.objects.create(
        sitting=held, place=2, title="Schutz", concern=concern, decision="Wir fragen nach."
    )
    planned = sitting_in(series, SittingState.PLANNED)
    AgendaItem.objects.create(sitting=planned, place=2, title="Schutz", concern=concern)
    answer = Client().get(concern.get_absolute_url())
    assert "Wir fragen nach." in answer.content.decode()
    assert [item.sitting for item in answer.context["meetings"]] == [held]


def test_a_double_click_moves_a_point_once(client: Client, hanna: User, series: Series) -> None:
    sitting = SittingFactory(series=series)
    for place in (1, 2, 3):
        AgendaItem.objects.create(sitting=sitting, place=place, title=f"Punkt {place}")
    last = sitting.agenda.last()
    client.force_login(hanna)
    for _click in range(2):
        client.post(reverse("sittings:move_item", args=[last.pk]), {"platz": "3", "up": "1"})
    order = client.get(reverse("sittings:agenda", args=[sitting.pk])).context["agenda"]
    assert [item.title for item in order] == ["Punkt 1", "Punkt 3", "Punkt 2"]
