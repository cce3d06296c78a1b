"""A catalogue of open data as DCAT-AP.de 3.0 describes it, in JSON-LD.

Sources: W3C DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), DCAT-AP 3.0
(https://semiceu.github.io/DCAT-AP/releases/3.0.0/), DCAT-AP.de 3.0 (https://www.dcat-ap.de/def/dcatde/3.0/spec/).
The context is part of the document, so that nobody has to fetch one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

EU = "http://publications.europa.eu/resource/authority"
THEMES = f"{EU}/data-theme"
GERMAN = f"{EU}/language/DEU"
GERMANY = f"{EU}/country/DEU"
STABLE = f"{EU}/planned-availability/STABLE"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
LEVELS = "http://dcat-ap.de/def/politicalGeocoding/Level"
HIGHEST_PORTALS = ("federal", "municipality")

CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class File:
    """One way to get a dataset. ``format`` is a code of the EU's list of file types, where it has one."""

    url: str
    title: str
    media_type: str
    format: str = ""
    bytes: int | None = None
    sha256: str = ""
    modified: datetime | None = None


@dataclass(frozen=True)
class Described:
    """One dataset. Themes and period are codes of the EU's lists; ``licence`` is an address."""

    url: str
    identifier: str
    title: str
    description: str
    themes: Sequence[str]
    keywords: Sequence[str]
    period: str
    licence: str
    attribution: str
    modified: datetime
    files: Sequence[File]
    since: date | None = None


@dataclass(frozen=True)
class Service:
    """An API through which all datasets can be read."""

    url: str
    title: str
    description: str
    docs: str


@dataclass(frozen=True)
class Catalogue:
    """All datasets of one publisher."""

    url: str
    page: str
    title: str
    description: str
    publisher: str
    publisher_url: str
    contact_email: str
    contact_page: str
    modified: datetime
    issued: date
    licence: str
    datasets: Sequence[Described]
    services: Sequence[Service] = field(default=())


def as_jsonld(catalogue: Catalogue) -> dict[str, Any]:
    """The document; everything in it has an address or stands where it belongs."""
    return {"@context": CONTEXT, "@graph": list(_graph(catalogue))}


def _graph(catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    publisher = f"{catalogue.page}#publisher"
    contact = f"{catalogue.page}#contact"
    yield {
        "@id": catalogue.url,
        "@type": "dcat:Catalog",
        "dct:title": _german(catalogue.title),
        "dct:description": _german(catalogue.description),
        "dct:publisher": _at(publisher),
        "dct:language": _at(GERMAN),
        "dct:license": _at(catalogue.licence),
        "dct:issued": _day(catalogue.issued),
        "dct:modified": _moment(catalogue.modified),
        "dct:spatial": _at(GERMANY),
        "dcat:themeTaxonomy": _at(THEMES),
        "dcat:contactPoint": _at(contact),
        "foaf:homepage": _at(catalogue.page),
        "dcat:dataset": [_at(each.url) for each in catalogue.datasets],
        "dcat:service": [_at(each.url) for each in catalogue.services],
    }
    yield {
        "@id": publisher,
        "@type": "foaf:Agent",
        "foaf:name": _german(catalogue.publisher),
        "foaf:homepage": _at(catalogue.publisher_url),
    }
    yield {
        "@id": contact,
        "@type": "vcard:Organization",
        "vcard:fn": catalogue.publisher,
        "vcard:hasEmail": _at(f"mailto:{catalogue.contact_email}"),
        "vcard:hasURL": _at(catalogue.contact_page),
    }
    for each in catalogue.datasets:
        yield _dataset(each, publisher=publisher, contact=contact, issued=catalogue.issued)
        yield from (_distribution(file, each) for file in each.files)
    for service in catalogue.services:
        yield _service(service, catalogue, publisher=publisher, contact=contact)


def _dataset(dataset: Described, *, publisher: str, contact: str, issued: date) -> dict[str, Any]:
    found = {
        "@id": dataset.url,
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.identifier,
        "dct:title": _german(dataset.title),
        "dct:description": _german(dataset.description),
        "dct:publisher": _at(publisher),
        "dcat:contactPoint": _at(contact),
        "dcat:theme": [_at(f"{THEMES}/{code}") for code in dataset.themes],
        "dcat:keyword": [_german(word) for word in dataset.keywords],
        "dct:accrualPeriodicity": _at(f"{EU}/frequency/{dataset.period}"),
        "dct:language": _at(GERMAN),
        "dct:spatial": _at(GERMANY),
        "dcatde:politicalGeocodingLevelURI": [_at(f"{LEVELS}/{name}") for name in HIGHEST_PORTALS],
        "dct:accessRights": _at(f"{EU}/access-right/PUBLIC"),
        "dct:modified": _moment(dataset.modified),
        "dct:issued": _day(issued),
        "dcat:landingPage": _at(dataset.url),
        "dcat:distribution": [_at(_address(file, dataset)) for file in dataset.files],
    }
    if dataset.since is not None:
        found["dct:temporal"] = {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(dataset.since),
            "dcat:endDate": _day(dataset.modified.date()),
        }
    return found


def _address(file: File, dataset: Described) -> str:
    """A distribution is of one dataset; the SQLite file holds all of them."""
    return f"{dataset.url}#{file.url.rsplit('.', maxsplit=1)[-1]}"


def _distribution(file: File, dataset: Described) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@id": _address(file, dataset),
        "@type": "dcat:Distribution",
        "dct:title": _german(file.title),
        "dcat:accessURL": _at(file.url),
        "dcat:downloadURL": _at(file.url),
        "dcat:mediaType": _at(f"{MEDIA_TYPES}/{file.media_type}"),
        "dct:license": _at(dataset.licence),
        "dcatde:licenseAttributionByText": _german(dataset.attribution),
        "dcatap:availability": _at(STABLE),
        "dct:modified": _moment(file.modified or dataset.modified),
        "dct:language": _at(GERMAN),
    }
    if file.format:
        found["dct:format"] = _at(f"{EU}/file-type/{file.format}")
    if file.bytes is not None:
        found["dcat:byteSize"] = _typed(str(file.bytes), "nonNegativeInteger")
    if file.sha256:
        found["spdx:checksum"] = {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _at("spdx:checksumAlgorithm_sha256"),
            "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
        }
    return found


def _service(
    service: Service, catalogue: Catalogue, *, publisher: str, contact: str
) -> dict[str, Any]:
    return {
        "@id": service.url,
        "@type": "dcat:DataService",
        "dct:title": _german(service.title),
        "dct:description": _german(service.description),
        "dct:publisher": _at(publisher),
        "dcat:contactPoint": _at(contact),
        "dct:license": _at(catalogue.licence),
        "dct:accessRights": _at(f"{EU}/access-right/PUBLIC"),
        "dcat:endpointURL": _at(service.url),
        "dcat:endpointDescription": _at(service.docs),
        "dcat:servesDataset": [_at(each.url) for each in catalogue.datasets],
    }


def _at(address: str) -> dict[str, str]:
    return {"@id": address}


def _german(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "de"}


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}


def _moment(at: datetime) -> dict[str, str]:
    return _typed(at.isoformat(timespec="seconds"), "dateTime")


def _day(on: date) -> dict[str, str]:
    return _typed(on.isoformat(), "date")
