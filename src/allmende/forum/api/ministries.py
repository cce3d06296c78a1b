"""How ministries answer, and whether they keep what they promise."""

from typing import Any

from ninja import Router
from pydantic import Field

from allmende.portal.api import ApiRequest, Schema, guarded
from allmende.registry.api import OrganisationShort, organisation_short

from .. import queries

router = Router(tags=["Ministerien"])


class MinistryOut(Schema):
    """The figures of one ministry; real ones and example data never stand in one."""

    ministry: OrganisationShort
    is_example: bool
    sent: int = Field(description="Anliegen, die je zu ihm kamen")
    waiting: int = Field(description="davon noch nicht beantwortet")
    overdue: int = Field(description="davon nach der Frist")
    answered: int
    median_days: float | None = Field(description="Tage bis zur Antwort, Median")
    share_in_time: float | None = Field(description="Anteil der Antworten innerhalb der Frist")
    promised: int = Field(description="Zusagen")
    settled: int = Field(description="davon festgestellt, was daraus wurde")
    share_kept: float | None = Field(description="davon eingehalten, in eigener Sicht")
    judgements: int = Field(description="Bewertungen von Kommunen und Verbänden")
    share_kept_by_verdicts: float | None = Field(description="davon: eingehalten")


@router.get("/ministries", response=list[MinistryOut], summary="Ministerien in Zahlen")
@guarded()
def list_ministries(request: ApiRequest) -> list[dict[str, Any]]:
    """Wie viele Anliegen, wie schnell die Antwort, was aus den Zusagen wurde; Stand jetzt."""
    return [
        {
            "ministry": organisation_short(row.ministry),
            "is_example": row.is_example,
            "sent": row.sent,
            "waiting": row.waiting,
            "overdue": row.overdue,
            "answered": row.answered,
            "median_days": row.median_days,
            "share_in_time": row.share_in_time,
            "promised": row.promised,
            "settled": row.settled,
            "share_kept": row.share_kept,
            "judgements": row.judgements,
            "share_kept_by_verdicts": row.share_kept_by_verdicts,
        }
        for row in queries.figures_of_ministries()
    ]
