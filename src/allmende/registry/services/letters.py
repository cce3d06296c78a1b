"""Codes by letter: made in batches, printed by a task, redeemed once.

A code is a serial, which finds the letter, and a secret of 55 bits (``formats.letters``). The secret is
drawn while the page is set that shows it, and lives on in that document alone, which goes an hour
after it was fetched, or after a week. The database keeps a hash: PBKDF2 with a salt that needs the
installation's key. Whoever steals the database without the key can try nothing. With the key,
55 bits at ``ROUNDS`` rounds each are out of reach for the 60 days in which a code is worth something;
more rounds would only make ten thousand letters slow. A new key makes all open letters void.
"""

import hashlib
import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, pbkdf2, salted_hmac
from django.utils.formats import date_format

from allmende.audit.services import audited, record
from allmende.formats.letters import (
    Code,
    CodeError,
    Page,
    Sender,
    new_secret,
    new_serial,
    read_code,
    write_pages,
)
from allmende.formats.letters.pages import MOST_PAGES
from allmende.portal.services import keep_upload, remove_upload
from allmende.portal.uploads import CheckedFile

from .. import queries
from ..models import (
    HEADS,
    OFFICES,
    Confirmation,
    Letter,
    LetterBatch,
    LetterState,
    Mandate,
    Office,
    Organisation,
    OrganisationQuerySet,
    Right,
    usual_rights,
)
from .mandates import grant_mandate

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.models import Upload

VALID_FOR = timedelta(days=60)
ROUNDS = 2_000
# Wrong codes of one person a day: more would let her make other people's letters void.
MOST_WRONG_A_DAY = 10
DAY = 24 * 60 * 60
LOST_AFTER = timedelta(minutes=30)
KEPT_FOR = timedelta(days=7)
KEPT_AFTER_FETCHING = timedelta(hours=1)
BATCH = 500
NOT_KNOWN = (
    "Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn noch einmal mit dem Brief. "
    "Nach zehn falschen Codes gilt ein Brief nicht mehr."
)
WHY_CLOSED = {
    LetterState.REDEEMED: "Dieser Code wurde schon eingelöst. Jeder Code gilt nur einmal.",
    LetterState.EXPIRED: "Die 60 Tage dieses Codes sind vorbei. Bitten Sie um einen neuen Brief.",
    LetterState.REVOKED: "Dieser Code gilt nicht mehr. Ein neuer Brief ersetzt ihn.",
    LetterState.DEAD: (
        "Dieser Code ist gesperrt, weil er zu oft falsch eingegeben wurde. "
        "Bitten Sie um einen neuen Brief."
    ),
}


class LetterError(ValueError):
    """The letters cannot be made or the code not be redeemed; the text is German."""


