"""The rules of the Alliance: what a quorum is, how long an answer may take, who answers what."""

from typing import Any

from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field

from allmende.accounts.models import Scope
from allmende.portal.api import ApiRequest, Schema, Text, checked, guarded
from allmende.portal.api.guards import PersonRequest

from .. import queries, services
from ..forms import TermsForm
from .concerns import TopicKey
from .way import Slug

router = Router(tags=[gettext_noop("Regeln der Allianz")])

Count = Field(ge=1, le=20_000)


class TermsOut(Schema):
    """What the members have agreed on."""

    quorum_municipalities: int
    quorum_laender: int
    quorum_associations: int
    answer_weeks: int
    responsible: dict[str, str] = Field(
        description=gettext_noop("Themenfeld → Kurzname des Ministeriums")
    )
    edition: str = Field(description=gettext_noop("Bei Änderungen mitschicken"))


class TermsIn(Schema):
    """The same as it shall be; topics that are not named have no ministry."""

    quorum_municipalities: int = Count
    quorum_laender: int = Field(ge=1, le=16)
    quorum_associations: int = Count
    answer_weeks: int = Field(ge=1, le=104)
    responsible: dict[TopicKey, Slug] = Field(
        {}, description=gettext_noop("Themenfeld → Kurzname des Ministeriums")
    )
    edition: Text = Field(description=gettext_noop("Wie gelesen"))


def _terms() -> dict[str, Any]:
    agreed = queries.terms()
    return {
        "quorum_municipalities": agreed.quorum_municipalities,
        "quorum_laender": agreed.quorum_laender,
        "quorum_associations": agreed.quorum_associations,
        "answer_weeks": agreed.answer_weeks,
        "responsible": {
            topic: ministry.slug for topic, ministry in queries.responsible_now().items()
        },
        "edition": queries.edition_of_terms(),
    }


@router.get("/terms", response=TermsOut, summary=gettext_noop("Die Regeln der Allianz"))
@guarded()
def show_terms(request: ApiRequest) -> dict[str, Any]:
    """Wie viele mitzeichnen müssen, wie lange eine Antwort dauern darf, wer was beantwortet."""
    return _terms()


@router.put("/terms", response=TermsOut, summary=gettext_noop("Die Regeln ändern"))
@guarded("accounts.operate", scope=Scope.OPERATE)
def change_terms(request: PersonRequest, data: TermsIn) -> dict[str, Any]:
    """Gelten sofort, auch für laufende Anliegen; laufende Fristen bleiben."""
    given = data.dict()
    houses = {ministry.slug: ministry.pk for ministry in queries.ministries()}
    chosen = {topic: houses.get(slug, slug) for topic, slug in given.pop("responsible").items()}
    form = TermsForm(given | chosen, instance=queries.terms(), responsible={})
    checked(form)
    services.change_terms(
        actor=request.user, seen=data.edition, agreed=form.agreed, responsible=form.responsible
    )
    return _terms()
