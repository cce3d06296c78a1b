"""Inviting the first managers of many organisations from a file: all of its rows or none."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.audit.services import audited, record
from allmende.formats.invitation_list import ListRow, parse_day

from .. import queries
from ..models import (
    OFFICES,
    Confirmation,
    Invitation,
    InvitationList,
    Mandate,
    Office,
    Organisation,
    OrganisationKind,
    Region,
    Right,
    as_columns,
    usual_rights,
)
from ..names import fold
from .invitations import seal
from .organisations import organisations_of
from .telling import mail_invitations

if TYPE_CHECKING:
    from allmende.accounts.models import User

CHUNK = 5_000
MAILS_AT_ONCE = 200
WORKER_HAS = timedelta(minutes=5)

# How people write offices; the full names and our own words count, too.
WRITTEN = {
    "bürgermeister": Office.MAYOR,
    "bürgermeisterin": Office.MAYOR,
    "oberbürgermeister": Office.MAYOR,
    "oberbürgermeisterin": Office.MAYOR,
    "landrat": Office.DISTRICT_HEAD,
    "landrätin": Office.DISTRICT_HEAD,
    "rat": Office.COUNCIL,
    "ratsmitglied": Office.COUNCIL,
    "verbandsleitung": Office.UNION_HEAD,
}
OFFICE_NAMES = {fold(word): office for word, office in WRITTEN.items()} | {
    fold(word): office for office in Office for word in (str(office.label), office.value)
}


class ListError(ValueError):
    """The list cannot be carried out; the text is German."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Wanted:
    """One invitation that may be made: for a region or for an organisation that is none."""

    region: int | None
    organisation: int | None
    email: str
    name: str
    office: str
    until: str | None


@dataclass
class Check:
    """What came of looking at the rows."""

    wanted: list[Wanted]
    faults: list[Fault]
    skipped: int


def check_rows(rows: Iterable[ListRow]) -> Check:
    """Look at every row, without changing anything; a constant number of queries for 5,000 rows."""
    rows = list(rows)
    places = _Places(rows)
    check = Check([], [], 0)
    lines: dict[tuple[object, ...], int] = {}
    for row in rows:
        faults, wanted = _check_row(row, places)
        if wanted is not None:
            known = (wanted.region, wanted.organisation, wanted.email, wanted.office)
            if known in lines:
                faults = [
                    Fault(
                        row.line,
                        "E-Mail",
                        _("Steht doppelt, zuerst in Zeile %(value)s.") % {"value": lines[known]},
                    )
                ]
            else:
                lines[known] = row.line
        check.faults += faults
        if wanted is not None and not faults:
            check.wanted.append(wanted)
    done = _done_already(check.wanted)
    left = [wanted for wanted in check.wanted if _identity(wanted) not in done]
    return Check(left, check.faults, len(check.wanted) - len(left))


class _Places:
    """The regions and organisations that the rows name, looked up together."""

    def __init__(self, rows: list[ListRow]) -> None:
        named = {row.organisation for row in rows}
        keys = [name for name in named if name.isdigit()]
        self.regions: dict[str, Region] = {}
        for chunk in _chunks(keys):
            found = Region.objects.current()
            for region in (*found.filter(ags__in=chunk), *found.filter(ags="", ars__in=chunk)):
                self.regions[region.key] = region
        self.organisations: dict[str, list[Organisation]] = {}
        for chunk in _chunks([name for name in named if name and not name.isdigit()]):
            there = Organisation.objects.current()
            for other in there.filter(slug__in=chunk) | there.filter(name__in=chunk):
                for name in {other.slug, other.name}:
                    self.organisations.setdefault(name, []).append(other)


def _check_row(row: ListRow, places: _Places) -> tuple[list[Fault], Wanted | None]:
    faults: list[Fault] = []

    def fault(column: str, reason: str) -> None:
        faults.append(Fault(row.line, column, reason))

    region = places.regions.get(row.organisation)
    others = places.organisations.get(row.organisation, [])
    kind: str | None = None
    if region is not None and queries.may_be_spoken_for(region):
        kind = OrganisationKind.of(region)
    elif len(others) == 1:
        kind = others[0].kind
    elif len(others) > 1:
        fault("Organisation", _("So heißen mehrere. Bitte die Kurzform aus der Adresse verwenden."))
    else:
        fault(
            "Organisation",
            _("„%(organisation)s“ gibt es hier nicht.") % {"organisation": row.organisation}
            if row.organisation
            else _("Fehlt."),
        )
    email = row.email.lower()
    try:
        validate_email(email)
    except ValidationError:
        fault(
            "E-Mail",
            _("„%(email)s“ ist keine E-Mail-Adresse.") % {"email": row.email}
            if row.email
            else _("Fehlt."),
        )
    office = OFFICE_NAMES.get(fold(row.office))
    if office is None or (kind and office not in OFFICES[kind]):
        # Files are in German, whoever sends them.
        with override(settings.LANGUAGE_CODE):
            allowed = ", ".join(str(each.label) for each in OFFICES.get(kind or "", tuple(Office)))
        fault(
            "Amt",
            _("„%(office)s“ gibt es hier nicht. Möglich sind: %(allowed)s.")
            % {"office": row.office, "allowed": allowed},
        )
    if len(row.name) > 150:
        fault("Name", _("Ist länger als 150 Zeichen."))
    until: date | None = None
    try:
        until = parse_day(row.until)
        if until is not None and until < timezone.localdate():
            fault("Mandat bis", _("Dieser Tag ist vorbei."))
    except ValueError:
        fault(
            "Mandat bis",
            _("„%(until)s“ ist kein Tag. Beispiel: 31.12.2030.") % {"until": row.until},
        )
    if faults or office is None:
        return faults, None
    return [], Wanted(
        region=region.pk if region else None,
        organisation=None if region else others[0].pk,
        email=email,
        name=row.name,
        office=str(office),
        until=until.isoformat() if until else None,
    )


