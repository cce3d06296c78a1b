"""Many concerns of a ministry at once: assigning, taking that back, more time for the answer."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoAssertNumQueries

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.forum import queries, services
from allmende.forum.models import Concern, ConcernState, Extension, Step, Support
from allmende.mail.models import Notice
from allmende.registry.models import Mandate, Office, Organisation
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    UserFactory,
    second_factor,
)

from .test_queue import sent, words

pytestmark = pytest.mark.django_db

ASSIGN, EXTEND, UNDO = (
    f"/ministerium/{page}/" for page in ("zuweisen", "frist", "zuweisen/zuruecknehmen")
)


@pytest.fixture
def house() -> Organisation:
    return OrganisationFactory(region=None, kind="ministerium", name="Haus A", slug="haus-a")


@pytest.fixture
def other_house() -> Organisation:
    return OrganisationFactory(region=None, kind="ministerium", name="Haus B", slug="haus-b")


def official(house: Organisation, name: str, **fields: object) -> User:
    return MandateFactory(organisation=house, office=Office.DESK, user__name=name, **fields).user


@pytest.fixture
def ines(house: Organisation) -> User:
    return official(house, "Ines Amt")


@pytest.fixture
def tim(house: Organisation) -> User:
    return official(house, "Tim Thoma")


@pytest.fixture
def hanna(house: Organisation) -> User:
    """Releases for the ministry."""
    return second_factor(official(house, "Hanna Haus", may_release=True))


def in_charge(*concerns: Concern) -> list[User | None]:
    """Who it is now, concern by concern."""
    found = Concern.objects.select_related("official").in_bulk([c.pk for c in concerns])
    return [found[concern.pk].official for concern in concerns]


def assign(user: User, concerns: list[Concern], whom: User | None) -> services.Assigned:
    keys = [concern.pk for concern in concerns]
    seen = queries.plan_assignment(user, keys, whom).edition
    return services.assign_officials(actor=user, keys=keys, official=whom, seen=seen)


def notices_of(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("title", flat=True))


def shown(day: date) -> str:
    return date_format(day, "j. F Y")


# Assigning


def test_the_plan_says_what_happens_and_to_what_nothing_and_why(
    house: Organisation, other_house: Organisation, ines: User, tim: User
) -> None:
    free, taken, his = sent(house, days=1), sent(house, days=1, official=ines), sent(house, days=1)
    Concern.objects.filter(pk=his.pk).update(official=tim)
    done = sent(house, days=1, state=ConcernState.ANSWERED, answered_at=timezone.now())
    foreign = sent(other_house, days=1)
    keys = [concern.pk for concern in (free, taken, his, done, foreign)]
    plan = queries.plan_assignment(ines, keys, tim)
    assert plan.concerns == [free, taken]
    assert plan.left == {
        "Tim Thoma ist schon zuständig": [his],
        "Schon beantwortet oder abgeschlossen": [done],
    }
    assert (plan.gone, plan.asked) == (1, 5)
    MandateFactory(user=ines, organisation=other_house, office=Office.DESK, may_vote=False)
    ines.forget_remembered()
    left = queries.plan_assignment(ines, keys, tim).left
    assert left["Für dieses Ministerium darf das nur, wer dort entscheidet"] == [foreign]
    Mandate.objects.filter(user=ines).update(may_vote=True)
    ines.forget_remembered()
    left = queries.plan_assignment(ines, keys, tim).left
    assert left["Tim Thoma arbeitet nicht in diesem Ministerium"] == [foreign]
    left = queries.plan_assignment(ines, [free.pk], None).left
    assert left == {"Schon jetzt ist niemand zuständig": [free]}


def test_where_who_was_in_charge_has_left_nobody_is(house: Organisation, ines: User) -> None:
    concern = sent(house, days=1, official=UserFactory())
    plan = queries.plan_assignment(ines, [concern.pk], None)
    assert plan.left == {"Schon jetzt ist niemand zuständig": [concern]}


def test_who_is_assigned_much_at_once_is_told_once(
    house: Organisation, ines: User, tim: User
) -> None:
    concerns = [sent(house, days=number, question=f"Frage {number}?") for number in range(5)]
    done = assign(ines, concerns, tim)
    assert in_charge(*concerns) == [tim] * 5
    entries = Entry.objects.filter(deed="forum.assign_official").order_by("number")
    assert [entry.details for entry in entries] == [{"before": None, "after": tim.pk}] * 5
    assert (done.count, done.first, done.last) == (5, entries[0].number, entries[4].number)
    [notice] = Notice.objects.filter(user=tim)
    assert notice.title == "Sie sind jetzt für 5 Anliegen zuständig"
    assert notice.text == "„Frage 0?“, „Frage 1?“, „Frage 2?“, und 2 weitere."
    assert notice.url == "/ministerium/?person=ich"
    assign(ines, concerns, ines)
    assign(ines, concerns, None)
    assert in_charge(*concerns) == [None] * 5
    assert notices_of(ines) == []


def test_one_concern_alone_is_told_by_its_question(
    house: Organisation, ines: User, tim: User
) -> None:
    assign(ines, [sent(house, days=1, question="Wer hilft?")], tim)
    assert notices_of(tim) == ["Sie sind jetzt zuständig: Wer hilft?"]


def test_what_has_changed_since_the_plan_was_read_is_read_again(
    house: Organisation, ines: User, tim: User, hanna: User
) -> None:
    first, second = sent(house, days=1), sent(house, days=2)
    keys = [first.pk, second.pk]
    seen = queries.plan_assignment(ines, keys, tim).edition
    assign(hanna, [second], hanna)
    with pytest.raises(services.Overtaken) as overtaken:
        services.assign_officials(actor=ines, keys=keys, official=tim, seen=seen)
    assert overtaken.value.there.edition == queries.plan_assignment(ines, keys, tim).edition
    assert in_charge(first, second) == [None, hanna]
    with pytest.raises(services.Conflict, match="nichts zuweisen"):
        assign(ines, [second], hanna)


def test_the_page_asks_first_and_shows_what_somebody_else_has_done_meanwhile(
    client: Client, house: Organisation, ines: User, tim: User
) -> None:
    first, second = sent(house, days=1), sent(house, days=2, question="Wer hilft?")
    client.force_login(ines)
    there = f"{ASSIGN}?stand=da&wahl={first.pk}&wahl={second.pk}&umfang=wahl&an={tim.pk}"
    page = client.get(there)
    assert "für 2 von 2 gewählten Anliegen" in words(page)
    seen = page.context["form"]["seen"].value()
    assert in_charge(first, second) == [None, None]
    Concern.objects.filter(pk=second.pk).update(official=tim)
    page = client.post(there, {"seen": seen})
    assert page.status_code == 409
    assert "Inzwischen hat jemand etwas daran geändert." in words(page)
    assert "<strong>Tim Thoma ist schon zuständig:</strong> 1" in words(page)
    answer = client.post(there, {"seen": page.context["form"]["seen"].value()})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/ministerium/?stand=da&zugewiesen=")
    queue = words(client.get(answer.headers["Location"]))
    assert "1 Anliegen zugewiesen. Zuständig ist jetzt: Tim Thoma." in queue
    assert "Zuweisung zurücknehmen" in queue


def test_all_that_fits_a_filter_can_be_meant(
    client: Client, house: Organisation, ines: User, tim: User
) -> None:
    finance = [sent(house, days=number, topic="finanzen") for number in range(30)]
    other = sent(house, days=1)
    client.force_login(ines)
    there = f"{ASSIGN}?thema=finanzen&umfang=alle&an={tim.pk}"
    seen = client.get(there).context["form"]["seen"].value()
    client.post(there, {"seen": seen})
    assert in_charge(*finance, other) == [*[tim] * 30, None]
    file = b"".join(client.get("/ministerium/anliegen.csv", {"umfang": "alle", "person": tim.pk}))  # type: ignore[arg-type]
    assert len(file.splitlines()) == 31
    ticked = {"umfang": "wahl", "wahl": [finance[0].pk, other.pk]}
    file = b"".join(client.get("/ministerium/anliegen.csv", ticked))  # type: ignore[arg-type]
    assert len(file.splitlines()) == 3


def test_a_file_of_nothing_leads_back_with_a_word_in_the_readers_language(
    client: Client, ines: User
) -> None:
    client.force_login(ines)
    client.cookies["language"] = "en"
    page = client.get("/ministerium/anliegen.csv", {"umfang": "wahl"}, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "Please tick at least one concern first."
    ]


@pytest.mark.parametrize("page", [ASSIGN, EXTEND])
def test_nothing_ticked_or_too_much_leads_back_with_a_word(
    page: str, client: Client, ines: User, monkeypatch: pytest.MonkeyPatch, house: Organisation
) -> None:
    client.force_login(ines)
    answer = client.get(page, {"person": "ich", "umfang": "wahl", "wahl": "x", "an": ines.pk})
    assert answer.headers["Location"] == "/ministerium/?person=ich"
    assert "mindestens ein Anliegen" in words(client.get("/ministerium/"))
    answer = client.get(page, {"umfang": "wahl", "wahl": range(1, 202), "an": ines.pk})
    assert "höchstens 200 Anliegen" in words(client.get(answer.headers["Location"]))


def test_an_unknown_person_is_asked_for_again(
    client: Client, house: Organisation, ines: User, alice: User
) -> None:
    client.force_login(ines)
    wishes = {"umfang": "wahl", "wahl": sent(house, days=1).pk, "an": alice.pk}
    answer = client.get(ASSIGN, wishes)
    assert "wer zuständig sein soll" in words(client.get(answer.headers["Location"]))


def test_pages_for_many_are_not_there_for_others(client: Client, alice: User) -> None:
    client.force_login(alice)
    for page in (ASSIGN, EXTEND, UNDO):
        assert client.post(page).status_code == 404


@pytest.mark.parametrize("meant", ["umfang=wahl", "umfang=alle&person=niemand"])
def test_a_second_click_on_assigning_ends_where_the_first_did(
    meant: str, client: Client, house: Organisation, ines: User, tim: User
) -> None:
    concerns = [sent(house, days=number) for number in range(3)]
    assign(ines, [concerns[0]], tim)  # by herself, and right before: not part of it
    wishes = "&".join(f"wahl={concern.pk}" for concern in concerns)
    client.force_login(ines)
    there = f"{ASSIGN}?{meant}&{wishes}&an={tim.pk}"
    form = {"seen": client.get(there).context["form"]["seen"].value()}
    first = client.post(there, form)
    said = words(client.get(first.headers["Location"]))
    second = client.post(there, form)
    assert (second.status_code, second.headers["Location"]) == (303, first.headers["Location"])
    done = "2 Anliegen zugewiesen. Zuständig ist jetzt: Tim Thoma."
    assert done in said
    assert done in words(client.get(second.headers["Location"]))
    assert Entry.objects.filter(deed="forum.assign_official").count() == 3
    assert len(notices_of(tim)) == 2


def test_what_is_not_the_same_once_more_stays_a_conflict(
    house: Organisation, ines: User, tim: User, hanna: User
) -> None:
    concern = sent(house, days=1)
    keys = [concern.pk]
    seen = queries.plan_assignment(ines, keys, tim).edition

    def again(actor: User, whom: User | None) -> services.Assigned:
        return services.assign_officials(actor=actor, keys=keys, official=whom, seen=seen)

    done = again(ines, tim)
    assert again(ines, tim) == done
    for actor, whom in ((ines, hanna), (ines, None), (hanna, tim)):
        with pytest.raises(services.Overtaken):
            again(actor, whom)
    services.undo_assignments(actor=ines, first=done.first, last=done.last)
    assign(hanna, [concern], tim)
    with pytest.raises(services.Overtaken):
        again(ines, tim)
    assert Entry.objects.filter(deed="forum.assign_official").count() == 2


def test_what_is_hidden_from_the_ministry_is_neither_shown_nor_assigned(
    client: Client, house: Organisation, ines: User, hanna: User
) -> None:
    now = timezone.now()
    draft = ConcernFactory(state=ConcernState.DRAFT, ministry=house, question="Entwurf?")
    secret = ConcernFactory(
        state=ConcernState.OPEN,
        ministry=house,
        quorum_at=now,
        is_confidential=True,
        deadline=now + timedelta(days=3),
        question="Geheim?",
    )
    open_ = ConcernFactory(state=ConcernState.OPEN, ministry=house, question="Ohne Quorum?")
    came = sent(house, days=1, question="Wer hilft?")
    hidden = [draft, secret, open_]
    keys = [concern.pk for concern in (*hidden, came)]
    for plan in (
        queries.plan_assignment(ines, keys, ines),
        queries.plan_extension(hanna, keys),
    ):
        assert (plan.concerns, plan.left, plan.gone) == ([came], {}, 3)
    client.force_login(ines)
    there = f"{ASSIGN}?umfang=wahl&an={ines.pk}&" + "&".join(f"wahl={key}" for key in keys)
    page = client.get(there)
    shown = words(page)
    assert [concern.question in shown for concern in (*hidden, came)] == [False] * 3 + [True]
    client.post(there, {"seen": page.context["form"]["seen"].value()})
    assert in_charge(*hidden, came) == [None, None, None, ines]


# Taking back


def test_assignments_are_taken_back_where_nobody_has_changed_them(
    client: Client, house: Organisation, ines: User, tim: User, hanna: User
) -> None:
    was_free, was_hers, changed, answered = (sent(house, days=number) for number in range(4))
    Concern.objects.filter(pk=was_hers.pk).update(official=hanna)
    concerns = [was_free, was_hers, changed, answered]
    done = assign(ines, concerns, tim)
    assign(hanna, [changed], hanna)
    Concern.objects.filter(pk=answered.pk).update(state=ConcernState.ANSWERED)
    client.force_login(hanna)
    numbers = {"von": done.first, "bis": done.last}
    client.post(UNDO, numbers)  # it was not hers
    assert in_charge(*concerns) == [tim, tim, hanna, tim]
    client.force_login(ines)
    answer = client.post(f"{UNDO}?stand=da", numbers)
    assert answer.headers["Location"] == "/ministerium/?stand=da"
    page = words(client.get(answer.headers["Location"]))
    assert "2 Zuweisungen zurückgenommen." in page
    assert "2 Anliegen bleiben, wie sie sind" in page
    assert in_charge(*concerns) == [None, hanna, hanna, tim]
    assert Entry.objects.filter(deed="forum.restore_official").count() == 2
    assert "zurückgenommen" not in words(client.get(client.post(UNDO, numbers).headers["Location"]))
    assert client.post(UNDO, {"von": "x"}).status_code == 303


def test_who_is_in_charge_no_longer_or_again_is_told_once_in_her_language(
    house: Organisation, ines: User, tim: User, hanna: User
) -> None:
    were_free = [sent(house, days=number, question=f"Frage {number}?") for number in range(2)]
    was_hers = sent(house, days=1, question="Wer hilft?", official=hanna)
    mine = sent(house, days=1, official=ines)
    User.objects.filter(pk=tim.pk).update(language="en")
    done = assign(ines, [*were_free, was_hers, mine], User.objects.get(pk=tim.pk))
    services.undo_assignments(actor=ines, first=done.first, last=done.last)
    assert notices_of(tim) == [
        "You are now responsible for 4 concerns",
        "You are no longer responsible for 4 concerns",
    ]
    [told] = Notice.objects.filter(user=tim, key__contains="former")
    assert told.text == (
        "The assignment has been taken back. “Frage 0?”, “Frage 1?”, “Wer hilft?”, and 1 more."
    )
    assert told.url == "/ministerium/"
    assert notices_of(hanna) == ["Sie sind jetzt zuständig: Wer hilft?"]
    assert notices_of(ines) == []


def test_one_concern_that_is_taken_back_is_told_by_its_question(
    house: Organisation, ines: User, tim: User
) -> None:
    concern = sent(house, days=1, question="Wer hilft?", is_example=True)
    done = assign(ines, [concern], tim)
    services.undo_assignments(actor=ines, first=done.first, last=done.last)
    told = Notice.objects.get(user=tim, title="Sie sind nicht mehr zuständig: Wer hilft?")
    assert told.text == "Die Zuweisung wurde zurückgenommen. Beispieldaten."
    assert told.url == concern.get_absolute_url()


def test_what_was_given_to_oneself_is_taken_back_without_a_word(
    house: Organisation, ines: User
) -> None:
    done = assign(ines, [sent(house, days=1)], ines)
    services.undo_assignments(actor=ines, first=done.first, last=done.last)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("left_before", [True, False])
def test_in_place_of_who_has_left_the_ministry_nobody_is_in_charge_again(
    left_before: bool, house: Organisation, ines: User, tim: User, hanna: User
) -> None:
    concern = sent(house, days=1, official=hanna)
    yesterday = timezone.localdate() - timedelta(days=1)
    if left_before:
        hanna.mandates.update(until=yesterday)
    done = assign(ines, [concern], tim)
    hanna.mandates.update(until=yesterday)
    undone = services.undo_assignments(actor=ines, first=done.first, last=done.last)
    assert undone == services.Undone(count=1, left=0)
    assert in_charge(concern) == [None]


def test_what_was_taken_from_who_has_left_since_stays_without_anybody(
    house: Organisation, ines: User, hanna: User
) -> None:
    concern = sent(house, days=1, official=hanna)
    done = assign(ines, [concern], None)
    hanna.mandates.update(until=timezone.localdate() - timedelta(days=1))
    undone = services.undo_assignments(actor=ines, first=done.first, last=done.last)
    assert undone == services.Undone(count=0, left=1)


def test_what_somebody_else_has_assigned_meanwhile_stays_even_to_the_same_person(
    house: Organisation, ines: User, tim: User, hanna: User
) -> None:
    concern = sent(house, days=1)
    done = assign(ines, [concern], tim)
    assign(hanna, [concern], hanna)
    assign(hanna, [concern], tim)
    undone = services.undo_assignments(actor=ines, first=done.first, last=done.last)
    assert undone == services.Undone(count=0, left=1)
    assert in_charge(concern) == [tim]


# More time


def extend(user: User, concerns: list[Concern], day: date) -> int:
    keys = [concern.pk for concern in concerns]
    return services.extend_answers(
        actor=user,
        keys=keys,
        last_day=day,
        reason="Die Länder müssen zustimmen.",
        seen=queries.plan_extension(user, keys).edition,
    )


def test_more_time_is_given_once_before_the_day_and_by_who_releases(
    house: Organisation, ines: User, hanna: User
) -> None:
    running, late, extended = sent(house, days=5), sent(house, days=-1), sent(house, days=5)
    coming = ConcernFactory(state=ConcernState.POSITION, ministry=house, quorum_at=timezone.now())
    answered = sent(house, days=5, state=ConcernState.PURSUED, answered_at=timezone.now())
    day = timezone.localdate() + timedelta(days=9)
    assert extend(hanna, [extended], day) == 1
    keys = [concern.pk for concern in (running, late, extended, coming, answered)]
    plan = queries.plan_extension(hanna, keys)
    assert plan.concerns == [running]
    assert plan.left == {
        "Die Frist ist schon vorbei": [late],
        "Die Frist wurde schon einmal verlängert": [extended],
        "Die Frist läuft noch nicht": [coming],
        "Schon beantwortet oder abgeschlossen": [answered],
    }
    left = queries.plan_extension(ines, [running.pk]).left
    assert left == {"Für dieses Ministerium darf das nur, wer dort freigibt": [running]}
    with pytest.raises(services.Conflict, match="keine Frist"):
        extend(ines, [running], day)
    with pytest.raises(services.Conflict, match="nicht nach der bisherigen Frist"):
        extend(hanna, [running], timezone.localdate() + timedelta(days=5))
    with pytest.raises(services.Conflict, match="zu weit nach"):
        extend(hanna, [running], timezone.localdate() + timedelta(days=6, weeks=8))
    with pytest.raises(services.Overtaken) as overtaken:
        services.extend_answers(
            actor=hanna, keys=[running.pk], last_day=day, reason="Weil.", seen="früher"
        )
    assert overtaken.value.there.concerns == [running]


def test_the_line_of_the_concern_the_log_and_its_followers_say_so(
    client: Client, house: Organisation, hanna: User
) -> None:
    concern = sent(house, days=5)
    Step.objects.create(concern=concern, state=ConcernState.SENT)
    mandate = MandateFactory()
    Support.objects.create(
        concern=concern, organisation=mandate.organisation, signed_by=mandate.user, mandate=mandate
    )
    before, day = concern.answer_due, timezone.localdate() + timedelta(days=9)
    extend(hanna, [concern], day)
    concern = Concern.objects.get(pk=concern.pk)
    assert timezone.localdate(concern.answer_due) == day
    answered = queries.way_of(concern)[4]
    assert answered.note == f"bis {shown(day)}, bisher {shown(timezone.localdate(before))}"
    assert answered.reason == "Die Länder müssen zustimmen."
    page = words(client.get(concern.get_absolute_url()))
    told = (
        f"bisher bis {shown(timezone.localdate(before))}. Begründung: Die Länder müssen zustimmen."
    )
    assert told in page
    entry = Entry.objects.get(deed="forum.extend_answer")
    assert entry.reason == "Die Länder müssen zustimmen."
    services.tell_of_extensions()
    services.tell_of_extensions()
    assert notices_of(mandate.user) == [f"Die Antwort kommt später: {concern.question}"]


def test_the_page_names_the_days_that_are_possible(
    client: Client, house: Organisation, hanna: User
) -> None:
    concerns = [sent(house, days=5), sent(house, days=12)]
    client.force_login(hanna)
    there = f"{EXTEND}?umfang=wahl&" + "&".join(f"wahl={concern.pk}" for concern in concerns)
    today = timezone.localdate()
    first, last = today + timedelta(days=13), today + timedelta(days=5, weeks=8)
    page = client.get(there)
    assert f"Vom {shown(first)} bis zum {shown(last)}." in words(page)
    typed = {"seen": page.context["form"]["seen"].value(), "begruendung": "Es dauert."}
    for wrong in (first - timedelta(days=1), last + timedelta(days=1), ""):
        page = client.post(there, typed | {"bis": wrong})
        assert set(page.context["form"].errors) == {"bis"}
        assert "Es dauert." in words(page)
    assert client.post(there, typed | {"bis": first}).status_code == 303
    assert Extension.objects.count() == 2
    assert "Warum, steht unten." in words(client.get(there))
    far = [sent(house, days=1), sent(house, days=90)]
    there = f"{EXTEND}?umfang=wahl&" + "&".join(f"wahl={concern.pk}" for concern in far)
    assert "zu weit auseinander" in words(client.get(there))
    assert client.post(there, typed | {"bis": first}).status_code == 200
    assert Extension.objects.count() == 2


@pytest.mark.parametrize("meant", ["umfang=wahl", "umfang=alle&faellig=bald"])
def test_a_second_click_on_more_time_ends_where_the_first_did(
    meant: str, client: Client, house: Organisation, hanna: User
) -> None:
    concerns = [sent(house, days=5), sent(house, days=6)]
    day = timezone.localdate() + timedelta(days=30)
    client.force_login(hanna)
    there = f"{EXTEND}?{meant}&" + "&".join(f"wahl={concern.pk}" for concern in concerns)
    seen = client.get(there).context["form"]["seen"].value()
    form = {"seen": seen, "begruendung": "Es dauert.", "bis": day}
    answers = [client.post(there, form) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    page = words(client.get(answers[1].headers["Location"]))
    assert page.count("Die Frist ist für 2 Anliegen verlängert.") == 2
    assert Extension.objects.count() == 2
    assert Entry.objects.filter(deed="forum.extend_answer").count() == 2


def test_another_day_or_reason_for_what_was_extended_stays_a_conflict(
    client: Client, house: Organisation, hanna: User
) -> None:
    concern = sent(house, days=5)
    day = timezone.localdate() + timedelta(days=30)
    client.force_login(hanna)
    there = f"{EXTEND}?umfang=wahl&wahl={concern.pk}"
    form = {"seen": client.get(there).context["form"]["seen"].value(), "bis": day}
    client.post(there, form | {"begruendung": "Es dauert."})
    for other in ({"begruendung": "Darum."}, {"bis": day + timedelta(days=1)}):
        page = client.post(there, form | {"begruendung": "Es dauert."} | other)
        assert page.status_code == 409
        assert "Inzwischen hat jemand etwas daran geändert." in words(page)
    assert Extension.objects.get().reason == "Es dauert."


@pytest.mark.parametrize("count", [1, 3])
def test_asking_first_takes_a_constant_number_of_queries(
    count: int,
    client: Client,
    house: Organisation,
    ines: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    tim = official(house, "Tim Thoma")
    concerns = [sent(house, days=number) for number in range(count)]
    client.force_login(ines)
    wishes = {"umfang": "wahl", "wahl": [concern.pk for concern in concerns], "an": tim.pk}
    with django_assert_num_queries(6):
        client.get(ASSIGN, wishes)
    with django_assert_num_queries(5):
        client.get(EXTEND, wishes)
