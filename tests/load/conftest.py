"""An installation that is stopped at the end, whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.installation import Installation

# Of the servers: importing it would change the settings of the tests.
collect_ignore = ["settings.py"]


@pytest.fixture
def installation(transactional_db: None, tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    made.stop()
