"""What follows from an exercise: measures that are tracked, and lessons raised in the forum."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.crisis.reports.conftest import address, fields, play, report, write
from tests.factories import MandateFactory, MunicipalityFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis.demo.reports import make_report
from allmende.crisis.models import (
    Exercise,
    Improvement,
    ImprovementState,
    Part,
    PartKind,
)
from allmende.crisis.portal import reports as portal
from allmende.crisis.queries import reports as queries
from allmende.crisis.services import exercises as serve
from allmende.forum.models import Concern
from allmende.mail.models import Notice
from allmende.registry.models import Region

pytestmark = pytest.mark.django_db
ASKED = "Wie bezahlt der Bund ein zweites Aggregat?"


# Measures


def improve(exercise: Exercise, actor: User, **changes: Any) -> Improvement:
    return serve.add_improvement(actor=actor, exercise=exercise, **fields(**changes))


def posted(**changes: Any) -> dict[str, Any]:
    said = fields(**changes)
    return {key: value for key, value in said.items() if value is not None}


def test_a_measure_says_who_does_it_and_until_when(
    client: Client, ended: Exercise, control: User, player: User
) -> None:
    client.force_login(control)
    page = f"{ended.get_absolute_url()}massnahmen/neu/"
    # Whoever it is, one of two fields says so: of the four that may be empty, two are optional.
    assert client.get(page).content.decode().count("– optional") == 2
    both = client.post(page, posted() | {"owner": player.pk})
    assert "entweder jemanden, der mitgemacht hat" in both.content.decode()
    nobody = client.post(page, posted(organisation="", person=""))
    assert "Bitte sagen Sie, wer es tut." in nobody.content.decode()
    past = client.post(page, posted(due_on=timezone.localdate() - timedelta(days=1)))
    assert "Dieser Tag ist vorbei." in past.content.decode()
    stranger = client.post(page, posted(organisation="", person="") | {"owner": UserFactory().pk})
    assert stranger.status_code == 200
    watching = UserFactory(name="Wanda Watcher")
    Part.objects.create(exercise=ended, user=watching, kind=PartKind.SPECTATOR)
    assert "Wanda Watcher" not in client.get(page).content.decode()
    for_her = posted(organisation="", person="") | {"owner": watching.pk}
    assert client.post(page, for_her).status_code == 200
    assert Improvement.objects.count() == 0
    hers = posted(organisation="", person="") | {"owner": player.pk}
    assert client.post(page, hers).status_code == 303
    [made] = Improvement.objects.all()
    assert (made.who, made.state) == ("Petra Player", ImprovementState.OPEN)
    shown = client.get(address(ended, "/")).content.decode()
    assert "Ein zweites Aggregat beschaffen" in shown
    assert Notice.objects.filter(user=player, topic="crisis.improvements").count() == 1


def test_it_goes_its_way_and_the_report_shows_where_it_is(
    client: Client, ended: Exercise, control: User, player: User, observer: User
) -> None:
    made = improve(ended, control, owner=player, organisation="", person="")
    client.force_login(player)
    page = made.get_absolute_url()
    assert client.get(page).status_code == 200
    dropped = client.post(f"{page}stand/", {"state": "verworfen", "note": "", "vorher": "offen"})
    assert "warum die Maßnahme verworfen wird" in dropped.content.decode()
    done = {"state": "begonnen", "note": "Ist bestellt.", "vorher": "offen"}
    assert client.post(f"{page}stand/", done).status_code == 303
    late = client.post(f"{page}stand/", done | {"note": "Später."})
    assert "Jemand anderes hat den Stand inzwischen geändert." in late.content.decode()
    assert "Später.</textarea>" in late.content.decode()
    [shown] = report(ended, control).improvements
    assert (shown.state, shown.note, shown.state_on) == (
        "begonnen",
        "Ist bestellt.",
        timezone.localdate(),
    )
    client.force_login(observer)
    assert client.post(f"{page}stand/", done).status_code == 404
    assert client.get(f"{page}aendern/").status_code == 404


def test_two_who_change_a_measure_lose_nothing(
    client: Client, ended: Exercise, control: User
) -> None:
    made = improve(ended, control)
    client.force_login(control)
    page = f"{made.get_absolute_url()}aendern/"
    assert client.get(page).status_code == 200
    serve.change_improvement(actor=control, improvement=made, seen=1, what="Zwei Aggregate")
    answer = client.post(page, posted(what="Drei Aggregate") | {"seen": 1})
    assert answer.status_code == 409
    assert "Zwei Aggregate" in answer.content.decode()
    assert 'value="Drei Aggregate"' in answer.content.decode()
    assert client.post(page, posted(what="Drei Aggregate") | {"seen": 2}).status_code == 303
    made.refresh_from_db()
    assert (made.what, made.edition) == ("Drei Aggregate", 3)


def test_it_is_a_task_before_its_day_and_after_it(
    ended: Exercise, control: User, player: User
) -> None:
    today = timezone.localdate()
    for days in (-3, 14, 15):
        improve(
            ended,
            control,
            owner=player,
            organisation="",
            person="",
            what=f"{days} Tage",
            due_on=today + timedelta(days=days),
        )
    assert [(task.title, task.is_overdue) for task in portal.tasks(player)] == [
        ("-3 Tage", True),
        ("14 Tage", False),
    ]
    Improvement.objects.update(state=ImprovementState.DONE)
    assert list(portal.tasks(player)) == []


def test_owners_are_reminded_once_before_and_once_after(
    ended: Exercise, control: User, player: User
) -> None:
    today = timezone.localdate()
    improve(ended, control, owner=player, organisation="", person="", due_on=today)
    improve(ended, control, due_on=today)  # nobody here to be told
    told = Notice.objects.filter(user=player).exclude(title__startswith="Eine Maßnahme")
    for _twice in range(2):
        serve.remind_owners(today - timedelta(days=8))
        assert told.count() == 0
    for days, count in ((-7, 1), (0, 1), (1, 2), (2, 2), (40, 2)):
        serve.remind_owners(today + timedelta(days=days))
        assert told.count() == count, days


def test_the_list_shows_what_is_overdue_first(
    client: Client,
    ended: Exercise,
    control: User,
    player: User,
) -> None:
    today = timezone.localdate()
    for what, days, state in (
        ("Später", 9, "offen"),
        ("Erledigt", -9, "erledigt"),
        ("Überfällig", -2, "begonnen"),
    ):
        made = improve(ended, control, what=what, due_on=today + timedelta(days=days))
        Improvement.objects.filter(pk=made.pk).update(state=state)
    client.force_login(control)
    page = "/krise/uebungen/massnahmen/"

    def names(query: str = "") -> list[str]:
        rows = json.loads(b"".join(client.get(f"{page}massnahmen.json{query}").streaming_content))
        return [row["Maßnahme"] for row in rows["records"]]

    assert client.get(page).status_code == 200
    assert names() == ["Überfällig", "Später"]
    assert names("?stand=ueberfaellig") == ["Überfällig"]
    assert names("?stand=alle") == ["Überfällig", "Später", "Erledigt"]
    assert names("?stand=erledigt&uebung=" + str(ended.pk)) == ["Erledigt"]
    assert names("?meine=on") == []
    assert b"ja" in b"".join(client.get(f"{page}massnahmen.csv").streaming_content)
    client.force_login(player)
    assert names() == []
    serve.close_report(actor=control, exercise=ended)
    assert names() == ["Überfällig", "Später"]


def test_the_list_and_the_tasks_take_the_same_number_of_queries_for_any_number(
    client: Client, ended: Exercise, control: User, player: User
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(player)
    client.get("/krise/uebungen/massnahmen/")
    counts = []
    for _row in range(3):
        improve(
            ended, control, owner=player, organisation="", person="", due_on=timezone.localdate()
        )
        with CaptureQueriesContext(connection) as captured:
            client.get("/krise/uebungen/massnahmen/")
            list(portal.tasks(player))
        counts.append(len(captured))
    assert counts[0] == counts[2]


def test_the_list_says_what_the_rules_say(
    ended: Exercise, control: User, player: User, observer: User
) -> None:
    import rules

    hers = improve(ended, control, owner=player, organisation="", person="")
    others = improve(ended, control)
    people = [control, player, observer, UserFactory()]
    for closed in (False, True):
        if closed:
            serve.close_report(actor=control, exercise=ended)
        for person in people:
            reader = User.objects.get(pk=person.pk)
            listed = set(queries.improvements_for(reader).values_list("pk", flat=True))
            allowed = {
                each.pk
                for each in (queries.get_improvement(hers.pk), queries.get_improvement(others.pk))
                if rules.has_perm("crisis.view_improvement", reader, each)
            }
            assert listed == allowed, (person, closed)


def test_names_of_those_without_an_account_go_after_two_years(
    ended: Exercise, control: User
) -> None:
    made, there = improve(ended, control), improve(ended, control)
    serve.settle_improvement(
        actor=control, improvement=made, seen="offen", state="erledigt", note=""
    )
    assert serve.clear_improvement_persons(timezone.now() - timedelta(days=1)) == 0
    assert serve.clear_improvement_persons(timezone.now() + timedelta(days=1)) == 1
    made.refresh_from_db()
    there.refresh_from_db()
    assert (made.who, there.who) == ("Stadtwerke", "Stadtwerke, Betriebsleitung")


def test_who_leaves_leaves_what_she_took_on(ended: Exercise, control: User, player: User) -> None:
    made = improve(ended, control, owner=player, organisation="", person="")
    write(ended, player, "Gut.")
    titles = {data.title: data.rows for data in portal.personal_data(player)}
    assert [row["Maßnahme"] for row in titles["Maßnahmen aus Übungen"]] == [made.what]
    assert [row["Text"] for row in titles["Abschnitte von Übungsberichten"]] == ["Gut."]
    serve.settle_improvement(
        actor=player, improvement=made, seen="offen", state="begonnen", note="Ist bestellt."
    )
    titles = {data.title: data.rows for data in portal.personal_data(player)}
    [step] = titles["Stand von Maßnahmen aus Übungen"]
    assert (step["Maßnahme"], step["Bemerkung"]) == (made.what, "Ist bestellt.")
    [stays] = portal.forget(player)
    assert "zu Maßnahmen geschrieben" in stays
    assert portal.forget(player) == []
    made.refresh_from_db()
    assert made.owner is None
    # The words stay, and whose they were is nowhere to be found.
    assert [(one.note, one.taken_by) for one in made.steps.all()] == [
        ("Ist bestellt.", None),
        ("", control),
    ]
    assert [(one.text, one.written_by) for one in ended.passages.all()] == [("Gut.", None)]


def test_the_example_data_have_a_report(control: User, player: User, observer: User) -> None:
    """Ratings, one measure done, one overdue, and a concern of the third."""
    exercise = play(control, player, observer)
    Exercise.objects.filter(pk=exercise.pk).update(is_example=True)
    assert make_report() == 0  # nobody there to write it
    for name in ("werke", "verwaltung"):
        UserFactory(email=f"{name}@example.org")
    MandateFactory(user__email="oberbuergermeister@example.org", may_contribute=True)
    assert make_report() == 3
    assert make_report() == 0
    states = sorted((each.state, each.is_overdue) for each in Improvement.objects.all())
    assert states == [("erledigt", False), ("offen", False), ("offen", True)]
    assert Concern.objects.count() == 1
    exercise.refresh_from_db()
    assert queries.report_in(exercise).closed_at is not None


# In the forum


@pytest.fixture
def mayor(village: Region) -> User:
    """She writes for Lindenfurt."""
    return MandateFactory(organisation__region=village, may_contribute=True).user


def test_a_lesson_becomes_a_draft_of_a_concern_once(
    client: Client, ended: Exercise, control: User, mayor: User, village: Region
) -> None:
    serve_join(ended, mayor)
    made = improve(ended, control)
    client.force_login(mayor)
    page = f"{made.get_absolute_url()}anliegen/"
    html = client.get(page).content.decode()
    assert made.lesson in html
    assert f'name="question" value="Wie hilft der Bund dabei: {made.what}?"' in html
    assert f'<input type="hidden" name="owner" value="{village.pk}"' in html
    assert f"Eingebracht von {village.short_name}." in html
    assert client.post(page, {"owner": village.pk, "question": ""}).status_code == 200
    assert Concern.objects.count() == 0
    first = client.post(page, {"owner": village.pk, "question": ASKED})
    [concern] = Concern.objects.all()
    assert first.headers["Location"] == f"/forum/{concern.slug}/aendern/"
    assert client.get(first.headers["Location"]).status_code == 200
    for again in (client.get(page), client.post(page, {"question": "Anders?"})):
        assert again.headers["Location"] == first.headers["Location"]
    assert Concern.objects.count() == 1
    assert (concern.owner, concern.state, concern.author) == (village, "draft", mayor)
    assert concern.question == ASKED
    assert concern.background == (
        f"{made.lesson}\n\n{made.what}\n\n"
        "Dieses Anliegen entstand aus der Auswertung einer Krisenübung."
    )
    client.force_login(control)  # who may not see the draft
    assert f"/forum/{concern.slug}/" not in client.get(address(ended, "/")).content.decode()
    assert client.post(page).status_code == 404
    client.force_login(mayor)
    assert f"/forum/{concern.slug}/" in client.get(address(ended, "/")).content.decode()


def test_who_writes_for_several_says_for_which(
    client: Client, ended: Exercise, control: User, mayor: User, village: Region
) -> None:
    serve_join(ended, mayor)
    other = MandateFactory(
        user=mayor,
        organisation__region=MunicipalityFactory(name="Ahornau"),
        may_contribute=True,
    ).region
    strange = MunicipalityFactory()
    made = improve(ended, control)
    client.force_login(mayor)
    page = f"{made.get_absolute_url()}anliegen/"
    html = client.get(page).content.decode()
    assert all(f'<option value="{each.pk}">' in html for each in (village, other))
    for nothing in ("", strange.pk):
        refused = client.post(page, {"owner": nothing, "question": ASKED})
        assert refused.status_code == 200
        assert ASKED in refused.content.decode()  # what was typed stays
    assert Concern.objects.count() == 0
    # Not the first by name, and not because the host is hers.
    client.post(page, {"owner": village.pk, "question": ASKED})
    assert Concern.objects.get().owner == village


def test_one_click_on_its_page_is_enough_where_nothing_has_to_be_chosen(
    client: Client, ended: Exercise, control: User, mayor: User, village: Region
) -> None:
    serve_join(ended, mayor)
    made = improve(ended, control)
    client.force_login(mayor)
    page = f"{made.get_absolute_url()}anliegen/"
    assert (
        f'<form method="post" action="{page}"'
        in client.get(made.get_absolute_url()).content.decode()
    )
    answer = client.post(page)
    [concern] = Concern.objects.all()
    assert answer.headers["Location"] == f"/forum/{concern.slug}/aendern/"
    assert (concern.owner, concern.state) == (village, "draft")
    assert concern.question == f"Wie hilft der Bund dabei: {made.what}?"


def test_who_writes_for_several_is_asked_for_which_after_the_click(
    client: Client, ended: Exercise, control: User, mayor: User
) -> None:
    serve_join(ended, mayor)
    MandateFactory(
        user=mayor, organisation__region=MunicipalityFactory(name="Ahornau"), may_contribute=True
    )
    made = improve(ended, control)
    client.force_login(mayor)
    shown = client.post(f"{made.get_absolute_url()}anliegen/")
    assert (shown.status_code, Concern.objects.count()) == (200, 0)
    html = shown.content.decode()
    assert f'name="question" value="Wie hilft der Bund dabei: {made.what}?"' in html
    assert "kern-error" not in html


@pytest.mark.parametrize(
    ("what", "question"),
    [
        ("Listen führen.", "Wie hilft der Bund dabei: Listen führen?"),
        ("Wort " * 60, f"Wie hilft der Bund dabei: {('Wort ' * 34).strip()}…?"),
    ],
)
def test_the_proposed_question_fits(what: str, question: str) -> None:
    assert serve.question_of(Improvement(what=what)) == question
    assert len(question) <= 200


def test_who_is_second_at_the_same_moment_gets_the_same_draft(
    ended: Exercise, control: User, mayor: User
) -> None:
    made = improve(ended, control)
    mandate = mayor.mandates.get()
    late = Improvement.objects.get(pk=made.pk)  # read before the first has changed it
    concern, second = (
        serve.raise_concern(actor=mayor, improvement=each, mandate=mandate, question=ASKED)
        for each in (made, late)
    )
    assert second == concern
    assert (late.concern, Concern.objects.count()) == (concern, 1)


def serve_join(ended: Exercise, user: User) -> None:
    Part.objects.create(exercise=ended, user=user, kind="beobachtung")


def test_it_is_offered_to_those_who_may(
    client: Client, ended: Exercise, control: User, mayor: User
) -> None:
    """On its page and in the report; all others read who may."""
    serve_join(ended, mayor)
    made = improve(ended, control)
    link = f'="{made.get_absolute_url()}anliegen/"'
    pages = (made.get_absolute_url(), address(ended, "/"))
    for person, is_offered in ((control, False), (mayor, True)):
        client.force_login(person)
        shown = [client.get(page).content.decode() for page in pages]
        assert [link in html for html in shown] == [is_offered, is_offered]
        assert ("Ein Anliegen kann daraus machen, wer" in shown[0]) != is_offered
        status = client.get(f"{made.get_absolute_url()}anliegen/").status_code
        assert status == (200 if is_offered else 404)
    serve.raise_concern(actor=mayor, improvement=made, mandate=mayor.mandates.get(), question=ASKED)
    assert [link in client.get(page).content.decode() for page in pages] == [False, False]
    other = MandateFactory(may_contribute=True).user
    serve_join(ended, other)
    client.force_login(other)
    shown = client.get(made.get_absolute_url()).content.decode()
    assert "Es ist noch ein Entwurf einer anderen Kommune." in shown
    assert link not in shown
