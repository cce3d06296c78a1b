"""Computing results in the background: asked for by every vote, done at most once a minute.

A request sets ``Result.requested_at`` and puts a task into the queue; while it is set, further requests
do nothing. The task clears it *before* it reads the votes, so that a vote that comes while it runs asks
for the next recomputation, which begins a minute after this one began. Whoever clears it does the work:
if the same task runs twice, the second finds nothing to do. If a worker dies, ``repair_results`` finds a
beginning without an end, or a request that nobody took up, and asks again.
"""

import gzip
import json
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import metadata
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from allmende.portal.prepared import fetch
from allmende.portal.together import Sql, execute_together, insert_of

from ..models import Concern, Result, StatementState, Voices, Vote
from ..results.figures import document_of, read_figures
from ..results.queries import VotesRead, read_votes, texts_of

if TYPE_CHECKING:
    from allmende.algorithms.opinion.examination import Progress
    from allmende.algorithms.opinion.result import OpinionMap, PreviousMap
    from allmende.algorithms.opinion.votes import Votes
    from allmende.algorithms.opinion.weights import Strata

BETWEEN_BEGINNINGS = timedelta(minutes=1)
LOST_AFTER = timedelta(minutes=15)
COMPRESSION = 6
REQUEST_LOCK = 5_146_369  # and the concern
REQUESTED = (
    "SELECT id FROM forum_result WHERE concern_id = %s AND voices = %s AND requested_at IS NOT NULL"
)
REQUEST = (
    "ON CONFLICT (concern_id, voices) DO UPDATE SET requested_at = excluded.requested_at"
    " WHERE forum_result.requested_at IS NULL RETURNING id"
)

log = logging.getLogger(__name__)


@transaction.atomic(savepoint=False)
def request_result(*, concern: Concern, voices: Voices, after: Sequence[Sql] = ()) -> bool:
    """Ask for a result that knows the latest votes; call it in the transaction that changes them.

    ``after`` is what remains to be written there; it goes to the database together with the question whether
    somebody has asked already, as is nearly always so. Returns whether a task was put into the queue; False if
    one is waiting there already.
    """
    asked = (REQUESTED, [concern.pk, voices])
    _keep_requests(concern.pk)
    if execute_together(*after, asked):
        return False
    now = timezone.now()
    result = Result(concern=concern, voices=voices, requested_at=now)
    # Of two requests at the same moment exactly one changes the row.
    if not execute_together(insert_of([result], REQUEST)):
        return False
    _enqueue(result, now)
    return True


def _keep_requests(concern_id: int, *, alone: bool = False) -> None:
    """Until the transaction ends, nobody takes up a request for this concern; ``alone``: nobody looks either.

    Votes share this lock. Were it the row of the result, all who vote on a concern would wait for each other.
    """
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        fetch(f"SELECT {lock}({REQUEST_LOCK}, %s::integer)", [concern_id % 2**31])


def _enqueue(result: Result, now: datetime) -> None:
    from ..tasks import recompute

    # Of the concern as a whole: one task computes whatever kinds of voices have been asked for by then.
    of_concern = Result.objects.filter(concern=result.concern_id)
    begun = of_concern.aggregate(last=Max("started_at"))["last"]
    earliest = begun + BETWEEN_BEGINNINGS if begun else now
    recompute.using(run_after=max(now, earliest)).enqueue(result.concern_id)


def compute_result(*, concern_id: int, voices: Voices, progress: "Progress | None" = None) -> bool:
    """Compute a result that was requested; return whether there was anything to do.

    The votes are read after the request is cleared. A result of later votes is never replaced by one
    of earlier votes, even if that is finished later. If neither votes nor frame nor program have
    changed since, the stored document stays and only its date moves on.
    """
    started = timezone.now()
    results = Result.objects.filter(concern_id=concern_id, voices=voices)
    with transaction.atomic():
        _keep_requests(concern_id, alone=True)
        requested = results.filter(requested_at__isnull=False)
        taken = requested.update(requested_at=None, started_at=started)
    if not taken:
        return False
    result = results.select_related("concern").get()
    if _waits_for_more(result):
        results.update(started_at=F("computed_at"))
        return False
    _compute(result, started, progress)
    return True


def _waits_for_more(result: Result) -> bool:
    """Whether a new result would show how single persons voted who were promised anonymity.

    Two results a minute apart differ by whoever voted in between. Where voices are anonymous, a result
    is therefore renewed only for at least five of them together, when a statement in it was taken back,
    and at the end.
    """
    from ..results.cells import FEWEST

    concern = result.concern
    is_anonymous = result.voices == Voices.PERSONAL or concern.hides_voices
    if not is_anonymous or not result.document or concern.is_over:
        return False
    shown = [int(number) for number in result.routing["statements"]]
    accepted = concern.statements.filter(state=StatementState.ACCEPTED, pk__in=shown)
    if accepted.count() < len(shown):
        return False
    since = Vote.objects.filter(
        participant__concern=concern,
        participant__voices=result.voices,
        cast_at__gte=result.computed_at,
    )
    return since.values("participant").distinct().count() < FEWEST


def compute_now(*, concern: Concern, voices: Voices, progress: "Progress | None" = None) -> Result:
    """Compute a result at once, for imports and examples; a waiting request is thereby answered."""
    started = timezone.now()
    with transaction.atomic():
        _keep_requests(concern.pk, alone=True)
        result, _ = Result.objects.update_or_create(
            concern=concern, voices=voices, defaults={"requested_at": None, "started_at": started}
        )
    _compute(result, started, progress)
    result.refresh_from_db()
    return result


