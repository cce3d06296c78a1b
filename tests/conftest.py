"""What all tests share."""

from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    """Compile the catalogues of messages, as ``make`` does, where that is still to be done."""
    for source in ROOT.glob("src/allmende/locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real registers and conversations that lie beside the checkout, where they do."""
    path = ROOT.parent / "shared" / "data"
    if not path.is_dir():
        pytest.skip("the real data do not lie beside this checkout")
    return path
