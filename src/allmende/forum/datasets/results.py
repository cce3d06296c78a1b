"""What the opinion map says of each statement, for each kind of voices."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from allmende.portal.open_data.model import Column, Dataset, Kind

from ..models import BEFORE_THE_END_OF_VOTING, Result, Voices
from ..results import cells
from ..results.figures import Estimate, StatementFigures, document_of, read_figures
from .public import of_public_concerns

Row = tuple[Any, ...]
# A document can be large.
FEW_DOCUMENTS = 50
HIDDEN = (None,) * 14


def results() -> Iterator[Row]:
    """Official results as they stand; personal ones only once voting has ended.

    Else whoever has the files of two days would have what one person said in between.
    """
    ended = Q(is_final=True) & ~Q(concern__state__in=BEFORE_THE_END_OF_VOTING)
    found = Result.objects.filter(
        of_public_concerns(), Q(voices=Voices.OFFICIAL) | ended, computed_at__isnull=False
    )
    rows = found.select_related("concern").defer("counts", "routing").order_by("pk")
    for result in rows.iterator(chunk_size=FEW_DOCUMENTS):
        if result.document:
            yield from _rows(result)


def _rows(result: Result) -> Iterator[Row]:
    """One row for each statement of a result."""
    figures = read_figures(document_of(result))
    if result.voices == Voices.PERSONAL and figures.voted < cells.FEWEST:
        return
    for each in figures.statements:
        yield (
            result.concern.slug,
            result.voices,
            each.number,
            *_counts_and_shares(each, is_personal=result.voices == Voices.PERSONAL),
            result.computed_at,
            result.is_final,
        )


def _counts_and_shares(each: StatementFigures, *, is_personal: bool) -> Row:
    if not is_personal:
        return each.agree, each.passed, each.disagree, each.total, *_shares(each)
    shown = cells.shown(each.agree, each.passed, each.disagree)
    # A share of a known total is a count.
    shares = _shares(each) if shown.is_whole else HIDDEN
    return shown.agree, shown.passed, shown.disagree, shown.total, *shares


def _shares(each: StatementFigures) -> Row:
    return (
        *_bounds(each.municipalities),
        *_bounds(each.municipalities_against),
        *_bounds(each.inhabitants),
        each.consensus,
        each.rejection,
        *_bounds(each.division),
    )


def _bounds(estimate: Estimate | None) -> Row:
    return (None,) * 3 if estimate is None else (estimate.value, estimate.low, estimate.high)


def _estimate(name: str, meaning: Any) -> tuple[Column, Column, Column]:
    """Three columns: a share and the interval in which it lies with 95 % probability."""
    return (
        Column(name, Kind.NUMBER, meaning),
        Column(f"{name}_low", Kind.NUMBER, _("ihre untere Grenze (95 %)")),
        Column(f"{name}_high", Kind.NUMBER, _("ihre obere Grenze (95 %)")),
    )


datasets_of_results = (
    Dataset(
        "ergebnisse",
        _("Ergebnisse je Aussage"),
        _(
            "Was die Meinungskarte zu jeder Aussage sagt, getrennt nach Kommunen und persönlichen Meinungen. "
            "Persönliche erscheinen erst nach dem Ende der Abstimmung; was weniger als fünf Menschen sagen, "
            "bleibt leer."
        ),
        (
            Column("concern", Kind.TEXT, _("Anliegen"), key=True, refers_to="anliegen.slug"),
            Column("voices", Kind.TEXT, _("Wessen Stimmen: official oder personal"), key=True),
            Column("statement", Kind.INTEGER, _("Aussage"), key=True),
            Column("agree", Kind.INTEGER, _("stimmen zu")),
            Column("passed", Kind.INTEGER, _("übergehen")),
            Column("disagree", Kind.INTEGER, _("lehnen ab")),
            Column("votes", Kind.INTEGER, _("Stimmen zusammen")),
            *_estimate("agree_share", _("Anteil der Zustimmung")),
            *_estimate("disagree_share", _("Anteil der Ablehnung")),
            *_estimate("inhabitants_share", _("Anteil der Zustimmung, nach Einwohnern gewichtet")),
            Column("consensus", Kind.NUMBER, _("Zustimmung, die überall sicher erreicht wird")),
            Column("rejection", Kind.NUMBER, _("Ablehnung, die überall sicher erreicht wird")),
            *_estimate("division", _("Wie sehr die Aussage trennt")),
            Column("computed_at", Kind.MOMENT, _("Stand der Stimmen")),
            Column("is_final", Kind.BOOLEAN, _("Nach dem Ende der Abstimmung berechnet")),
        ),
        results,
        keywords=("Kommunen", "Meinungskarte", "Konsens"),
    ),
)
