"""Who may import whom, and what the start of Django costs."""

import os
import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

from tests.conftest import ROOT

HEAVY = (
    "arro3",
    "docx",
    "numba",
    "numpy",
    "openpyxl",
    "ortools",
    "pandas",
    "scipy",
    "segno",
    "typst",
)
COMMANDS = (*HEAVY, "allmende.settings", "django")
ALGORITHMS = sorted((ROOT / "src" / "allmende" / "algorithms").rglob("*.py"))


def run_python(code: str) -> str:
    """What a fresh interpreter prints."""
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT / "src",
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "allmende.settings"},
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_imports_go_downwards_only(tmp_path: Path) -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(tmp_path)) == 0


def test_starting_django_loads_nothing_heavy() -> None:
    loaded = run_python(
        "import sys, django; django.setup()\n"
        "import allmende.urls\n"
        f"print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    assert loaded == "[]"


def test_the_command_line_answers_without_django_and_numerics() -> None:
    loaded = run_python(
        f"import sys, allmende.cli\nprint(sorted(set(sys.modules) & set({COMMANDS!r})))"
    )
    assert loaded == "[]"


def test_algorithms_do_without_django() -> None:
    modules = [
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts) for path in ALGORITHMS
    ]
    run_python(
        "import sys\n"
        "from importlib import import_module\n"
        "sys.modules['django'] = None  # from now on, importing it fails\n"
        f"for module in {modules!r}:\n"
        "    import_module(module.removesuffix('.__init__'))"
    )
