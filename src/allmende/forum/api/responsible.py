"""Who works on a concern: the ministry that answers, the person in charge there, the rapporteurs."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field, StringConstraints

from allmende.accounts.models import Scope
from allmende.portal.api import ApiRequest, Problem, Schema, Text, guarded
from allmende.portal.api.guards import PersonRequest
from allmende.registry.api import OrganisationShort, organisation_short
from allmende.registry.models import Organisation

from .. import queries, services
from ..models import Concern
from .concerns import ConcernOut, as_it_is
from .way import Slug

router = Router(tags=[gettext_noop("Zuständigkeit")])


class MinistryIn(Schema):
    """Which ministry answers, and why."""

    ministry: Slug = Field(description=gettext_noop("Kurzname des Ministeriums"))
    reason: Annotated[Text, StringConstraints(min_length=1, max_length=1_000)] = Field(
        description=gettext_noop("Steht auf Dauer im öffentlichen Verlauf: bitte ohne Namen")
    )


class OfficialOut(Schema):
    """Somebody who may be in charge of a concern."""

    person: int
    name: str
    office: str
    is_in_charge: bool


class OfficialIn(Schema):
    """Who is in charge of a concern."""

    person: int | None = Field(None, ge=1, le=10**15, description=gettext_noop("Fehlt: Sie selbst"))
    seen: int | None = Field(
        None,
        ge=1,
        le=10**15,
        description=gettext_noop("Wer es war, als Sie nachsahen; null: niemand"),
    )


@router.put(
    "/concerns/{slug}/ministry",
    response=ConcernOut,
    summary=gettext_noop("Das zuständige Ministerium bestimmen"),
)
@guarded("forum.set_ministry", queries.get_concern, scope=Scope.VOTE)
def set_ministry(request: PersonRequest, concern: Concern, data: MinistryIn) -> dict[str, Any]:
    """Bis das Anliegen dort ist. Wer für das Ministerium spricht, gibt es damit an ein anderes ab."""
    user = request.user
    ministry = queries.ministries(is_example=concern.is_example).filter(slug=data.ministry).first()
    if ministry is None:
        raise Problem(
            422,
            _("Dieses Ministerium gibt es hier nicht."),
            errors=[{"field": "ministry", "detail": _("Kein Ministerium heißt so.")}],
        )
    handing_over = queries.receiving_mandate(user, concern)
    if handing_over is not None:
        services.hand_over_concern(
            actor=user,
            mandate=handing_over,
            concern=concern,
            ministry=ministry,
            reason=data.reason,
        )
    else:
        services.set_ministry(
            actor=user,
            mandate=queries.rapporteur_mandate(user, concern),
            concern=concern,
            ministry=ministry,
            reason=data.reason,
        )
    return as_it_is(request, concern)


@router.get(
    "/concerns/{slug}/officials",
    response=list[OfficialOut],
    summary=gettext_noop("Wer zuständig sein kann"),
)
@guarded("forum.assign_official", queries.get_concern)
def list_officials(request: ApiRequest, concern: Concern) -> list[dict[str, Any]]:
    """Nur für das zuständige Ministerium: seine Leute, und wer von ihnen zuständig ist."""
    return _officials(concern)


def _officials(concern: Concern) -> list[dict[str, Any]]:
    return [
        {
            "person": mandate.user_id,
            "name": str(mandate.user),
            "office": mandate.office_name,
            "is_in_charge": mandate.user_id == concern.official_id,
        }
        for mandate in queries.officials_of(_ministry(concern))
    ]


@router.put(
    "/concerns/{slug}/official",
    response=list[OfficialOut],
    summary=gettext_noop("Übernehmen oder zuweisen"),
)
@guarded("forum.assign_official", queries.get_concern, scope=Scope.VOTE)
def assign_official(
    request: PersonRequest, concern: Concern, data: OfficialIn
) -> list[dict[str, Any]]:
    """War jemand anderes schneller, kommt 409."""
    ministry = _ministry(concern)
    people = {mandate.user_id: mandate.user for mandate in queries.officials_of(ministry)}
    chosen = people.get(data.person or request.user.pk)
    if chosen is None:
        raise Problem(
            422,
            _("Diese Person hat dort kein Mandat. Bitte wählen Sie jemand anderes."),
            errors=[{"field": "person", "detail": _("Diese Person ist nicht dort.")}],
        )
    mandate = queries.receiving_mandate(request.user, concern)
    assert mandate is not None  # noqa: S101  the rule has asked for it
    services.assign_official(
        actor=request.user, mandate=mandate, concern=concern, official=chosen, seen=data.seen
    )
    return _officials(concern)


def _ministry(concern: Concern) -> Organisation:
    if concern.ministry is None:  # the rule has been asked
        raise Http404
    return concern.ministry


def _concern(slug: str, organisation: str) -> Concern:
    """What an address is about in which an organisation stands, too."""
    return queries.get_position(slug)


@router.get(
    "/concerns/{slug}/rapporteurs",
    response=list[OrganisationShort],
    summary=gettext_noop("Wer die Position mitschreibt"),
)
@guarded("forum.view_concern", queries.get_concern)
def list_rapporteurs(request: ApiRequest, concern: Concern) -> list[dict[str, Any]]:
    """Außer der Kommune, die das Anliegen eingebracht hat: sie schreibt immer mit."""
    return _rapporteurs(concern)


def _rapporteurs(concern: Concern) -> list[dict[str, Any]]:
    chosen = concern.rapporteurs.select_related("region").order_by("name", "pk")
    return [organisation_short(organisation) for organisation in chosen]


@router.put(
    "/concerns/{slug}/rapporteurs/{organisation}",
    response=list[OrganisationShort],
    summary=gettext_noop("Jemanden in die Berichterstattung aufnehmen"),
)
@guarded("forum.choose_rapporteurs", _concern, scope=Scope.VOTE)
def add_rapporteur(request: PersonRequest, concern: Concern) -> list[dict[str, Any]]:
    """Kommunen, Landkreise, Verbände; danach schreiben deren Leute mit."""
    organisation = _named(request, queries.possible_rapporteurs(concern, ""))
    services.add_rapporteur(
        actor=request.user,
        mandate=queries.mandate_for(request.user, concern.owner_id, *queries.VOTES),
        concern=concern,
        organisation=organisation,
    )
    return _rapporteurs(concern)


@router.delete(
    "/concerns/{slug}/rapporteurs/{organisation}",
    response=list[OrganisationShort],
    summary=gettext_noop("Jemanden aus der Berichterstattung nehmen"),
)
@guarded("forum.choose_rapporteurs", _concern, scope=Scope.VOTE)
def remove_rapporteur(request: PersonRequest, concern: Concern) -> list[dict[str, Any]]:
    """Was dort geschrieben wurde, bleibt."""
    organisation = _named(request, concern.rapporteurs.all())
    services.remove_rapporteur(
        actor=request.user,
        mandate=queries.mandate_for(request.user, concern.owner_id, *queries.VOTES),
        concern=concern,
        organisation=organisation,
    )
    return _rapporteurs(concern)


def _named(request: PersonRequest, among: QuerySet[Organisation]) -> Organisation:
    """The organisation in the address. Raises ``Problem`` where it is none of these."""
    match = request.resolver_match
    organisation = among.filter(slug=match.kwargs["organisation"] if match else "").first()
    if organisation is None:
        raise Problem(
            409, _("Diese Auswahl gilt nicht (mehr). Bitte sehen Sie nach, wer mitschreibt.")
        )
    return organisation
