"""Downloads of personal results without small cells: what ``cells`` hides is null or left out."""

from collections.abc import Iterable
from typing import Any

from . import cells
from .figures import StatementFigures


def masked(each: StatementFigures) -> cells.Shown:
    """The counts of a statement that may be published."""
    return cells.shown(each.agree, each.passed, each.disagree)


def may_show_groups(each: StatementFigures) -> bool:
    """Whether what the groups say may be published: nobody can be counted from it, in a group or outside."""
    parts = [
        _counts(share.answers, share.agree.value, share.disagree.value) for share in each.groups
    ]
    return masked(each).is_whole and _may_be_divided(
        (each.agree, each.passed, each.disagree), parts
    )


def mask_document(document: dict[str, Any]) -> None:
    """Take small cells out of a document (docs/reference/opinion-json.md); its other parts stay.

    A statement that has some keeps its text; what would tell them is null or empty.
    """
    undivided = set()
    for each in document["statements"]:
        counts = each["counts"]
        whole = (counts["agree"], counts["passed"], counts["disagree"])
        shown = cells.shown(*whole)
        parts = [_counts(s["answers"], s["agree"], s["disagree"]) for s in each["groups"]]
        if not shown.is_whole or not _may_be_divided(whole, parts):
            each["groups"], each["differences"] = [], []
            undivided.add(each["id"])
        if not shown.is_whole:
            each["counts"] = {
                "agree": shown.agree,
                "passed": shown.passed,
                "disagree": shown.disagree,
            }
            for part in ("municipalities", "inhabitants", "consensus", "division"):
                each[part] = None
    for group in document["groups"]:
        group["typical"] = [t for t in group["typical"] if t["statement"] not in undivided]


def _counts(answers: int, agree: float, disagree: float) -> tuple[int, int, int]:
    """Counts of a part, from its shares."""
    agrees, disagrees = round(answers * agree), round(answers * disagree)
    return agrees, answers - agrees - disagrees, disagrees


def _may_be_divided(whole: tuple[int, ...], parts: Iterable[tuple[int, int, int]]) -> bool:
    """What is left of the whole are those without a group."""
    parts = list(parts)
    a, p, d = (total - sum(part[place] for part in parts) for place, total in enumerate(whole))
    return cells.may_be_divided([*parts, (a, p, d)])
