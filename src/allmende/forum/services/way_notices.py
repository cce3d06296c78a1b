"""Telling people how a concern gets on: its ministry at once, all who took part in their digest.

Steps are told by the tick: there may be thousands of people to tell. What the answer says is told by
whoever publishes it, and that a concern was opened by ``notices``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.accounts.models import User
from allmende.mail.services import notify, notify_many
from allmende.registry.models import Mandate, Organisation, OrganisationKind

from ..models import Concern, ConcernState, Extension, Step
from ..queries import ME, followers_of, officials_of
from .notices import IS_NEWS_FOR, is_done

WAY, MINISTRY = "forum.way", "forum.ministry"
SOME = 3  # questions that a notice about many names
TOLD = (ConcernState.POSITION, ConcernState.SENT, ConcernState.CLOSED)


def tell_ministry(concern: Concern) -> None:
    """Tell the ministry's people what comes to them, or what they have to answer until when."""
    if concern.ministry is None or concern.hides_voices:
        return
    stage = "sent" if concern.state == ConcernState.SENT else "quorum"
    notify(
        users=_people_of_ministry(concern),
        topic=MINISTRY,
        key=f"{MINISTRY}-{stage}-{concern.pk}-{concern.ministry_id}",
        title=lambda: _what_comes(concern),
        text=lambda: _what_to_do(concern) + _mark(concern),
        url=concern.get_absolute_url(),
    )


def _what_comes(concern: Concern) -> str:
    if concern.state != ConcernState.SENT:
        return _("Kommt auf Sie zu: %(question)s") % {"question": concern.question}
    return _("Zu beantworten bis %(day)s: %(question)s") % {
        "day": _day(concern.answer_due),
        "question": concern.question,
    }


def _what_to_do(concern: Concern) -> str:
    if concern.state == ConcernState.SENT:
        return _("Die Position ist versiegelt und liegt Ihnen vor.")
    return _(
        "Das Quorum ist erreicht. Sobald die gemeinsame Position versiegelt ist, beginnt die Frist "
        "für Ihre Antwort. Bitte bestimmen Sie schon jetzt, wer zuständig ist."
    )


def _people_of_ministry(concern: Concern) -> Iterable[User]:
    assert concern.ministry is not None  # noqa: S101  the caller has looked
    mandates = officials_of(concern.ministry).order_by()
    return get_user_model().objects.filter(pk__in=mandates.values("user"))


def tell_of_handing_over(concern: Concern, *, before: Organisation, reason: str) -> None:
    """Tell both ministries, and the concern's owner, that another one answers from now on."""
    after = concern.ministry
    assert after is not None  # noqa: S101  it was just set
    mandates = Mandate.objects.current().filter(
        Q(organisation__in=(before, after)) | Q(organisation__region=concern.owner_id)
    )

    def text() -> str:
        said = _("Bisher war zuständig: %(before)s. Begründung: %(reason)s") % {
            "before": before,
            "reason": reason[:250],
        }
        if concern.answer_due:
            due = _("Die Antwort bleibt am %(day)s fällig.") % {"day": _day(concern.answer_due)}
            said = f"{said} {due}"
        return said + _mark(concern)

    notify(
        users=get_user_model().objects.filter(
            pk__in=mandates.order_by().values("user"), is_active=True
        ),
        topic=MINISTRY,
        key=f"{MINISTRY}-handed-{concern.pk}-{int(timezone.now().timestamp())}",
        title=lambda: (
            _("Abgegeben an %(ministry)s: %(question)s")
            % {"ministry": after, "question": concern.question}
        ),
        text=text,
        url=concern.get_absolute_url(),
    )


def tell_official(concern: Concern, *, number: int) -> None:
    """Tell whoever was put in charge by somebody else, with the entry of this number in the log."""
    if concern.official is None:
        return

    def text() -> str:
        if concern.answer_due is None:
            return _("Die Frist beginnt mit der versiegelten Position.") + _mark(concern)
        due = _("Die Antwort ist am %(day)s fällig.") % {"day": _day(concern.answer_due)}
        return due + _mark(concern)

    notify(
        users=[concern.official],
        topic=MINISTRY,
        key=f"{MINISTRY}-official-{concern.pk}-{number}",
        title=lambda: _("Sie sind jetzt zuständig: %(question)s") % {"question": concern.question},
        text=text,
        url=concern.get_absolute_url(),
    )


