"""How ministries answer, and whether they keep what they promise."""

from typing import Any

from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field

from allmende.portal.api import ApiRequest, Schema, guarded
from allmende.registry.api import OrganisationShort, organisation_short

from .. import queries

router = Router(tags=[gettext_noop("Ministerien")])


class MinistryOut(Schema):
    """The figures of one ministry; real ones and example data never stand in one."""

    ministry: OrganisationShort
    is_example: bool
    sent: int = Field(description=gettext_noop("Anliegen, die je zu ihm kamen"))
    waiting: int = Field(description=gettext_noop("davon noch nicht beantwortet"))
    overdue: int = Field(description=gettext_noop("davon nach der Frist"))
    answered: int
    median_days: float | None = Field(description=gettext_noop("Tage bis zur Antwort, Median"))
    share_in_time: float | None = Field(
        description=gettext_noop("Anteil der Antworten bis zum zuerst erbetenen Tag")
    )
    in_extended_time: int = Field(
        description=gettext_noop(
            "Antworten, die später kamen, aber innerhalb der verlängerten Frist"
        )
    )
    promised: int = Field(description=gettext_noop("Zusagen"))
    settled: int = Field(description=gettext_noop("davon festgestellt, was daraus wurde"))
    share_kept: float | None = Field(
        description=gettext_noop("davon eingehalten, in eigener Sicht")
    )
    judgements: int = Field(description=gettext_noop("Bewertungen von Kommunen und Verbänden"))
    share_kept_by_verdicts: float | None = Field(description=gettext_noop("davon: eingehalten"))


@router.get(
    "/ministries", response=list[MinistryOut], summary=gettext_noop("Ministerien in Zahlen")
)
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
            "in_extended_time": row.in_extended_time,
            "promised": row.promised,
            "settled": row.settled,
            "share_kept": row.share_kept,
            "judgements": row.judgements,
            "share_kept_by_verdicts": row.share_kept_by_verdicts,
        }
        for row in queries.figures_of_ministries()
    ]
