"""What council information systems say of decisions, in all the shapes the standard allows."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.formats.oparl import MOST_REFERENCES, Decision, OParlError, OParlFile, read_decision

HOST = "https://rat.lindenfurt.example"
PAPER = f"{HOST}/paper/12"


def typed(kind: str, version: str = "1.1", **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{HOST}/{kind.lower()}/1",
        "type": f"https://schema.oparl.org/{version}/{kind}",
        **fields,
    }


OBJECTS = {
    PAPER: typed(
        "Paper",
        name="Erhöhung der Städtebauförderung",
        reference="12/2026",
        date="2026-02-10",
        body=f"{HOST}/body/1",
        mainFile={"accessUrl": f"{HOST}/file/7", "name": "Vorlage", "sha512Checksum": "ab12"},
        consultation=[
            {"role": "Vorberatung", "agendaItem": f"{HOST}/agendaitem/1"},
            {"role": "Beschlussfassung", "agendaItem": f"{HOST}/agendaitem/9"},
        ],
    ),
    f"{HOST}/agendaitem/9": typed(
        "AgendaItem",
        name="TOP 4",
        result="mehrheitlich beschlossen",
        resolutionText="Der Rat beschließt …",
        resolutionFile={"accessUrl": f"{HOST}/file/8"},
        meeting=f"{HOST}/meeting/3",
    ),
    f"{HOST}/meeting/3": typed(
        "Meeting", start="2026-03-03T23:30:00+00:00", organization=[f"{HOST}/organization/1"]
    ),
    f"{HOST}/body/1": typed("Body", ags="09574132", name="Lindenfurt"),
    f"{HOST}/organization/1": typed("Organization", name="Gemeinderat", body=f"{HOST}/body/1"),
}


class Server:
    """Answers with ``OBJECTS``, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, address: str) -> dict[str, Any]:
        self.asked.append(address)
        if address not in OBJECTS:
            raise OParlError("nichts da")
        return OBJECTS[address]


def read(found: object, server: Server | None = None) -> Decision:
    return read_decision(found, fetch=server or Server(), address=PAPER)


def test_a_paper_leads_to_the_decision_and_the_municipality() -> None:
    server = Server()
    assert read(OBJECTS[PAPER], server) == Decision(
        kind="Paper",
        address=PAPER,
        title="Erhöhung der Städtebauförderung",
        reference="12/2026",
        decided_on=date(2026, 3, 4),  # after midnight where the council sits
        result="mehrheitlich beschlossen",
        resolution="Der Rat beschließt …",
        ags="09574132",
        files=(
            OParlFile("Dokument", f"{HOST}/file/8"),
            OParlFile("Vorlage", f"{HOST}/file/7", "ab12"),
        ),
    )
    assert server.asked == [f"{HOST}/agendaitem/9", f"{HOST}/meeting/3", f"{HOST}/body/1"]


def test_what_is_embedded_is_not_fetched() -> None:
    server = Server()
    item = typed(
        "AgendaItem",
        version="1.0",
        name="Städtebau",
        meeting=typed("Meeting", start="2026-03-03", organization=[{"name": "Bauausschuss"}]),
        consultation={"paper": OBJECTS[PAPER]},
    )
    decision = read(item, server)
    assert (decision.kind, decision.decided_on, decision.organisation, decision.reference) == (
        "AgendaItem",
        date(2026, 3, 3),
        "Bauausschuss",
        "12/2026",
    )
    assert server.asked == [f"{HOST}/body/1"]


@pytest.mark.parametrize("kind", ["Paper", "AgendaItem", "Meeting", "Consultation"])
def test_nothing_but_the_type_needs_to_be_there(kind: str) -> None:
    assert read(typed(kind)) == Decision(kind=kind, address=PAPER)


def test_a_tombstone_says_so_and_is_followed_no_further() -> None:
    server = Server()
    dead = OBJECTS[PAPER] | {"deleted": True}
    assert read(dead, server) == Decision(kind="Paper", address=PAPER, deleted=True)
    assert server.asked == []


@pytest.mark.parametrize(
    "found", [None, [], "Text", {}, {"type": "Paper"}, typed("Person"), typed("Paper", "2.0")]
)
def test_anything_else_is_refused_in_german(found: object) -> None:
    with pytest.raises(OParlError, match="nach OParl"):
        read(found)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(sorted(OBJECTS)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "name", "meeting", "role", "paper", "accessUrl", "deleted"]),
            inner,
        )
    ),
    max_leaves=10,
)
names = sorted({name for found in OBJECTS.values() for name in found} - {"type", "id"})


@given(
    st.sampled_from(["Paper", "AgendaItem", "Meeting"]),
    st.dictionaries(st.sampled_from(names), values),
)
def test_whatever_stands_in_the_fields_few_addresses_are_asked(
    kind: str, fields: dict[str, Any]
) -> None:
    server = Server()
    assert read(typed(kind, **fields), server).kind == kind
    assert len(server.asked) <= MOST_REFERENCES
