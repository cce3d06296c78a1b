"""A concern from its draft to its end."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate, Region, Topic

from ..models import Concern, ConcernState, Draft, DraftState, Participant, Step, VoiceLevel, Voices
from ..queries import needs_release
from .drafts import draft_opening, renew_opening
from .errors import Conflict, Overtaken
from .results import request_result
from .sending import choose_ministry
from .way import DEADLINE, advance

if TYPE_CHECKING:
    from allmende.accounts.models import User


# Nothing, and the address under which a concern is written.
TAKEN = ("", "neu")
UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


@audited
def draft_concern(
    *,
    actor: "User",
    owner: Region,
    topic: Topic,
    question: str,
    background: str,
    deadline: datetime,
    mandate: Mandate | None,
    is_confidential: bool = False,
    takes_personal_voices: bool = False,
) -> Concern:
    """Write down a concern that only its owner sees until it is opened."""
    concern = Concern.objects.create(
        slug=_free_slug(question),
        question=question,
        background=background,
        owner=owner,
        topic=topic,
        author=actor,
        deadline=deadline,
        is_confidential=is_confidential,
        takes_personal_voices=takes_personal_voices,
        is_example=owner.invented,
    )
    Step.objects.create(concern=concern, state=ConcernState.DRAFT, actor=actor, mandate=mandate)
    record(actor=actor, mandate=mandate, deed="forum.draft_concern", obj=concern, owner=owner.ars)
    return concern


def _free_slug(question: str) -> str:
    """An address that can be read; a few random letters where another concern has it already."""
    slug = slugify(question.lower().translate(UMLAUTS))[:60].strip("-")
    if slug in TAKEN or Concern.objects.filter(slug=slug).exists():
        slug = f"{slug}-{uuid4().hex[:6]}".lstrip("-")
    return slug


@audited
def change_concern(
    *, actor: "User", concern: Concern, seen: str, mandate: Mandate | None, **changes: object
) -> Concern:
    """Change a draft of which the actor had the edition ``seen`` before her.

    Raises ``Overtaken`` if somebody else has changed it since, and ``Conflict`` once it is open: others
    have voted on what it said.
    """
    concern.refresh_from_db()
    if concern.state == ConcernState.DRAFT and concern.edition != seen:
        raise Overtaken(
            _(
                "Jemand anderes hat den Entwurf inzwischen geändert. Was Sie geschrieben haben, steht noch "
                "hier und ist nicht verloren. Vergleichen Sie beides und speichern Sie dann noch einmal."
            )
        )
    if isinstance(owner := changes.get("owner"), Region):
        changes["is_example"] = owner.invented
    if Concern.objects.filter(pk=concern.pk, state=ConcernState.DRAFT).update(**changes) == 0:
        raise Conflict(_("Das Anliegen ist inzwischen geöffnet und lässt sich nicht mehr ändern."))
    concern.refresh_from_db()
    renew_opening(concern=concern)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.change_concern",
        obj=concern,
        fields=sorted(changes),
    )
    return concern


@audited
def open_concern(*, actor: "User", concern: Concern, mandate: Mandate) -> Concern | Draft:
    """Let statements and votes in. Raises ``Conflict`` if the deadline has passed or it was opened.

    Where its owner wants four eyes and the mandate releases nothing, a draft asks for the opening.
    """
    now = timezone.now()
    if concern.deadline <= now:
        raise Conflict(
            _("Die Frist liegt in der Vergangenheit. Bitte setzen Sie zuerst eine neue.")
        )
    if needs_release(actor, mandate):
        owner, _created = Participant.objects.get_or_create(
            concern=concern, region=concern.owner, defaults={"voices": Voices.OFFICIAL}
        )
        return draft_opening(actor=actor, concern=concern, owner=owner, mandate=mandate)
    # First the drafts, then what they are about: so does who releases them.
    concern.drafts.current().update(
        state=DraftState.RELEASED, decided_by=actor, decided_mandate=mandate, decided_at=now
    )
    advance(
        concern=concern,
        since=ConcernState.DRAFT,
        to=ConcernState.OPEN,
        deed="forum.open_concern",
        actor=actor,
        mandate=mandate,
        conflict=_("Das Anliegen ist schon geöffnet."),
        reason=_why_opened(concern),
        changes={"opened_at": now},
        deadline=concern.deadline.isoformat(),
    )
    choose_ministry(concern=concern)
    if mandate.organisation.four_eyes:
        # Who opens it has its first statements before her, and stands behind them from now on.
        concern.statements.filter(author__region=concern.owner).update(level=VoiceLevel.of(mandate))
    return concern


def _why_opened(concern: Concern) -> str:
    """What opening it is for, in the language in which reasons are kept."""
    with override(settings.LANGUAGE_CODE):
        day = date_format(timezone.localtime(concern.deadline))
        return _("Zur Abstimmung gestellt bis %(day)s.") % {"day": day}


@audited
def close_concern(
    *, actor: "User | None", concern: Concern, reason: str, mandate: Mandate | None = None
) -> Concern:
    """End the voting, so that the joint position can be written; without ``actor``, because the
    deadline has passed.
    """
    now = timezone.now()
    advance(
        concern=concern,
        since=ConcernState.OPEN,
        to=ConcernState.POSITION,
        deed="forum.close_concern",
        actor=actor,
        mandate=mandate,
        conflict=_("Die Abstimmung ist schon beendet."),
        reason=reason,
        rule=None if actor else DEADLINE,
        changes={"closed_early_at": now if now < concern.deadline else None},
    )
    # The final result is computed from the votes alone; see services.results.
    for result in concern.results.all():
        request_result(concern=concern, voices=Voices(result.voices))
    return concern
