"""What the forum puts on start pages: missing votes and news for a person, the overview for everybody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum import queries
from allmende.forum.models import Commitment, Concern, ConcernState, Outcome
from allmende.forum.portal import offer
from allmende.forum.queries.waiting import SOONEST
from allmende.portal.offers import Block
from allmende.registry.models import Level, Region, Topic
from allmende.registry.services import choose_interests
from tests.factories import (
    CommitmentFactory,
    ConcernFactory,
    MandateFactory,
    MunicipalityFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
    VoteFactory,
)
from tests.forum.test_feeds import opened
from tests.forum.test_open_data import answered

pytestmark = pytest.mark.django_db
MISSING, NEWS = "Wo die Stimme Ihrer Gemeinde fehlt", "Neu in Ihren Themen und Ihrer Region"


def block(user: User, title: str) -> Block:
    """A block of a person's start page, as a new request finds it."""
    (found,) = [each for each in offer.blocks(User.objects.get(pk=user.pk)) if each.title == title]
    return found


def public(title: str) -> Block:
    (found,) = [each for each in offer.public_blocks() if each.title == title]
    return found


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_missing_votes_are_summed_up_for_each_municipality(charlie: User, concern: Concern) -> None:
    region = charlie.mandates.get().region
    statements = StatementFactory.create_batch(3, concern=concern)
    untouched = StatementFactory(concern__deadline=concern.deadline + timedelta(days=1)).concern
    own = ParticipantFactory(concern=concern, region=region)
    VoteFactory(statement=statements[0], participant=own)
    found = block(charlie, MISSING)
    (line,) = found.lines
    assert (line.title, line.due) == (charlie.mandates.get().organisation.name, concern.deadline)
    assert line.note == (
        "noch keine Stimme in 1 Anliegen · begonnen in 1 Anliegen (1 von 3 Aussagen)"
    )
    assert found.note == "Geprüft sind alle 2 offenen Anliegen, in denen Sie abstimmen dürfen."
    for statement in statements[1:]:
        VoteFactory(statement=statement, participant=own)
    (line,) = block(charlie, MISSING).lines
    assert (line.note, line.due) == ("noch keine Stimme in 1 Anliegen", untouched.deadline)


def test_no_more_than_five_municipalities_the_soonest_end_first(concern: Concern) -> None:
    user = UserFactory()
    for _ in range(6):
        MandateFactory(user=user, may_vote=True)
    StatementFactory(concern=concern)
    found = block(user, MISSING)
    assert len(found.lines) == 5
    assert [link.url for link in found.links] == ["/aufgaben/?art=abstimmen"]


def test_where_all_is_voted_on_or_nothing_is_open_that_is_said(
    charlie: User, dora: User, concern: Concern
) -> None:
    assert block(charlie, MISSING).empty == (
        "In den geprüften Anliegen haben alle Ihre Gemeinden vollständig abgestimmt."
    )
    assert block(charlie, MISSING).note == (
        "Geprüft ist ein offenes Anliegen: das einzige, in dem Sie abstimmen dürfen."
    )
    Concern.objects.update(deadline=timezone.now())
    assert "Gerade ist kein Anliegen offen" in block(charlie, MISSING).empty
    titles = [each.title for each in offer.blocks(dora)]
    assert titles == [NEWS], "who votes for nobody misses nothing"


def test_examples_hide_no_real_concerns(charlie: User, concern: Concern) -> None:
    for _ in range(SOONEST):
        StatementFactory(concern__is_example=True, concern__deadline=concern.deadline)
    last = StatementFactory(concern__deadline=concern.deadline + timedelta(days=1)).concern
    (line,) = block(charlie, MISSING).lines
    assert line.due == last.deadline
    MandateFactory(user=charlie, region=MunicipalityFactory(invented=True))
    assert [line.due for line in block(charlie, MISSING).lines] == [concern.deadline, last.deadline]


def test_news_of_ones_topics_and_regions_within_a_month(charlie: User) -> None:
    region = charlie.mandates.get().region
    town = MunicipalityFactory(
        ars=f"{region.kreis}9999999", ags="", land=region.land, kreis=region.kreis
    )
    elsewhere = MunicipalityFactory(ars="160510001001", land="16", kreis="16051")
    near = opened(owner=town, question="Nah?", topic=Topic.CLIMATE)
    far = opened(owner=elsewhere, question="Fern?", topic=Topic.FINANCE)
    opened(owner=elsewhere, question="Anderes?", topic=Topic.HEALTH)
    opened(owner=town, is_confidential=True)

    def titles() -> list[str]:
        return [line.title for line in block(charlie, NEWS).lines]

    assert titles() == [f"{ConcernState.OPEN.label}: Nah?"]
    choose_interests(user=charlie, topics=[Topic.FINANCE], regions=[])
    assert titles() == [f"{ConcernState.OPEN.label}: Fern?", f"{ConcernState.OPEN.label}: Nah?"]
    near.steps.update(at=timezone.now() - timedelta(days=31))
    assert titles() == [f"{ConcernState.OPEN.label}: Fern?"]
    far.steps.update(at=timezone.now() - timedelta(days=31))
    assert block(charlie, NEWS).empty == "In den letzten 30 Tagen ist dort nichts geschehen."


