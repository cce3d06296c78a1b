"""What the documents say is so, and what must not be in the repository is not."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "src" / "allmende"
ROLES = {
    "__init__",
    "api",
    "apps",
    "context",
    "demo",
    "forms",
    "models",
    "portal",
    "queries",
    "rules",
    "services",
    "tasks",
    "urls",
    "views",
}
# What an app has beyond the roles: one word for one thing. A new one is a decision.
OWN_ROLES = {
    "audit": {"anchors", "chain", "protection", "words"},
    "accounts": {
        "adapters",
        "backends",
        "browsers",
        "hashers",
        "middleware",
        "receivers",
        "sessions",
    },
    "portal": {
        "access",
        "cache",
        "calendars",
        "charts",
        "headers",
        "languages",
        "legal",
        "logs",
        "offers",
        "outgoing",
        "open_data",
        "postgresql",
        "prepared",
        "retention",
        "search",
        "tables",
        "together",
        "uploads",
    },
    "mail": {"backend", "letters"},
    "registry": {"datasets", "maps", "names", "signals"},
    "crisis": {"drawing", "outages", "scripts"},
    "forum": {
        "datasets",
        "events",
        "feeds",
        "fetching",
        "mentions",
        "news",
        "receivers",
        "results",
        "scopes",
    },
}
FOLDERS = {"migrations", "templates", "templatetags", "static", "management"}
APPS = sorted(path.parent for path in PACKAGE.glob("*/apps.py"))


def tracked() -> list[str]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def public_functions() -> list[tuple[str, ast.FunctionDef]]:
    """Every function of ``algorithms`` that others may call."""
    found = []
    for path in sorted((PACKAGE / "algorithms").rglob("*.py")):
        if path.stem.startswith("_") and path.stem != "__init__":
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found.append((f"{path.relative_to(PACKAGE)}:{node.name}", node))
    return found


FUNCTIONS = dict(public_functions())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_algorithm_is_documented(name: str) -> None:
    text = ast.get_docstring(FUNCTIONS[name]) or ""
    sections = re.findall(r"^(\w+)\n-{3,}$", text, flags=re.MULTILINE)
    assert [s for s in ("Parameters", "Returns", "Raises", "References") if s not in sections] == []


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_app_has_only_files_with_a_role(app: Path) -> None:
    names = {p.stem for p in app.glob("*.py")} | {p.parent.name for p in app.glob("*/__init__.py")}
    others = names - ROLES - FOLDERS - OWN_ROLES.get(app.name, set())
    # A second file of one role says which in its name: result_queries.
    assert [name for name in sorted(others) if not ROLES & set(name.split("_"))] == []


def test_no_file_is_too_long() -> None:
    long = {
        name: lines
        for name in tracked()
        if name.endswith(".py") and name.startswith("src/") and "/migrations/" not in name
        if (lines := len((ROOT / name).read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}
    assert [name for name in tracked() if Path(name).name in vague] == []


def test_no_third_party_file_is_committed() -> None:
    foreign = re.compile(
        r"(^|/)(node_modules|vendor|third_party|site-packages)/|\.min\.(js|css)$"
        r"|\.(woff2?|ttf|otf|eot|whl|jar|exe|so|mo|pyc)$"
    )
    assert [name for name in tracked() if foreign.search(name)] == []


def test_locks_name_no_registry_and_no_path() -> None:
    locks = [*ROOT.glob("requirements/*"), ROOT / "package-lock.json", ROOT / ".npmrc"]
    said = re.compile(
        r"https?://|--(extra-)?index-url|--find-links|file:|/(home|root|work|tmp|opt)/"
    )
    funding = re.compile(r'"funding": (\{.*?\}|\[.*?\])', re.DOTALL)  # npm tells whom to thank
    hits = {path.name: said.findall(funding.sub("", path.read_text())) for path in locks}
    assert {name: found for name, found in hits.items() if found} == {}


def test_every_wish_is_locked_with_hashes() -> None:
    for wishes in ROOT.glob("requirements/*.in"):
        lock = wishes.with_suffix(".txt").read_text()
        pinned = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[.*\])?==", lock, flags=re.MULTILINE)
        assert len(pinned) > 0
        assert lock.count("--hash=sha256:") >= len(pinned)


DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_document_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_of_a_document_exist(path: Path) -> None:
    text = path.read_text()
    code = "\n".join(re.findall(r"`+([^`]+)`+", text))
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    assert set(re.findall(r"^\s*make ([a-z-]+)", code, flags=re.MULTILINE)) - targets == set()

    import click

    from allmende.cli import commands

    context = click.Context(commands)
    named = set(re.findall(r"\ballmende ([a-z][a-z-]+)", code))
    assert named - set(commands.list_commands(context)) == set()


def test_paths_of_the_readme_exist() -> None:
    text = (ROOT / "README.md").read_text()
    named = re.findall(r"`([\w.-]+/[\w./-]*)`", text)
    ignored = {"var/"}  # made by the first start
    assert [name for name in named if name not in ignored and not (ROOT / name).exists()] == []


def test_the_index_names_every_document() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    decisions = (ROOT / "docs" / "decisions" / "README.md").read_text()
    missing = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "docs").rglob("*.md")
        if path.name != "README.md"
        and str(path.relative_to(ROOT / "docs")) not in index
        and not (path.parent.name == "decisions" and path.name in decisions)
    ]
    assert missing == []
