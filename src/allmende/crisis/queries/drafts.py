"""Drafts of scripts: whose they are, and the parts that they consist of."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.formats.exercise_script import model
from allmende.formats.exercise_script.changes import find_row, uses
from allmende.formats.exercise_script.document import script_of
from allmende.formats.exercise_script.model import Script

from ..models import Exercise, ExerciseState, Part, PartKind, ScriptDraft
from .exercises import hosting_mandates

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from .exercises import Person


class Section(NamedTuple):
    """A kind of rows: ``slug`` in addresses, ``name`` in the document, and words for one and for many."""

    slug: str
    name: str
    kind: Any
    one: "StrOrPromise"
    many: "StrOrPromise"
    hint: "StrOrPromise"


SECTIONS = {
    section.slug: section
    for section in (
        Section("einlagen", "injects", model.Inject, _("Einlage"), _("Einlagen"), _("Was den Spielenden gesagt, geschrieben oder gezeigt wird, und wann.")),
        Section("rollen", "roles", model.Role, pgettext_lazy("in exercises", "Rolle"), _("Rollen"), _("Wer mitspielt; simulierte Rollen spricht die Übungsleitung.")),
        Section("teams", "teams", model.Team, _("Team"), _("Teams"), _("Rollen, die zusammengehören, meist der Stab einer Gemeinde.")),
        Section("ziele", "goals", model.Goal, _("Ziel"), _("Ziele"), _("Was geübt werden soll. Nach den Zielen wird ausgewertet.")),
        Section("faehigkeiten", "capabilities", model.Capability, _("Fähigkeit"), _("Fähigkeiten"), _("Was jemand können muss, um ein Ziel zu erreichen.")),
        Section("straenge", "strands", model.Strand, _("Strang"), _("Stränge"), _("Linien der Geschichte, etwa „Wasser“ oder „Medien“.")),
        Section("entscheidungen", "decisions", model.Decision, _("Entscheidung"), _("Entscheidungen"), _("Fragen, die eine Rolle beantwortet; was folgt, rechnet die Simulation.")),
        Section("aggregate", "units", model.Unit, _("Mobiles Mittel"), _("Mobile Mittel"), _("Notstromaggregate und anderes, das an einer Stelle hilft und dann an einer anderen fehlt.")),
        Section("artikel", "articles", model.Article, pgettext_lazy("of media", "Artikel"), pgettext_lazy("of media, many", "Artikel"), _("Was Zeitung, Radio und soziale Medien berichten.")),
        Section("leitfaeden", "phone_scripts", model.PhoneScript, _("Gesprächsleitfaden"), _("Gesprächsleitfäden"), _("Wie die Übungsleitung einen Anruf spielt.")),
        Section("anlagen", "attachments", model.Attachment, _("Anlage"), _("Anlagen"), _("Dateien, die mit Einlagen kommen.")),
        Section("einrichtungen", "facilities", model.Facility, _("Einrichtung"), _("Einrichtungen"), _("Das Netz der Übung: was ausfallen kann, wen es versorgt, und was es selbst braucht.")),
    )
}  # fmt: skip
# What of a scenario is in no sheet of a workbook, and only in JSON.
JSON_ONLY = {
    "hazards": _("Gefahren wie Wasser, Wind oder ein Angriff"),
    "interventions": _("Eingriffe, die von selbst kommen"),
    "first_come": _("wie die Reparaturtrupps wählen"),
}
# As many as are read before something is removed.
MOST_REFERRERS = 50
BY_NAME = {section.name: section for section in SECTIONS.values()}


def only_in_json(draft: ScriptDraft) -> list["StrOrPromise"]:
    """What of a script a workbook does not hold."""
    scenario = (draft.script.get("model") or {}).get("scenario")
    said = scenario if isinstance(scenario, dict) else {}
    return [words for name, words in JSON_ONLY.items() if said.get(name)]


def drafts_of(user: "Person") -> QuerySet[ScriptDraft]:
    """The drafts of a person's crisis staffs, the last changed first; without what they say."""
    found = ScriptDraft.objects.filter(host__in=list(hosting_mandates(user)), removed_at=None)
    return found.select_related("host").defer("script", "replaced")


def get_draft(number: int) -> ScriptDraft:
    """A draft that is not removed."""
    return ScriptDraft.objects.select_related("host").get(pk=number, removed_at=None)


def get_removed_draft(number: int) -> ScriptDraft:
    """A draft that was removed and can still be put back."""
    return ScriptDraft.objects.select_related("host").get(pk=number, removed_at__isnull=False)


def just_removed(user: "Person", number: str) -> ScriptDraft | None:
    """The removed draft that a page offers to put back, if it is a person's to write."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    hosts = list(hosting_mandates(user))
    found = ScriptDraft.objects.filter(host__in=hosts, removed_at__isnull=False)
    return found.defer("script", "replaced").filter(pk=int(number)).first()


def get_section(number: int, section: str) -> tuple[ScriptDraft, Section]:
    """A draft, and one kind of its rows."""
    if section not in SECTIONS:
        raise ScriptDraft.DoesNotExist
    return get_draft(number), SECTIONS[section]


def past_scripts_of(user: "Person") -> QuerySet[Exercise]:
    """Exercises whose script a person may take as a beginning: those of her crisis staffs that are over, for
    she might still play in the others, and those that she controls.
    """
    own = Part.objects.filter(user=user.pk, kind=PartKind.CONTROL).values("exercise")
    known = Q(state=ExerciseState.ENDED) | Q(pk__in=own)
    found = Exercise.objects.filter(known, host__in=list(hosting_mandates(user)))
    return found.select_related("host").defer("script")


def script_of_draft(draft: ScriptDraft) -> Script:
    """What a draft says; it can always be read, or it would not have been kept."""
    return script_of(draft.script)


class Referrer(NamedTuple):
    """A row that refers to another; without a section, ``part`` is what stands in the script once."""

    part: str
    section: Section | None
    key: str
    title: str


def referrers(draft: ScriptDraft, section: Section, key: str) -> tuple[list[Referrer], int]:
    """Who refers to a row, each once: the first of them, and how many more there are."""
    every = list(
        dict.fromkeys((use.section, use.key) for use in uses(draft.script, section.name, key))
    )
    found = []
    for part, name in every[:MOST_REFERRERS]:
        there = BY_NAME.get(part)
        row = find_row(draft.script, part, name) if there else None
        found.append(Referrer(part, there, name, title_of(row or {})))
    return found, len(every) - len(found)


def title_of(row: dict[str, Any]) -> str:
    """What people call a row."""
    for name in ("title", "headline", "question", "caller", "name", "key"):
        if row.get(name):
            return str(row[name])
    return ""


def long_words(minutes: int) -> str:
    """How long something lasts: „72 Stunden“, „1:30 Stunden“."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return ngettext("%(n)s Stunde", "%(n)s Stunden", hours) % {"n": hours}
    return gettext("%(hours)s:%(minutes)s Stunden") % {"hours": hours, "minutes": f"{rest:02}"}