def test_news_are_at_most_ten_and_lead_to_all_of_them_and_to_the_feed(
    client: Client, charlie: User
) -> None:
    region = charlie.mandates.get().region
    for _ in range(11):
        opened(owner=region)
    found = block(charlie, NEWS)
    assert len(found.lines) == 10
    everything, feed, choose = (link.url for link in found.links)
    assert choose == "/konto/themen/"
    page = client.get(everything)
    assert len(page.context["page"].object_list) == 11
    assert client.get(feed).content.decode().count("<entry>") == 11


def test_the_feed_of_ones_selection_is_of_the_same_regions_as_the_start_page(
    client: Client, charlie: User
) -> None:
    towns = MunicipalityFactory.create_batch(20)
    choose_interests(user=charlie, topics=[], regions=towns)
    opened(owner=towns[-1])
    opened(owner=charlie.mandates.get().region)
    found = block(charlie, NEWS)
    everything, feed, _choose = (link.url for link in found.links)
    assert len(found.lines) == len(client.get(everything).context["page"].object_list) == 2
    assert client.get(feed).content.decode().count("<entry>") == 2


def test_of_more_regions_than_count_the_start_page_says_so(client: Client, charlie: User) -> None:
    for number in range(25):
        MandateFactory(
            user=charlie, organisation__region=MunicipalityFactory(kreis=f"09{number:03}")
        )
    towns = MunicipalityFactory.create_batch(20)
    choose_interests(user=charlie, topics=[], regions=towns)
    found = block(charlie, NEWS)
    assert found.note == "Berücksichtigt sind 40 Ihrer 46 Regionen."
    scope = client.get(found.links[0].url).context["scope"]
    assert len(scope.regions) == 40
    assert {town.ars for town in towns} <= set(scope.regions)


@pytest.mark.parametrize("path", ["/", "/aufgaben/"])
def test_where_more_votes_may_be_missing_than_were_looked_for_tasks_say_so(
    path: str, client: Client, charlie: User
) -> None:
    client.force_login(charlie)
    said = "nur zu den 20 offenen Anliegen, die zuerst enden"
    ConcernFactory.create_batch(SOONEST - 1)
    ConcernFactory.create_batch(SOONEST, is_example=True)
    assert said not in client.get(path).content.decode()
    ConcernFactory()
    page = client.get(path).content.decode()
    assert said in page
    assert block(charlie, MISSING).note == (
        "Geprüft sind die 20 offenen Anliegen, in denen Sie abstimmen dürfen und die zuerst enden."
    )
    assert 'href="/forum/?stand=offen&amp;sortierung=frist"' in page


def test_whoever_votes_for_nobody_is_not_told_of_votes(client: Client, dora: User) -> None:
    ConcernFactory.create_batch(SOONEST)
    client.force_login(dora)
    assert "die zuerst enden" not in client.get("/").content.decode()


def test_whoever_has_chosen_nothing_and_has_no_region_is_asked_to_choose(dora: User) -> None:
    found = block(dora, NEWS)
    assert found.lines == ()
    assert [link.url for link in found.links] == ["/konto/themen/"]


def test_a_selection_of_nothing_or_of_what_there_is_not_is_empty(client: Client) -> None:
    opened()
    for query in ("", "?thema=gibtesnicht&gebiet=x", "?gebiet=99"):
        page = client.get(f"/neues/auswahl/{query}")
        assert page.status_code == 200
        assert list(page.context["page"]) == []
        feed = client.get(f"/neues/auswahl.atom{query}").content.decode()
        assert "<entry>" not in feed


def test_what_is_being_discussed_with_who_takes_part(concern: Concern) -> None:
    statement = StatementFactory(concern=concern)
    for land in ("09", "09", "14"):
        there = ParticipantFactory(concern=concern, region=MunicipalityFactory(land=land))
        VoteFactory(statement=statement, participant=there)
    ParticipantFactory(concern=concern)
    ConcernFactory(is_confidential=True)
    found = public("Worüber gerade gesprochen wird")
    (line,) = found.lines
    assert line.note.endswith("3 Kommunen aus 2 Ländern")
    assert line.due == concern.deadline
    assert found.links[0].label == "Alle offenen Anliegen (1)"


