"""Evidence for decisions of councils and committees, added and withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.formats.oparl import Decision, OParlError, read_decision
from allmende.portal.services import keep_upload
from allmende.registry.models import Mandate

from ..fetching import Fetcher
from ..models import Evidence, OParlServer, Participant, StatementState, VoiceLevel, Vote
from .ballots import set_level
from .errors import Conflict
from .turns import take_turn

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.uploads import CheckedFile


def read_address(*, address: str, participant: Participant) -> Decision:
    """Ask a council information system for a decision of a participant's council.

    Takes up to five seconds: never call it in a transaction. Raises ``OParlError`` if the address may
    not be asked for, says nothing of a decision, or speaks of another municipality.
    """
    fetch = Fetcher(
        list(OParlServer.objects.values_list("host", flat=True)),
        loopback=settings.OPARL_MAY_BE_LOOPBACK,
    )
    decision = read_decision(fetch(address), fetch=fetch, address=address)
    if decision.deleted:
        raise OParlError(_("Dieser Eintrag wurde im Ratsinformationssystem gelöscht."))
    region = participant.region
    if decision.ags and (region is None or decision.ags != region.ags):
        raise OParlError(
            _("Dieser Eintrag gehört zur Gemeinde mit dem Schlüssel %(ags)s, nicht zu %(region)s.")
            % {"ags": decision.ags, "region": region}
        )
    return decision


@audited
def add_evidence(
    *,
    actor: "User",
    mandate: Mandate,
    participant: Participant,
    level: VoiceLevel,
    decided_on: date,
    title: str,
    reference: str = "",
    statements: Sequence[int],
    seen_at: datetime,
    source: "CheckedFile | Decision",
) -> Evidence:
    """Say with proof that a decision stands behind votes (numbers of their statements).

    The votes take the level of the decision. A vote that is changed later loses it again.

    Raises
    ------
    Conflict
        If none of these statements has a vote any more, one was cast after ``seen_at``, or the
        decision lies in the future.
    """
    if decided_on > timezone.localdate():
        raise Conflict(_("Das Datum des Beschlusses liegt in der Zukunft."))
    take_turn([participant.pk])  # no vote changes between being found and being proven
    votes = Vote.objects.filter(
        participant=participant,
        statement__in=statements,
        statement__state=StatementState.ACCEPTED,
        answered_by=None,  # a decision stands behind what the municipality says itself
    )
    covered = sorted(votes.values_list("statement", flat=True))
    if not covered:
        raise Conflict(
            _("Zu dieser Auswahl gibt es keine Stimme mehr, die der Beschluss tragen kann.")
        )
    if votes.filter(cast_at__gt=seen_at).exists():
        raise Conflict(
            _(
                "Eine dieser Stimmen wurde geändert, während Sie die Seite offen hatten. Unten steht der "
                "neue Stand. Bitte prüfen Sie, ob der Beschluss ihn trägt."
            )
        )
    proof: dict[str, Any] = (
        {"oparl_url": source.address, "snapshot": source.as_json()}
        if isinstance(source, Decision)
        else {"upload": keep_upload(actor=actor, file=source)}
    )
    evidence = Evidence.objects.create(
        participant=participant,
        level=level,
        decided_on=decided_on,
        title=title,
        reference=reference,
        added_by=actor,
        **proof,
    )
    concern = participant.concern
    set_level(
        actor=actor,
        concern=concern,
        participant=participant,
        statements=covered,
        level=level,
        mandate=mandate,
    )
    Vote.objects.filter(participant=participant, statement__in=covered).update(evidence=evidence)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.add_evidence",
        obj=evidence,
        concern=concern.slug,
        statements=covered,
    )
    return evidence


@audited
def withdraw_evidence(
    *, actor: "User", mandate: Mandate, evidence: Evidence, reason: str = ""
) -> None:
    """Take evidence back: its votes fall back to the level at which they were last spoken.

    Raises ``Conflict`` if somebody else did it already.
    """
    take_turn([evidence.participant_id])
    current = Evidence.objects.current().filter(pk=evidence.pk)
    if not current.update(withdrawn_at=timezone.now()):
        raise Conflict(_("Dieser Nachweis ist schon zurückgezogen."))
    covered = sorted(evidence.votes.values_list("statement", flat=True))
    evidence.votes.update(evidence=None)
    set_level(
        actor=actor,
        concern=evidence.participant.concern,
        participant=evidence.participant,
        statements=covered,
        level=None,
        mandate=mandate,
        reason=reason,
    )
    record(
        actor=actor, mandate=mandate, deed="forum.withdraw_evidence", obj=evidence, reason=reason
    )


@audited
def add_oparl_server(*, actor: "User", host: str, note: str) -> OParlServer:
    """Let a council information system be asked. Raises ``Conflict`` if it may be already."""
    server, is_new = OParlServer.objects.get_or_create(host=host.lower(), defaults={"note": note})
    if not is_new:
        raise Conflict(_("Dieser Server steht schon auf der Liste."))
    record(actor=actor, deed="forum.add_oparl_server", obj=server)
    return server


@audited
def remove_oparl_server(*, actor: "User", server: OParlServer) -> None:
    """Ask a council information system no more. What it said stays."""
    record(actor=actor, deed="forum.remove_oparl_server", obj=server)
    server.delete()
