"""The pages of a result: what they show to whom, in how many queries and bytes."""

import copy
import csv
import gzip
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum import services
from allmende.forum.models import (
    Concern,
    Participant,
    Result,
    StatementState,
    VoiceLevel,
    Voices,
    Vote,
)
from allmende.forum.results import figures, reader
from allmende.forum.results.figures import document_of
from allmende.registry.models import Region
from tests.factories import ConcernFactory, ParticipantFactory, StatementFactory, VoteFactory
from tests.forum.conversations import municipalities, one_vote_each, two_camps

pytestmark = pytest.mark.django_db

OFFICIAL, PERSONAL = Voices.OFFICIAL, Voices.PERSONAL
LISTS = (
    "result_statements",
    "result_participants",
    "result_csv",
    "participants_csv",
    "result_json",
)
PAGES = ("result", *LISTS)


@pytest.fixture(autouse=True)
def forget() -> None:
    """What was kept in memory for another test's result."""
    for kept in (figures.kept_figures, figures._kept_counts, reader._places):
        kept.cache_clear()
    reader._drawn.kept.clear()


def get(
    concern: Concern, page: str = "result", query: str = "", client: Client | None = None
) -> str:
    answer = (client or Client()).get(f"{reverse(f'forum:{page}', args=[concern.slug])}{query}")
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer).decode("utf-8-sig")


def status(concern: Concern, page: str = "result", query: str = "") -> int:
    return Client().get(f"{reverse(f'forum:{page}', args=[concern.slug])}{query}").status_code


def compute(concern: Concern, voices: Voices = OFFICIAL) -> Result:
    return services.compute_now(concern=concern, voices=voices)


def dots(page: str) -> int:
    return page.split('<svg class="al-map', 1)[1].split("</svg>", 1)[0].count("h0")


@pytest.fixture
def camps(concern: Concern) -> Concern:
    """Sixty municipalities in two camps, computed."""
    two_camps(concern)
    compute(concern)
    return concern


def test_the_page_says_what_unites_what_divides_and_who_stands_where(camps: Concern) -> None:
    page = get(camps)
    for part in (
        "Was alle verbindet",
        "Was trennt",
        "Wer steht wo",
        "Was typisch ist",
        "Wer hat teilgenommen",
    ):
        assert part in page
    assert dots(page) == 60
    assert "Gruppe A" in page
    assert "Wie sicher sind die Gruppen?" in page


def test_every_figure_says_its_basis(camps: Concern) -> None:
    page = " ".join(get(camps).split())
    assert '<dt>Kommunen</dt><dd>60</dd><dd class="al-sub">von 61 · 3 Länder' in page
    assert "60 Stimmen" in page
    assert "95&#8239;%" in page
    assert camps.results.get().input_hash in page


def test_both_readings_stand_side_by_side(camps: Concern) -> None:
    page = get(camps)
    assert page.count("Kommunen:</span>") == page.count("Einwohner:</span>") > 4


def test_it_says_that_shares_are_weighted_only_where_they_are(camps: Concern) -> None:
    assert "nach Land und Größe gewichtet" in get(camps)
    stranger = camps.participants.first().region
    Region.objects.filter(pk=stranger.pk).update(size_class=None)
    compute(camps)
    page = get(camps)
    assert ("nicht gewichtet" in page, "höher gewichtet" in page) == (True, False)


def test_it_says_which_rankings_rest_on_few_votes(camps: Concern) -> None:
    assert "noch weniger als" not in get(camps)
    VoteFactory(statement=StatementFactory(concern=camps), participant=camps.participants.first())
    compute(camps)
    assert "Eine Aussage hat noch weniger als 30 Stimmen." in get(camps)