def test_what_was_promised_from_both_sides_and_what_is_overdue() -> None:
    concern = answered()
    late = Commitment.objects.get()
    soon = CommitmentFactory(answer=late.answer, due_on=timezone.localdate() + timedelta(days=9))
    kept = CommitmentFactory(
        answer=late.answer, outcome=Outcome.KEPT, outcome_at=timezone.now(), concern=concern
    )
    judge = MandateFactory()
    kept.verdicts.create(organisation=judge.organisation, mandate=judge, outcome=Outcome.NOT_KEPT)
    promised = public("Was zugesagt ist")
    assert [line.title for line in promised.lines] == [soon.what, kept.what]
    assert "nach eigener Sicht: eingehalten" in promised.lines[1].note
    assert "0 von 1 Bewertung von Kommunen und Verbänden: eingehalten" in promised.lines[1].note
    assert promised.links[0].label == "Alle Zusagen (3)"
    overdue = public("Was überfällig ist")
    assert [line.title for line in overdue.lines] == [late.what]
    waiting = ConcernFactory(
        state=ConcernState.SENT, answer_due=timezone.now() - timedelta(days=3), topic="klima"
    )
    overdue = public("Was überfällig ist")
    assert [line.title for line in overdue.lines] == [waiting.question, late.what]
    assert [link.label for link in overdue.links] == [
        "Überfällige Antworten (1)",
        "Überfällige Zusagen (1)",
    ]


def test_long_lists_are_counted_in_groups_of_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    answered()
    counts = queries.overview.PublicCounts(20000, 1001, 12345, 1002)
    monkeypatch.setattr(queries.overview, "public_counts", lambda: counts)
    labels = [link.label for each in offer.public_blocks() for link in each.links]
    assert [label for label in labels if "(" in label] == [
        "Alle offenen Anliegen (20.000)",
        "Alle Zusagen (12.345)",
        "Überfällige Antworten (1.001)",
        "Überfällige Zusagen (1.002)",
    ]


def test_an_empty_installation_says_so_honestly(client: Client) -> None:
    assert [each.lines for each in offer.public_blocks()] == [(), (), ()]
    page = client.get("/").content.decode()
    assert "Gerade ist kein Anliegen offen." in page
    assert "Noch ist nichts zugesagt." in page
    assert "Nichts: Alle Antworten und Zusagen sind in der Frist." in page


def test_the_overview_is_there_for_people_signed_in_too(client: Client, charlie: User) -> None:
    client.force_login(charlie)
    assert 'href="/ueberblick/"' in client.get("/").content.decode()
    assert "Worüber gerade gesprochen wird" in client.get("/ueberblick/").content.decode()


def fill(region: Region) -> None:
    """One more of everything that start pages show."""
    concern = opened(owner=region)
    statement = StatementFactory(concern=concern)
    VoteFactory(
        statement=statement,
        participant=ParticipantFactory(concern=concern, region=MunicipalityFactory()),
    )
    answered()
    commitment = Commitment.objects.latest("pk")
    commitment.reports.create(text="Der Entwurf liegt vor.")
    CommitmentFactory(answer=commitment.answer, outcome=Outcome.KEPT, outcome_at=timezone.now())
    CommitmentFactory(answer=commitment.answer, due_on=timezone.localdate() + timedelta(days=9))


def test_as_many_queries_with_one_and_with_three_of_everything(
    client: Client, charlie: User
) -> None:
    region = charlie.mandates.get().region
    choose_interests(user=charlie, topics=list(Topic), regions=[])
    mine, anyone = Client(), Client()
    mine.force_login(charlie)
    paths = (
        (mine, "/"),
        (mine, "/aufgaben/"),
        (anyone, "/"),
        (anyone, "/neues/auswahl/?gebiet=09"),
    )
    fill(region)
    with_one = [cost(browser, path) for browser, path in paths]
    fill(region)
    fill(region)
    assert [cost(browser, path) for browser, path in paths] == with_one


def test_a_selection_names_regions_that_are_no_more(client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    MunicipalityFactory(
        ars="09051", ags="", level=Level.KREIS, name="Altkreis", valid_until=yesterday
    )
    page = client.get("/neues/auswahl/?gebiet=09051")
    assert page.context["chosen"] == ["Altkreis (gibt es nicht mehr)"]
    MunicipalityFactory(ars="09051", ags="", level=Level.KREIS, name="Neukreis")
    page = client.get("/neues/auswahl/?gebiet=09051&thema=klima")
    assert page.context["chosen"] == [Topic.CLIMATE.label, "Neukreis"]


def test_regions_of_any_level_in_a_selection(client: Client) -> None:
    MunicipalityFactory(ars="09", ags="", level=Level.LAND)
    town = MunicipalityFactory(ars="090510001001", ags="09051001", land="09", kreis="09051")
    opened(owner=town)
    counts = [
        len(client.get(f"/neues/auswahl/?gebiet={key}").context["page"])
        for key in ("09", "09051", "0905100", "090510001001", "14", "14051")
    ]
    assert counts == [1, 1, 1, 1, 0, 0]
