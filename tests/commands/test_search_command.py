"""``allmende search rebuild``."""

import pytest
from click.testing import CliRunner
from tests.factories import ConcernFactory

from allmende.cli import commands
from allmende.portal.models import SearchEntry

pytestmark = pytest.mark.django_db


def test_rebuilding_makes_the_index_anew_and_says_how_much_there_is() -> None:
    ConcernFactory(owner=None)
    SearchEntry.objects.create(kind="old.kind", key=1)
    result = CliRunner().invoke(commands, ["search", "rebuild"])
    assert (result.exit_code, result.stdout) == (0, "5 Einträge.\n")
    assert "old.kind" not in SearchEntry.objects.values_list("kind", flat=True)
    again = CliRunner().invoke(commands, ["search", "rebuild"])
    assert again.stdout == "5 Einträge.\n"