@pytest.mark.parametrize("separate", [True, False, None])
def test_it_speaks_of_the_groups_shown_and_of_a_gap_only_where_there_is_one(
    camps: Concern, separate: bool | None
) -> None:
    result = camps.results.get()
    document = document_of(result)
    shown = next(c for c in document["grouping"]["candidates"] if c["count"] == 2)
    document["grouping"]["separate"] = separate
    document["grouping"]["candidates"] = [
        {**shown, "silhouette": 0.61},
        {**shown, "count": 3, "silhouette": 0.99},
    ]
    result.document = gzip.compress(json.dumps(document).encode())
    result.save()
    page = get(camps)
    assert ("Trennschärfe 0,61" in page, "0,99" in page) == (True, False)
    assert ("keine Lager" in page) == (separate is False)


def test_where_there_are_no_groups_it_says_why_and_shows_the_ranking_only(concern: Concern) -> None:
    one_vote_each(concern, 6)
    compute(concern)
    page = get(concern)
    assert "Keine stabilen Gruppen" in page
    assert "noch zu wenige Kommunen" in page
    assert "Was alle verbindet" in page
    assert "Was typisch ist" not in page


@pytest.mark.parametrize(
    ("against", "why"),
    [(0, "Alle stimmen fast gleich ab."), (5, "für stabile Gruppen nehmen noch zu wenige teil")],
)
def test_a_few_who_split_are_not_said_to_vote_alike(
    concern: Concern, against: int, why: str
) -> None:
    people = one_vote_each(concern, 10)
    Vote.objects.filter(participant__in=people[:against]).update(stand=-1)
    compute(concern)
    page = get(concern)
    assert [said in page for said in (why, "fast gleich")] == [True, against == 0]


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_participants_get_a_small_page(concern: Concern, count: int) -> None:
    one_vote_each(concern, count)
    compute(concern)
    assert dots(get(concern)) == count
    assert all(status(concern, page) == 200 for page in PAGES)


def test_without_a_result_the_page_says_what_will_be_here(concern: Concern) -> None:
    assert "Noch hat keine Kommune" in get(concern)
    assert [status(concern, page) for page in LISTS] == [404] * 5


def test_the_first_computation_is_announced(concern: Concern) -> None:
    services.request_result(concern=concern, voices=OFFICIAL)
    assert "wird gerade zum ersten Mal berechnet" in get(concern)


def test_the_page_says_that_a_newer_result_is_on_its_way(camps: Concern) -> None:
    assert "wird gerade neu berechnet" not in get(camps)
    services.request_result(concern=camps, voices=OFFICIAL)
    assert "wird gerade neu berechnet" in get(camps)


def test_a_statement_withdrawn_since_is_no_longer_shown(camps: Concern) -> None:
    statement = camps.statements.order_by("pk")[0]
    assert statement.text in get(camps, "result_statements")
    camps.statements.filter(pk=statement.pk).update(state=StatementState.REJECTED)
    assert statement.text not in get(camps, "result_statements")


# --- Who may see it -------------------------------------------------------------------------------


def test_a_draft_has_no_result_for_strangers(alice: User) -> None:
    draft = ConcernFactory(state="draft", owner=alice.mandates.get().region)
    assert [status(draft, page) for page in PAGES] == [404] * 6


def test_official_votes_are_public_by_municipality(camps: Concern) -> None:
    ars = camps.participants.get(region__name="Musterort 7").region.ars
    assert "Musterort 7<" in get(camps, "result_participants", "?q=Musterort 7")
    assert "Musterort 7;" in get(camps, "participants_csv")
    assert f'"{ars}"' in get(camps, "result_json")


@pytest.fixture
def secret(camps: Concern) -> Concern:
    camps.is_confidential = True
    camps.save()
    return camps


def test_a_confidential_concern_tells_nobody_who_stands_where_before_its_deadline(
    secret: Concern, charlie: User
) -> None:
    client = Client()
    client.force_login(charlie)
    for query in ("", "?land=09", "?groesse=3", "?q=musterort"):
        shown = {page: get(secret, page, query, client) for page in PAGES}
        told = "".join(shown.values())
        assert "Musterort" not in told
        for ars in secret.participants.values_list("region__ars", flat=True):
            assert ars not in told
        assert dots(shown["result"]) == 60, "a Land with one municipality would tell its votes"
        assert shown["result"].count('class="al-dots') == 2, "a large dot would be a name"
        lands = shown["result"].split('id="laender"')[1].split("<tbody")[0]
        assert "al-legend" not in lands, "nor which group a Land is in"


