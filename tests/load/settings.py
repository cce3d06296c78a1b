"""What the servers in these tests run with: the settings of service, on the database of the tests."""

import os

from allmende.settings import *  # noqa: F403
from allmende.settings import DATABASES, STATIC_ROOT

DATABASES["default"]["NAME"] = os.environ["ALLMENDE_TEST_DATABASE"]
if os.environ.get("ALLMENDE_DATABASE_URL"):
    # bin/postgres-for turns it off, and what it acknowledges then may be lost with a process.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=on"
# Straight from the sources: collecting them takes longer than a start may.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
