"""The catalogue: RDF that can be read, with what DCAT-AP 3.0 and DCAT-AP.de 3.0 make compulsory."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from rdflib import DCAT, DCTERMS, FOAF, RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import XSD

from allmende.portal import offers
from allmende.portal.open_data import dumps

pytestmark = pytest.mark.django_db
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
DCATAP = Namespace("http://data.europa.eu/r5r/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority"
COMPULSORY = {
    DCAT.Catalog: {DCTERMS.title, DCTERMS.description, DCTERMS.publisher},
    DCAT.Dataset: {
        DCTERMS.title, DCTERMS.description,
        # recommended, and what German portals ask for
        DCTERMS.publisher, DCAT.contactPoint, DCAT.theme, DCAT.keyword, DCAT.distribution,
        DCATDE.politicalGeocodingLevelURI, DCTERMS.accrualPeriodicity,
    },
    DCAT.Distribution: {
        DCAT.accessURL, DCTERMS.license, DCATDE.licenseAttributionByText, DCATAP.availability,
        DCAT.mediaType,
    },
    DCAT.DataService: {DCTERMS.title, DCAT.endpointURL},
    FOAF.Agent: {FOAF.name},
    VCARD.Organization: {VCARD.fn, VCARD.hasEmail},
    SPDX.Checksum: {SPDX.algorithm, SPDX.checksumValue},
}  # fmt: skip


@pytest.fixture
def graph(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Graph:
    """The catalogue with a dump, as a harvester reads it: without fetching anything else."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    dumps.make_dump()
    response = client.get("/daten/katalog.jsonld")
    assert response["Content-Type"] == "application/ld+json"
    assert isinstance(json.loads(response.content)["@context"], dict)
    return Graph().parse(data=response.content.decode(), format="json-ld")


@pytest.mark.parametrize("kind", COMPULSORY, ids=lambda kind: kind.rsplit("#")[-1])
def test_nothing_compulsory_is_missing(graph: Graph, kind: URIRef) -> None:
    found = list(graph.subjects(RDF.type, kind))
    assert len(found) > 0
    missing = {
        (subject, predicate)
        for subject in found
        for predicate in COMPULSORY[kind]
        if graph.value(subject, predicate, any=True) is None
    }
    assert missing == set()


def test_every_dataset_stands_in_it_with_its_files(graph: Graph) -> None:
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    listed = {str(each) for each in graph.objects(catalogue, DCAT.dataset)}
    assert listed == {f"{settings.ORIGIN}/daten/{name}/" for name in offers.datasets()}
    for each in graph.objects(catalogue, DCAT.dataset):
        name = str(each).rstrip("/").rsplit("/", maxsplit=1)[-1]
        files = graph.objects(each, DCAT.distribution)
        addresses = {str(graph.value(file, DCAT.downloadURL)) for file in files}
        assert addresses == {
            f"{settings.ORIGIN}/daten/{file}"
            for file in (f"{name}.csv", f"{name}.json", f"{name}.parquet", "allmende.sqlite")
        }


def test_every_file_is_there(graph: Graph, client: Client) -> None:
    for address in {str(found) for found in graph.objects(None, DCAT.downloadURL)}:
        assert client.get(address.removeprefix(settings.ORIGIN)).status_code == 200


def test_codes_come_from_the_lists_and_literals_have_types(graph: Graph) -> None:
    for predicate, start in (
        (DCAT.theme, f"{EU}/data-theme/"),
        (DCTERMS.accrualPeriodicity, f"{EU}/frequency/"),
        (DCTERMS.language, f"{EU}/language/"),
        (DCTERMS.format, f"{EU}/file-type/"),
        (DCTERMS.license, "http://dcat-ap.de/def/licenses/"),
        (DCAT.mediaType, "https://www.iana.org/assignments/media-types/"),
    ):
        found = list(graph.objects(None, predicate))
        assert len(found) > 0
        assert [each for each in found if not str(each).startswith(start)] == []
    for predicate, kind in (
        (DCTERMS.modified, XSD.dateTime),
        (DCTERMS.issued, XSD.date),
        (DCAT.byteSize, XSD.nonNegativeInteger),
        (SPDX.checksumValue, XSD.hexBinary),
    ):
        types = {
            each.datatype for each in graph.objects(None, predicate) if isinstance(each, Literal)
        }
        assert types == {kind}


def test_whose_data_they_are(graph: Graph) -> None:
    regions = URIRef(f"{settings.ORIGIN}/daten/gebiete/")
    (licence,) = {
        graph.value(file, DCTERMS.license) for file in graph.objects(regions, DCAT.distribution)
    }
    assert licence == URIRef("http://dcat-ap.de/def/licenses/other-open")
    concerns = URIRef(f"{settings.ORIGIN}/daten/anliegen/")
    (licence,) = {
        graph.value(file, DCTERMS.license) for file in graph.objects(concerns, DCAT.distribution)
    }
    assert licence == URIRef("http://dcat-ap.de/def/licenses/dl-by-de/2.0")
