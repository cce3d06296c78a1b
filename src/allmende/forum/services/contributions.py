"""Contributions: written, changed for a quarter of an hour, taken back while nobody has answered."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.portal.models import Upload
from allmende.portal.services import keep_upload as keep
from allmende.portal.services import remove_upload
from allmende.registry.models import Mandate, Organisation

from ..models import NOT_DISCUSSED, Attachment, Concern, Contribution, Statement
from ..queries import has_answers
from .contribution_notices import tell_of_answer, tell_of_mentions
from .errors import Conflict, Overtaken

if TYPE_CHECKING:
    from allmende.accounts.models import User
    from allmende.portal.uploads import CheckedFile

HOUR = timedelta(hours=1)
# So much of one person fits into an hour: whoever writes more writes for nobody to read.
MOST_AN_HOUR = 20
MOST_FILES_AN_HOUR = 60
# The same words again within this time are a button that was pressed twice.
TWICE = timedelta(minutes=5)


def keep_file(*, actor: "User", file: "CheckedFile") -> Upload:
    """Keep a file that somebody wants to attach; what she does not attach goes after a day.

    Raises ``Conflict`` if she has sent too many within the hour.
    """
    sent = Upload.objects.filter(uploaded_by=actor, uploaded_at__gte=timezone.now() - HOUR)
    if sent.count() >= MOST_FILES_AN_HOUR:
        raise Conflict(
            _(
                "Sie haben in der letzten Stunde sehr viele Dateien gesendet. "
                "Bitte versuchen Sie es später noch einmal."
            )
        )
    return keep(actor=actor, file=file)


@audited
def add_contribution(
    *,
    actor: "User",
    mandate: Mandate | None,
    concern: Concern,
    text: str,
    statement: Statement | None = None,
    parent: Contribution | None = None,
    mentions: Collection[Organisation] = (),
    uploads: Collection[Upload] = (),
) -> Contribution:
    """Say something, or answer somebody; tells those in the thread and those who are mentioned.

    An answer to an answer stands in the same thread. The same words sent twice are one contribution.

    Raises
    ------
    Conflict
        If the concern is closed, if what is answered was removed, or if the actor has written too much
        within an hour.
    """
    assert_discussed(concern)
    now = timezone.now()
    first = (
        Contribution.objects.filter(pk=parent.parent_id or parent.pk).first() if parent else None
    )
    if parent and (
        first is None or not Contribution.objects.current().filter(pk=parent.pk).exists()
    ):
        raise Conflict(
            _(
                "Der Beitrag, auf den Sie antworten, steht nicht mehr da. Ihr Text ist nicht verloren."
            )
        )
    said = {
        "concern": concern,
        "statement": first.statement if first else statement,
        "parent": first,
        "author": actor,
        "organisation": mandate.organisation if mandate else None,
        "text": text,
    }
    if same := Contribution.objects.filter(**said, written_at__gte=now - TWICE).first():
        return same
    _assert_not_too_many(
        list(
            Contribution.objects.filter(author=actor, written_at__gte=now - HOUR)
            .order_by("written_at")
            .values_list("written_at", flat=True)
        )
    )
    contribution = Contribution.objects.create(**said, mandate=mandate, written_at=now)
    _attach(contribution, uploads)
    contribution.mentions.set(mentions)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.add_contribution",
        obj=contribution,
        concern=concern.slug,
        parent=first.pk if first else None,
    )
    if first is not None:
        tell_of_answer(contribution, first)
    tell_of_mentions(contribution)
    return contribution


@audited
def change_contribution(
    *,
    actor: "User",
    contribution: Contribution,
    seen: str,
    text: str,
    mentions: Collection[Organisation] = (),
    uploads: Collection[Upload] = (),
) -> Contribution:
    """Write a contribution anew, of which the actor had the edition ``seen`` before her.

    Raises ``Overtaken`` if it was changed since, in another window, and ``Conflict`` if its fifteen
    minutes are over or it does not stand there any more.
    """
    assert_discussed(contribution.concern)
    now_there = Contribution.objects.current().filter(pk=contribution.pk).first()
    if now_there is None:
        raise Conflict(_("Dieser Beitrag steht nicht mehr da und lässt sich nicht mehr ändern."))
    if not now_there.is_fresh:
        raise Conflict(
            _(
                "Die 15 Minuten, in denen Sie diesen Beitrag ändern können, sind vorbei. Ergänzen können "
                "Sie ihn mit einer Antwort."
            )
        )
    if now_there.edition != seen:
        raise Overtaken(
            _(
                "Dieser Beitrag wurde inzwischen in einem anderen Fenster geändert. Was Sie geschrieben "
                "haben, steht noch hier. Vergleichen Sie beides und speichern Sie dann noch einmal."
            ),
            there=now_there,
        )
    now_there.text, now_there.edited_at = text, timezone.now()
    now_there.save(update_fields=["text", "edited_at"])
    for attachment in now_there.attachments.exclude(upload__in=uploads).select_related("upload"):
        attachment.delete()
        remove_upload(upload=attachment.upload)
    _attach(now_there, uploads)
    now_there.mentions.set(mentions)
    record(
        actor=actor,
        mandate=now_there.mandate,
        deed="forum.change_contribution",
        obj=now_there,
        concern=contribution.concern.slug,
    )
    tell_of_mentions(now_there)
    return now_there


@audited
def take_back_contribution(*, actor: "User", contribution: Contribution) -> None:
    """Delete a contribution with its files. Raises ``Conflict`` once somebody has answered."""
    assert_discussed(contribution.concern)
    there = Contribution.objects.current().filter(pk=contribution.pk).first()
    if there is None:
        raise Conflict(_("Dieser Beitrag steht nicht mehr da."))
    if has_answers(there):
        raise Conflict(
            _(
                "Auf diesen Beitrag hat inzwischen jemand geantwortet. Darum bleibt er stehen. "
                "Ergänzen können Sie ihn mit einer Antwort."
            )
        )
    record(
        actor=actor,
        mandate=there.mandate,
        deed="forum.take_back_contribution",
        obj=there,
        concern=contribution.concern.slug,
    )
    delete_files([there.pk])
    there.delete()


def delete_files(contributions: Collection[int]) -> None:
    """Delete the files of contributions; call it within a transaction."""
    for attachment in Attachment.objects.filter(contribution__in=contributions).select_related(
        "upload"
    ):
        attachment.delete()
        remove_upload(upload=attachment.upload)


def _attach(contribution: Contribution, uploads: Collection[Upload]) -> None:
    taken = set(Attachment.objects.filter(upload__in=uploads).values_list("upload", flat=True))
    Attachment.objects.bulk_create(
        Attachment(contribution=contribution, upload=upload)
        for upload in uploads
        if upload.pk not in taken
    )


def assert_discussed(concern: Concern) -> None:
    """Raises ``Conflict`` once a concern is closed."""
    concern.refresh_from_db(fields=["state"])
    if concern.state in NOT_DISCUSSED:
        raise Conflict(
            _(
                "Dieses Anliegen ist abgeschlossen und wird nicht mehr diskutiert. Lesen bleibt möglich."
            )
        )


def _assert_not_too_many(written: list[datetime]) -> None:
    """Raises ``Conflict`` where as many as may be written in an hour were written, oldest first."""
    if len(written) < MOST_AN_HOUR:
        return
    again = timezone.localtime(written[-MOST_AN_HOUR] + HOUR).strftime("%H:%M")
    raise Conflict(
        _(
            "Sie haben in der letzten Stunde %(most)s Beiträge geschrieben. Ab %(again)s Uhr geht es "
            "weiter. Ihr Text steht noch hier."
        )
        % {"most": MOST_AN_HOUR, "again": again}
    )
