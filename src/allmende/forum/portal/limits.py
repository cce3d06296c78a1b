"""What a person's tasks in the forum leave out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.portal.offers import Limit, Link

from .. import queries
from ..models import Concern
from ..queries.sittings import MOST_WAITING
from ..queries.waiting import MOST_COMMITMENTS, MOST_CONCERNS, SOONEST
from . import pursuit_tasks, sittings, way_tasks

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from allmende.accounts.models import User


@dataclass(frozen=True)
class _Cut:
    """A list of which tasks show the first ``most``, what to say of that, and where all of them stand."""

    find: Callable[["User"], Sized]  # what tasks have asked for already: asked once a request
    most: int
    note: "StrOrPromise"
    label: "StrOrPromise"
    page: str
    query: str = ""


CUTS = (
    _Cut(
        queries.concerns_in_charge,
        MOST_CONCERNS,
        gettext_lazy(
            "Von den Anliegen, in denen Sie etwas zu prüfen, zu schreiben oder abzuschließen haben, stehen "
            "hier nur die %(count)s mit der frühesten Frist."
        ),
        gettext_lazy("Alle Anliegen"),
        "forum:concerns",
    ),
    _Cut(
        pursuit_tasks.waiting_answers,
        pursuit_tasks.MOST_TASKS,
        gettext_lazy(
            "Antworten stehen hier nur zu den %(count)s Anliegen, die zuerst fällig sind."
        ),
        gettext_lazy("Alles, was bei Ihrem Ministerium liegt"),
        "ministry:queue",
        "?stand=da",
    ),
    _Cut(
        way_tasks.unattended_concerns,
        way_tasks.MOST_TASKS,
        gettext_lazy(
            "Von den Anliegen, für die niemand zuständig ist, stehen hier nur die %(count)s dringendsten."
        ),
        gettext_lazy("Alle Anliegen ohne zuständige Person"),
        "ministry:queue",
        "?person=niemand",
    ),
    _Cut(
        way_tasks.concerns_without_ministry,
        way_tasks.MOST_TASKS,
        gettext_lazy(
            "Von den Anliegen ohne Ministerium stehen hier nur die %(count)s, deren Quorum zuerst erreicht war."
        ),
        gettext_lazy("Zuständige Ministerien festlegen"),
        "forum_desk:terms",
    ),
    _Cut(
        pursuit_tasks.near_commitments,
        MOST_COMMITMENTS,
        gettext_lazy("Von Ihren Zusagen stehen hier nur die %(count)s, die zuerst fällig sind."),
        gettext_lazy("Alle Zusagen"),
        "commitments:commitments",
    ),
    _Cut(
        queries.newest_settled,
        MOST_COMMITMENTS,
        gettext_lazy(
            "Zu bewerten sind hier nur die %(count)s Zusagen, deren Ergebnis zuletzt festgestellt wurde."
        ),
        gettext_lazy("Alle Zusagen"),
        "commitments:commitments",
    ),
    _Cut(
        sittings.invitations,
        MOST_WAITING,
        gettext_lazy(
            "Von Ihren Einladungen stehen hier nur die %(count)s, deren Sitzungen zuerst beginnen."
        ),
        gettext_lazy("Alle Sitzungen"),
        "sittings:sittings",
    ),
    _Cut(
        sittings.hosted,
        MOST_WAITING,
        gettext_lazy(
            "Von den Sitzungen, die Sie leiten, sind hier nur die %(count)s berücksichtigt, die zuerst beginnen."
        ),
        gettext_lazy("Alle Sitzungen"),
        "sittings:sittings",
    ),
)


def limits(user: "User") -> Iterator[Limit]:
    """Where a kind of task may have more than is looked for; asks nothing that tasks have not asked."""
    own = {region.invented for region in queries.municipalities_of(user, *queries.VOTES)}
    answered = {invented for _topic, invented in queries.topics_answered(user)}
    if votes_are_cut(queries.soonest_concerns(user, invented=own | answered)):
        note = _(
            "Fehlende Stimmen stehen hier nur zu den %(count)s offenen Anliegen, die zuerst enden."
        )
        open_ones = f"{reverse('forum:concerns')}?stand=offen&sortierung=frist"
        yield Limit(note % {"count": SOONEST}, Link(_("Alle offenen Anliegen"), open_ones))
    for cut in CUTS:
        if len(cut.find(user)) >= cut.most:
            there = Link(str(cut.label), f"{reverse(cut.page)}{cut.query}")
            yield Limit(cut.note % {"count": cut.most}, there)


def votes_are_cut(concerns: Iterable[Concern]) -> bool:
    """Whether of these ``soonest_concerns`` there may be more."""
    return SOONEST in Counter(concern.is_example for concern in concerns).values()
