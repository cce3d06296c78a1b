"""Reading which ministry answers a concern, and who works there."""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from allmende.registry.models import Mandate, Organisation, OrganisationKind, OrganisationQuerySet
from allmende.registry.queries import mandates_with, people_of

from ..models import Ballot, Concern, ConcernQuerySet, ConcernState, Responsibility
from .answers import speaking_mandate
from .mandates import WRITES
from .supports import SUPPORTED_IN

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

ANSWERS = Q(may_contribute=True) | Q(may_vote=True) | Q(may_release=True)


def ministries(*, is_example: bool | None = None) -> OrganisationQuerySet:
    """The ministries of today by name: real or invented ones, or both."""
    found = Organisation.objects.current().filter(kind=OrganisationKind.MINISTRY)
    return found if is_example is None else found.filter(is_example=is_example)


def responsible_ministry(concern: Concern) -> Organisation | None:
    """Which ministry answers concerns of this topic; an invented one never answers a real concern."""
    return (
        ministries(is_example=concern.is_example)
        .filter(pk__in=Responsibility.objects.filter(topic=concern.topic).values("ministry"))
        .first()
    )


def officials_of(ministry: Organisation) -> QuerySet[Mandate]:
    """Who may work on answers there today."""
    return people_of(ministry).filter(ANSWERS, user__is_active=True)


def official_of(concern: Concern) -> "User | None":
    """Who is in charge of a concern, if that person still works in its ministry; in one query at most."""
    return official_in(concern.ministry, concern.official_id)


def official_in(ministry: Organisation | None, key: int | None) -> "User | None":
    """The person with this key, if she works in the ministry today."""
    if ministry is None or key is None:
        return None
    mandate = officials_of(ministry).filter(user=key).first()
    return mandate.user if mandate else None


def nobody_in_charge() -> Q:
    """Concerns without anybody in charge who works in their ministry today."""
    there = Mandate.objects.current().filter(
        ANSWERS,
        organisation=OuterRef("ministry"),
        user=OuterRef("official"),
        user__is_active=True,
    )
    return Q(~Exists(there))


def rapporteur_mandate(user: "Person", concern: Concern) -> Mandate | None:
    """The mandate in which a person works on the concern for its owner or another rapporteur."""
    mandates = [mandate for right in WRITES for mandate in mandates_with(right, user)]
    if not mandates:
        return None
    own = [m for m in mandates if m.organisation.region_id == concern.owner_id is not None]
    if own:
        return own[0]
    chosen = set(concern.rapporteurs.values_list("pk", flat=True))
    return next((mandate for mandate in mandates if mandate.organisation_id in chosen), None)


def receiving_mandate(user: "Person", concern: Concern) -> Mandate | None:
    """The mandate in which a person speaks for the ministry to which a concern comes or has come."""
    if concern.ministry is None or (concern.quorum_at is None and concern.sent_at is None):
        return None
    return speaking_mandate(user, concern.ministry)


def coming_to(ministries_: list[int]) -> ConcernQuerySet:
    """What has reached its quorum or was sent, has no answer yet, and may be seen there."""
    secret = Q(is_confidential=True, deadline__gt=timezone.now())
    return (
        Concern.objects.filter(
            ministry__in=ministries_,
            quorum_at__isnull=False,
            state__in=(*SUPPORTED_IN, ConcernState.SENT),
        )
        .exclude(secret)
        .select_related("ministry", "official")
        .order_by(F("answer_due").asc(nulls_last=True), "quorum_at", "pk")
    )


def without_ministry() -> ConcernQuerySet:
    """What has reached its quorum and has nobody to go to."""
    return Concern.objects.filter(
        quorum_at__isnull=False, ministry=None, state__in=SUPPORTED_IN
    ).order_by("quorum_at", "pk")


def followers_of(concern: Concern) -> "QuerySet[User]":
    """Who is told how a concern gets on: people of its owner and of those who co-signed, and voters."""
    mandates = Mandate.objects.current().filter(
        ANSWERS,
        Q(organisation__in=concern.supports.current().values("organisation"))
        | Q(organisation__region=concern.owner_id, organisation__region__isnull=False),
    )
    cast = Ballot.objects.filter(statement__concern=concern, cast_by__isnull=False)
    return get_user_model().objects.filter(
        Q(pk__in=mandates.order_by().values("user")) | Q(pk__in=cast.order_by().values("cast_by")),
        is_active=True,
    )