@audited
def make_letters(
    *, actor: "User | None", organisations: OrganisationQuerySet, note: str
) -> LetterBatch:
    """Write to organisations; their former letters that nobody has redeemed are void from now on.

    A task sets the pages. Takes a handful of queries, however many there are.

    Raises
    ------
    LetterError
        If there is nobody to write to, no sender, or somebody else writes to one of them right now.
    """
    if not settings.SENDER:
        raise LetterError("Es fehlt der Absender. Er steht in der Einstellung ALLMENDE_SENDER.")
    current = organisations.filter(dissolved_on=None, region__valid_until=None)
    keys = list(current.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise LetterError("Zu dieser Auswahl gehört niemand, an den ein Brief gehen kann.")
    now = timezone.now()
    Letter.objects.unused().filter(organisation__in=current.order_by()).update(revoked_at=now)
    batch = LetterBatch.objects.create(created_by=actor, note=note, requested_at=now)
    try:
        with transaction.atomic():
            Letter.objects.bulk_create(
                [
                    Letter(batch=batch, organisation_id=key, serial=serial, expires_at=now + VALID_FOR)
                    for key, serial in zip(keys, _new_serials(len(keys)), strict=True)
                ],
                batch_size=BATCH,
            )
    except IntegrityError:
        raise LetterError(
            "Für eine dieser Organisationen entsteht gerade ein anderer Brief. "
            "Bitte versuchen Sie es in einer Minute noch einmal."
        ) from None
    record(actor=actor, deed="registry.make_letters", obj=batch, letters=len(keys))
    _enqueue(batch)
    return batch


def _new_serials(number: int) -> list[str]:
    taken = set(Letter.objects.values_list("serial", flat=True))
    fresh: list[str] = []
    while len(fresh) < number:
        serial = new_serial()
        if serial not in taken:
            taken.add(serial)
            fresh.append(serial)
    return fresh


def _enqueue(batch: LetterBatch) -> None:
    from ..tasks import set_letters

    set_letters.enqueue(batch.pk)


def print_letters(*, batch_id: int) -> bool:
    """Draw the secrets of a batch and set its pages; return whether that was still to be done.

    Pages and hashes are stored in one transaction: a worker that dies before leaves nothing behind, and
    of two that do the same, the second one throws its pages away.
    """
    batch = LetterBatch.objects.filter(pk=batch_id, printed_at=None).first()
    if batch is None:
        return False
    letters = list(queries.letters_of(batch, LetterState.UNPRINTED))
    if not letters:
        return False
    for letter in letters:
        code = Code.of(letter.serial, new_secret())
        letter.secret_hash = _digest(code)
        letter.code = str(code)  # type: ignore[attr-defined]  only until its page is set
    # Without a name in the file system: it goes with the process, whatever happens.
    with tempfile.TemporaryFile() as document:
        name, media_type = _write_document(batch, letters, document)
        return _keep_document(batch, letters, document, name=name, media_type=media_type)


def _write_document(
    batch: LetterBatch, letters: list[Letter], document: IO[bytes]
) -> tuple[str, str]:
    """One PDF, or a ZIP of several where there are more pages than typst should hold at once."""
    sender = Sender(
        lines=settings.SENDER,
        site=settings.ORIGIN,
        enter=f"{settings.ORIGIN}{reverse('registry:letter')}",
    )
    parts = [letters[at : at + MOST_PAGES] for at in range(0, len(letters), MOST_PAGES)]
    if len(parts) == 1:
        document.write(write_pages([_page(letter) for letter in letters], sender=sender))
        return f"briefe-{batch.pk}.pdf", "application/pdf"
    with zipfile.ZipFile(document, "w") as archive:
        for number, part in enumerate(parts, start=1):
            pages = write_pages([_page(letter) for letter in part], sender=sender)
            archive.writestr(f"briefe-{batch.pk}-{number:02}.pdf", pages)
    return f"briefe-{batch.pk}.zip", "application/zip"


def _page(letter: Letter) -> Page:
    organisation, region = letter.organisation, letter.organisation.region
    return Page(
        organisation=organisation.name,
        name=organisation.name.split(",", 1)[0],
        office=f"An {addressee(organisation)}",
        town=f"{region.postcode} {region.short_name}" if region and region.postcode else "",
        serial=letter.serial,
        code=letter.code,  # type: ignore[attr-defined]
        made_on=_day(letter.created_at),
        valid_until=_day(letter.expires_at),
    )


def addressee(organisation: Organisation) -> str:
    """Whom a letter is for: „die Bürgermeisterin oder den Bürgermeister“."""
    head = next(office for office in OFFICES[organisation.kind] if office in HEADS)
    return {
        Office.MAYOR: "die Bürgermeisterin oder den Bürgermeister",
        Office.DISTRICT_HEAD: "die Landrätin oder den Landrat",
        Office.UNION_HEAD: "die Leitung des Gemeindeverbands",
        Office.BOARD: "den Vorstand",
    }.get(head, "die Leitung")


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j. F Y")


def _keep_document(
    batch: LetterBatch, letters: list[Letter], document: IO[bytes], *, name: str, media_type: str
) -> bool:
    size = document.tell()
    document.seek(0)
    file = CheckedFile(
        content=UploadedFile(document, name=name, content_type=media_type, size=size),
        name=name,
        media_type=media_type,
        size=size,
        sha256=hashlib.file_digest(document, "sha256").hexdigest(),
    )
    document.seek(0)
    with audited():
        unprinted = LetterBatch.objects.filter(pk=batch.pk, printed_at=None)
        if not unprinted.update(printed_at=timezone.now()):
            return False
        Letter.objects.bulk_update(letters, ["secret_hash"], batch_size=BATCH)
        upload = keep_upload(actor=None, file=file)
        LetterBatch.objects.filter(pk=batch.pk).update(document=upload)
        record(actor=None, deed="registry.print_letters", obj=batch, letters=len(letters))
    return True


@audited
def fetch_letters(*, actor: "User", batch: LetterBatch) -> "Upload":
    """The document of a batch, for the printer. An hour after the first time it is removed.

    Raises
    ------
    LetterError
        If it is not there yet or no longer.
    """
    batch = LetterBatch.objects.select_related("document").get(pk=batch.pk)
    if batch.document is None:
        raise LetterError("Die Datei mit den Briefen ist nicht mehr da. Die Codes darin gelten weiter.")
    LetterBatch.objects.filter(pk=batch.pk, fetched_at=None).update(fetched_at=timezone.now())
    record(actor=actor, deed="registry.fetch_letters", obj=batch)
    return batch.document


@audited
def revoke_letters(*, actor: "User", batch: LetterBatch, serial: str = "", reason: str = "") -> int:
    """Make one letter of a batch void, or all that are still open; return how many that were."""
    letters = batch.letters.unused().filter(expires_at__gt=timezone.now())
    if serial:
        letters = letters.filter(serial=serial)
    number = letters.update(revoked_at=timezone.now())
    if number:
        record(
            actor=actor,
            deed="registry.revoke_letters",
            obj=batch,
            reason=reason,
            letters=number,
            serial=serial,
        )
    return number


def remove_documents() -> int:
    """Remove documents that were fetched an hour ago or lie there for a week; return how many."""
    now = timezone.now()
    old = Q(printed_at__lt=now - KEPT_FOR) | Q(fetched_at__lt=now - KEPT_AFTER_FETCHING)
    removed = 0
    for batch in LetterBatch.objects.exclude(document=None).filter(old).select_related("document"):
        assert batch.document is not None  # noqa: S101  for the type checker
        with transaction.atomic():
            remove_upload(upload=batch.document)
        removed += 1
    return removed


def repair_batches() -> int:
    """Ask again for pages that were lost with a worker; return how many. For the tick."""
    now = timezone.now()
    lost = LetterBatch.objects.filter(printed_at=None, requested_at__lt=now - LOST_AFTER)
    repaired = 0
    for batch in lost:
        if not batch.letters.in_state(LetterState.UNPRINTED).exists():
            continue
        with transaction.atomic():
            unchanged = LetterBatch.objects.filter(pk=batch.pk, requested_at=batch.requested_at)
            if unchanged.update(requested_at=now):
                _enqueue(batch)
                repaired += 1
    return repaired


def check_code(*, actor: "User", code: str) -> Letter:
    """The letter of a code that somebody typed; nothing is redeemed yet, but a wrong code counts.

    Raises
    ------
    LetterError
        If the code is no code, unknown, wrong, or not valid any more.
    """
    typed = _read(actor, code)
    with transaction.atomic():
        letter = _try(typed)
    return letter or _refuse(actor)


def redeem_letter(*, actor: "User", code: str, office: Office, title: str = "") -> Mandate:
    """Give a person the mandate of a letter: the office's usual rights, and to manage its people.

    Of several people who redeem it at the same moment, one gets it.

    Raises
    ------
    LetterError
        As ``check_code``, and if she manages the organisation already.
    MandateError
        If the organisation has no such office.
    """
    typed = _read(actor, code)
    with audited():
        # A wrong try has to stay counted: it must not be raised out of the transaction.
        letter = _try(typed)
        mandate = None if letter is None else _use(actor, letter, office, title)
    actor.forget_remembered()
    return mandate or _refuse(actor)


def _read(actor: "User", code: str) -> Code:
    try:
        typed = read_code(code)
    except CodeError as error:
        raise LetterError(str(error)) from None
    if cache.get(_wrong_key(actor), 0) >= MOST_WRONG_A_DAY:
        raise LetterError(
            "Sie haben heute zu viele falsche Codes eingegeben. Bitte versuchen Sie es morgen wieder."
        )
    return typed


def _try(typed: Code) -> Letter | None:
    """The open letter of a code. None if there is none; a letter of that serial has counted it then.

    A try counts before its secret is compared, and is taken back if that is right: so guesses at the
    same moment wait for one another, and no more of them are compared than allowed.
    """
    found = Letter.objects.filter(serial=typed.serial)
    is_open = Letter.objects.in_state(LetterState.OPEN).filter(serial=typed.serial)
    counted = is_open.update(wrong_tries=F("wrong_tries") + 1)
    letter = found.select_related("organisation__region").first()
    # Compared even if there is no letter: the time it takes tells nothing.
    expected = letter.secret_hash if letter else ""
    if not constant_time_compare(_digest(typed), expected) or letter is None:
        return None
    if not counted:
        raise LetterError(WHY_CLOSED[letter.state])
    found.update(wrong_tries=F("wrong_tries") - 1)
    return letter


def _use(actor: "User", letter: Letter, office: Office, title: str) -> Mandate:
    organisation = letter.organisation
    if queries.mandates_with(Right.MANAGE, actor, organisation):
        raise LetterError(f"Sie verwalten „{organisation}“ schon. Der Code gilt weiter.")
    held = Mandate.objects.of(actor).filter(
        organisation=organisation, office=office, letter=None
    ).first()
    mandate = grant_mandate(
        actor=None,  # the letter confirms it, nobody else
        user=actor,
        organisation=organisation,
        office=office,
        since=held.since if held else timezone.localdate(),
        until=held.until if held else None,
        rights=usual_rights(office) | {Right.MANAGE},
        title=title or (held.title if held else ""),
        confirmation=Confirmation.LETTER,
    )
    Letter.objects.filter(pk=letter.pk).update(used_at=timezone.now(), mandate=mandate)
    record(
        actor=actor,
        deed="registry.redeem_letter",
        obj=organisation,
        mandate=mandate,
        serial=letter.serial,
        office=str(office),
    )
    return mandate


def _refuse(actor: "User") -> "Never":
    key = _wrong_key(actor)
    cache.add(key, 0, DAY)
    cache.incr(key)
    raise LetterError(NOT_KNOWN)


def _wrong_key(actor: "User") -> str:
    return f"registry.wrong-codes.{actor.pk}"


def _digest(code: Code) -> str:
    salt = salted_hmac("allmende.registry.letters", code.serial, algorithm="sha256").digest()
    return pbkdf2(code.secret, salt, ROUNDS).hex()
