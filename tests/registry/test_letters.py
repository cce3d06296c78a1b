"""Codes by letter: made once, printed once, redeemed once."""

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.formats.letters import Code, new_secret, read_code
from allmende.mail.models import Notice
from allmende.registry import queries, services
from allmende.registry.models import (
    Confirmation,
    Letter,
    LetterBatch,
    LetterState,
    Level,
    Mandate,
    Office,
    Organisation,
    OrganisationKind,
    Region,
    Right,
)
from allmende.registry.services import LetterError
from allmende.registry.services.codes import MOST_WRONG_A_DAY
from allmende.registry.services.letters import MOST_PAGES
from tests.factories import MandateFactory, MunicipalityFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
UNKNOWN = "Diesen Code kennen wir nicht."


@pytest.fixture(autouse=True)
def sender(settings: Settings) -> None:
    settings.SENDER = ("Kontaktstelle Allmende", "Musterstraße 1", "10115 Berlin")


@pytest.fixture
def olga(db: None) -> User:
    return UserFactory(name="Olga", is_operator=True)


@pytest.fixture
def village(db: None) -> Organisation:
    return OrganisationFactory(region__name="Lindenfurt", region__postcode="12345")


def text_of(batch: LetterBatch) -> str:
    batch = LetterBatch.objects.get(pk=batch.pk)
    assert batch.document is not None
    pages = PdfReader(io.BytesIO(batch.document.file.read())).pages
    return "\n".join(page.extract_text() for page in pages)


def codes_in(text: str) -> list[str]:
    return re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", text)


def make(*organisations: Organisation, actor: User | None = None) -> LetterBatch:
    chosen = Organisation.objects.filter(pk__in=[each.pk for each in organisations])
    return services.make_letters(actor=actor, organisations=chosen, note="Erste Runde")


def code_for(organisation: Organisation) -> str:
    """Make and print a letter; its code as it stands on paper."""
    batch = make(organisation)
    services.print_letters(batch_id=batch.pk)
    (code,) = codes_in(text_of(batch))
    return code


def wrong(code: str) -> str:
    """Another code of the same letter, whose check symbol is right."""
    return str(Code.of(read_code(code).serial, new_secret()))


def age(organisation: Organisation, by: timedelta) -> None:
    for letter in organisation.letters.all():
        letter.expires_at -= by
        letter.save()


def redeem(actor: User, code: str, office: Office = Office.MAYOR) -> Mandate:
    return services.redeem_letter(actor=actor, code=code, office=office)


# Making and printing


def test_letters_are_printed_with_codes_that_the_database_does_not_know(
    village: Organisation, olga: User
) -> None:
    other = OrganisationFactory(region__name="Abendsee", region__postcode="02345")
    batch = make(village, other, actor=olga)
    assert {letter.state for letter in batch.letters.all()} == {LetterState.UNPRINTED}
    assert services.print_letters(batch_id=batch.pk)
    text = text_of(batch)
    codes = codes_in(text)
    letters = list(queries.letters_of(batch))
    assert [letter.organisation.name for letter in letters] == ["Abendsee", "Lindenfurt"]
    assert [read_code(code).serial for code in codes] == [letter.serial for letter in letters]
    assert {letter.state for letter in letters} == {LetterState.OPEN}
    assert "An die Bürgermeisterin oder den Bürgermeister\n12345 Lindenfurt" in text
    stored = repr([vars(letter) for letter in letters])
    assert [code for code in codes if read_code(code).secret in stored] == []
    assert [entry.deed for entry in history_of(batch)] == [
        "registry.print_letters",
        "registry.make_letters",
    ]


def test_a_batch_is_printed_once_whoever_tries_again(village: Organisation) -> None:
    batch = make(village)
    assert services.print_letters(batch_id=batch.pk)
    hashes = set(batch.letters.values_list("secret_hash"))
    assert not services.print_letters(batch_id=batch.pk)
    assert set(batch.letters.values_list("secret_hash")) == hashes


