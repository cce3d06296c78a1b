"""The questionnaire: everybody once, five before anything is shown, and nothing that leads to a person."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.db.models import DateField, ForeignKey, OneToOneField
from django.utils import timezone
from tests.crisis.small import small_script
from tests.factories import OrganisationFactory, UserFactory

from allmende.accounts.models import User
from allmende.crisis import services
from allmende.crisis.models import Exercise, Part, Questionnaire, Remark, Tally
from allmende.crisis.queries.observing import questionnaire_of, unanswered_parts_of
from allmende.crisis.services import exercises as serve

pytestmark = pytest.mark.django_db
SCORES = {"aufgabe": 4, "ziel:lage": 2}


@pytest.fixture
def control() -> User:
    return UserFactory()


@pytest.fixture
def played(control: User) -> Exercise:
    """An exercise that is over; nine observers, one player and the control took part."""
    script = small_script(goals=[{"key": "lage", "name": "Lage feststellen"}])
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=script
    )
    serve.join(actor=UserFactory(), exercise=exercise, kind="spiel", role="stab")
    for number in range(9):
        serve.join(
            actor=UserFactory(name=f"Zeugin {number}"),
            exercise=exercise,
            kind="beobachtung",
            role="",
        )
    serve.start_exercise(actor=control, exercise=exercise)
    serve.end_exercise(actor=control, exercise=exercise)
    exercise.refresh_from_db()
    return exercise


def answer(exercise: Exercise, number: int = 1, **remarks: str) -> None:
    """So many more people answer."""
    for part in exercise.parts.filter(has_answered=False)[:number]:
        serve.answer_questionnaire(part=part, scores=SCORES, remarks=remarks)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that is stored, by table; sessions and the search's index are no rows of models."""
    return {
        model._meta.label: serialize("python", model._default_manager.order_by("pk"))
        for model in apps.get_models()
        if model._meta.managed
    }


def test_nothing_that_is_stored_leads_from_an_answer_to_a_person(played: Exercise) -> None:
    answer(played, gut="Der Funk.")
    before = everything()
    part = played.parts.filter(has_answered=False).latest("pk")
    serve.answer_questionnaire(part=part, scores=SCORES, remarks={"gut": "Die Ruhe im Stab."})
    after = everything()
    changed = {label for label in after if after[label] != before[label]}
    assert changed == {"crisis.Part", "crisis.Questionnaire", "crisis.Tally", "crisis.Remark"}
    # Of the person: that she has answered, and no time.
    was, now = (
        {row["pk"]: row["fields"] for row in all_["crisis.Part"]} for all_ in (before, after)
    )
    assert {key for key in now if now[key] != was[key]} == {part.pk}
    assert {name for name in now[part.pk] if now[part.pk][name] != was[part.pk][name]} == {
        "has_answered"
    }
    # Of the answer: counts, and words among those of others; all of them have other keys than before.
    old, new = ({row["pk"] for row in all_["crisis.Remark"]} for all_ in (before, after))
    assert (len(old), len(new), old & new) == (1, 2, set())
    assert len(before["crisis.Tally"]) == len(after["crisis.Tally"]) == 9 * 5
    for model in (Tally, Remark, Questionnaire):
        related = {
            field.related_model
            for field in model._meta.get_fields()
            if isinstance(field, ForeignKey | OneToOneField)
        }
        assert related <= {Questionnaire, Exercise}
    for model in (Tally, Remark, Part):
        times = {field.name for field in model._meta.fields if isinstance(field, DateField)}
        assert times <= {"joined_at"}


def test_words_are_stored_in_an_order_of_chance(played: Exercise) -> None:
    """The order in which they came would be that in which people were seen to answer."""
    parts = list(played.parts.all())
    for number, part in enumerate(parts):
        serve.answer_questionnaire(part=part, scores={}, remarks={"gut": f"{number:02}"})
    texts = list(Remark.objects.values_list("text", flat=True))
    assert sorted(texts) == [f"{number:02}" for number in range(11)]
    assert texts != sorted(texts)  # by chance once in 11! = 40 million times


def test_two_clicks_are_one_answer(played: Exercise, control: User) -> None:
    part = played.parts.get(user=control)
    for _twice in range(2):
        serve.answer_questionnaire(part=part, scores=SCORES, remarks={"gut": "Der Funk."})
    assert Questionnaire.objects.get().answered == 1
    assert Tally.objects.get(question="aufgabe", score=4).count == 1
    assert Remark.objects.count() == 1


def test_nothing_is_shown_before_it_is_closed(played: Exercise, control: User) -> None:
    """Between two looks, one person may have answered."""
    answer(played, 8, gut="Der Funk.")
    assert questionnaire_of(played) is None
    serve.close_questionnaire(actor=control, exercise=played)
    results = questionnaire_of(played)
    assert results is not None
    assert results.answered == 8
    assert Counter(results.remarks[0][1]) == {"Der Funk.": 8}
    assert results.scales[0].counts == (0, 0, 0, 8, 0)


def test_a_final_report_closes_it(played: Exercise, control: User) -> None:
    serve.close_report(actor=control, exercise=played)
    with pytest.raises(services.Conflict, match="Dieser Fragebogen ist geschlossen"):
        answer(played)
    assert Tally.objects.filter(count__gt=0).count() == 0