def tell_official_of_many(concerns: Sequence[Concern], *, official: User, number: int) -> None:
    """Tell whoever was put in charge of several concerns at once, the first with the entry of this number
    in the log; in one notice.
    """
    if len(concerns) == 1:
        tell_official(concerns[0], number=number)
        return
    notify(
        users=[official],
        topic=MINISTRY,
        key=f"{MINISTRY}-officials-{official.pk}-{number}",
        title=lambda: (
            _("Sie sind jetzt für %(count)s Anliegen zuständig") % {"count": len(concerns)}
        ),
        text=lambda: _some_questions(concerns),
        url=f"{reverse('ministry:queue')}?person={ME}",
    )


def tell_former_official(concerns: Sequence[Concern], *, official: User, number: int) -> None:
    """Tell whoever was put in charge of these that it was taken back, the first with the entry of this
    number in the log; in one notice.
    """
    alone = concerns[0] if len(concerns) == 1 else None

    def title() -> str:
        if alone:
            return _("Sie sind nicht mehr zuständig: %(question)s") % {"question": alone.question}
        return _("Sie sind für %(count)s Anliegen nicht mehr zuständig") % {"count": len(concerns)}

    def text() -> str:
        taken_back = _("Die Zuweisung wurde zurückgenommen.")
        return taken_back + (_mark(alone) if alone else f" {_some_questions(concerns)}")

    notify(
        users=[official] if official.is_active else [],
        topic=MINISTRY,
        key=f"{MINISTRY}-former-{official.pk}-{number}",
        title=title,
        text=text,
        url=alone.get_absolute_url() if alone else reverse("ministry:queue"),
    )


def _some_questions(concerns: Sequence[Concern]) -> str:
    questions = [
        _("„%(question)s“") % {"question": concern.question} for concern in concerns[:SOME]
    ]
    if len(concerns) > SOME:
        questions.append(_("und %(count)s weitere") % {"count": len(concerns) - SOME})
    mark = f" {_('Beispieldaten.')}" if all(each.is_example for each in concerns) else ""
    return f"{', '.join(questions)}.{mark}"


def tell_of_merging(concern: Concern, *, into: Concern, users: Iterable[User], reason: str) -> None:
    """Tell people of a concern that it goes on in another one; they are asked for before it does."""
    notify(
        users=users,
        topic=WAY,
        key=f"{WAY}-merged-{concern.pk}",
        title=lambda: _("Aufgegangen in „%(question)s“") % {"question": into.question},
        text=lambda: (
            _(
                "„%(question)s“ geht dort weiter, mit allen Aussagen, Stimmen und Mitzeichnungen. "
                "Begründung: %(reason)s"
            )
            % {"question": concern.question, "reason": reason[:200]}
            + _mark(concern)
        ),
        url=into.get_absolute_url(),
    )


def tell_followers_of_quorum(concern: Concern) -> None:
    """Tell the people of all who co-signed that they are enough."""
    signed = concern.supports.current().values("organisation")
    mandates = Mandate.objects.current().filter(
        Q(organisation__in=signed) | Q(organisation__region=concern.owner_id)
    )
    notify(
        users=get_user_model().objects.filter(
            pk__in=mandates.order_by().values("user"), is_active=True
        ),
        topic=WAY,
        key=f"{WAY}-quorum-{concern.pk}",
        title=lambda: _("Das Quorum ist erreicht: %(question)s") % {"question": concern.question},
        text=lambda: (
            _(
                "Genügend Kommunen oder ein kommunaler Verband haben mitgezeichnet. Sobald die gemeinsame "
                "Position versiegelt ist, geht das Anliegen an das zuständige Ministerium."
            )
            + _mark(concern)
        ),
        url=reverse("forum:supports", args=[concern.slug]),
    )


