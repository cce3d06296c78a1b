"""``allmende demo`` and the people who are there already; that it runs is in ``test_cli``."""

import click
import pytest
from tests.factories import ConcernFactory, UserFactory

from allmende.commands.demo import _require_no_real_people

pytestmark = pytest.mark.django_db


def test_nobody_with_a_known_password_is_added_beside_real_people() -> None:
    _require_no_real_people()
    UserFactory()
    with pytest.raises(click.ClickException, match="eigene Datenbank"):
        _require_no_real_people()
    ConcernFactory(is_example=True)
    _require_no_real_people()
