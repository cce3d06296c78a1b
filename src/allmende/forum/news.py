"""What happens in a scope, newest first.

News is a change that the public may read: a concern came into a state, an answer was published or comes later, a
commitment was reported on, kept, not kept or is overdue, a sitting was called or its minutes are there. All but
sittings come in one query, whatever there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from operator import attrgetter
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Max, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.models import Entry
from allmende.portal.prepared import fetch
from allmende.registry.models import Office

from .models import (
    AgendaItem,
    Commitment,
    Concern,
    ConcernQuerySet,
    ConcernState,
    ItemState,
    Outcome,
    Sitting,
    SittingState,
)
from .queries import visible_concerns
from .queries.sittings import visible_sittings
from .scopes import Scope

MOST = 50
# What is older is no news.
A_YEAR = timedelta(days=366)
# Deeds that people want to hear of, and what they make of a sitting.
ANNOUNCED = ("forum.invite_members", "forum.change_sitting", "forum.cancel_sitting")
WRITTEN_UP = ("forum.close_minutes", "forum.add_addendum")


@dataclass(frozen=True)
class Item:
    """One piece of news; ``key`` is what its tag URI ends with."""

    key: str
    title: str
    text: str
    url: str
    at: datetime
    office: str
    topic: str = ""
    is_example: bool = False


DUE = "m.due_on"  # a day, where others have a moment
# What happened but sittings, in one round trip: of each kind, and the column that says when. ``there`` are the
# concerns of a scope, ``promised`` the public commitments that may belong to it. A moment is text, since a day has to stand beside it.
# The plus keeps SQLite from going through all concerns to look for extensions, of which there are few; ``promised``
# comes last since PostgreSQL keeps to the order of so many tables.
HAPPENED = {
    "s.at": """
    SELECT 'step', s.id, CAST(s.at AS text), s.state, c.question, c.slug, c.topic, m.office, o.name, s.reason,
        c.is_example
    FROM forum_step s JOIN there c ON c.id = s.concern_id
        LEFT JOIN registry_mandate m ON m.id = s.mandate_id
        LEFT JOIN registry_organisation o ON o.id = m.organisation_id
    WHERE s.at >= %s AND s.state <> 'draft' AND NOT (s.state = 'answered' AND EXISTS (
        SELECT 1 FROM forum_answer a WHERE a.concern_id = c.id AND a.published_at IS NOT NULL))""",
    "a.published_at": """
    SELECT 'answer', a.id, CAST(a.published_at AS text), '', c.question, c.slug, c.topic, '', o.name, a.summary,
        c.is_example
    FROM forum_answer a JOIN there c ON c.id = a.concern_id
        JOIN registry_organisation o ON o.id = a.ministry_id
    WHERE a.published_at >= %s""",
    "e.at": """
    SELECT 'extension', e.id, CAST(e.at AS text), CAST(e.after AS text), c.question, c.slug, c.topic, m.office, o.name,
        e.reason, c.is_example
    FROM forum_extension e JOIN there c ON c.id = +e.concern_id
        LEFT JOIN registry_mandate m ON m.id = e.mandate_id
        LEFT JOIN registry_organisation o ON o.id = m.organisation_id
    WHERE e.at >= %s""",
    "m.outcome_at": """
    SELECT 'outcome', m.id, CAST(m.outcome_at AS text), m.outcome, m.what, CAST(m.id AS text), c.topic, '', o.name,
        m.outcome_text, COALESCE(c.is_example, o.is_example)
    FROM forum_commitment m JOIN there c ON c.id = m.concern_id
        JOIN registry_organisation o ON o.id = m.organisation_id JOIN promised p ON p.id = m.id
    WHERE m.outcome <> '' AND m.outcome_at >= %s""",
    DUE: """
    SELECT 'overdue', m.id, CAST(m.due_on AS text), '', m.what, CAST(m.id AS text), c.topic, '', o.name, '',
        COALESCE(c.is_example, o.is_example)
    FROM forum_commitment m JOIN there c ON c.id = m.concern_id
        JOIN registry_organisation o ON o.id = m.organisation_id JOIN promised p ON p.id = m.id
    WHERE m.outcome = '' AND m.due_on >= %s AND m.due_on < %s""",
    "r.at": """
    SELECT 'report', r.id, CAST(r.at AS text), '', m.what, CAST(m.id AS text), c.topic, '', o.name, r.text,
        COALESCE(c.is_example, o.is_example)
    FROM forum_report r JOIN forum_commitment m ON m.id = r.commitment_id
        JOIN there c ON c.id = m.concern_id
        JOIN registry_organisation o ON o.id = m.organisation_id JOIN promised p ON p.id = m.id
    WHERE r.at >= %s""",
}


# Commitments of sittings may belong to no concern.
OF_CONCERN = "JOIN there c ON c.id = m.concern_id"


def _without_concern(rows: str) -> str:
    return (
        rows.replace(OF_CONCERN, f"LEFT {OF_CONCERN.replace('there', 'forum_concern')}")
        + " AND m.concern_id IS NULL"
    )


def news(scope: Scope, *, since: datetime | None = None, most: int = MOST) -> list[Item]:
    """What happened there last, newest first: since then, or within a year."""
    since = since or timezone.now() - A_YEAR
    found = chain(map(_item, _happened(scope, since, most)), _sittings(scope, since))
    return sorted(found, key=attrgetter("at", "key"), reverse=True)[:most]


def _public_concerns() -> ConcernQuerySet:
    return visible_concerns(AnonymousUser()).select_related(None).order_by()


def _happened(scope: Scope, since: datetime, most: int) -> list[tuple[Any, ...]]:
    """Rows as ``_item`` reads them, of all that happened but sittings."""
    public = Commitment.objects.public().filter(Q(concern__isnull=False) | scope.others)
    # Who co-signs is found once for all kinds of news; where the concern lies, concern by concern.
    signed, signers = _sql(scope.signed) if scope.supports else ("SELECT 0", ())
    co_signed = Q(pk__in=RawSQL("SELECT id FROM signed", ())) if scope.supports else Q(pk=None)
    within = Q() if scope.is_everything else scope.concerns | co_signed
    columns = ("pk", "slug", "question", "topic", "is_example")
    there, seen = _sql(_public_concerns().filter(within).values(*columns))
    promised, public_ones = _sql(public.order_by().values("pk"))
    moment = connection.ops.adapt_datetimefield_value(since)
    days = str(timezone.localdate(since)), str(timezone.localdate())
    kinds = [*HAPPENED.items()]
    if scope.has_others:
        kinds += [(at, _without_concern(rows)) for at, rows in kinds if OF_CONCERN in rows]
    # Each kind from its newest on, as far as is needed: most of what happened in a month is not read. Who is
    # newest of all, ``news`` finds out: a day that is over counts as the moment after it.
    newest = (
        f"SELECT * FROM ({rows} ORDER BY {at} DESC, 2 DESC LIMIT {most:d}) AS newest_{number}"  # noqa: S608
        for number, (at, rows) in enumerate(kinds)
    )
    sql = (
        f"WITH signed (id) AS MATERIALIZED ({signed}), "
        f"there (id, slug, question, topic, is_example) AS NOT MATERIALIZED ({there}), "
        f"promised (id) AS NOT MATERIALIZED ({promised}) "
        f"{' UNION ALL '.join(newest)}"
    )
    values = [value for at, _ in kinds for value in (days if at == DUE else (moment,))]
    # For most people the same but for its values: planning it takes PostgreSQL ten times as long as answering.
    return fetch(sql, [*signers, *seen, *public_ones, *values])


def _sql(queryset: "QuerySet[Any, Any]") -> tuple[str, tuple[Any, ...]]:
    """A queryset as SQL, to stand within SQL, and its values."""
    return queryset.query.sql_with_params()


def _item(row: tuple[Any, ...]) -> Item:
    kind, key, at, word, title, slug, topic, office, organisation, text, is_example = row
    at = _moment(at)
    address = (
        "forum:concern" if kind in ("step", "answer", "extension") else "commitments:commitment"
    )
    tag = f"{kind}/{key}"
    if kind == "step":
        title = f"{ConcernState(word).label}: {title}"
        organisation = _acting(office, organisation)
    elif kind == "extension":
        title = _("Frist verlängert: %s") % title
        days = {"day": f"{timezone.localdate(_moment(word)):%d.%m.%Y}", "reason": text}
        text = _("Die Antwort ist jetzt am %(day)s fällig. Begründung: %(reason)s") % days
        organisation = _acting(office, organisation)
    elif kind == "answer":
        title = _("Antwort: %s") % title
    elif kind == "report":
        title = _("Bericht zur Zusage: %s") % title
    elif kind == "outcome":
        title = f"{Outcome(word).label}: {title}"
        tag = f"commitment/{key}/outcome"
    else:
        # From the day after the one that was promised.
        promised = at.date()
        at = timezone.make_aware(datetime.combine(promised + timedelta(days=1), time.min))
        title = _("Überfällig: %s") % title
        text = _("Zugesagt bis %s.") % f"{promised:%d.%m.%Y}"
        tag = f"commitment/{key}/overdue/{promised:%Y%m%d}"
    return Item(
        key=tag,
        title=title,
        text=text,
        url=reverse(address, args=[slug]),
        at=at,
        office=organisation or "",
        topic=topic or "",
        is_example=bool(is_example),
    )


def _moment(text: str) -> datetime:
    """A moment as the database writes it; SQLite keeps UTC without saying so."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _acting(office: str, organisation: str) -> str:
    """In which office somebody acted, or that nobody did."""
    return f"{Office(office).label} · {organisation}" if office else _("Allmende")