def tell_of_steps() -> None:
    """Tell the owner, those who co-signed and those who voted of the steps of the last two days."""
    since = timezone.now() - IS_NEWS_FOR
    steps = Step.objects.filter(at__gte=since, state__in=TOLD, concern__merged_into=None)
    for step in steps.select_related("concern__ministry", "mandate__organisation"):
        if step.concern.owner_id is not None and not is_done(f"{WAY}-{step.pk}"):
            _tell_followers(step)


def _tell_followers(step: Step) -> None:
    concern = step.concern
    notify_many(
        users=followers_of(concern),
        topic=WAY,
        key=f"{WAY}-{step.pk}",
        title=lambda: f"{step.get_state_display()}: {concern.question}",
        text=lambda: f"{_sentence(step)}{_mark(concern)}",
        url=concern.get_absolute_url(),
    )


def tell_of_extensions() -> None:
    """Tell who follows a concern that its answer comes later, and why; for the tick."""
    since = timezone.now() - IS_NEWS_FOR
    for extension in Extension.objects.filter(at__gte=since).select_related("concern__ministry"):
        if not is_done(f"{WAY}-extended-{extension.pk}"):
            _tell_of_extension(extension)


def _tell_of_extension(extension: Extension) -> None:
    concern = extension.concern
    notify_many(
        users=followers_of(concern),
        topic=WAY,
        key=f"{WAY}-extended-{extension.pk}",
        title=lambda: _("Die Antwort kommt später: %(question)s") % {"question": concern.question},
        text=lambda: (
            _("Fällig ist sie jetzt am %(after)s, bisher am %(before)s. Begründung: %(reason)s")
            % {
                "after": _day(extension.after),
                "before": _day(extension.before),
                "reason": extension.reason[:300],
            }
            + _mark(concern)
        ),
        url=concern.get_absolute_url(),
    )


def tell_ministries_late() -> None:
    """Tell ministries of what was still confidential when it reached its quorum; for the tick."""
    now = timezone.now()
    for concern in Concern.objects.filter(
        is_confidential=True,
        quorum_at__isnull=False,
        ministry__isnull=False,
        state__in=(ConcernState.OPEN, ConcernState.POSITION),
        deadline__range=(now - IS_NEWS_FOR, now),
    ).select_related("ministry"):
        tell_ministry(concern)


def office_in_a_sentence(mandate: Mandate) -> str:
    """Who acted: „Die Kommune Lindenfurt“; never a person's name."""
    kind = mandate.organisation.kind
    name = mandate.organisation.name
    if kind == OrganisationKind.MUNICIPALITY:
        return _("Die Kommune %(name)s") % {"name": name}
    return name


def _sentence(step: Step) -> str:
    concern = step.concern
    if step.state == ConcernState.SENT:
        return _("Es liegt jetzt bei %(ministry)s. Die Antwort ist am %(day)s fällig.") % {
            "ministry": concern.ministry or _("dem Ministerium"),
            "day": _day(concern.answer_due),
        }
    who = office_in_a_sentence(step.mandate) if step.mandate else ""
    if not who and step.actor_id is not None:
        who = _("Der Betrieb dieser Plattform")
    if step.state == ConcernState.POSITION:
        if not who:
            return _("Die Frist ist abgelaufen. Jetzt entsteht die gemeinsame Position.")
        return _(
            "%(who)s hat die Abstimmung beendet: %(reason)s Jetzt entsteht die gemeinsame Position."
        ) % {"who": who, "reason": step.reason[:200]}
    return _("%(who)s hat das Anliegen abgeschlossen: %(reason)s") % {
        "who": who or _("Der Betrieb dieser Plattform"),
        "reason": step.reason[:300],
    }


def _day(at: datetime | None) -> str:
    return date_format(timezone.localtime(at)) if at else ""


def _mark(concern: Concern) -> str:
    return f" {_('Beispieldaten.')}" if concern.is_example else ""
