"""Sealing the joint position, and what organisations say about a sealed edition."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.audit.services import audited, record
from allmende.formats.position import digest
from allmende.formats.position.document import FORMAT, VERSION
from allmende.registry.models import Mandate

from ..models import Concern, ConcernState, SealedPosition, SealedSection, Word, WordKind
from ..queries import draft_rows, edition_of, needs_release
from ..queries.positions import Row
from .errors import Conflict, Overtaken
from .sending import send_if_ready

if TYPE_CHECKING:
    from allmende.accounts.models import User

# Stands in a document that is the same for all readers: never translated.
OPERATOR = "Betrieb dieser Plattform"


@audited
def seal_position(
    *, actor: "User", mandate: Mandate | None, concern: Concern, seen: str
) -> SealedPosition:
    """Seal the draft as the next edition; the actor had its edition ``seen`` before her.

    Where enough have co-signed, it goes to the ministry with that. Nobody can change it any more: see ``apps``. Whoever may endorse it is told by the next tick.

    Raises
    ------
    Overtaken
        If somebody has changed the draft since.
    Conflict
        If there is no section, nothing has changed since the last edition, or the concern has moved on.
    """
    concern.refresh_from_db()
    if concern.state != ConcernState.POSITION:
        raise Conflict(_("Dieses Anliegen nimmt keine neue Fassung der Position mehr an."))
    rows = draft_rows(concern)
    if not rows:
        raise Conflict(_("Der Entwurf hat noch keinen Abschnitt."))
    if edition_of(rows) != seen:
        raise Overtaken(
            _(
                "Jemand hat den Entwurf geändert, während Sie ihn gelesen haben. Bitte lesen Sie ihn noch "
                "einmal und versiegeln Sie ihn dann."
            )
        )
    last = concern.sealed_positions.first()
    if last and last.document["sections"] == _sections(rows):
        raise Conflict(
            _("Seit Fassung %(number)s hat sich nichts geändert.") % {"number": last.number}
        )
    position = _seal(actor, mandate, concern, rows, number=last.number + 1 if last else 1)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.seal_position",
        obj=concern,
        edition=position.number,
        hash=position.hash,
    )
    send_if_ready(concern=concern)
    return position


def _seal(
    actor: "User", mandate: Mandate | None, concern: Concern, rows: list[Row], *, number: int
) -> SealedPosition:
    now = timezone.now()
    # A document of record is German, whatever the language of whoever seals it.
    with override(settings.LANGUAGE_CODE):
        document = _document(mandate, concern, rows, number=number, now=now)
    position = SealedPosition.objects.create(
        concern=concern,
        number=number,
        document=document,
        hash=digest(document),
        sealed_by=actor,
        mandate=mandate,
        sealed_at=now,
    )
    SealedSection.objects.bulk_create(
        SealedSection(
            position=position,
            number=place,
            title=row.version.title,
            text=row.version.text,
            origin=row.section,
            figures=row.section.figures,
        )
        for place, row in enumerate(rows, start=1)
    )
    return position


def _document(
    mandate: Mandate | None, concern: Concern, rows: list[Row], *, number: int, now: datetime
) -> dict[str, Any]:
    """All that an edition says: docs/reference/position-json.md."""
    owner = concern.owner
    return {
        "format": FORMAT,
        "version": VERSION,
        "concern": {
            "slug": concern.slug,
            "question": concern.question,
            "topic": concern.get_topic_display() if concern.topic else "",
            "background": concern.background,
            "owner": owner.name if owner else None,
            "owner_ars": owner.ars if owner else None,
            "is_example": concern.is_example,
        },
        "edition": number,
        "sealed_at": now.isoformat(),
        "sealed_in": mandate.capacity if mandate else OPERATOR,
        "rapporteurs": sorted(concern.rapporteurs.values_list("name", flat=True)),
        "sections": _sections(rows),
    }


def _sections(rows: list[Row]) -> list[dict[str, Any]]:
    """The sections as the document has them."""
    return [
        {
            "number": place,
            "title": row.version.title,
            "text": row.version.text,
            "statement": row.section.statement.text if row.section.statement else None,
            "statement_number": row.section.statement_id,
            "figures": row.section.figures or None,
        }
        for place, row in enumerate(rows, start=1)
    ]


@audited
def give_word(
    *,
    actor: "User",
    mandate: Mandate,
    position: SealedPosition,
    section: SealedSection | None,
    kind: WordKind,
    text: str = "",
) -> Word:
    """Endorse an edition or a section (``None``: the whole), or dissent, in place of an earlier word.

    Raises ``Conflict`` if the concern was answered, a later edition is there, the dissent gives no
    reason, or somebody else has to release it.
    """
    _ensure_takes_words(position)
    text = text.strip()
    if needs_release(actor, mandate):
        raise Conflict(
            _("Das kann nur, wer für %(organisation)s freigibt.")
            % {"organisation": mandate.organisation}
        )
    if kind == WordKind.DISSENT and not text:
        raise Conflict(_("Ein Sondervotum braucht eine Begründung: Sie wird mit abgedruckt."))
    current = _current(position, section, mandate)
    same = current.filter(kind=kind, text=text).first()
    if same is not None:  # pressed twice
        return same
    current.update(withdrawn_at=timezone.now())
    word = Word.objects.create(
        position=position,
        section=section,
        organisation=mandate.organisation,
        kind=kind,
        text=text,
        given_by=actor,
        mandate=mandate,
    )
    _record_word("forum.give_word", word, actor=actor, mandate=mandate, kind=str(kind))
    return word


@audited
def withdraw_word(
    *, actor: "User", mandate: Mandate, position: SealedPosition, section: SealedSection | None
) -> None:
    """Take back what an organisation said. Raises ``Conflict`` if there is nothing, or it is too late."""
    _ensure_takes_words(position)
    if needs_release(actor, mandate):
        raise Conflict(
            _("Das kann nur, wer für %(organisation)s freigibt.")
            % {"organisation": mandate.organisation}
        )
    word = _current(position, section, mandate).first()
    if word is None:
        raise Conflict(_("Das ist schon zurückgezogen."))
    _current(position, section, mandate).update(withdrawn_at=timezone.now())
    _record_word("forum.withdraw_word", word, actor=actor, mandate=mandate)


def _ensure_takes_words(position: SealedPosition) -> None:
    concern = Concern.objects.get(pk=position.concern_id)
    if concern.state not in {ConcernState.POSITION, ConcernState.SENT}:
        raise Conflict(
            _("Zu dieser Position kann sich niemand mehr äußern: %(state)s.")
            % {"state": concern.get_state_display()}
        )
    newest = concern.sealed_positions.values_list("number", flat=True)[0]
    if newest != position.number:
        raise Conflict(
            _(
                "Inzwischen liegt Fassung %(number)s vor. Bitte lesen Sie diese und äußern Sie sich dazu."
            )
            % {"number": newest}
        )


def _current(
    position: SealedPosition, section: SealedSection | None, mandate: Mandate
) -> "QuerySet[Word]":
    return Word.objects.current().filter(
        position=position, section=section, organisation=mandate.organisation_id
    )


def _record_word(deed: str, word: Word, *, actor: "User", mandate: Mandate, **details: str) -> None:
    record(
        actor=actor,
        mandate=mandate,
        deed=deed,
        obj=word,
        concern=word.position.concern.slug,
        edition=word.position.number,
        section=word.section.number if word.section else 0,
        **details,
    )
