"""What the apps above offer to the frame: menu entry, tasks, what can be found, example data, and what they
know of a person.

The portal stands below every app and must not import them. Each app therefore says in its own
``portal.py`` what it offers, and the portal collects that from the installed apps.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import rules
from django.apps import apps
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .open_data.model import Dataset

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django_stubs_ext import StrOrPromise

    from allmende.accounts.models import User

    from .search.findable import Findable


@dataclass(frozen=True)
class MenuEntry:
    """One word in the main menu; with ``rule``, only for those whom it allows the page behind it."""

    label: "StrOrPromise"
    url_name: str
    order: int
    rule: str = ""


class TaskKind(TextChoices):
    """What a task asks of a person."""

    VOTE = "abstimmen", _("Abstimmen")
    RELEASE = "freigeben", _("Freigeben")
    ENDORSE = "mittragen", _("Mittragen oder Sondervotum")
    WRITE = "position", _("Gemeinsame Position schreiben")
    ANSWER = "antworten", _("Antworten")
    COMMITMENT = "zusagen", _("Zusagen")
    REVIEW = "pruefen", _("Prüfen und entscheiden")
    SITTING = "sitzungen", _("Sitzungen")
    EXERCISE = "uebungen", _("Übungen")
    DUTY = "pflichten", _("Pflichten und Störungen")
    ACCOUNT = "konto", _("Konto und Mandate")


@dataclass(frozen=True, order=True)
class Whose:
    """An organisation for which a person acts."""

    name: str
    key: str  # in addresses


@dataclass(frozen=True)
class Task:
    """Something that waits for a person's answer, for her start page."""

    title: str
    note: str
    url: str
    due: datetime | None
    kind: TaskKind
    whose: Whose | None = None  # nobody: it is her own affair, or the installation's

    @property
    def is_overdue(self) -> bool:
        return self.due is not None and self.due < timezone.now()


@dataclass(frozen=True)
class Link:
    """Where to read on."""

    label: str
    url: str


@dataclass(frozen=True)
class Limit:
    """What a person's tasks leave out, in a sentence, and where it is to be found."""

    note: str
    link: Link


@dataclass(frozen=True)
class Line:
    """One line of a block; ``due`` is shown as how much time is left, or that it is over."""

    title: str
    note: str
    url: str
    due: datetime | None = None


@dataclass(frozen=True)
class Block:
    """A part of a start page; ``note`` says what it rests on, ``empty`` stands where there are no lines."""

    title: str
    lines: tuple[Line, ...]
    empty: str
    note: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Hit:
    """Something found."""

    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Place:
    """A part of the country by whose key what was found can be narrowed."""

    name: str
    note: str
    key: str  # the first digits of the keys of all that lies in it; empty: all of Germany


@dataclass(frozen=True)
class DeskEntry:
    """One page of the operator's desk; ``waiting`` counts what there waits for a decision."""

    label: "StrOrPromise"
    note: "StrOrPromise"
    url_name: str
    order: int
    waiting: Callable[[], int] | None = None


@dataclass(frozen=True)
class AccountEntry:
    """One page about oneself, listed under „Ihr Konto“."""

    label: "StrOrPromise"
    note: "StrOrPromise"
    url_name: str
    order: int


@dataclass(frozen=True)
class PersonalData:
    """What one app knows of a person, for her own copy: rows with German column names."""

    title: str
    rows: list[dict[str, Any]]


def _none(_: datetime) -> int:
    return 0


@dataclass(frozen=True)
class Retention:
    """How long one kind of data is kept. ``clear(before)`` removes what is older, and says how much.

    ``allmende tick`` calls it once a day and logs it; docs/reference/retention.md lists all of them.
    Without ``period`` it is kept as long as the installation, or as the account of whom it is about, and
    ``clear`` is never called.
    """

    key: str  # app.kind, such as mail.message
    kind: "StrOrPromise"  # in words, for the page on data protection
    period: timedelta | None
    why: "StrOrPromise"  # what it is kept for, and why not longer
    clear: Callable[[datetime], int] = _none
    with_account: bool = False  # goes with it (``Offer.forget``)


def _nothing(*_: object) -> tuple[()]:
    return ()


def _no(*_: object) -> bool:
    return False


def _ignore(**_: object) -> None:
    return None


