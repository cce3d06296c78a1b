"""Whatever is done to a chain is found, and named where it was done."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.audit.chain import Anchor, Fault, Finding, Link, canonical, digest, verify

LENGTH = 12
TEXTS = ("mandate", "capacity", "deed", "object_kind", "object_key", "object_name", "reason")


def make_chain(length: int = LENGTH) -> list[Link]:
    links: list[Link] = []
    for number in range(1, length + 1):
        link = Link(
            number=number,
            at=datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=number),
            actor=number % 3 or None,
            mandate=str(number),
            capacity="Bürgermeisterin oder Bürgermeister · Lindenfurt",
            deed="forum.open_concern",
            object_kind="forum.Concern",
            object_key=str(number),
            object_name=f"Anliegen {number}",
            reason="",
            details={"deadline": f"2026-07-{number:02d}"},
            previous_hash=links[-1].hash if links else "",
        )
        links.append(link._replace(hash=digest(link)))
    return links


CHAIN = make_chain()
PLACES = st.integers(0, LENGTH - 1)
HEAD = Anchor(LENGTH, CHAIN[-1].hash)


def findings(links: list[Link], *anchors: Anchor) -> list[Finding]:
    return verify(sorted(links, key=lambda link: link.number), anchors).findings


def one(number: int, fault: Fault, belongs: int | None = None) -> Finding:
    return Finding(number, number, fault, belongs)


def rewritten_from(place: int, **changes: object) -> list[Link]:
    """The chain as somebody leaves it who changes an entry and computes all hashes after it anew."""
    links = [*CHAIN[:place], CHAIN[place]._replace(**changes), *CHAIN[place + 1 :]]
    for i in range(place, len(links)):
        links[i] = links[i]._replace(previous_hash=links[i - 1].hash if i else "")
        links[i] = links[i]._replace(hash=digest(links[i]))
    return links


def test_an_untouched_chain_is_sound() -> None:
    report = verify(CHAIN, [Anchor(link.number, link.hash) for link in CHAIN])
    assert (report.is_sound, report.entries, report.head, report.anchors) == (
        True,
        LENGTH,
        HEAD,
        LENGTH,
    )
    assert verify([]).is_sound


@given(PLACES, st.sampled_from(TEXTS), st.text(max_size=5))
def test_a_changed_text_is_found(place: int, name: str, text: str) -> None:
    changed = CHAIN[place]._replace(**{name: text + "x"})
    assert findings([*CHAIN[:place], changed, *CHAIN[place + 1 :]]) == [
        one(place + 1, Fault.CHANGED)
    ]


@given(
    PLACES,
    st.sampled_from(
        [
            {"at": datetime(2026, 5, 1, tzinfo=UTC)},
            {"at": None},
            {"actor": 99},
            {"details": {"deadline": "später"}},
            {"details": None},
            {"hash": "0" * 64},
            {"previous_hash": "0" * 64},
        ]
    ),
)
def test_any_other_change_is_found(place: int, changes: dict[str, object]) -> None:
    changed = CHAIN[place]._replace(**changes)
    assert findings([*CHAIN[:place], changed, *CHAIN[place + 1 :]]) == [
        one(place + 1, Fault.CHANGED)
    ]


@given(st.integers(0, LENGTH - 2))
def test_removed_entries_are_found(place: int) -> None:
    assert findings([*CHAIN[:place], *CHAIN[place + 1 :]]) == [one(place + 1, Fault.REMOVED)]


@given(PLACES, PLACES)
def test_two_entries_that_changed_places_are_found(a: int, b: int) -> None:
    links = list(CHAIN)
    links[a], links[b] = links[b]._replace(number=a + 1), links[a]._replace(number=b + 1)
    expected = [one(a + 1, Fault.MOVED, b + 1), one(b + 1, Fault.MOVED, a + 1)]
    assert findings(links) == ([] if a == b else sorted(expected))


@given(PLACES, st.integers(1, 30))
def test_an_entry_that_was_given_another_number_is_found(place: int, further: int) -> None:
    elsewhere = LENGTH + further
    moved = CHAIN[place]._replace(number=elsewhere)
    links = [*CHAIN[:place], *CHAIN[place + 1 :], moved]
    assert findings(links) == [one(elsewhere, Fault.MOVED, place + 1)]


@given(st.integers(0, LENGTH - 2), st.text(max_size=5))
def test_an_entry_replaced_with_its_hash_no_longer_joins_the_next(place: int, text: str) -> None:
    replaced = CHAIN[place]._replace(reason=text + "x")
    replaced = replaced._replace(hash=digest(replaced))
    assert findings([*CHAIN[:place], replaced, *CHAIN[place + 1 :]]) == [
        one(place + 2, Fault.UNLINKED)
    ]


@given(PLACES, st.text(max_size=5))
def test_a_chain_that_was_written_anew_differs_from_its_anchor(place: int, text: str) -> None:
    links = rewritten_from(place, reason=text + "x")
    assert findings(links) == []
    before = Anchor(place, CHAIN[place - 1].hash)
    anchors = [before, HEAD] if place else [HEAD]
    assert findings(links, *anchors) == [
        Finding(place + 1, LENGTH, Fault.REWRITTEN, belongs=LENGTH)
    ]


@given(st.integers(0, LENGTH - 1))
def test_what_was_cut_off_after_an_anchor_is_found(length: int) -> None:
    assert findings(CHAIN[:length], HEAD) == [Finding(length + 1, LENGTH, Fault.CUT_OFF)]


def test_a_number_that_stands_twice_is_found() -> None:
    assert findings([*CHAIN, CHAIN[3]]) == [one(4, Fault.UNLINKED)]


def test_much_damage_is_counted_but_not_all_listed() -> None:
    chain = make_chain(1_500)
    report = verify(link._replace(reason="x") for link in chain)
    assert (len(report.findings), report.unlisted) == (1_000, 500)


def test_findings_are_sentences() -> None:
    assert [
        str(finding)
        for finding in (
            one(7, Fault.CHANGED),
            Finding(7, 9, Fault.REMOVED),
            one(7, Fault.MOVED, 3),
            Finding(11, 12, Fault.CUT_OFF),
        )
    ] == [
        "Eintrag 7 wurde geändert.",
        "Die Einträge 7 bis 9 fehlen.",
        "Eintrag 7 steht an falscher Stelle: Er gehört an Stelle 3.",
        "Die Einträge 11 bis 12 fehlen am Ende: Die Kette ist abgeschnitten.",
    ]


@pytest.mark.parametrize("text", ["ü", "\u2028", "😀", '"\\/', "\x7f\n"])
def test_the_form_that_is_hashed_is_utf8_without_needless_escapes(text: str) -> None:
    link = CHAIN[0]._replace(reason=text, details={})
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    assert canonical(link).endswith(f'"previous_hash":"","reason":"{escaped}"}}'.encode())


def test_the_format_stays_as_it_is() -> None:
    """A hash that was computed once: if this fails, every stored chain is broken."""
    assert CHAIN[0].hash == "7bc19f7350b47da80d72d21786d5714a541f25b332546c28664a76c344179149"
