"""Letters with a code: made in batches, set by a task, fetched for the printer.

The secret of a code is drawn while the page is set that shows it. It lives on in that document alone,
which goes an hour after it was first fetched, or after a week; the database keeps a hash (``codes``).
"""

import hashlib
import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.formats.letters import (
    Code,
    Page,
    Sender,
    new_secret,
    new_serial,
    write_pages,
)
from allmende.formats.letters.pages import MOST_PAGES
from allmende.portal.services import keep_upload, remove_upload
from allmende.portal.uploads import CheckedFile

from .. import queries
from ..models import (
    HEADS,
    OFFICES,
    Letter,
    LetterBatch,
    LetterState,
    Office,
    Organisation,
    OrganisationQuerySet,
)
from .codes import LetterError, hash_of

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.models import Upload

VALID_FOR = timedelta(days=60)
LOST_AFTER = timedelta(minutes=30)
KEPT_FOR = timedelta(days=7)
KEPT_AFTER_FETCHING = timedelta(hours=1)
BATCH = 500


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
        raise LetterError(_("Es fehlt der Absender. Er steht in der Einstellung ALLMENDE_SENDER."))
    current = organisations.filter(dissolved_on=None, region__valid_until=None)
    keys = list(current.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise LetterError(_("Zu dieser Auswahl gehört niemand, an den ein Brief gehen kann."))
    now = timezone.now()
    Letter.objects.unused().filter(organisation__in=current.order_by()).update(revoked_at=now)
    batch = LetterBatch.objects.create(created_by=actor, note=note, requested_at=now)
    try:
        with transaction.atomic():
            Letter.objects.bulk_create(
                [
                    Letter(
                        batch=batch, organisation_id=key, serial=serial, expires_at=now + VALID_FOR
                    )
                    for key, serial in zip(keys, _new_serials(len(keys)), strict=True)
                ],
                batch_size=BATCH,
            )
    except IntegrityError:
        raise LetterError(
            _(
                "Für eine dieser Organisationen entsteht gerade ein anderer Brief. "
                "Bitte versuchen Sie es in einer Minute noch einmal."
            )
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
    codes = [Code.of(letter.serial, new_secret()) for letter in letters]
    for letter, code in zip(letters, codes, strict=True):
        letter.secret_hash = hash_of(code)
    pages = [_page(letter, code) for letter, code in zip(letters, codes, strict=True)]
    # Without a name in the file system: it goes with the process, whatever happens.
    with tempfile.TemporaryFile() as document:
        name, media_type = _write_document(batch, pages, document)
        return _keep_document(batch, letters, document, name=name, media_type=media_type)


def _write_document(batch: LetterBatch, pages: list[Page], document: BinaryIO) -> tuple[str, str]:
    """One PDF, or a ZIP of several where there are more pages than typst should hold at once."""
    sender = Sender(
        lines=settings.SENDER,
        site=settings.ORIGIN,
        enter=f"{settings.ORIGIN}{reverse('registry:letter')}",
    )
    if len(pages) <= MOST_PAGES:
        document.write(write_pages(pages, sender=sender))
        return f"briefe-{batch.pk}.pdf", "application/pdf"
    with zipfile.ZipFile(document, "w") as archive:
        for at in range(0, len(pages), MOST_PAGES):
            name = f"briefe-{batch.pk}-{at // MOST_PAGES + 1:02}.pdf"
            archive.writestr(name, write_pages(pages[at : at + MOST_PAGES], sender=sender))
    return f"briefe-{batch.pk}.zip", "application/zip"


def _page(letter: Letter, code: Code) -> Page:
    organisation, region = letter.organisation, letter.organisation.region
    return Page(
        organisation=organisation.name,
        name=organisation.name.split(",", 1)[0],
        office=f"An {addressee(organisation)}",
        town=f"{region.postcode} {region.short_name}" if region and region.postcode else "",
        serial=letter.serial,
        code=str(code),
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
    batch: LetterBatch, letters: list[Letter], document: BinaryIO, *, name: str, media_type: str
) -> bool:
    size = document.tell()
    document.seek(0)
    file = CheckedFile(
        content=UploadedFile(document, name=name, content_type=media_type, size=size),
        name=name,
        media_type=media_type,
        size=size,
        sha256=hashlib.file_digest(
            document,  # type: ignore[arg-type]
            "sha256",
        ).hexdigest(),
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
        raise LetterError(
            _("Die Datei mit den Briefen ist nicht mehr da. Die Codes darin gelten weiter.")
        )
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
