"""The federal answer: drafted section by section in the ministry, published once."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import (
    Answer,
    Commitment,
    Concern,
    ConcernState,
    Disposition,
    SealedSection,
    SectionAnswer,
)
from ..queries import AnswerState, answer_state, position_to_answer
from .errors import Conflict, Overtaken
from .way import advance

if TYPE_CHECKING:
    from allmende.accounts.models import User


LONGEST_REASON = 1_000


def draft_of(concern: Concern) -> Answer:
    """The answer that is being worked on, made where there is none yet.

    Called within an audited service. Raises ``Conflict`` once it is published, or without a position.
    """
    if not Concern.objects.filter(pk=concern.pk, state=ConcernState.SENT).exists():
        raise Conflict(_("Die Antwort ist schon veröffentlicht und lässt sich nicht mehr ändern."))
    position = position_to_answer(concern)
    if position is None or concern.ministry_id is None:
        raise Conflict(
            _("Zu diesem Anliegen liegt keine Position vor, die beantwortet werden kann.")
        )
    answer, _is_new = Answer.objects.get_or_create(
        concern=concern, defaults={"position": position, "ministry_id": concern.ministry_id}
    )
    return answer


def overtaken(there: object) -> Overtaken:
    """What to say to whoever was a moment too late, and what stands there by now."""
    return Overtaken(
        _(
            "Jemand anderes hat das inzwischen geändert. Was Sie geschrieben haben, steht noch hier und "
            "ist nicht verloren. Vergleichen Sie beides und speichern Sie dann noch einmal."
        ),
        there=there,
    )


@audited
def answer_section(
    *,
    actor: "User",
    mandate: Mandate,
    section: SealedSection,
    disposition: Disposition,
    reason: str,
    seen: str,
) -> SectionAnswer:
    """Write down what becomes of a section; ``seen`` is the edition before, or empty for the first.

    Raises ``Overtaken`` if somebody else has changed it since, ``Conflict`` once it is published.
    """
    answer = draft_of(section.position.concern)
    there = SectionAnswer.objects.filter(section=section).select_related("changed_by").first()
    if (there.edition if there else "") != seen:
        raise overtaken(there)
    given, _is_new = SectionAnswer.objects.update_or_create(
        section=section,
        defaults={
            "answer": answer,
            "disposition": disposition,
            "reason": reason,
            "changed_at": timezone.now(),
            "changed_by": actor,
        },
    )
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.answer_section",
        obj=answer,
        section=section.number,
        disposition=str(disposition),
    )
    return given


@audited
def write_summary(
    *, actor: "User", mandate: Mandate, concern: Concern, summary: str, seen: str
) -> Answer:
    """Say the whole answer in a few sentences. Raises what ``answer_section`` raises."""
    answer = draft_of(concern)
    if answer.edition != seen:
        raise overtaken(answer)
    answer.summary = summary
    answer.save(update_fields=["summary"])
    record(actor=actor, mandate=mandate, deed="forum.summarise_answer", obj=answer)
    return answer


@audited
def publish_answer(*, actor: "User", mandate: Mandate, concern: Concern, seen: str) -> Answer:
    """Give the answer that the actor had before her in the edition ``seen``; commitments are pursued
    from now on.

    Raises ``Overtaken`` if somebody has changed it since, and ``Conflict`` if anything is missing or
    it was published already.
    """
    answer = draft_of(concern)
    state = answer_state(concern)
    _make_sure_that_nothing_is_missing(state)
    if state.edition != seen:
        raise Overtaken(
            _(
                "Jemand hat den Entwurf geändert, seit Sie ihn geöffnet haben. Unten steht der neue "
                "Stand. Bitte lesen Sie ihn, bevor Sie ihn veröffentlichen."
            )
        )
    now = timezone.now()
    advance(
        concern=concern,
        since=ConcernState.SENT,
        to=ConcernState.ANSWERED,
        deed="forum.publish_answer",
        actor=actor,
        mandate=mandate,
        conflict=_("Die Antwort ist schon veröffentlicht."),
        reason=_what_becomes_of_it(state),
        changes={"answered_at": now},
        dispositions={str(kind): count for kind, count in state.tally.items()},
        commitments=len(state.commitments),
    )
    answer.ministry_id = concern.ministry_id or answer.ministry_id
    answer.published_at, answer.published_by, answer.mandate = now, actor, mandate
    answer.save()
    # The draft may have come from another ministry; who answers is who promises.
    Commitment.objects.filter(answer__answer=answer).update(organisation=answer.ministry_id)
    if state.commitments:
        advance(
            concern=concern,
            since=ConcernState.ANSWERED,
            to=ConcernState.PURSUED,
            deed="forum.pursue_answer",
            actor=actor,
            mandate=mandate,
            conflict=_("Die Antwort ist schon veröffentlicht."),
            reason=_what_is_promised(state),
        )
    return answer


def _what_becomes_of_it(state: AnswerState) -> str:
    """How many sections are taken up and how many not, in the language in which reasons are kept."""
    with override(settings.LANGUAGE_CODE):
        told = (f"{kind.label}: {count}" for kind, count in state.tally.items())
        return f"{', '.join(told)}."


def _what_is_promised(state: AnswerState) -> str:
    """The commitments, as far as there is room."""
    with override(settings.LANGUAGE_CODE):
        said = _("Zugesagt: %(what)s") % {
            "what": "; ".join(each.what.rstrip(".") for each in state.commitments)
        }
    return Truncator(said).chars(LONGEST_REASON)


def _make_sure_that_nothing_is_missing(state: AnswerState) -> None:
    """Raise ``Conflict`` with what is still to be done."""
    if left := len(state.open):
        raise Conflict(
            ngettext(
                "Noch ein Abschnitt ist offen. Bitte beantworten Sie ihn zuerst.",
                "Noch %(count)s Abschnitte sind offen. Bitte beantworten Sie sie zuerst.",
                left,
            )
            % {"count": left}
        )
    if not state.is_complete:
        raise Conflict(_("Die Kurzfassung fehlt. Bitte schreiben Sie sie zuerst."))
    today = timezone.localdate()
    if any(commitment.due_on < today for commitment in state.commitments):
        raise Conflict(
            _(
                "Das Datum einer Zusage ist inzwischen vorbei. Bitte setzen Sie es neu, bevor Sie "
                "veröffentlichen."
            )
        )