@dataclass(frozen=True)
class Offer:
    """All that one app offers; every part may be left out."""

    menu: tuple[MenuEntry, ...] = ()
    tasks: Callable[["User"], Iterable[Task]] = _nothing
    limits: Callable[["User"], Iterable[Limit]] = _nothing  # of these tasks
    # What else is on a person's start page, and on that of everybody.
    blocks: Callable[["User"], Iterable[Block]] = _nothing
    public_blocks: Callable[[], Iterable[Block]] = _nothing
    findable: tuple["Findable[Any]", ...] = ()
    # What a search can be narrowed by: places by name or key, topics and states by their words.
    places: Callable[[str], Iterable[Place]] = _nothing
    topics: Mapping[str, "StrOrPromise"] = field(default_factory=dict)
    states: Mapping[str, "StrOrPromise"] = field(default_factory=dict)
    tick: Callable[[], object] = _nothing
    deeds: Mapping[str, "StrOrPromise"] = field(
        default_factory=dict
    )  # app.verb_object → a sentence
    kinds: Mapping[str, "StrOrPromise"] = field(
        default_factory=dict
    )  # app.Model → a word, for the audit log
    knows: Callable[["User"], Iterable[int]] = _nothing  # the people whose names a person may know
    demo: Callable[[int], Iterable[str]] = _nothing  # seed → lines to print, such as sign-ins
    desk: tuple[DeskEntry, ...] = ()
    account: tuple[AccountEntry, ...] = ()
    notices: Mapping[str, "StrOrPromise"] = field(
        default_factory=dict
    )  # topic, app.word → its name
    needs_second_factor: Callable[["User"], bool] = _no
    personal_data: Callable[["User"], Iterable[PersonalData]] = _nothing
    # Removes what may go when a person deletes her account; says what stays and why, in German.
    forget: Callable[["User"], Iterable[str]] = _nothing
    retention: tuple[Retention, ...] = ()
    # The module of its part of the interface, with a ``router``; imported when addresses are built.
    api: str = ""
    # What its services raise, and which problem that is (``portal.api.Problem``).
    api_faults: Mapping[type[Exception], Callable[[Any], Any]] = field(default_factory=dict)
    datasets: tuple[Dataset, ...] = ()  # in the order in which they are to be read
    # The audit log, for deeds below it: ``record(actor=…, deed=…, obj=…, **details)``.
    record: Callable[..., object] = _ignore


@cache
def all_offers() -> tuple[Offer, ...]:
    """The offers of all installed apps, in the order of the settings."""
    return tuple(
        import_module(f"{config.name}.portal").offer
        for config in apps.get_app_configs()
        if config.name.startswith("allmende.") and find_spec(f"{config.name}.portal")
    )


def menu(user: "User | AnonymousUser") -> list[MenuEntry]:
    """The main menu of this person from left to right."""
    entries = (entry for offer in all_offers() for entry in offer.menu)
    may_see = (entry for entry in entries if not entry.rule or rules.has_perm(entry.rule, user))
    return sorted(may_see, key=lambda entry: entry.order)


def record(**deed: Any) -> None:
    """Write a deed of the frame into the audit log; call it in the transaction of the change."""
    for offer in all_offers():
        offer.record(**deed)


def desk() -> list[DeskEntry]:
    """The pages of the operator's desk in their order."""
    entries = (entry for offer in all_offers() for entry in offer.desk)
    return sorted(entries, key=lambda entry: entry.order)


def retention() -> list[Retention]:
    """Every kind of data whose period somebody names, app by app."""
    return [kind for offer in all_offers() for kind in offer.retention]


def datasets() -> dict[str, Dataset]:
    """Everything that is offered as open data, by name: what lies highest first."""
    return {each.name: each for offer in reversed(all_offers()) for each in offer.datasets}


def tasks_of(user: "User") -> list[Task]:
    """What needs this person's answer, most urgent first."""
    tasks = [task for offer in all_offers() for task in offer.tasks(user)]
    return sorted(tasks, key=lambda task: (task.due is None, task.due, task.title))


def limits_of(user: "User") -> list[Limit]:
    """What these tasks leave out."""
    return [limit for offer in all_offers() for limit in offer.limits(user)]


def blocks_of(user: "User") -> list[Block]:
    """What else is on this person's start page."""
    return [block for offer in all_offers() for block in offer.blocks(user)]


def public_blocks() -> list[Block]:
    """What is on the start page of everybody."""
    return [block for offer in all_offers() for block in offer.public_blocks()]


def places(words: str) -> list[Place]:
    """Parts of the country that a person may mean, most likely first."""
    return [place for offer in all_offers() for place in offer.places(words)]


def topics() -> dict[str, str]:
    """What things are about: key and words."""
    return {key: str(words) for offer in all_offers() for key, words in offer.topics.items()}


def states() -> dict[str, str]:
    """Where things stand: key and words."""
    return {key: str(words) for offer in all_offers() for key, words in offer.states.items()}
