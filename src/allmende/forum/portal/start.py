"""What the forum has for a person's start page beside her tasks."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.portal.offers import Block, Line, Link, TaskKind
from allmende.registry.queries import home_keys, interests_of

from .. import queries
from ..models import Concern
from ..news import Item, news
from ..queries import MissingVotes
from ..scopes import MOST_KEYS, of_selection
from .limits import votes_are_cut
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_MISSING = 5
MOST_NEWS = 10
A_MONTH = timedelta(days=30)


def blocks(user: "User") -> Iterator[Block]:
    """Where votes of her municipalities are missing; what is new in her topics and regions."""
    rows = queries.missing_votes(user)
    if rows or queries.municipal_mandates(user, *queries.VOTES):
        yield _missing(rows)
    yield _news(user)


def _missing(rows: list[MissingVotes]) -> Block:
    """One line for each municipality, soonest end first: the single tasks stand elsewhere."""
    by_municipality: dict[int, list[MissingVotes]] = defaultdict(list)
    for row in rows:
        if row.left:
            by_municipality[row.mandate.organisation_id].append(row)
    municipalities = sorted(by_municipality.values(), key=lambda found: found[0].concern.deadline)
    empty = (
        _("In den geprüften Anliegen haben alle Ihre Gemeinden vollständig abgestimmt.")
        if rows
        else _("Gerade ist kein Anliegen offen, in dem Sie abstimmen dürfen.")
    )
    votes = _tasks_page(art=TaskKind.VOTE)
    return Block(
        title=_("Wo die Stimme Ihrer Gemeinde fehlt"),
        lines=tuple(map(_missing_line, municipalities[:MOST_MISSING])),
        empty=empty,
        note=_looked_at({row.concern.pk: row.concern for row in rows}.values()),
        links=(Link(_("Alle fehlenden Stimmen"), votes),) if municipalities else (),
    )


def _looked_at(concerns: Collection[Concern]) -> str:
    """Where votes were looked for: everywhere, or only where voting ends first."""
    if not concerns:
        return ""
    if votes_are_cut(concerns):
        said = _(
            "Geprüft sind die %(count)s offenen Anliegen, in denen Sie abstimmen dürfen und die zuerst enden."
        )
    else:
        said = ngettext(
            "Geprüft ist ein offenes Anliegen: das einzige, in dem Sie abstimmen dürfen.",
            "Geprüft sind alle %(count)s offenen Anliegen, in denen Sie abstimmen dürfen.",
            len(concerns),
        )
    return said % {"count": len(concerns)}


def _missing_line(found: list[MissingVotes]) -> Line:
    """All that one municipality has not voted on; the rows come soonest end first."""
    untouched = sum(not row.done for row in found)
    begun = [row for row in found if row.done]
    parts = []
    if untouched:
        parts.append(
            ngettext(
                "noch keine Stimme in %(count)s Anliegen",
                "noch keine Stimme in %(count)s Anliegen",
                untouched,
            )
            % {"count": untouched}
        )
    if begun:
        parts.append(
            ngettext(
                "begonnen in %(count)s Anliegen (%(done)s von %(total)s Aussagen)",
                "begonnen in %(count)s Anliegen (%(done)s von %(total)s Aussagen)",
                len(begun),
            )
            % {
                "count": len(begun),
                "done": sum(row.done for row in begun),
                "total": sum(row.total for row in begun),
            }
        )
    organisation = found[0].mandate.organisation
    return Line(
        title=organisation.name,
        note=marked(found[0].concern, " · ".join(parts)),
        url=_tasks_page(art=TaskKind.VOTE, fuer=organisation.slug),
        due=found[0].concern.deadline,
    )


def _tasks_page(**chosen: str) -> str:
    return f"{reverse('tasks')}?{urlencode({name: str(value) for name, value in chosen.items()})}"


def _news(user: "User") -> Block:
    """What happened within a month in her topics and regions, and in those of her mandates."""
    chosen = interests_of(user)
    keys = dict.fromkeys([*(region.ars for region in chosen.regions), *home_keys(user)])
    choose = Link(_("Themen und Regionen wählen"), reverse("registry:interests"))
    title = _("Neu in Ihren Themen und Ihrer Region")
    if not keys and not chosen.topics:
        empty = _("Wählen Sie Themen und Regionen, und hier steht, was dort Neues geschieht.")
        return Block(title, (), empty, links=(choose,))
    scope = of_selection(chosen.topics, keys)
    found = news(scope, since=timezone.now() - A_MONTH, most=MOST_NEWS)
    feed = f"{reverse('feeds:selection_atom')}?{urlsplit(scope.page).query}"
    return Block(
        title=title,
        lines=tuple(map(_news_line, found)),
        empty=_("In den letzten 30 Tagen ist dort nichts geschehen."),
        note=" ".join(_what_they_are(bool(found), len(keys))),
        links=(
            Link(_("Alles Neue"), scope.page),
            Link(_("Als Feed abonnieren"), feed),
            choose,
        ),
    )


def _what_they_are(found: bool, regions: int) -> Iterator[str]:
    if found:
        yield _("Aus den letzten 30 Tagen, das Neueste zuerst.")
    if regions > MOST_KEYS:
        yield _("Berücksichtigt sind %(most)s Ihrer %(count)s Regionen.") % {
            "most": MOST_KEYS,
            "count": regions,
        }


def _news_line(item: Item) -> Line:
    return Line(
        title=item.title,
        note=marked(item, f"{day(item.at)} · {item.office}"),
        url=item.url,
    )


def day(at: datetime) -> str:
    """A day in the words of the reader's language."""
    return date_format(timezone.localtime(at), "DATE_FORMAT")
