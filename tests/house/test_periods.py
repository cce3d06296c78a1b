"""The table of periods is what the apps say. ``ALLMENDE_WRITE_DOCS=1 pytest tests/house`` writes it anew."""

import os

from allmende.portal.offers import retention
from allmende.portal.retention import as_markdown
from tests.conftest import ROOT

PATH = ROOT / "docs" / "reference" / "retention.md"
HEAD = """# How long data are kept

Each app says in its `portal.py` how long it keeps what, and why (`Offer.retention`). `allmende tick` carries it out at its first call of
the day; each run is logged and stands under „Betrieb“ → „Aufbewahrung und Löschen“. The page „Datenschutz“ shows this same table. A test
holds it current; `ALLMENDE_WRITE_DOCS=1 python -m pytest tests/house` writes it anew.

"""


def test_the_table_says_what_the_apps_say() -> None:
    if os.environ.get("ALLMENDE_WRITE_DOCS"):
        PATH.write_text(HEAD + as_markdown())
    assert PATH.read_text() == HEAD + as_markdown()


def test_every_kind_has_a_key_of_its_own() -> None:
    keys = [kind.key for kind in retention()]
    assert sorted(set(keys)) == sorted(keys)
