"""The catalogue of what is offered, for portals such as GovData to read."""

from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.formats import dcat

from .. import offers
from . import dumps
from .dumps import SQLITE, Dump
from .model import DL_DE_BY, Dataset


def publisher() -> str:
    """Who runs this platform, as letters say it too."""
    return str(settings.SENDER[0]) if settings.SENDER else _("Betrieb dieser Allmende")


def attribution(dataset: Dataset) -> str:
    """Whom to name when using a dataset."""
    return str(dataset.source) or f"{publisher()}, {settings.ORIGIN}"


def catalogue() -> dict[str, Any]:
    """All datasets with their files, as JSON-LD."""
    kept = dumps.dumps()
    dump = kept[0] if kept else None
    at = dump.at if dump else timezone.now()
    return dcat.as_jsonld(
        dcat.Catalogue(
            url=_absolute("open_data_catalogue"),
            page=_absolute("open_data"),
            title=_("Offene Daten der Allmende"),
            description=_(
                "Was Kommunen gemeinsam vom Bund wollen, wie sie abgestimmt haben, was der Bund antwortet "
                "und ob er Zusagen hält."
            ),
            publisher=publisher(),
            publisher_url=settings.ORIGIN,
            contact_email=settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">"),
            contact_page=_absolute("legal_imprint"),
            modified=at,
            issued=(kept[-1].at if kept else at).date(),
            licence=DL_DE_BY.code,
            datasets=[_described(each, dump, at) for each in offers.datasets().values()],
            services=_services(),
        )
    )


def _described(dataset: Dataset, dump: Dump | None, at: datetime) -> dcat.Described:
    return dcat.Described(
        url=_absolute("open_data_set", dataset.name),
        identifier=_absolute("open_data_set", dataset.name),
        title=str(dataset.title),
        description=str(dataset.description),
        themes=[str(theme) for theme in dataset.themes],
        keywords=dataset.keywords,
        period=str(dataset.period),
        licence=dataset.licence.code,
        attribution=attribution(dataset),
        modified=at,
        files=_files(dataset, dump),
        since=dataset.since,
    )


def _files(dataset: Dataset, dump: Dump | None) -> list[dcat.File]:
    """Two that are made when somebody asks, and two of the newest dump where there is one."""
    title = str(dataset.title)
    files = [
        dcat.File(
            _absolute("open_data_csv", dataset.name), _("%s (CSV)") % title, "text/csv", "CSV"
        ),
        dcat.File(
            _absolute("open_data_json", dataset.name),
            _("%s (JSON)") % title,
            "application/json",
            "JSON",
        ),
    ]
    in_dump = (
        (f"{dataset.name}.parquet", _("%s (Parquet)"), "application/vnd.apache.parquet", "PARQUET"),
        (SQLITE, _("%s und alle anderen (SQLite)"), "application/vnd.sqlite3", ""),
    )
    for name, words, media_type, code in in_dump:
        if dump and (file := dump.files.get(name)):
            files.append(
                dcat.File(
                    _absolute("open_data_file", name),
                    words % title,
                    media_type,
                    code,
                    bytes=file.bytes,
                    sha256=file.sha256,
                    modified=dump.at,
                )
            )
    return files


def _services() -> list[dcat.Service]:
    """The API."""
    return [
        dcat.Service(
            url=_absolute("api_root"),
            title=_("Schnittstelle der Allmende"),
            description=_("Dieselben Daten einzeln und gefiltert, ohne Konto lesbar."),
            docs=_absolute("api_schema"),
        )
    ]


def _absolute(name: str, *parts: str) -> str:
    return urljoin(settings.ORIGIN, reverse(name, args=parts))
