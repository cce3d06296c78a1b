"""The draft of the joint position: made from the result, then written section by section.

All services here wait for the audit chain, so nobody else changes the same draft at the same time;
what somebody saw on an older page is compared with what is there now.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate, Organisation

from ..models import Concern, ConcernState, Section, SectionVersion
from ..queries import newest_version
from ..results import queries as result_queries
from ..results.figures import StatementFigures
from ..results.reader import Reader
from ..results.statements import StatementLists
from .errors import Conflict, Overtaken

if TYPE_CHECKING:
    from allmende.accounts.models import User

# As many sections as somebody reads; what unites beyond that can be taken with a second click.
MOST_AT_ONCE = 10
LONGEST_TITLE = 90
# Stored with the versions, in German like what people write there.
FROM_THE_RESULT = gettext_noop("Aus dem Ergebnis übernommen")
RESTORED = gettext_noop("Version %d wiederhergestellt")


@audited
def draft_sections(*, actor: "User", mandate: Mandate | None, concern: Concern) -> list[Section]:
    """Make sections of the statements that unite and were not taken yet, the surest first.

    At most ten at once. Raises ``Conflict`` if there are none, or the concern has moved on.
    """
    _ensure_in_position(concern)
    reader = _reader_of(concern)
    found = _not_taken(concern, reader)[:MOST_AT_ONCE] if reader else []
    if reader is None or not found:
        raise Conflict(
            _("Im Ergebnis steht keine verbindende Aussage, die noch nicht im Entwurf ist.")
        )
    texts = result_queries.texts_of(concern)
    made = [
        _make_section(
            actor=actor,
            mandate=mandate,
            concern=concern,
            title=short_title(texts[each.number]),
            text=texts[each.number],
            note=FROM_THE_RESULT,
            statement_id=each.number,
            figures=_figures(each, reader),
        )
        for each in found
    ]
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.draft_sections",
        obj=concern,
        statements=[each.number for each in found],
    )
    return made


def statements_to_take(concern: Concern) -> int:
    """How many statements unite and are not in the draft yet."""
    reader = _reader_of(concern)
    return len(_not_taken(concern, reader)) if reader else 0


def _reader_of(concern: Concern) -> Reader | None:
    """The result as the public may see it; nothing where there is none, or so small that it names people."""
    voices = result_queries.kinds_of_voices(concern)[0]
    result = result_queries.get_result(concern=concern, voices=voices)
    if result is None or not result.is_there:
        return None
    reader = Reader(concern=concern, voices=voices, result=result, user=AnonymousUser())
    return None if reader.is_too_small else reader


def _not_taken(concern: Concern, reader: Reader) -> list[StatementFigures]:
    # What somebody took out was decided about: it is put back, not made again.
    taken = set(concern.sections.values_list("statement", flat=True))
    uniting = (choice.figures for choice in StatementLists(reader).uniting())
    return [each for each in uniting if each.number not in taken]


def _figures(each: StatementFigures, reader: Reader) -> dict[str, object]:
    """What the result says of a statement, in whole numbers: see docs/reference/position-json.md."""
    share, result = each.municipalities, reader.result
    assert result.computed_at is not None  # noqa: S101  for the type checker
    has_parts = reader.is_official or bool(reader.figures.groups)
    return {
        "agree": round(1000 * share.value),
        "low": round(1000 * share.low),
        "high": round(1000 * share.high),
        # Both are bounds of the same; beside each other, the floor of all parts never lies higher.
        "floor": int(1000 * min(each.consensus, share.low)) if has_parts else None,
        "votes": each.total,
        "participants": reader.figures.voted,
        "frame": reader.figures.whole,
        "official": reader.is_official,
        "computed_at": result.computed_at.isoformat(),
        "result": result.input_hash,
        "method": result.version,
    }


def short_title(text: str) -> str:
    """A statement as a heading: without its full stop, cut after a word where it is long.

    >>> short_title("Der Bund soll Schulungen bezahlen.")
    'Der Bund soll Schulungen bezahlen'
    """
    plain = " ".join(text.split()).rstrip(".")
    if len(plain) <= LONGEST_TITLE:
        return plain
    return plain[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;:–") + " …"


@audited
def add_section(
    *,
    actor: "User",
    mandate: Mandate | None,
    concern: Concern,
    title: str,
    text: str,
    note: str = "",
) -> Section:
    """Add a section that no statement stands behind, as the last one."""
    _ensure_in_position(concern)
    section = _make_section(
        actor=actor, mandate=mandate, concern=concern, title=title, text=text, note=note
    )
    record(
        actor=actor, mandate=mandate, deed="forum.add_section", obj=section, concern=concern.slug
    )
    return section


def _make_section(
    *,
    actor: "User",
    mandate: Mandate | None,
    concern: Concern,
    title: str,
    text: str,
    note: str,
    statement_id: int | None = None,
    figures: dict[str, object] | None = None,
) -> Section:
    last = concern.sections.current().aggregate(last=Max("place"))["last"] or 0
    section = Section.objects.create(
        concern=concern, place=last + 1, statement_id=statement_id, figures=figures or {}
    )
    _write(section, 1, actor=actor, mandate=mandate, title=title, text=text, note=note)
    return section


def _write(
    section: Section,
    number: int,
    *,
    actor: "User",
    mandate: Mandate | None,
    title: str,
    text: str,
    note: str,
) -> SectionVersion:
    return SectionVersion.objects.create(
        section=section,
        number=number,
        title=title,
        text=text,
        note=note,
        written_by=actor,
        mandate=mandate,
    )


@audited
def write_section(
    *,
    actor: "User",
    mandate: Mandate | None,
    section: Section,
    seen: int,
    title: str,
    text: str,
    note: str = "",
) -> SectionVersion:
    """Give a section a new version; the actor had version number ``seen`` before her.

    Raises ``Overtaken`` if there is a later one, and ``Conflict`` if the section was taken out, or
    nothing was changed.
    """
    _ensure_there(section)
    last = newest_version(section)
    if last.number != seen:
        raise Overtaken(
            _(
                "Jemand anderes hat den Abschnitt inzwischen geändert. Was Sie geschrieben haben, steht "
                "noch hier und ist nicht verloren. Vergleichen Sie beides und speichern Sie dann noch "
                "einmal."
            ),
            there=last,
        )
    if (last.title, last.text) == (title, text):
        raise Conflict(_("Sie haben nichts geändert. Es bleibt bei der letzten Version."))
    version = _write(
        section, last.number + 1, actor=actor, mandate=mandate, title=title, text=text, note=note
    )
    _record_about(
        section, actor=actor, mandate=mandate, deed="forum.write_section", version=version.number
    )
    return version


@audited
def restore_section(
    *, actor: "User", mandate: Mandate | None, section: Section, number: int
) -> SectionVersion:
    """Make the words of an earlier version the newest again. Raises ``Conflict`` if they are that."""
    _ensure_there(section)
    old = section.versions.get(number=number)
    last = section.versions.order_by("-number")[0]
    if (old.title, old.text) == (last.title, last.text):
        raise Conflict(_("Der Abschnitt hat schon diesen Wortlaut."))
    version = _write(
        section,
        last.number + 1,
        actor=actor,
        mandate=mandate,
        title=old.title,
        text=old.text,
        note=RESTORED % number,
    )
    _record_about(
        section, actor=actor, mandate=mandate, deed="forum.write_section", version=version.number
    )
    return version


@audited
def move_section(
    *, actor: "User", mandate: Mandate | None, section: Section, seen: int, up: bool
) -> None:
    """Let a section change places with its neighbour; it stood at ``seen`` on the actor's page.

    Raises ``Conflict`` if it stands somewhere else by now; nothing happens at either end.
    """
    _ensure_there(section)
    if section.place != seen:
        raise Conflict(_("Die Reihenfolge hat sich inzwischen geändert. Hier ist der neue Stand."))
    order = list(section.concern.sections.current())
    at = order.index(section)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(order):
        return
    order[at], order[other] = order[other], order[at]
    _number(order)
    _record_about(section, actor=actor, mandate=mandate, deed="forum.move_section", place=other + 1)


@audited
def remove_section(*, actor: "User", mandate: Mandate | None, section: Section) -> None:
    """Take a section out of the draft; it can be put back. Raises ``Conflict`` if it is out."""
    _ensure_there(section)
    Section.objects.filter(pk=section.pk).update(removed_at=timezone.now())
    _number(list(section.concern.sections.current()))
    _record_about(section, actor=actor, mandate=mandate, deed="forum.remove_section")


@audited
def put_back_section(*, actor: "User", mandate: Mandate | None, section: Section) -> None:
    """Put a section back to where it was taken from. Raises ``Conflict`` if it is there."""
    _ensure_in_position(section.concern)
    section.refresh_from_db()
    if section.removed_at is None:
        raise Conflict(_("Der Abschnitt steht schon wieder im Entwurf."))
    order = list(section.concern.sections.current())
    order.insert(section.place - 1, section)
    Section.objects.filter(pk=section.pk).update(removed_at=None)
    _number(order)
    _record_about(section, actor=actor, mandate=mandate, deed="forum.put_back_section")


def _number(order: list[Section]) -> None:
    """Number sections from one, in this order."""
    for place, section in enumerate(order, start=1):
        section.place = place
    Section.objects.bulk_update(order, ["place"])


def _ensure_in_position(concern: Concern) -> None:
    concern.refresh_from_db(fields=["state"])
    if concern.state != ConcernState.POSITION:
        raise Conflict(
            _("Die Position dieses Anliegens lässt sich nicht mehr ändern: %(state)s.")
            % {"state": concern.get_state_display()}
        )


def _ensure_there(section: Section) -> None:
    _ensure_in_position(section.concern)
    section.refresh_from_db()
    if section.removed_at is not None:
        raise Conflict(
            _("Dieser Abschnitt wurde inzwischen entfernt. Holen Sie ihn zuerst zurück.")
        )


def _record_about(
    section: Section, *, actor: "User", mandate: Mandate | None, deed: str, **details: Any
) -> None:
    record(
        actor=actor,
        mandate=mandate,
        deed=deed,
        obj=section,
        concern=section.concern.slug,
        **details,
    )


@audited
def add_rapporteur(
    *, actor: "User", mandate: Mandate | None, concern: Concern, organisation: Organisation
) -> None:
    """Let the people of an organisation write the position, too. Raises ``Conflict`` if they may."""
    if concern.rapporteurs.filter(pk=organisation.pk).exists():
        raise Conflict(_("Diese Organisation schreibt schon mit."))
    concern.rapporteurs.add(organisation)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.add_rapporteur",
        obj=concern,
        organisation=organisation.slug,
    )


@audited
def remove_rapporteur(
    *, actor: "User", mandate: Mandate | None, concern: Concern, organisation: Organisation
) -> None:
    """Let them write it no more; what they wrote stays. Raises ``Conflict`` if they do not."""
    if not concern.rapporteurs.filter(pk=organisation.pk).exists():
        raise Conflict(_("Diese Organisation schreibt nicht mehr mit."))
    concern.rapporteurs.remove(organisation)
    record(
        actor=actor,
        mandate=mandate,
        deed="forum.remove_rapporteur",
        obj=concern,
        organisation=organisation.slug,
    )
