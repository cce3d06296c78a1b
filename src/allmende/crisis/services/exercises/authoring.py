"""Writing scripts: drafts are made, changed line by line, and removed.

Each change reads the draft as it is by now, changes it, and keeps it only if it can still be read as a whole.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.formats.exercise_script import changes, network
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.faults import ScriptError
from allmende.formats.exercise_script.model import Script
from allmende.forum.services import Conflict, Overtaken
from allmende.registry.models import Mandate, Organisation

from ...models import ScriptDraft, ScriptFile
from ...queries.joining import as_protected
from .sent_files import FileAlong, SentFile, bytes_kept, bytes_of, check_together, uploads_of

if TYPE_CHECKING:
    from allmende.accounts.models import User

# As many as somebody finds her way in; a file of ours has 100 KB.
MOST_DRAFTS = 200
# Pressed twice is once.
AT_ONCE = timedelta(seconds=30)
HEAD = ("name", "summary", "duration_minutes", "starts_at", "speed", "seed", "begins_hours")


@audited
def add_draft(
    *,
    actor: "User | None",
    mandate: Mandate | None,
    host: Organisation,
    script: Script,
    files: Iterable[FileAlong] = (),
) -> ScriptDraft:
    """Begin a draft with a script, and the files that go with it. The very same again within half a minute is one.

    Raises ``Conflict`` if the host has very many, or the script is too large.
    """
    document, files = document_of(as_protected(script)), list(files)
    check_together(document, bytes_of(files))
    there = ScriptDraft.objects.filter(host=host, removed_at=None)
    for recent in there.filter(changed_by=actor, created_at__gt=timezone.now() - AT_ONCE):
        if actor is not None and recent.script == document and _holds(recent, files):
            return recent
    if there.count() >= MOST_DRAFTS:
        raise Conflict(
            _(
                "Sie haben schon %(most)s Drehbücher. Löschen Sie zuerst eines, das niemand mehr braucht."
            )
            % {"most": MOST_DRAFTS}
        )
    draft = ScriptDraft.objects.create(
        host=host,
        title=script.name,
        script=document,
        changed_by=actor,
        is_example=host.is_example,
    )
    ScriptFile.objects.bulk_create(
        ScriptFile(draft=draft, name=name, upload_id=upload)
        for name, upload in uploads_of(actor, files)
    )
    record(actor=actor, mandate=mandate, deed="crisis.add_draft", obj=draft)
    return draft


def _holds(draft: ScriptDraft, files: Iterable[FileAlong]) -> bool:
    """Whether the files of a draft are these."""
    there = set(draft.files.values_list("name", "upload__sha256"))
    return there == {
        (each.name, each.file.sha256 if isinstance(each, SentFile) else each.upload.sha256)
        for each in files
    }


@audited
def remove_draft(*, actor: "User", mandate: Mandate | None, draft: ScriptDraft) -> None:
    """Remove a draft; for a while it can be put back. Twice is once."""
    there = ScriptDraft.objects.filter(pk=draft.pk, removed_at=None)
    if there.update(removed_at=timezone.now()):
        record(actor=actor, mandate=mandate, deed="crisis.remove_draft", obj=draft)


@audited
def restore_draft(*, actor: "User", mandate: Mandate | None, draft: ScriptDraft) -> None:
    """Undo ``remove_draft``. Twice is once."""
    there = ScriptDraft.objects.filter(pk=draft.pk, removed_at__isnull=False)
    if there.update(removed_at=None):
        record(actor=actor, mandate=mandate, deed="crisis.restore_draft", obj=draft)


def clear_drafts(before: datetime) -> int:
    """Clear what was removed before a day, for good."""
    return ScriptDraft.objects.filter(removed_at__lt=before).delete()[0]


@audited
def put_row(
    *,
    actor: "User",
    mandate: Mandate | None,
    draft: ScriptDraft,
    section: str,
    row: Mapping[str, Any],
    key: str = "",
    seen: str = "",
) -> None:
    """Add a row, or change the one with this key; who refers to it follows if it is called otherwise now.

    ``seen`` is what the row said when the page was shown (``changes.stand_of``). Raises ``Overtaken`` with
    the row that is there by now, None if it is gone; ``Conflict`` if the key is taken; ``FormatError`` if the
    script or its network could not be read with it.
    """
    there = take_draft(draft)
    document = deepcopy(there.script)
    present = changes.find_row(document, section, key) if key else None
    if key and changes.stand_of(present) != seen:
        raise overtaken(present)
    if present is None:
        key = ""
    same = changes.find_row(document, section, str(row[changes.key_field(section)]))
    if not key and same is not None and _like(same, section, row):
        return
    try:
        changes.put_row(document, section, dict(row), before=key)
    except KeyError as error:
        raise Conflict(
            _("Die Kennung „%(key)s“ gibt es schon. Bitte wählen Sie eine andere.")
            % {"key": error.args[0]}
        ) from error
    name = str(row[changes.key_field(section)])
    if section == network.SECTION:
        network.check_network(document)
    if section == "attachments" and key:
        there.files.filter(name=key).update(name=name)
    keep(actor, mandate, there, document, part=section, name=name)


def _like(same: Mapping[str, Any], section: str, row: Mapping[str, Any]) -> bool:
    """Whether a row says the same as one that is there, defaults left out."""
    if section == network.SECTION:
        alone: dict[str, Any] = {}
        network.put_facility(alone, dict(row))
        return network.find_facility(alone, str(row["key"])) == dict(same)
    bare: dict[str, Any] = {"format": "allmende-exercise/1", "name": "?", "duration_minutes": 1}
    try:
        found: list[Any] = document_of(script_of(bare | {section: [dict(row)]}))[section]
    except ScriptError:
        return False
    return bool(found[0] == dict(same))


@audited
def remove_row(
    *, actor: "User", mandate: Mandate | None, draft: ScriptDraft, section: str, key: str, seen: str
) -> None:
    """Take a row away. Gone already is done.

    Raises ``Overtaken`` if it says something else by now, ``FormatError`` if the network could not do without it.
    """
    there = take_draft(draft)
    document = deepcopy(there.script)
    present = changes.find_row(document, section, key)
    if present is None:
        return
    if changes.stand_of(present) != seen:
        raise overtaken(present)
    changes.remove_row(document, section, key)
    if section == network.SECTION:
        network.check_network(document)
    if section == "attachments":
        there.files.filter(name=key).delete()
    keep(actor, mandate, there, document, part=section, name=key)


@audited
def copy_row(
    *, actor: "User", mandate: Mandate | None, draft: ScriptDraft, section: str, key: str
) -> str:
    """Copy a row; returns the key of the copy. Raises ``Conflict`` if it is gone."""
    there = take_draft(draft)
    document = deepcopy(there.script)
    row = changes.find_row(document, section, key)
    if row is None:
        raise Conflict(gone())
    like = "" if section == "injects" and key.isdecimal() else key
    new = changes.free_key(document, section, like)
    copied = deepcopy(row) | {changes.key_field(section): new}
    if section == "injects":
        copied.pop("status", None)  # what was approved was the other
    changes.put_row(document, section, copied)
    keep(actor, mandate, there, document, part=section, name=new)
    return new


@audited
def switch_inject(
    *, actor: "User", mandate: Mandate | None, draft: ScriptDraft, key: str, enabled: bool
) -> None:
    """Let an inject come, or not; it stays in the script. Raises ``Conflict`` if it is gone."""
    there = take_draft(draft)
    document = deepcopy(there.script)
    row = changes.find_row(document, "injects", key)
    if row is None:
        raise Conflict(gone())
    row["enabled"] = enabled
    keep(actor, mandate, there, document, part="injects", name=key)


@audited
def shift_injects(
    *,
    actor: "User",
    mandate: Mandate | None,
    draft: ScriptDraft,
    minutes: int,
    strand: str | None,
    seen: int,
) -> int:
    """Move the injects of a strand (None: of all) by some minutes; says how many.

    ``seen`` is the revision that the page showed: pressed twice, it is one. Raises ``Conflict`` if the draft
    has changed since, or an inject would come at an impossible time.
    """
    there = take_draft(draft)
    if there.revision != seen:
        raise Conflict(
            _(
                "Das Drehbuch wurde inzwischen geändert. Sehen Sie nach, ob Sie noch verschieben wollen."
            )
        )
    document = deepcopy(there.script)
    try:
        count = changes.shift_injects(document, minutes, strand=strand)
    except ValueError as error:
        raise Conflict(str(error)) from error
    keep(actor, mandate, there, document, part="injects", name="", minutes=minutes)
    return count


@audited
def change_part(
    *,
    actor: "User",
    mandate: Mandate | None,
    draft: ScriptDraft,
    part: str,
    values: Mapping[str, Any],
    seen: str,
) -> None:
    """Change what stands in the script once: its head, what the simulation tells, its network.

    ``values`` holds fields of the script, None for one that falls away; ``seen`` is what they said when the
    page was shown. Raises ``Overtaken`` with what they say by now, ``ScriptError`` as ``put_row``.
    """
    there = take_draft(draft)
    present = {name: there.script[name] for name in values if name in there.script}
    if changes.stand_of(present) != seen:
        raise overtaken(present)
    document = {
        name: value
        for name, value in (deepcopy(there.script) | dict(values)).items()
        if value is not None
    }
    keep(actor, mandate, there, document, part=part, name="")


def take_draft(draft: ScriptDraft) -> ScriptDraft:
    """The draft as it is by now; nobody else changes it until the end of the transaction."""
    found = ScriptDraft.objects.select_for_update().filter(pk=draft.pk, removed_at=None).first()
    if found is None:
        raise Conflict(_("Dieses Drehbuch ist inzwischen gelöscht."))
    return found


def keep(
    actor: "User",
    mandate: Mandate | None,
    draft: ScriptDraft,
    document: Mapping[str, Any],
    *,
    part: str,
    **details: Any,
) -> None:
    """Keep a changed draft, if it can be read; who changes nothing leaves no trace."""
    script = as_protected(script_of(document))
    plain = document_of(script)
    if plain == draft.script:
        return
    size = bytes_kept(draft.files.all())
    check_together(plain, size, before=(draft.script, size))
    ScriptDraft.objects.filter(pk=draft.pk).update(
        script=plain,
        title=script.name,
        revision=F("revision") + 1,
        changed_at=timezone.now(),
        changed_by=actor,
    )
    record(
        actor=actor, mandate=mandate, deed="crisis.change_draft", obj=draft, part=part, **details
    )


def overtaken(there: Any) -> Overtaken:
    """Somebody else was quicker; ``there`` is what stands there by now."""
    if there is None:
        return Overtaken(
            _(
                "Jemand anderes hat diese Zeile inzwischen gelöscht. Ihre Angaben stehen noch hier; "
                "wenn Sie noch einmal speichern, wird daraus eine neue Zeile."
            )
        )
    return Overtaken(
        _(
            "Jemand anderes hat das inzwischen geändert. Ihre Angaben stehen noch hier: Vergleichen Sie sie "
            "mit dem, was jetzt gespeichert ist, und speichern Sie noch einmal."
        ),
        there=there,
    )


def gone() -> str:
    return _("Diese Zeile gibt es nicht mehr: Jemand anderes hat sie gelöscht oder umbenannt.")