def _compute(result: Result, started: datetime, progress: "Progress | None" = None) -> None:
    # numpy and scipy take a while to import: not at Django's start.
    from allmende.algorithms.opinion.analysis import VERSION, analyse, input_hash

    clock = time.perf_counter()
    read = read_votes(result)
    digest = input_hash(read.votes, read.strata)
    newer = Result.objects.filter(pk=result.pk).filter(
        Q(computed_at__isnull=True) | Q(computed_at__lt=started)
    )
    # While votes come in, the map keeps its place from one to the next. In the end it is computed from
    # the votes alone, so that everybody who has them can compute it again.
    is_final = result.concern.is_over
    unchanged = (digest, VERSION, is_final) == (result.input_hash, result.version, result.is_final)
    if result.document and unchanged:
        newer.update(computed_at=started)
        return
    opinion = analyse(
        read.votes,
        strata=read.strata,
        seed=result.seed,
        previous=None if is_final else _previous_map(result),
        progress=progress,
    )
    document = gzip.compress(_document(result.concern, read, opinion), COMPRESSION, mtime=0)
    counts = gzip.compress(_counts(read.votes, read.strata), COMPRESSION, mtime=0)
    seconds = time.perf_counter() - clock
    newer.update(
        document=document,
        counts=counts,
        routing=_routing(opinion),
        input_hash=digest,
        version=opinion.version,
        is_final=is_final,
        computed_at=started,
        seconds=seconds,
    )
    log.info("result of concern %s (%s): %.1f s", result.concern_id, result.voices, seconds)


def _routing(opinion: "OpinionMap") -> dict[str, object]:
    """What ``next_statement`` needs of the map, small enough to be read at every vote."""
    shares = opinion.statements.municipalities.agree
    return {
        "spread": [float(width) for width in opinion.spread],
        "noise": float(opinion.noise),
        "statements": {
            str(number): [round(float(x), 4) for x in (share, *loading)]
            for number, share, loading in zip(
                opinion.statement_ids.tolist(), shares, opinion.loadings, strict=True
            )
        },
    }


def _document(concern: Concern, read: VotesRead, opinion: "OpinionMap") -> bytes:
    """The report of ``docs/reference/opinion-json.md``, without a word about who wrote a statement."""
    import numpy as np

    from allmende.algorithms.opinion.coordination import find_coordination
    from allmende.formats.opinion_report.build import Texts, report_of_map
    from allmende.formats.opinion_report.model import Source, write_json

    votes, texts = read.votes, texts_of(concern)
    cast = np.bincount(votes.rows, minlength=votes.shape[0])
    source = Source(
        name=concern.slug,
        sha256=opinion.input_hash,
        rows=len(votes.values),
        votes=len(votes.values),
        participants=votes.shape[0],
        statements=votes.shape[1],
        rejected=0,
        median_votes=float(np.median(cast)) if len(cast) else 0.0,
        topic=concern.question,
        description=concern.background,
        notice=concern.source,
        votes_sha256=opinion.input_hash,
    )
    report = report_of_map(
        opinion,
        source=source,
        texts=Texts({str(number): text for number, text in texts.items()}, {}),
        votes_cast=cast,
        software=_software(),
        coordination=find_coordination(read.own, times=read.times, groups=opinion.group),
    )
    return write_json(report).encode()


def _counts(votes: "Votes", strata: "Strata | None") -> bytes:
    """Agree, pass and disagree by statement in every cell of Land and size class; see ``figures``."""
    import numpy as np

    from allmende.algorithms.opinion.tallies import tally

    cells: dict[str, list[list[int]]] = {}
    if strata is not None and votes.shape[0]:
        keys = [f"{a}/{b}" for a, b in zip(strata.lands, strata.size_classes, strict=True)]
        names, codes = np.unique(keys, return_inverse=True)
        tallies = tally(votes, cells=codes, count=len(names))
        cells = dict(zip(names.tolist(), tallies.tolist(), strict=True))
    return json.dumps({"statements": votes.statements.tolist(), "cells": cells}).encode()


def _software() -> str:
    try:
        return f"allmende {metadata.version('allmende')}"
    except metadata.PackageNotFoundError:
        return "allmende, aus dem Quelltext"


def _previous_map(result: Result) -> "PreviousMap | None":
    """The map that readers have seen, so that the new one does not lie mirrored beside it."""
    import numpy as np

    from allmende.algorithms.opinion.result import PreviousMap

    if not result.document:
        return None
    figures = read_figures(document_of(result))
    return PreviousMap(
        participants=np.array(list(figures.places), dtype=np.str_),
        positions=np.array([place[:2] for place in figures.places.values()]).reshape(-1, 2),
        group_count=len(figures.groups),
    )


def repair_results() -> int:
    """Ask again for results that were lost with a worker or a queue; return how many.

    For the tick. A request that waits only because no worker runs is asked for again, too: the second
    task then finds nothing to do.
    """
    now = timezone.now()
    lost = now - LOST_AFTER
    waiting = Q(requested_at__lt=lost)
    died = Q(requested_at__isnull=True, started_at__lt=lost) & (
        Q(computed_at__isnull=True) | Q(computed_at__lt=F("started_at"))
    )
    repaired = 0
    for result in Result.objects.filter(waiting | died).defer("document"):
        with transaction.atomic():
            unchanged = Result.objects.filter(
                pk=result.pk, requested_at=result.requested_at, started_at=result.started_at
            )
            if unchanged.update(requested_at=now):
                _enqueue(result, now)
                repaired += 1
    return repaired
