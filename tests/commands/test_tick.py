"""What ``allmende tick`` does when one of its parts fails."""

import pytest
from click.testing import CliRunner

from allmende.commands.tick import tick
from allmende.portal import offers
from allmende.portal.offers import Offer


def test_one_app_that_fails_does_not_keep_the_others_from_their_deadlines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ValueError

    parts = (Offer(tick=fail), Offer(tick=lambda: done.append("second")))
    monkeypatch.setattr(offers, "all_offers", lambda: parts)
    assert CliRunner().invoke(tick).exit_code == 1
    assert done == ["second"]
    monkeypatch.setattr(offers, "all_offers", lambda: parts[1:])
    assert CliRunner().invoke(tick).exit_code == 0
