"""The settings of the tests: everything is written to a temporary directory, never to ``var``.

Loaded before any other module of ours (``DJANGO_SETTINGS_MODULE`` in pyproject.toml). Each process
of xdist has its own directory, and two runs at once share nothing.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import polib

# Before numpy is loaded: the threads of BLAS only wait for each other where every core has a process
# of its own, and cost more than twice the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if "ALLMENDE_TEST_DIR" not in os.environ:
    os.environ["ALLMENDE_TEST_DIR"] = tempfile.mkdtemp(prefix="allmende-test-")
    atexit.register(shutil.rmtree, os.environ["ALLMENDE_TEST_DIR"], ignore_errors=True)
DIRECTORY = Path(os.environ["ALLMENDE_TEST_DIR"], os.environ.get("PYTEST_XDIST_WORKER", "main"))
(DIRECTORY / "static").mkdir(parents=True, exist_ok=True)
for name in [name for name in os.environ if name.startswith("ALLMENDE_")]:
    if name not in {
        "ALLMENDE_TEST_DIR",
        "ALLMENDE_DATABASE_URL",
        "ALLMENDE_SCREENSHOTS",
        "ALLMENDE_KILLS",
        "ALLMENDE_WRITE_DOCS",
    }:
        del os.environ[name]
os.environ["ALLMENDE_DATA_DIR"] = str(DIRECTORY)
os.environ["ALLMENDE_SECRET_KEY"] = "not secret: only for tests"

from allmende.settings import *  # noqa: E402, F403
from allmende.settings import PACKAGE_DIR  # noqa: E402

# As make does it, for those who call pytest themselves. Renamed into place: others may be reading.
for source in PACKAGE_DIR.glob("**/locale/*/LC_MESSAGES/*.po"):
    target = source.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        fresh = DIRECTORY / target.name
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        shutil.move(fresh, target)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Straight from the sources; a test of its own collects and serves what a browser gets in service.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Nobody else counts here; tests/accounts/test_limits.py uses the one that is shared.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