def _sittings(scope: Scope, since: datetime) -> Iterator[Item]:
    """When something about a sitting was said last stands in the audit log."""
    deeds = Entry.objects.filter(
        object_kind="forum.Sitting", deed__in=(*ANNOUNCED, *WRITTEN_UP), at__gte=since
    )
    told = deeds.order_by().values_list("object_key", "deed").annotate(at=Max("at"))
    last: dict[tuple[str, bool], datetime] = {}
    for key, deed, at in told:
        event = key, deed in WRITTEN_UP
        last[event] = max(at, last.get(event, at))
    touched = _touched(scope, {int(key) for key, _ in last})
    sittings = visible_sittings(AnonymousUser()).in_bulk(list(touched))
    for (key, is_written_up), at in last.items():
        if sitting := sittings.get(int(key)):
            yield _of_sitting(sitting, at, is_written_up=is_written_up)


def _touched(scope: Scope, sittings: set[int]) -> set[int]:
    """Those of these sittings on whose agenda a concern of the scope stands."""
    if scope.is_everything or not sittings:
        return sittings
    items = AgendaItem.objects.filter(sitting__in=sittings, state=ItemState.ACCEPTED)
    public = items.filter(concern__in=_public_concerns().values("pk")).order_by()
    about = set(public.values_list("sitting", "concern"))
    keys = {concern for _, concern in about}
    signed = scope.signed.filter(concern__in=keys)
    there = Concern.objects.filter(scope.concerns | Q(pk__in=signed), pk__in=keys)
    chosen = set(there.values_list("pk", flat=True)) if keys else set()
    return {sitting for sitting, concern in about if concern in chosen}


def _of_sitting(sitting: Sitting, at: datetime, *, is_written_up: bool) -> Item:
    if is_written_up:
        title = _("Niederschrift: %s") % sitting.title
    elif sitting.state == SittingState.CANCELLED:
        title = _("Abgesagt: %s") % sitting.title
    else:
        title = _("Sitzung: %s") % sitting.title
    begins = timezone.localtime(sitting.starts_at)
    where = f", {sitting.place}" if sitting.place else ""
    return Item(
        key=f"sitting/{sitting.pk}/{'minutes' if is_written_up else 'date'}",
        title=title,
        text=_("%(day)s Uhr%(where)s") % {"day": f"{begins:%d.%m.%Y, %H:%M}", "where": where},
        url=sitting.get_absolute_url(),
        at=at,
        office=str(sitting.series.host),
        is_example=sitting.series.host.is_example,
    )
