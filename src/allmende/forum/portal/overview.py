"""What the forum has for the start page of everybody."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.portal.offers import Block, Line, Link
from allmende.portal.templatetags.portal import number

from ..models import Commitment, Concern
from ..queries import overview
from ..queries.overview import Talk
from .start import day
from .words import marked

MOST_TALKS = 5
MOST_COMMITMENTS = 3


def public_blocks() -> Iterator[Block]:
    """What is being discussed, what was promised, what is overdue: the most pressing of each."""
    counts = overview.public_counts()
    concerns, commitments = reverse("forum:concerns"), reverse("commitments:commitments")
    yield Block(
        title=_("Worüber gerade gesprochen wird"),
        lines=tuple(map(_talk_line, overview.talked_about(most=MOST_TALKS))),
        empty=_(
            "Gerade ist kein Anliegen offen. Kommunen bringen neue ein, sobald sie etwas bewegt."
        ),
        note=_(
            "Was zuerst endet, steht oben. Beteiligt ist, wer mindestens eine Stimme abgegeben hat."
        ),
        links=(
            Link(
                _("Alle offenen Anliegen (%(count)s)") % {"count": number(counts.open)},
                f"{concerns}?stand=offen&sortierung=frist",
            ),
            Link(_("Nach Beteiligung"), f"{concerns}?stand=offen&sortierung=kommunen"),
        ),
    )
    promised = [
        *overview.next_due(most=MOST_COMMITMENTS),
        *overview.last_settled(most=MOST_COMMITMENTS),
    ]
    yield Block(
        title=_("Was zugesagt ist"),
        lines=tuple(map(_commitment_line, promised)),
        empty=_(
            "Noch ist nichts zugesagt. Zusagen stehen in den Antworten der Ministerien und in den Protokollen "
            "von Sitzungen."
        ),
        note=_("Was als Nächstes fällig ist, dann, was zuletzt aus Zusagen wurde.")
        if promised
        else "",
        links=(
            Link(
                _("Alle Zusagen (%(count)s)") % {"count": number(counts.commitments)}, commitments
            ),
            Link(
                _("Wie die Ministerien antworten und einhalten"), reverse("commitments:ministries")
            ),
        ),
    )
    late = [
        *map(_answer_line, overview.longest_overdue_answers(most=MOST_COMMITMENTS)),
        *map(_commitment_line, overview.most_overdue(most=MOST_COMMITMENTS)),
    ]
    yield Block(
        title=_("Was überfällig ist"),
        lines=tuple(late),
        empty=_("Nichts: Alle Antworten und Zusagen sind in der Frist."),
        links=(
            Link(
                _("Überfällige Antworten (%(count)s)") % {"count": number(counts.answers_overdue)},
                f"{concerns}?stand=ueberfaellig",
            ),
            Link(
                _("Überfällige Zusagen (%(count)s)")
                % {"count": number(counts.commitments_overdue)},
                f"{commitments}?stand=ueberfaellig",
            ),
        )
        if late
        else (),
    )


def _talk_line(talk: Talk) -> Line:
    concern = talk.concern
    said = [concern.get_topic_display(), str(concern.owner or "")]
    if talk.municipalities:
        municipalities = ngettext("%(count)s Kommune", "%(count)s Kommunen", talk.municipalities)
        lands = ngettext("aus %(count)s Land", "aus %(count)s Ländern", talk.laender)
        said.append(
            f"{municipalities % {'count': number(talk.municipalities)}} {lands % {'count': talk.laender}}"
        )
    else:
        said.append(_("noch keine Stimme"))
    return Line(
        title=concern.question,
        note=marked(concern, " · ".join(part for part in said if part)),
        url=concern.get_absolute_url(),
        due=concern.deadline,
    )


def _commitment_line(commitment: Commitment) -> Line:
    until = _("bis %(day)s") % {"day": date_format(commitment.due_on, "DATE_FORMAT")}
    said = [str(commitment.organisation), until]
    if commitment.outcome:
        said.append(
            _("nach eigener Sicht: %(outcome)s")
            % {"outcome": commitment.get_outcome_display().lower()}
        )
    if commitment.verdicts_given:
        said.append(
            ngettext(
                "%(kept)s von %(given)s Bewertung von Kommunen und Verbänden: eingehalten",
                "%(kept)s von %(given)s Bewertungen von Kommunen und Verbänden: eingehalten",
                commitment.verdicts_given,
            )
            % {
                "kept": number(commitment.verdicts_kept),
                "given": number(commitment.verdicts_given),
            }
        )
    elif commitment.outcome:
        said.append(_("noch keine Bewertung von Kommunen oder Verbänden"))
    return Line(
        title=commitment.what,
        note=marked(commitment, " · ".join(said)),
        url=commitment.get_absolute_url(),
        due=None if commitment.outcome else commitment.ends_at,
    )


def _answer_line(concern: Concern) -> Line:
    assert concern.answer_due is not None  # noqa: S101  only such are overdue
    asked = _("Antwort erbeten bis %(day)s") % {"day": day(concern.answer_due)}
    return Line(
        title=concern.question,
        note=marked(concern, f"{concern.ministry or _('ohne Ministerium')} · {asked}"),
        url=concern.get_absolute_url(),
        due=concern.answer_due,
    )
