"""The example data: marked as such, reachable by everybody it names, and filled in once."""

import pytest
from django.test import Client
from django.urls import reverse

from allmende.accounts.demo import PASSWORD
from allmende.accounts.models import User
from allmende.forum.demo import fill
from allmende.forum.models import (
    Commitment,
    Concern,
    ConcernState,
    Contribution,
    Disposition,
    Postponement,
    Result,
    SectionAnswer,
    Sitting,
    StatementState,
    Voices,
    Vote,
)
from allmende.registry.demo import fill_people
from allmende.registry.models import Region

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def titles_for(client: Client) -> list[str]:
    """What waits for somebody's answer, as her start page says it."""
    groups = client.get("/").context["groups"]
    return [task.title for _, tasks in groups for _, task in tasks]


def assert_people_talk(reader: Client) -> None:
    """Under concerns and statements, with answers, in offices and for oneself, and not all at once."""
    answers = Contribution.objects.exclude(parent=None)
    first = Contribution.objects.filter(parent=None)
    assert {talk.answers.exists() for talk in first} == {True}
    assert {talk.statement is None for talk in first} == {True, False}
    assert {answer.mandate is None for answer in answers} == {True, False}
    mentioned = set(answers.values_list("mentions__name", flat=True))
    assert mentioned == {None, "Kranichsee", "Lindenfurt"}
    for talk in first:
        said = [talk, *talk.answers.all()]
        assert sorted({one.written_at for one in said}) == [one.written_at for one in said]
        assert talk.concern.opened_at < talk.written_at
        assert talk.text.split("@")[0] in reader.get(talk.get_absolute_url()).content.decode()


def assert_a_desk_is_furnished() -> None:
    """Who signs in for the ministry finds text blocks, and views of the queue that are not empty."""
    desk = Client()
    desk.force_login(User.objects.get(email="ministerium@example.org"))
    blocks = desk.get(reverse("ministry:boilerplates")).context["page"].object_list
    assert len(blocks) == 3
    views = desk.get(reverse("ministry:queue")).context["filters"]
    assert [view.name for view in views] == ["Liegt bei mir", "Überfällig"]
    found = [len(desk.get(view.address).context["page"].object_list) for view in views]
    assert found == [2, 1]


def test_the_demo_says_what_it_is_and_is_filled_in_once() -> None:
    first = list(fill_people(1))
    fill(1)
    votes = Vote.objects.count()
    assert list(fill_people(1)) == first
    fill(1)
    assert Vote.objects.count() == votes
    assert set(Concern.objects.values_list("is_example", flat=True)) == {True}
    assert not Vote.objects.filter(participant__region__invented=False).exists()
    assert Region.objects.municipalities().count() == 0

    everybody = User.objects.filter(email__endswith="@example.org")
    assert {user.check_password(PASSWORD) for user in everybody} == {True}
    assert set(Result.objects.values_list("voices", flat=True)) == set(Voices.values)

    citizen = Client()
    citizen.force_login(User.objects.get(email="buergerin@example.org"))
    answers = {
        citizen.get(reverse("forum:vote", args=[concern.slug])).status_code
        for concern in Concern.objects.open()
    }
    assert answers == {200, 404}

    mayor = Client()
    mayor.force_login(User.objects.get(email="buergermeisterin@example.org"))
    titles = titles_for(mayor)
    assert [t for t in titles if t.startswith("30 Aussagen zu")], "with those of what was merged"
    head = Client()
    head.force_login(User.objects.get(email="oberbuergermeister@example.org"))
    titles = titles_for(head)
    assert "4 Entwürfe warten auf Ihre Freigabe" in titles
    for concern in Concern.objects.exclude(state=ConcernState.DRAFT):
        for page in ("concern", "result"):
            answer = mayor.get(reverse(f"forum:{page}", args=[concern.slug]))
            assert (answer.status_code, b"Beispieldaten" in answer.content) == (200, True)
    assert Concern.objects.filter(statements__state=StatementState.PENDING).exists()
    assert set(Concern.objects.values_list("state", flat=True)) == set(ConcernState.values)
    assert {concern.slug for concern in Concern.objects.overdue()} == {"brandschutz"}
    dispositions = SectionAnswer.objects.values_list("disposition", flat=True)
    assert set(dispositions) == set(Disposition.values)
    assert {commitment.is_overdue for commitment in Commitment.objects.all()} == {True, False}
    assert set(Commitment.objects.values_list("outcome", flat=True)) == {"", "kept"}
    assert Postponement.objects.count() == 1
    assert_people_talk(mayor)
    assert_a_desk_is_furnished()
    assert set(Sitting.objects.values_list("state", flat=True)) == {"held", "invited"}
