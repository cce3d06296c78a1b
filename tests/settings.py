"""The settings of the tests: everything is written to a temporary directory, never to ``var``.

Loaded before any other module of ours (``DJANGO_SETTINGS_MODULE`` in pyproject.toml). Each process
of xdist has its own directory, and two runs at once share nothing.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "ALLMENDE_TEST_DIR" not in os.environ:
    os.environ["ALLMENDE_TEST_DIR"] = tempfile.mkdtemp(prefix="allmende-test-")
    atexit.register(shutil.rmtree, os.environ["ALLMENDE_TEST_DIR"], ignore_errors=True)
DIRECTORY = Path(os.environ["ALLMENDE_TEST_DIR"], os.environ.get("PYTEST_XDIST_WORKER", "main"))
(DIRECTORY / "static").mkdir(parents=True, exist_ok=True)
for name in [name for name in os.environ if name.startswith("ALLMENDE_")]:
    if name not in {"ALLMENDE_TEST_DIR", "ALLMENDE_DATABASE_URL", "ALLMENDE_SCREENSHOTS"}:
        del os.environ[name]
os.environ["ALLMENDE_DATA_DIR"] = str(DIRECTORY)
os.environ["ALLMENDE_SECRET_KEY"] = "not secret: only for tests"

from allmende.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Straight from the sources; a test of its own collects and serves what a browser gets in service.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
