"""Figures and times as a German reader expects them."""

from datetime import datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from allmende.portal.templatetags import portal


@pytest.mark.parametrize(
    ("value", "shown"),
    [(72.0, "72"), (1.5, "1,5"), (71.96, "72"), (0.04, "0"), (1_000.25, "1.000,2")],
)
def test_hours_that_are_whole_have_no_digits(value: float, shown: str) -> None:
    assert portal.hours(value) == shown


def test_several_errors_of_a_field_are_described_by_one_id() -> None:
    class Both(forms.Form):
        text = forms.CharField(required=False)

    form = Both({})
    for error in ("Zu kurz.", "Zu leise."):
        form.add_error("text", error)
    shown = Template("{% kern_field field %}").render(Context({"field": form["text"]}))
    assert shown.count('id="id_text_error"') == 1
    assert 'aria-describedby="id_text_error"' in shown
    assert shown.count('<p class="kern-error">') == 2


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (10754, 0, "10.754"),
        (0, 0, "0"),
        (0.25, 2, "0,25"),
        (84_669_326, 0, "84.669.326"),
        (None, 0, "–"),
    ],
)
def test_number(value: float | None, digits: int, shown: str) -> None:
    assert portal.number(value, digits) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(0.914, "91\u202f%"), (0, "0\u202f%"), (1, "100\u202f%"), (None, "–")]
)
def test_percent(share: float | None, shown: str) -> None:
    assert portal.percent(share) == shown


def test_percent_range() -> None:
    assert portal.percent_range((0.87, 0.94)) == "87–94\u202f%"
    assert portal.percent_range(None) == "–"


NOON = timezone.make_aware(datetime(2026, 11, 21, 12))


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        (None, "offen"),
        (NOON - timedelta(hours=1), "vorbei"),
        (NOON - timedelta(days=3), "vorbei"),
        (NOON + timedelta(hours=3), "heute"),
        (NOON + timedelta(hours=13), "morgen"),
        (NOON + timedelta(days=2), "2 Tage"),
    ],
)
def test_time_left(until: datetime | None, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    assert portal.time_left(until) == shown


@pytest.mark.parametrize(
    ("until", "colour"),
    [
        (None, "info"),
        (NOON - timedelta(days=1), "danger"),
        (NOON + timedelta(hours=3), "danger"),
        (NOON + timedelta(days=14), "warning"),
        (NOON + timedelta(days=15), "info"),
    ],
)
def test_urgency(until: datetime | None, colour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    assert portal.urgency(until) == colour


def test_query_keeps_what_it_does_not_change() -> None:
    request = RequestFactory().get("/", {"land": "09", "seite": "3", "q": "Straße"})
    template = Template("{% query seite=4 q='' %}")
    assert template.render(Context({"request": request})) == "?land=09&amp;seite=4"


def test_pages_are_shown_only_where_there_are_several() -> None:
    from django.core.paginator import Paginator

    request = RequestFactory().get("/", {"land": "09"})
    template = Template("{% pages page %}")
    one = Paginator(range(3), 5).page(1)
    assert template.render(Context({"request": request, "page": one})).strip() == ""
    two = template.render(Context({"request": request, "page": Paginator(range(12), 5).page(2)}))
    assert "Seite 2 von 3" in two
    assert 'rel="prev" href="?land=09&amp;seite=1"' in two
    assert 'rel="next" href="?land=09&amp;seite=3"' in two


def test_names_in_a_sentence() -> None:
    said = [portal.enumerated(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])]
    assert said == ["", "A", "A und B", "A, B und C"]
