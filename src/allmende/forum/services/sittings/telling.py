"""Telling people of sittings: invitations with a calendar file, and that the minutes are there.

Invitations are mails of their own, for a calendar has to learn of every change: no digest gathers
them. There may be thousands, so a worker makes them. Their keys name sitting, sequence and person: made
twice, they are one.
"""

from collections.abc import Iterable
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from allmende.formats.calendars import Address, Meeting, write_feed, write_invitation
from allmende.mail.models import Message
from allmende.mail.services import absolute, new_message, notify_many, queue_messages
from allmende.portal.languages import in_language_of

from ...models import Series, Sitting, SittingState
from ...queries.sittings import people_to_invite

if TYPE_CHECKING:
    from allmende.accounts.models import User

TOPIC = "forum.sitting"
AT_ONCE = 500


def tell_soon(sitting: Sitting) -> None:
    """Let a worker write to all who are invited, once the transaction has succeeded."""
    from ...tasks import invite

    invite.enqueue(sitting.pk)


def send_invitations(sitting_id: int) -> int:
    """Queue a mail for everybody who is invited: the invitation, its change or its end, by the state of
    the sitting now. Returns how many; those who have it already get no second one.
    """
    sitting = Sitting.objects.select_related("series__host").get(pk=sitting_id)
    if sitting.state not in {SittingState.INVITED, SittingState.CANCELLED}:
        return 0
    invited = sitting.attendances.select_related("organisation")
    people = people_to_invite(invited.values_list("organisation", flat=True))
    for attendance in invited.exclude(person=None):
        if attendance.person_id is not None:
            people.setdefault(attendance.person_id, [attendance.organisation.name])
    told = 0
    keys = sorted(people)
    for start in range(0, len(keys), AT_ONCE):
        users = get_user_model().objects.filter(pk__in=keys[start : start + AT_ONCE])
        messages = [_invitation(sitting, user, people[user.pk]) for user in users]
        queue_messages(messages)
        told += len(messages)
    return told


def invite_one(*, sitting: Sitting, person: "User", names: Iterable[str]) -> None:
    """Queue the invitation for one more person, unless she has it."""
    queue_messages([_invitation(sitting, person, list(names))])


def _invitation(sitting: Sitting, person: "User", names: list[str]) -> Message:
    """It is written in the language of whoever is invited, and so is what her calendar says."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    page = absolute(sitting.get_absolute_url())
    with in_language_of(person):
        return new_message(
            key=f"forum.sitting-{sitting.pk}-{sitting.sequence}-{person.pk}",
            to=person.email,
            subject=_subject(sitting),
            text=render_to_string(
                "forum/sittings/mail.txt",
                {"sitting": sitting, "person": person, "names": names, "page": page},
            ),
            calendar=write_invitation(
                meeting_of(sitting, inside=True),
                organiser=Address(name or sitting.series.host.name, address),
                guest=Address(person.name, person.email),
            ),
        )


def _subject(sitting: Sitting) -> str:
    begins = date_format(localtime(sitting.starts_at), "DATETIME_FORMAT")
    words = {"title": sitting.title, "begins": begins}
    if sitting.state == SittingState.CANCELLED:
        return _("Abgesagt: %(title)s am %(begins)s") % words
    if sitting.sequence:
        return _("Geändert: %(title)s am %(begins)s") % words
    return _("Einladung: %(title)s am %(begins)s") % words


def meeting_of(sitting: Sitting, *, inside: bool = False) -> Meeting:
    """A sitting for calendars; only members get to know where the video conference is."""
    place = sitting.place or (_("Videokonferenz") if sitting.link else "")
    page = absolute(sitting.get_absolute_url())
    said = [_("Tagesordnung und Antwort: %(page)s") % {"page": page}]
    if inside and sitting.link:
        said.append(_("Videokonferenz: %(link)s") % {"link": sitting.link})
    if sitting.cancel_reason:
        said.append(_("Abgesagt: %(reason)s") % {"reason": sitting.cancel_reason})
    return Meeting(
        uid=str(sitting.uid),
        sequence=sitting.sequence,
        title=sitting.title,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        changed_at=sitting.changed_at,
        place=place,
        description="\n".join(said),
        url=page,
        is_cancelled=sitting.state == SittingState.CANCELLED,
    )


def feed_of(series: Series) -> str:
    """What everybody may know of a series, for calendars that subscribe to it."""
    announced = series.sittings.exclude(invited_at=None).order_by("starts_at", "pk")
    return write_feed(series.name, map(meeting_of, announced))


def tell_of_minutes(sitting_id: int) -> None:
    """Tell the members' people that the minutes are there. Never call it in a transaction."""
    sitting = Sitting.objects.get(pk=sitting_id)
    invited = sitting.attendances.values_list("organisation", flat=True)
    notify_many(
        users=get_user_model().objects.filter(pk__in=list(people_to_invite(invited))),
        topic=TOPIC,
        key=f"{TOPIC}-minutes-{sitting.pk}",
        title=lambda: _("Das Protokoll liegt vor: %(title)s") % {"title": sitting.title},
        text=lambda: _("Was besprochen und was beschlossen wurde."),
        url=f"{sitting.get_absolute_url()}protokoll/",
    )