def test_a_new_letter_replaces_the_former_one(village: Organisation, alice: User) -> None:
    former, newer = code_for(village), code_for(village)
    assert sorted(letter.state for letter in village.letters.all()) == [
        LetterState.OPEN,
        LetterState.REVOKED,
    ]
    with pytest.raises(LetterError, match="Ein neuer Brief ersetzt ihn"):
        redeem(alice, former)
    assert redeem(alice, newer).organisation == village


def test_many_pages_come_as_several_files(
    village: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("allmende.registry.services.letters.MOST_PAGES", 2)
    batch = make(village, *OrganisationFactory.create_batch(2))
    services.print_letters(batch_id=batch.pk)
    document = LetterBatch.objects.get().document
    assert document is not None
    assert document.name == f"briefe-{batch.pk}.zip"
    with zipfile.ZipFile(io.BytesIO(document.file.read())) as archive:
        pages = [len(PdfReader(archive.open(name)).pages) for name in archive.namelist()]
    assert pages == [2, 1]
    assert MOST_PAGES == 1_000


def test_without_sender_or_recipients_nothing_is_made(
    village: Organisation, settings: Settings
) -> None:
    with pytest.raises(LetterError, match="niemand"):
        services.make_letters(actor=None, organisations=Organisation.objects.none(), note="")
    settings.SENDER = ()
    with pytest.raises(LetterError, match="ALLMENDE_SENDER"):
        make(village)
    assert Letter.objects.count() == LetterBatch.objects.count() == 0


def test_number_of_queries_does_not_grow_with_the_letters(village: Organisation) -> None:
    numbers = []
    for chosen in ([village], OrganisationFactory.create_batch(20)):
        with CaptureQueriesContext(connection) as queried:
            make(*chosen)
        numbers.append(len(queried))
    assert numbers[0] == numbers[1]


def test_an_office_of_every_kind_is_addressed() -> None:
    assert [
        services.addressee(Organisation(kind=kind))
        for kind in ("gemeinde", "kreis", "verband", "land", "ministerium", "netzwerk")
    ] == [
        "die Bürgermeisterin oder den Bürgermeister",
        "die Landrätin oder den Landrat",
        "die Leitung des Gemeindeverbands",
        "die Leitung",
        "die Leitung",
        "den Vorstand",
    ]


def test_recipients_are_chosen_by_land_size_and_whether_somebody_speaks_for_them() -> None:
    spoken_for = MandateFactory(region__name="Abendsee").organisation.region
    silent = MunicipalityFactory(name="Lindenfurt")
    elsewhere = MunicipalityFactory(name="Dünen", ars="010510011011", population=60_000)
    MunicipalityFactory(name="Erfunden", invented=True)
    chosen = queries.regions_to_write_to
    assert set(chosen(level=Level.GEMEINDE)) == {silent, elsewhere}
    assert set(chosen(level=Level.GEMEINDE, only_without=False)) == {silent, elsewhere, spoken_for}
    assert set(chosen(level=Level.GEMEINDE, land="01")) == {elsewhere}
    assert set(chosen(level=Level.GEMEINDE, size=silent.size_class)) == {silent}
    assert set(chosen(level=Level.KREIS)) == set()


def test_organisations_of_regions_are_made_all_at_once(village: Organisation) -> None:
    MunicipalityFactory(name="Bärnau, Stadt", ars="093770112112")
    made = services.organisations_of(Region.objects.all())
    assert {(each.name, each.kind) for each in made} == {
        ("Lindenfurt", OrganisationKind.MUNICIPALITY),
        ("Bärnau, Stadt", OrganisationKind.MUNICIPALITY),
    }
    assert set(services.organisations_of(Region.objects.all())) == set(made)


# The document


def test_the_document_goes_an_hour_after_it_was_fetched(village: Organisation, olga: User) -> None:
    batch = make(village)
    services.print_letters(batch_id=batch.pk)
    upload = services.fetch_letters(actor=olga, batch=batch)
    assert services.fetch_letters(actor=olga, batch=batch) == upload
    assert services.remove_documents() == 0
    LetterBatch.objects.update(fetched_at=timezone.now() - timedelta(minutes=61))
    assert services.remove_documents() == 1
    with pytest.raises(LetterError, match="nicht mehr da"):
        services.fetch_letters(actor=olga, batch=batch)


def test_the_document_goes_after_a_week_even_if_nobody_fetched_it(village: Organisation) -> None:
    services.print_letters(batch_id=make(village).pk)
    LetterBatch.objects.update(printed_at=timezone.now() - timedelta(days=6, hours=23))
    assert services.remove_documents() == 0
    LetterBatch.objects.update(printed_at=timezone.now() - timedelta(days=7, minutes=1))
    assert services.remove_documents() == 1


def test_a_batch_whose_worker_died_is_asked_for_again(village: Organisation) -> None:
    batch = make(village)
    assert services.repair_batches() == 0
    LetterBatch.objects.update(requested_at=timezone.now() - timedelta(minutes=31))
    assert services.repair_batches() == 1
    assert services.repair_batches() == 0
    assert services.print_letters(batch_id=batch.pk)


def test_operators_revoke_one_letter_or_all(village: Organisation, olga: User, alice: User) -> None:
    others = OrganisationFactory.create_batch(2)
    batch = make(village, *others)
    services.print_letters(batch_id=batch.pk)
    serial = village.letters.get().serial
    assert services.revoke_letters(actor=olga, batch=batch, serial=serial) == 1
    assert services.revoke_letters(actor=olga, batch=batch, reason="Druckfehler") == 2
    assert services.revoke_letters(actor=olga, batch=batch) == 0
    assert queries.letter_counts(batch) == [(LetterState.REVOKED, 3)]


# Redeeming


def test_a_code_gives_the_first_mandate(village: Organisation, alice: User) -> None:
    code = code_for(village)
    assert services.check_code(actor=alice, code=code).organisation == village
    mandate = redeem(alice, code.lower().replace("-", " "))
    assert (mandate.user, mandate.organisation, mandate.office) == (alice, village, Office.MAYOR)
    assert mandate.rights == frozenset(Right)
    assert mandate.confirmation == Confirmation.LETTER
    assert (mandate.since, mandate.until, mandate.confirmed_by) == (
        timezone.localdate(),
        None,
        None,
    )
    letter = village.letters.get()
    assert (letter.state, letter.mandate, letter.wrong_tries) == (LetterState.REDEEMED, mandate, 0)
    assert [entry.deed for entry in history_of(village)] == ["registry.redeem_letter"]


def test_who_has_a_mandate_already_gets_more_rights_and_no_second_one(
    village: Organisation,
) -> None:
    held = MandateFactory(organisation=village, office=Office.ADMINISTRATION, title="Hauptamt")
    mandate = redeem(held.user, code_for(village), Office.ADMINISTRATION)
    assert mandate == held
    assert (mandate.title, mandate.may_manage) == ("Hauptamt", True)


def test_managers_and_operators_hear_of_it(village: Organisation, alice: User, olga: User) -> None:
    manager = MandateFactory(organisation=village, may_manage=True).user
    MandateFactory(organisation=village)
    redeem(alice, code_for(village))
    assert {notice.user for notice in Notice.objects.all()} == {manager, olga}
    assert {notice.title for notice in Notice.objects.all()} == {"Code eingelöst: Lindenfurt"}


def test_a_code_is_redeemed_once(village: Organisation, alice: User, bob: User) -> None:
    code = code_for(village)
    redeem(alice, code)
    with pytest.raises(LetterError, match="schon eingelöst"):
        redeem(bob, code)
    assert Mandate.objects.get().user == alice


def test_a_manager_does_not_use_up_a_code(village: Organisation) -> None:
    manager = MandateFactory(organisation=village, may_manage=True).user
    with pytest.raises(LetterError, match="gilt weiter"):
        redeem(manager, code_for(village))
    assert village.letters.get().state == LetterState.OPEN


def test_an_office_that_it_does_not_have_uses_nothing_up(
    village: Organisation, alice: User
) -> None:
    code = code_for(village)
    with pytest.raises(services.MandateError):
        redeem(alice, code, Office.DISTRICT_HEAD)
    assert (village.letters.get().state, village.letters.get().wrong_tries) == (LetterState.OPEN, 0)


def test_a_code_is_valid_for_sixty_days(village: Organisation, alice: User) -> None:
    code = code_for(village)
    age(village, timedelta(days=60) - timedelta(minutes=1))
    assert services.check_code(actor=alice, code=code).organisation == village
    age(village, timedelta(minutes=1))
    with pytest.raises(LetterError, match="60 Tage"):
        redeem(alice, code)
    assert village.letters.get().state == LetterState.EXPIRED


def test_ten_wrong_codes_make_a_letter_void(village: Organisation, alice: User) -> None:
    code = code_for(village)
    strangers = UserFactory.create_batch(2)
    for number in range(10):
        with pytest.raises(LetterError, match=UNKNOWN):
            redeem(strangers[number % 2], wrong(code))
    assert village.letters.get().wrong_tries == 10
    assert village.letters.get().state == LetterState.DEAD
    with pytest.raises(LetterError, match="gesperrt"):
        redeem(alice, code)


def test_nine_wrong_codes_do_not(village: Organisation, alice: User, charlie: User) -> None:
    code = code_for(village)
    for _ in range(9):
        with pytest.raises(LetterError, match=UNKNOWN):
            services.check_code(actor=charlie, code=wrong(code))
    assert redeem(alice, code).user == alice


def test_a_slip_of_the_pen_is_no_wrong_try(village: Organisation, alice: User) -> None:
    code = code_for(village)
    swapped = f"{code[:5]}{code[6]}{code[5]}{code[7:]}" if code[5] != code[6] else code[:-1]
    for _ in range(MOST_WRONG_A_DAY + 1):
        with pytest.raises(LetterError, match="dem Brief"):
            redeem(alice, swapped)
    assert village.letters.get().wrong_tries == 0
    assert redeem(alice, code).user == alice


def test_an_unknown_number_is_answered_like_a_wrong_code(
    village: Organisation, alice: User, bob: User
) -> None:
    code = code_for(village)
    taken = read_code(code).serial
    unknown = next(serial for serial in ("AAAA", "BBBB") if serial != taken)
    answers = []
    for actor, typed in ((alice, wrong(code)), (bob, str(Code.of(unknown, new_secret())))):
        with pytest.raises(LetterError) as raised:
            redeem(actor, typed)
        answers.append(str(raised.value))
    assert answers[0] == answers[1]


def test_who_guesses_has_to_wait(village: Organisation, charlie: User, alice: User) -> None:
    others = [OrganisationFactory() for _ in range(2)]
    codes = [code_for(other) for other in others]
    for number in range(MOST_WRONG_A_DAY):
        with pytest.raises(LetterError, match=UNKNOWN):
            redeem(charlie, wrong(codes[number % 2]))
    with pytest.raises(LetterError, match="morgen wieder"):
        redeem(charlie, wrong(codes[0]))
    assert [other.letters.get().wrong_tries for other in others] == [5, 5]
    assert redeem(alice, codes[0]).user == alice


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("right", [True, False])
def test_of_people_at_the_same_moment_one_redeems_and_guesses_are_counted(right: bool) -> None:
    village = OrganisationFactory()
    code = code_for(village)
    people = UserFactory.create_batch(12)
    start = Barrier(4)

    def attempt(number: int) -> str:
        try:
            if number < 4:
                start.wait(timeout=30)
            redeem(people[number], code if right else wrong(code))
        except LetterError as error:
            return str(error).split(".", maxsplit=1)[0]
        finally:
            connection.close()
        return "eingelöst"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, range(12)))
    letter = village.letters.get()
    if right:
        assert answers == ["Dieser Code wurde schon eingelöst"] * 11 + ["eingelöst"]
        assert Mandate.objects.get() == letter.mandate
    else:
        assert set(answers) == {UNKNOWN.rstrip(".")}
        assert letter.wrong_tries == 10