def _identity(wanted: Wanted) -> tuple[int | None, int | None, str, str]:
    return wanted.region, wanted.organisation, wanted.email, wanted.office


def _done_already(wanted: list[Wanted]) -> set[tuple[int | None, int | None, str, str]]:
    """Which of them are invited to this office, or hold it."""
    done: set[tuple[int | None, int | None, str, str]] = set()
    for emails in _chunks(sorted({each.email for each in wanted})):
        invited = Invitation.objects.open().filter(email__in=emails)
        columns = ("organisation__region", "organisation", "email", "office")
        for region, organisation, email, office in invited.values_list(*columns):
            done.add((region, None if region else organisation, email, office))
        owners = dict(
            EmailAddress.objects.filter(email__in=emails, verified=True).values_list(
                "user", "email"
            )
        )
        held = Mandate.objects.current().filter(user__in=owners)
        columns = ("organisation__region", "organisation", "user", "office")
        for region, organisation, user, office in held.values_list(*columns):
            done.add((region, None if region else organisation, owners[user].lower(), office))
    return done


def keep_list(*, actor: "User | None", file_name: str, rows: Iterable[ListRow]) -> InvitationList:
    """Look at a list and keep what would be done, until somebody says yes."""
    check = check_rows(rows)
    return InvitationList.objects.create(
        created_by=actor,
        file_name=file_name[:200],
        rows=[asdict(wanted) for wanted in check.wanted],
        faults=[asdict(fault) for fault in check.faults],
        skipped=check.skipped,
    )


@audited
def carry_out_list(*, actor: "User | None", kept: InvitationList) -> InvitationList:
    """Make all invitations of a list, once; a worker mails them.

    Raises
    ------
    ListError
        If it has faults, was carried out before, or names what has ended meanwhile.
    """
    if kept.faults:
        raise ListError(_("Die Liste hat Fehler. Bitte verbessern Sie die Datei."))
    now = timezone.now()
    if not InvitationList.objects.filter(pk=kept.pk, carried_out_at=None).update(
        carried_out_at=now
    ):
        raise ListError(_("Diese Liste ist schon ausgeführt."))
    rows = [Wanted(**row) for row in kept.rows]
    done = _done_already(rows)
    left = [wanted for wanted in rows if _identity(wanted) not in done]
    invitations = _make(actor, kept, left)
    for chunk in _chunks(sorted({invitation.email for invitation in invitations})):
        # Expired ones make room; those that are still open are not among these rows.
        Invitation.objects.unanswered().filter(email__in=chunk, expires_at__lte=now).update(
            revoked_at=now
        )
    Invitation.objects.bulk_create(invitations, batch_size=500)
    kept.rows, kept.invited, kept.carried_out_at = [], len(invitations), now
    kept.skipped += len(rows) - len(left)
    kept.save(update_fields=["rows", "invited", "skipped"])
    record(
        actor=actor,
        deed="registry.carry_out_list",
        obj=kept,
        invited=kept.invited,
        skipped=kept.skipped,
    )
    _mail_soon(kept)
    return kept


def _make(actor: "User | None", kept: InvitationList, rows: list[Wanted]) -> list[Invitation]:
    of_regions: dict[int | None, Organisation] = {}
    others: dict[int, Organisation] = {}
    for chunk in _chunks([row.region for row in rows if row.region]):
        for organisation in organisations_of(Region.objects.current().filter(pk__in=chunk)):
            of_regions[organisation.region_id] = organisation
    for chunk in _chunks([row.organisation for row in rows if row.organisation]):
        others |= Organisation.objects.current().in_bulk(chunk)
    made = []
    for row in rows:
        of_it = of_regions.get(row.region) if row.region else others.get(row.organisation or 0)
        if of_it is None:
            raise ListError(
                _("Ein Gebiet gibt es inzwischen nicht mehr. Bitte laden Sie die Datei neu.")
            )
        office = Office(row.office)
        invitation = Invitation(
            organisation=of_it,
            email=row.email,
            name=row.name,
            office=office,
            until=date.fromisoformat(row.until) if row.until else None,
            **as_columns(usual_rights(office) | {Right.MANAGE}),
            confirmation=Confirmation.OPERATOR,
            invited_by=actor,
            source=kept,
        )
        seal(invitation)
        made.append(invitation)
    return made


def _mail_soon(kept: InvitationList) -> None:
    from ..tasks import mail_list

    mail_list.enqueue(kept.pk)


def mail_some(*, list_id: int) -> int:
    """Queue the next mails of a list; returns how many. Two workers at once queue none twice."""
    with transaction.atomic():
        waiting = (
            Invitation.objects.open()
            .filter(source=list_id, mailed_at=None)
            .select_related("organisation", "invited_by")
            .order_by("pk")[:MAILS_AT_ONCE]
        )
        invitations = list(waiting)
        mail_invitations(invitations)
    return len(invitations)


def repair_lists() -> None:
    """Mail what a worker left lying, a few at a time: also where no worker runs."""
    late = Invitation.objects.open().filter(
        mailed_at=None, source__carried_out_at__lt=timezone.now() - WORKER_HAS
    )
    for list_id in set(late.order_by().values_list("source", flat=True)[:MAILS_AT_ONCE]):
        if list_id is not None:
            mail_some(list_id=list_id)


def _chunks(items: list[Any]) -> Iterable[list[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