def test_neither_order_nor_weight_tells_who_is_who_in_a_confidential_concern(
    secret: Concern, charlie: User
) -> None:
    client = Client()
    client.force_login(charlie)
    by_key = [each["position"] for each in document_of(secret.results.get())["participants"]]
    shown = json.loads(get(secret, "result_json", client=client))["participants"]
    in_file = [each["position"] for each in shown]
    assert [each["id"] for each in shown] == [str(n) for n in range(1, 61)]
    assert {each["weight"] for each in shown} == {None}
    assert sorted(in_file) == sorted(by_key)
    assert in_file != by_key
    lines = get(secret, "participants_csv", client=client).splitlines()[1:]
    in_table = [[float(cell.replace(",", ".")) for cell in line.split(";")[2:]] for line in lines]
    assert in_table == [[round(x, 4), round(y, 4)] for x, y in in_file]


def test_after_the_deadline_a_confidential_concern_is_public(secret: Concern) -> None:
    secret.deadline = timezone.now() - timedelta(minutes=1)
    secret.save()
    assert "Musterort" in get(secret, "participants_csv")


@pytest.fixture
def opinions(concern: Concern) -> Concern:
    """Sixty municipalities and forty persons."""
    concern.takes_personal_voices = True
    concern.save()
    statements = StatementFactory.create_batch(10, concern=concern)
    two_camps(concern, statements=statements)
    two_camps(concern, statements=statements, voices=PERSONAL, count=40)
    compute(concern)
    compute(concern, PERSONAL)
    return concern


def test_personal_and_official_voices_are_two_pages(opinions: Concern) -> None:
    official, personal = get(opinions), get(opinions, query="?stimmen=persoenlich")
    assert (dots(official), dots(personal)) == (60, 40)
    for page in (official, personal):
        assert "Persönliche Meinungen" in page
    assert "Einwohner" not in personal
    assert "Wer hat teilgenommen" not in personal


def test_nobody_is_named_among_personal_voices(opinions: Concern) -> None:
    stored = document_of(opinions.results.get(voices=PERSONAL))
    for page in PAGES:
        shown = get(opinions, page, "?stimmen=persoenlich&land=09&q=a")
        assert not [each["id"] for each in stored["participants"] if each["id"] in shown]
        assert "Musterort" not in shown


def test_fewer_than_five_persons_see_no_figures(concern: Concern) -> None:
    concern.takes_personal_voices = True
    concern.save()
    two_camps(concern, voices=PERSONAL, count=4)
    compute(concern, PERSONAL)
    assert "weniger als 5 Personen" in get(concern, query="?stimmen=persoenlich")
    assert [status(concern, page, "?stimmen=persoenlich") for page in LISTS] == [404] * 5


def test_example_data_and_sources_are_named_on_every_page(camps: Concern) -> None:
    Concern.objects.update(is_example=True, source="CC BY 4.0, The Example Project")
    for page in ("result", "result_statements", "result_participants"):
        assert "Beispieldaten" in get(camps, page)
        assert "The Example Project" in get(camps, page)


# --- One's own place ------------------------------------------------------------------------------