@pytest.mark.parametrize(("answers", "asks_again"), [(0, True), (4, True), (5, False)])
def test_a_report_that_is_opened_again_asks_again_until_five_have_answered(
    played: Exercise, control: User, answers: int, asks_again: bool
) -> None:
    """With five, results were shown: what the next one answers would be the difference."""
    answer(played, answers)
    serve.close_report(actor=control, exercise=played)
    assert serve.reopen_report(actor=control, exercise=played) == asks_again
    assert serve.reopen_report(actor=control, exercise=played) is False  # it is open already
    there = Questionnaire.objects.get()
    assert (there.closed_at is None, there.answered) == (asks_again, answers)


def test_a_questionnaire_whose_time_is_over_stays_closed(played: Exercise, control: User) -> None:
    serve.close_report(actor=control, exercise=played)
    Exercise.objects.update(ended_at=timezone.now() - timedelta(days=15))
    played.refresh_from_db()
    assert serve.reopen_report(actor=control, exercise=played) is False


def test_closed_with_fewer_than_five_nothing_is_shown(played: Exercise, control: User) -> None:
    answer(played, 4)
    serve.close_questionnaire(actor=control, exercise=played)
    assert questionnaire_of(played) is None
    with pytest.raises(services.Conflict, match="Dieser Fragebogen ist geschlossen"):
        answer(played)


def test_means_and_medians(played: Exercise) -> None:
    parts = list(played.parts.all()[:6])
    for part, score in zip(parts, (1, 2, 2, 5, 5), strict=False):
        serve.answer_questionnaire(part=part, scores={"ziel:lage": score}, remarks={})
    Questionnaire.objects.update(closed_at=timezone.now())
    results = questionnaire_of(played)
    assert results is not None
    unasked, goal = results.scales[0], results.scales[8]
    assert (unasked.number, unasked.mean, unasked.median) == (0, None, None)
    assert goal.question.text == "Haben wir dieses Ziel erreicht? Lage feststellen"
    assert (goal.counts, goal.mean, goal.median) == ((1, 2, 0, 0, 2), 3.0, 2)
    assert goal.rows[1] == ("eher nicht erreicht", 2, 0.4)


@pytest.mark.parametrize(
    ("scores", "remarks", "said"),
    [
        ({}, {"gut": "  "}, "mindestens eine Frage"),
        ({"aufgabe": 6}, {}, "laden Sie die Seite neu"),
        ({"ziel:wetter": 3}, {}, "laden Sie die Seite neu"),
        ({}, {"wer": "Ich"}, "laden Sie die Seite neu"),
    ],
)
def test_what_is_not_asked_is_refused(
    played: Exercise, scores: dict[str, int], remarks: dict[str, str], said: str
) -> None:
    part = played.parts.earliest("pk")
    with pytest.raises(services.Conflict, match=said):
        serve.answer_questionnaire(part=part, scores=scores, remarks=remarks)
    part.refresh_from_db()
    assert not part.has_answered


def test_who_only_looked_on_is_not_asked(played: Exercise) -> None:
    part = Part.objects.create(exercise=played, user=UserFactory(), kind="zuschauen")
    assert list(unanswered_parts_of(part.user)) == []
    with pytest.raises(services.Conflict, match="Gefragt wird, wer mitgespielt"):
        serve.answer_questionnaire(part=part, scores=SCORES, remarks={})


def test_it_closes_by_itself_after_two_weeks(played: Exercise, control: User) -> None:
    part = played.parts.get(user=control)
    assert list(unanswered_parts_of(control)) == [part]
    serve.answer_questionnaire(part=part, scores=SCORES, remarks={})
    assert list(unanswered_parts_of(control)) == []
    late = played.parts.filter(has_answered=False).earliest("pk")
    Exercise.objects.update(ended_at=timezone.now() - timedelta(days=14))
    assert list(unanswered_parts_of(late.user)) == []
    with pytest.raises(services.Conflict, match="Dieser Fragebogen ist geschlossen"):
        serve.answer_questionnaire(part=late, scores=SCORES, remarks={})


def test_nobody_is_asked_about_what_was_not_played(control: User) -> None:
    exercise = serve.add_exercise(
        actor=control, mandate=None, host=OrganisationFactory(), script=small_script()
    )
    serve.end_exercise(actor=control, exercise=exercise)
    assert list(unanswered_parts_of(control)) == []
    with pytest.raises(services.Conflict, match="wurde nicht gespielt"):
        serve.close_questionnaire(actor=control, exercise=exercise)


def test_words_go_after_a_year_and_figures_stay(played: Exercise) -> None:
    from allmende.crisis.portal.exercises import clear_remarks

    answer(played, 5, gut="Der Funk.")
    assert clear_remarks(timezone.now() - timedelta(days=365)) == 0
    assert clear_remarks(timezone.now()) == 5
    Questionnaire.objects.update(closed_at=timezone.now())
    results = questionnaire_of(played)
    assert results is not None
    assert (results.answered, results.remarks[0][1]) == (5, ())
    assert results.scales[0].counts == (0, 0, 0, 5, 0)
