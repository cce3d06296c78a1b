"""Pages of the federal answer and of commitments."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.forum.models import (
    Boilerplate,
    Commitment,
    Concern,
    SealedSection,
    SectionAnswer,
    Verdict,
)
from allmende.registry.models import Mandate
from tests.factories import (
    AnswerFactory,
    CommitmentFactory,
    MandateFactory,
    SealedSectionFactory,
    SectionAnswerFactory,
    SentConcernFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nRichtlinie\n%%EOF\n"


@pytest.fixture
def section() -> SealedSection:
    """The only section of a position that waits for its answer."""
    return SealedSectionFactory(number=1, title="Schulungen")


@pytest.fixture
def concern(section: SealedSection) -> Concern:
    found: Concern = section.position.concern
    return found


@pytest.fixture
def desk(concern: Concern) -> Mandate:
    """Somebody who drafts in the ministry."""
    return MandateFactory(organisation=concern.ministry, office="desk", user__name="Dilek")


@pytest.fixture
def head(concern: Concern) -> Mandate:
    """Somebody who releases for the ministry."""
    mandate = MandateFactory(
        organisation=concern.ministry, office="leadership", may_release=True, user__name="Hedwig"
    )
    second_factor(mandate.user)
    return mandate


def text_of(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def page(concern: Concern, rest: str = "") -> str:
    return f"/forum/{concern.slug}/antwort/{rest}"


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


PROMISE = {
    "was": "Schulungen bezahlen",
    "wer": "Referat H III 2",
    "bis": in_days(60),
    "woran": "Die Richtlinie steht im Bundesanzeiger.",
    "etappe_1": "Entwurf",
    "etappe_1_bis": in_days(30),
}


def test_a_ministry_answers_from_the_first_section_to_the_publication(
    client: Client, concern: Concern, desk: Mandate, head: Mandate
) -> None:
    client.force_login(desk.user)
    draft = text_of(client, page(concern))
    assert "Noch 1 Abschnitt offen" in draft
    assert "wer für Ihr Ministerium freigeben darf: Hedwig." in draft
    saved = client.post(
        page(concern, "abschnitte/1/"),
        {"was": "partly", "begruendung": "Im Haushalt ist nur die Hälfte.", "zusage": "neu"},
    )
    assert saved.headers["Location"] == page(concern, "abschnitte/1/zusage/")
    assert client.post(saved.headers["Location"], PROMISE).status_code == 303
    section_page = text_of(client, page(concern, "abschnitte/1/"))
    assert "Schulungen bezahlen" in section_page
    assert "Alle Abschnitte sind beantwortet" in text_of(client, page(concern))
    client.post(
        page(concern, "kurzfassung/"), {"kurzfassung": "Die Hälfte.", "seen": edition(concern)}
    )
    assert client.get(page(concern, "veroeffentlichen/")).status_code == 404

    client.force_login(head.user)
    preview = client.get(page(concern, "veroeffentlichen/")).content.decode()
    seen = preview.split('name="seen" value="')[1].split('"')[0]
    published = client.post(page(concern, "veroeffentlichen/"), {"seen": seen})
    assert published.headers["Location"] == page(concern)
    assert client.get(page(concern, "abschnitte/1/")).status_code == 404

    client.logout()
    public = text_of(client, page(concern))
    for said in (
        "Wird teilweise aufgegriffen",
        "Im Haushalt ist nur die Hälfte.",
        "Schulungen bezahlen",
        "innerhalb der Frist",
    ):
        assert said in public
    assert "Die Antwort des Bundes lesen" in text_of(client, concern.get_absolute_url())


def edition(concern: Concern) -> str:
    """That of the summary."""
    return concern.answer.edition


def test_until_it_is_published_nobody_else_reads_it(
    client: Client, concern: Concern, section: SealedSection
) -> None:
    SectionAnswerFactory(
        answer=AnswerFactory(position=section.position, summary="Geheim"),
        section=section,
        reason="Noch geheim",
    )
    public = text_of(client, page(concern))
    assert "Geheim" not in public
    assert "Noch geheim" not in public
    assert "Eine Antwort ist bis" in public
    for rest in ("antwort.pdf", "antwort.json"):
        assert client.get(page(concern, rest)).status_code == 404
    client.force_login(MandateFactory().user)
    assert "Noch geheim" not in text_of(client, page(concern))
    assert client.get(page(concern, "abschnitte/1/")).status_code == 404


def test_an_answer_that_is_late_says_so_by_itself(client: Client, concern: Concern) -> None:
    Concern.objects.update(answer_due=timezone.now() - timedelta(days=12))
    assert "seit 12 Tagen überfällig" in text_of(client, concern.get_absolute_url())
    assert "Die Antwort ist seit 12 Tagen überfällig" in text_of(client, page(concern))
    assert "seit 12 Tagen überfällig" in text_of(client, "/zusagen/ministerien/")
    other = SentConcernFactory()
    found = text_of(client, "/forum/?stand=ueberfaellig")
    assert "Antwort seit 12 Tagen überfällig" in found
    assert other.question not in found
    assert "Antwort bis" in text_of(client, "/forum/")


def test_what_is_missing_is_named_and_nothing_is_lost(
    client: Client, concern: Concern, desk: Mandate
) -> None:
    client.force_login(desk.user)
    wrong = client.post(page(concern, "abschnitte/1/"), {"was": "noted"}).content.decode()
    assert "Bitte begründen Sie, warum der Abschnitt nicht ganz aufgegriffen wird." in wrong
    assert 'value="noted" checked' in wrong
    nothing = client.post(page(concern, "abschnitte/1/"), {"begruendung": "Weil"}).content.decode()
    assert "Bitte wählen Sie, was daraus wird." in nothing
    assert "Weil</textarea>" in nothing
    assert SectionAnswer.objects.count() == 0
    first = client.get(page(concern, "abschnitte/1/zusage/"))
    assert first.headers["Location"] == page(concern, "abschnitte/1/")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bis": in_days(-1)}, "Dieser Tag ist vorbei."),
        ({"bis": "morgen"}, "Bitte geben Sie ein Datum an."),
        ({"etappe_1": ""}, "Bitte nennen Sie die Etappe."),
        ({"etappe_1_bis": ""}, "Bitte nennen Sie den Tag der Etappe."),
        ({"etappe_1_bis": in_days(61)}, "Dieser Tag liegt nach dem der Zusage."),
        ({"woran": ""}, "Woran man erkennt"),
    ],
)
def test_a_commitment_names_what_who_until_when_and_how_one_sees_it(
    client: Client, section: SealedSection, *, changes: dict[str, str], said: str
) -> None:
    given = SectionAnswerFactory(answer__position=section.position, section=section)
    concern = given.answer.concern
    client.force_login(MandateFactory(organisation=concern.ministry, office="desk").user)
    answer = client.post(page(concern, "abschnitte/1/zusage/"), PROMISE | changes)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert Commitment.objects.count() == 0


def test_somebody_else_was_quicker_and_both_texts_are_there(
    client: Client, concern: Concern, desk: Mandate, head: Mandate
) -> None:
    client.force_login(desk.user)
    client.post(page(concern, "abschnitte/1/"), {"was": "noted", "begruendung": "Zuerst"})
    late = client.post(
        page(concern, "abschnitte/1/"), {"was": "partly", "begruendung": "Danach", "seen": ""}
    )
    assert late.status_code == 409
    shown = late.content.decode()
    assert "<p>Zuerst</p>" in shown
    assert "Danach</textarea>" in shown
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    again = client.post(
        page(concern, "abschnitte/1/"), {"was": "partly", "begruendung": "Danach", "seen": seen}
    )
    assert again.status_code == 303
    assert SectionAnswer.objects.get().reason == "Danach"
    client.post(page(concern, "kurzfassung/"), {"kurzfassung": "Eins", "seen": edition(concern)})
    stale = client.post(page(concern, "kurzfassung/"), {"kurzfassung": "Zwei", "seen": "alt"})
    assert stale.status_code == 409
    assert "<p>Eins</p>" in stale.content.decode()
    given = SectionAnswer.objects.get()
    commitment = CommitmentFactory(answer=given, concern=concern, what="Erste Fassung")
    address = page(concern, f"zusagen/{commitment.pk}/")
    stale = client.post(address, PROMISE | {"seen": "alt"})
    assert stale.status_code == 409
    assert "Erste Fassung" in stale.content.decode()
    seen = stale.content.decode().split('name="seen" value="')[1].split('"')[0]
    assert client.post(address, PROMISE | {"seen": seen}).status_code == 303
    assert Commitment.objects.get().what == "Schulungen bezahlen"
    assert "Diese Zusage entfernen?" in text_of(client, f"{address}entfernen/")
    assert client.post(f"{address}entfernen/").status_code == 303
    assert Commitment.objects.count() == 0


def test_a_text_block_is_put_behind_what_was_typed(
    client: Client, concern: Concern, desk: Mandate
) -> None:
    block = Boilerplate.objects.create(
        organisation=concern.ministry, title="Haushalt", text="Vorbehaltlich des Haushalts."
    )
    client.force_login(desk.user)
    typed = {"was": "partly", "begruendung": "Ja, aber:", "baustein": str(block.pk)}
    shown = client.post(page(concern, "abschnitte/1/"), typed).content.decode()
    assert "Ja, aber:\n\nVorbehaltlich des Haushalts.</textarea>" in shown
    assert 'value="partly" checked' in shown
    assert SectionAnswer.objects.count() == 0


def test_the_answer_as_a_tagged_pdf_and_as_json(client: Client) -> None:
    pypdf = pytest.importorskip("pypdf")
    commitment = CommitmentFactory(what="#let x = [Schulungen] *bezahlen*")
    concern = commitment.concern
    assert concern is not None
    made = client.get(page(concern, "antwort.pdf"))
    assert made.headers["Content-Type"] == "application/pdf"
    document = pypdf.PdfReader(BytesIO(made.content))
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "de-DE"
    assert "/StructTreeRoot" in root
    assert document.metadata.title == f"Antwort: {concern.question}"
    words = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    for said in ("Wird aufgegriffen", "#let x = [Schulungen] *bezahlen*", "Kurz gefasst"):
        assert said in words
    data = json.loads(client.get(page(concern, "antwort.json")).content)
    assert data["format"] == "allmende-answer/1"
    (section,) = data["sections"]
    assert section["disposition"] == "taken_up"
    assert section["commitments"] == [
        {
            "address": f"http://testserver/zusagen/{commitment.pk}/",
            "what": commitment.what,
            "organisation": commitment.organisation.name,
            "who": "Referat H III 2",
            "due_on": commitment.due_on.isoformat(),
            "sign": commitment.sign,
            "milestones": [],
        }
    ]


# Commitments


@pytest.fixture
def commitment() -> Commitment:
    return CommitmentFactory(what="Schulungen werden bezahlt")


@pytest.fixture
def official(client: Client, commitment: Commitment) -> Mandate:
    """Somebody of the ministry who may release, signed in."""
    mandate = MandateFactory(
        organisation=commitment.organisation, office="desk", may_release=True, user__name="Dilek"
    )
    second_factor(mandate.user)
    client.force_login(mandate.user)
    return mandate


def test_a_ministry_reports_reaches_postpones_and_settles(
    client: Client, commitment: Commitment, official: Mandate
) -> None:
    own = commitment.get_absolute_url()
    file = SimpleUploadedFile("Richtlinie.pdf", PDF)
    report = {"text": "Der Entwurf liegt vor.", "link": "https://bund.example/x", "dokument": file}
    assert client.post(f"{own}bericht/", report).status_code == 303
    step = commitment.milestones.create(title="Entwurf", due_on=commitment.due_on)
    client.post(f"{own}etappen/{step.pk}/", {"am": in_days(0)})
    later = commitment.due_on + timedelta(days=30)
    client.post(
        f"{own}frist/",
        {
            "bis": later.isoformat(),
            "begruendung": "Haushalt",
            "seen": commitment.due_on.isoformat(),
        },
    )
    client.post(f"{own}ergebnis/", {"ergebnis": "partly", "text": "Die Hälfte.", "seen": ""})
    client.logout()
    shown = text_of(client, own)
    for said in (
        "Der Entwurf liegt vor.",
        'href="https://bund.example/x" rel="nofollow noopener external"',
        "Richtlinie.pdf",
        "erreicht am",
        "Haushalt",
        "<p>Die Hälfte.</p>",
        "Teilweise eingehalten",
    ):
        assert said in shown
    evidence = client.get(f"{own}berichte/{commitment.reports.get().pk}/")
    assert b"".join(evidence.streaming_content) == PDF  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rest", "typed", "said"),
    [
        ("bericht/", {"text": ""}, "Bitte schreiben Sie, was geschehen ist."),
        ("bericht/", {"text": "x", "link": "javascript:alert(1)"}, "Adresse"),
        ("ergebnis/", {"text": "x"}, "Bitte wählen Sie, was aus der Zusage wurde."),
        ("ergebnis/", {"ergebnis": "kept"}, "Bitte erläutern Sie Ihr Ergebnis."),
        ("frist/", {"bis": in_days(-1), "begruendung": "x"}, "Dieser Tag ist vorbei."),
        ("frist/", {"bis": in_days(99)}, "Bitte begründen Sie den neuen Tag."),
    ],
)
def test_what_is_wrong_is_named(
    client: Client,
    commitment: Commitment,
    official: Mandate,
    *,
    rest: str,
    typed: dict[str, str],
    said: str,
) -> None:
    answer = client.post(f"{commitment.get_absolute_url()}{rest}", typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert commitment.reports.count() == 0


def test_municipalities_judge_and_the_difference_is_said(
    client: Client, commitment: Commitment
) -> None:
    assert commitment.concern is not None
    Commitment.objects.update(outcome="kept", outcome_text="Ja.", outcome_at=timezone.now())
    alice = MandateFactory(region=commitment.concern.owner).user
    own = commitment.get_absolute_url()
    assert client.get(f"{own}bewerten/").status_code == 302
    client.force_login(alice)
    assert "Wurde das eingehalten?" in text_of(client, own)
    slug = alice.mandates.get().organisation.slug
    wrong = client.post(f"{own}bewerten/", {"fuer": slug}).content.decode()
    assert "Bitte wählen Sie eine Antwort." in wrong
    typed = {"fuer": slug, "urteil": "not_kept", "warum": "Es kam kein Geld."}
    assert client.post(f"{own}bewerten/", typed).headers["Location"] == own
    ministry = commitment.organisation.name
    client.logout()
    shown = text_of(client, own)
    assert (
        f"{ministry} sieht die Zusage als eingehalten an; 1 von 1 Kommunen sieht das anders."
        in shown
    )
    for _ in range(2):
        commitment.verdicts.create(organisation=MandateFactory().organisation, outcome="not_kept")
    commitment.verdicts.create(organisation=MandateFactory().organisation, outcome="kept")
    assert "3 von 4 Kommunen sehen das anders." in text_of(client, own)
    assert "Es kam kein Geld." in text_of(client, f"{own}bewertungen/?urteil=not_kept")
    lines = b"".join(client.get(f"{own}bewertungen/bewertungen.csv").streaming_content)  # type: ignore[attr-defined]
    assert lines.decode().count("Nicht eingehalten") == 3


def test_nobody_judges_for_a_foreign_organisation(client: Client, commitment: Commitment) -> None:
    assert commitment.concern is not None
    Commitment.objects.update(outcome="kept", outcome_at=timezone.now())
    client.force_login(MandateFactory(region=commitment.concern.owner).user)
    foreign = MandateFactory().organisation.slug
    answer = client.post(
        f"{commitment.get_absolute_url()}bewerten/", {"fuer": foreign, "urteil": "kept"}
    )
    assert answer.status_code == 200
    assert Verdict.objects.count() == 0


def test_with_four_eyes_staff_reads_who_may_report(client: Client, commitment: Commitment) -> None:
    commitment.organisation.four_eyes = True
    commitment.organisation.save()
    MandateFactory(
        organisation=commitment.organisation,
        office="leadership",
        may_release=True,
        user__name="Hedwig",
    )
    client.force_login(MandateFactory(organisation=commitment.organisation, office="desk").user)
    own = commitment.get_absolute_url()
    shown = text_of(client, own)
    assert "Berichten kann, wer für Ihre Organisation freigeben darf: Hedwig." in shown
    assert client.get(f"{own}bericht/").status_code == 404


def test_the_list_filters_and_exports(client: Client, commitment: Commitment) -> None:
    late = CommitmentFactory(
        due_on=timezone.localdate() - timedelta(days=3), what="Meldestelle einrichten"
    )
    shown = text_of(client, "/zusagen/")
    assert shown.index(late.what) < shown.index(commitment.what)
    assert "1 Zusage ist überfällig" in shown
    assert "Seit 3 Tagen überfällig" in shown
    found = text_of(client, "/zusagen/?stand=ueberfaellig&q=meldestelle")
    assert commitment.what not in found
    assert "Keine Zusage passt zu diesem Filter." in text_of(client, "/zusagen/?stand=nicht")
    lines = b"".join(client.get("/zusagen/zusagen.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert [line.split(";")[0] for line in lines.splitlines()] == [
        "\ufeffZusage",
        late.what,
        commitment.what,
    ]
    Commitment.objects.all().delete()
    assert "Noch wurde nichts zugesagt." in text_of(client, "/zusagen/")


def test_figures_of_ministries_as_a_table(client: Client) -> None:
    assert "Noch kam kein Anliegen bei einem Ministerium an." in text_of(
        client, "/zusagen/ministerien/"
    )
    sent = SentConcernFactory(
        state="answered", answered_at=timezone.now(), sent_at=timezone.now() - timedelta(days=21)
    )
    invented = SentConcernFactory(is_example=True)
    shown = text_of(client, "/zusagen/ministerien/")
    assert "21 <span" in shown
    assert shown.index(sent.ministry.name) < shown.index(invented.ministry.name)
    assert "Diese Ministerien und Zahlen sind erfunden." in shown
    lines = b"".join(client.get("/zusagen/ministerien/ministerien.csv").streaming_content)  # type: ignore[attr-defined]
    rows = [line.split(";") for line in lines.decode().splitlines()]
    assert [row[:2] for row in rows[1:]] == [
        [sent.ministry.name, "nein"],
        [invented.ministry.name, "ja"],
    ]
    assert rows[1][3:9] == ["1", "0", "0", "1", "21,0000", "1"]


# A constant number of queries


def more() -> None:
    """Two more commitments in two more concerns, each with all that hangs on it."""
    for _ in range(2):
        commitment = CommitmentFactory()
        _furnish(commitment)


def _furnish(commitment: Commitment) -> None:
    commitment.milestones.create(title="Entwurf", due_on=commitment.due_on)
    commitment.reports.create(text="x", mandate=MandateFactory())
    commitment.verdicts.create(organisation=MandateFactory().organisation, outcome="kept", text="x")
    SentConcernFactory(answer_due=timezone.now() - timedelta(days=3))


@pytest.mark.parametrize(
    "address",
    [
        "/zusagen/",
        "/zusagen/zusagen.csv",
        "/zusagen/ministerien/",
        "/zusagen/ministerien/ministerien.csv",
    ],
)
def test_lists_take_as_many_queries_for_three_as_for_one(
    client: Client, commitment: Commitment, django_assert_num_queries: Any, *, address: str
) -> None:
    _furnish(commitment)
    before = number_of_queries(client, address)
    more()
    with django_assert_num_queries(before):
        fetch(client, address)


def test_pages_take_as_many_queries_for_three_as_for_one(
    client: Client, commitment: Commitment, django_assert_num_queries: Any
) -> None:
    assert commitment.concern is not None
    addresses = [
        commitment.get_absolute_url(),
        f"{commitment.get_absolute_url()}bewertungen/",
        page(commitment.concern),
    ]
    _furnish(commitment)
    before = [number_of_queries(client, address) for address in addresses]
    for _ in range(2):
        _furnish(commitment)
        _furnish(CommitmentFactory(answer=commitment.answer))
    for address, number in zip(addresses, before, strict=True):
        with django_assert_num_queries(number):
            fetch(client, address)


def number_of_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        fetch(client, address)
    return len(captured)


def fetch(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]