def test_a_participant_sees_where_its_own_municipality_stands(camps: Concern, alice: User) -> None:
    own = ParticipantFactory(concern=camps, region=camps.owner)
    statements = list(camps.statements.order_by("pk"))
    for number, statement in enumerate(statements):
        stand = 1 if number < 2 or (1 + number // 2) % 2 else -1
        VoteFactory(participant=own, statement=statement, stand=-1 if number == 0 else stand)
    compute(camps)
    client = Client()
    client.force_login(alice)
    mine, others = get(camps, client=client), get(camps)
    assert ('class="al-me"' in mine, 'class="al-me"' in others) == (True, False)
    assert "Ihre Kommune" in mine
    difference = mine.split("anders gestimmt")[1].split("</ul>")[0]
    assert statements[0].text in difference
    assert "Ablehnung" in difference


# --- Filters and orders ---------------------------------------------------------------------------


def test_a_filter_shows_dots_and_votes_of_its_municipalities_only(camps: Concern) -> None:
    page = get(camps, query="?land=09")
    assert dots(page) == 20
    assert "20 von 60 teilnehmenden Kommunen" in page
    statement = camps.statements.order_by("pk")[0]
    agreed = Vote.objects.filter(
        statement=statement, participant__region__land="09", stand=1
    ).count()
    row = get(camps, "result_statements", "?land=09").split(statement.text)[1].split("</li>")[0]
    assert "Auswahl, 20 Stimmen:" in row
    assert f"<strong>{round(100 * agreed / 20)}\u202f%</strong>" in row


def test_land_and_size_together_are_both_taken(camps: Concern) -> None:
    regions = camps.participants.filter(region__land="14", region__size_class=7)
    assert f"{regions.count()} von 60" in get(camps, query="?land=14&groesse=7")


def test_what_does_not_exist_is_not_filtered_by(camps: Concern) -> None:
    for query in ("?land=99", "?groesse=x", "?stimmen=alle", "?land=%00", "?ordnung=Z"):
        assert dots(get(camps, query=query)) == 60
        assert status(camps, "result_statements", query) == 200


def test_statements_come_in_the_order_asked_for(camps: Concern) -> None:
    texts = list(camps.statements.order_by("pk").values_list("text", flat=True))

    def shown(order: str) -> list[str]:
        page = get(camps, "result_statements", f"?ordnung={order}")
        return [text for _, text in sorted((page.index(t), t) for t in texts if t in page)]

    assert {
        order: set(shown(order)[:2]) == set(texts[:2]) for order in ("", "trennt", "stimmen")
    } == {
        "": True,
        "trennt": False,
        "stimmen": True,
    }
    assert len(shown("abgelehnt")) == 10
    assert len(shown("A")) == 8, "what unites is typical of no group"


def test_the_table_is_equal_to_the_map(camps: Concern) -> None:
    rows = list(csv.reader(io.StringIO(get(camps, "participants_csv")), delimiter=";"))
    stored = document_of(camps.results.get())["participants"]
    assert {row[0]: row[5:8] for row in rows[1:]} == {
        each["id"]: [
            "AB"[each["group"]] if each["group"] is not None else "",
            *(f"{value:.4f}".replace(".", ",") for value in each["position"]),
        ]
        for each in stored
    }
    page = get(camps, "result_participants")
    assert "Seite 1 von 2" in page
    assert "(60 Einträge)" in page
    names = [f"Musterort {n}<" in page for n in (5, 11)]
    assert names == [True, True], "largest first"


def test_participants_are_found_by_name_and_group(camps: Concern) -> None:
    page = get(camps, "result_participants", "?q=musterort+41&gruppe=")
    assert page.count("Musterort") == 1
    sizes = [get(camps, "result_participants", f"?gruppe={g}").count("Musterort ") for g in "AB"]
    assert sizes == [30, 30]


def test_the_file_of_statements_has_all_figures(camps: Concern) -> None:
    rows = list(csv.DictReader(io.StringIO(get(camps, "result_csv")), delimiter=";"))
    assert len(rows) == 10
    first = next(row for row in rows if row["Nr."] == str(camps.statements.order_by("pk")[0].pk))
    stands = list(
        Vote.objects.filter(statement_id=int(first["Nr."])).values_list("stand", flat=True)
    )
    assert [int(first[k]) for k in ("Stimmen", "stimmen zu", "lehnen ab", "übergehen")] == [
        60, stands.count(1), stands.count(-1), stands.count(0),
    ]  # fmt: skip


def test_the_json_file_is_the_stored_document(camps: Concern) -> None:
    votes = Vote.objects.filter(participant__concern=camps, statement__state="accepted")
    first = votes.order_by("pk")[0]
    votes.filter(pk=first.pk).update(level=VoiceLevel.MAYOR)
    document = document_of(camps.results.get())
    ars = first.participant.region.ars
    for each in document["participants"]:
        unknown = votes.filter(participant__region__ars=each["id"], level="").count()
        each["levels"] = {"mayor": 1} if each["id"] == ars else {}
        each["levels"]["unknown"] = unknown
        each["answered_by"] = {}
    assert json.loads(get(camps, "result_json")) == document
    rows = csv.DictReader(io.StringIO(get(camps, "participants_csv")), delimiter=";")
    mayor = "Stimmen: Bürgermeisterin oder Bürgermeister"
    assert [row["Schlüssel"] for row in rows if row[mayor] == "1"] == [ars]


# --- Size and speed -------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["result", "result_statements", "result_participants"])
def test_queries_do_not_grow_with_participants(
    page: str, concern: Concern, charlie: User, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(charlie)
    counts = []
    for number in (1, 3):
        two_camps(
            concern,
            voices=OFFICIAL,
            count=number,
            statements=StatementFactory.create_batch(number, concern=concern),
        )
        compute(concern)
        with django_assert_max_num_queries(30) as queries:
            get(concern, page, client=client)
        counts.append(len(queries))
        Participant.objects.all().delete()
        Region.objects.filter(name__startswith="Musterort").delete()
    assert counts[0] == counts[1]


def full_size(concern: Concern) -> Result:
    """All 10,750 municipalities and 300 statements: a real document, repeated."""
    statements = StatementFactory.create_batch(10, concern=concern)
    two_camps(concern, statements=statements)
    result = compute(concern)
    document = document_of(result)
    regions = municipalities(10_690, first=60)
    people = [Participant(concern=concern, voices=OFFICIAL, region=region) for region in regions]
    Participant.objects.bulk_create(people, batch_size=2_000)
    rows = document["participants"]
    for number, region in enumerate(regions):
        row = copy.copy(rows[number % 60])
        x, y = row["position"]
        row["id"] = region.ars
        row["position"] = [x + (number * 37 % 997) / 2_000, y + (number * 61 % 991) / 2_000]
        rows.append(row)
    more = StatementFactory.create_batch(290, concern=concern)
    for number, statement in enumerate(more):
        document["statements"].append(
            {**document["statements"][number % 10], "id": str(statement.pk)}
        )
    for group in document["groups"]:
        group["size"] *= 179
    document["participation"]["voted"] = 10_750
    result.document = gzip.compress(json.dumps(document).encode(), mtime=0)
    result.input_hash = "0" * 64
    result.save()
    return result


@pytest.mark.one_database
@pytest.mark.slow
def test_the_page_of_all_municipalities_stays_small(
    concern: Concern, django_assert_max_num_queries: Any
) -> None:
    full_size(concern)
    address = reverse("forum:result", args=[concern.slug])
    with django_assert_max_num_queries(30):
        first = Client().get(address, headers={"accept-encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    assert len(first.content) < 120_000, "the issue allows 400,000"
    assert dots(gzip.decompress(first.content).decode()) == 10_750
    for page in LISTS:
        assert status(concern, page) == 200


# --- Voting alike ---------------------------------------------------------------------------------


@pytest.mark.parametrize("voices", Voices)
def test_who_votes_alike_is_named_only_where_votes_are_public(
    concern: Concern, voices: Voices
) -> None:
    two_camps(concern, voices=voices)
    result = compute(concern, voices)
    document = document_of(result)
    keys = [each["id"] for each in document["participants"][:3]]
    document["coordination"] = {
        "checked": True, "pairs_tested": 9, "components": [keys], "straight_lines": keys[:1],
    }  # fmt: skip
    result.document = gzip.compress(json.dumps(document).encode(), mtime=0)
    result.save()
    query = "?stimmen=persoenlich" if voices == PERSONAL else ""
    page = get(concern, query=query)
    assert "Gleichlautende Stimmabgabe" in page
    assert ("Musterort" in page) == (voices == OFFICIAL)
    written = json.loads(get(concern, "result_json", query))
    shown = {*written["coordination"]["components"][0], *written["coordination"]["straight_lines"]}
    assert shown == ({"1", "2", "3"} if voices == PERSONAL else set(keys))
