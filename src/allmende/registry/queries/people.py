"""Reading who speaks for an organisation: for its public page, and for those who manage it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import Exact
from django.utils import timezone

from allmende.accounts.models import User
from allmende.accounts.queries import never_confirmed
from allmende.audit.models import Entry

from ..models import (
    Invitation,
    Level,
    Mandate,
    MandateQuerySet,
    MandateRequest,
    Organisation,
    OrganisationKind,
    OrganisationQuerySet,
    Region,
)
from .organisations import people_of, search_organisations
from .regions import CITY_KREISE

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Person = User | AnonymousUser

ENDS_SOON = timedelta(days=60)


def with_people(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    """The same with ``people``: how many hold a mandate today; counted only for rows that are read."""
    people = (
        Mandate.objects.current()
        .filter(organisation=OuterRef("pk"))
        .order_by()
        .values("organisation")
        .annotate(n=Count("user", distinct=True))
        .values("n")
    )
    return organisations.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
        people=Coalesce(Subquery(people, output_field=IntegerField()), 0)
    )


def listed_organisations(
    words: str = "", *, kind: str = "", land: str = ""
) -> OrganisationQuerySet:
    """Organisations of today that somebody speaks for, or that are no region."""
    somebody = Exists(Mandate.objects.current().filter(organisation=OuterRef("pk")))
    found = with_people(search_organisations(words)).filter(somebody | Q(region=None))
    if kind:
        found = found.filter(kind=OrganisationKind(kind))
    if land:
        found = found.filter(region__land=land)
    return found.select_related("region")


def may_be_spoken_for(region: Region) -> bool:
    """Whether a region is an organisation today: neither Bund nor Bezirk nor a Kreis of one city."""
    if region.level == Level.KREIS and region.kind in CITY_KREISE:
        return False
    return region.is_current and region.level in {
        Level.LAND,
        Level.KREIS,
        Level.VERBAND,
        Level.GEMEINDE,
    }


def history_of_people(organisation: Organisation, *, inside: bool, most: int) -> list[Entry]:
    """What was done last to an organisation and its mandates, newest first, ``most`` entries.

    Invitations, requests and drafts are for those ``inside``: who was refused and what was returned
    is nobody else's business.
    """
    its_own = Entry.objects.filter(
        object_kind=Organisation._meta.label, object_key=str(organisation.pk)
    )
    if not inside:
        its_own = its_own.filter(deed__startswith="registry.")
    newest = set(its_own.order_by().values_list("pk", flat=True))
    for model in (Mandate, Invitation, MandateRequest) if inside else (Mandate,):
        keys = model.objects.filter(organisation=organisation).values_list("pk", flat=True)
        of_kind = Entry.objects.filter(
            object_kind=model._meta.label, object_key__in=[str(key) for key in keys.order_by()]
        )
        # Sorted and cut here: asked for the last few, PostgreSQL reads the whole log backwards.
        newest.update(of_kind.order_by().values_list("pk", flat=True))
    last = sorted(newest)[-most:]
    return list(Entry.objects.filter(pk__in=last).select_related("actor").order_by("-pk"))


def managers_of(organisation: Organisation) -> QuerySet[User]:
    """Who may manage the people of an organisation today."""
    managing = people_of(organisation).filter(may_manage=True, user__is_active=True)
    return User.objects.filter(pk__in=managing.order_by().values("user"))


def deciders_of(organisation: Organisation) -> QuerySet[User]:
    """Who decides on requests: its managers, or the operators where it has none."""
    managers = managers_of(organisation)
    return managers if managers.exists() else User.objects.filter(is_operator=True, is_active=True)


def is_last_manager(mandate: Mandate) -> bool:
    """Whether nobody else manages the people of its organisation, today and after it has ended."""
    if not (mandate.may_manage and mandate.is_current):
        return False
    managing = people_of(mandate.organisation).filter(may_manage=True)
    return not managing.exclude(pk=mandate.pk).exists()


def former_people_of(organisation: Organisation) -> QuerySet[Mandate]:
    """Mandates that have ended, the latest first."""
    ended = Mandate.objects.filter(organisation=organisation, until__lt=timezone.localdate())
    return ended.select_related("user").order_by("-until", "-pk")


def offices_held(*, email: str, organisation: Organisation) -> set[str]:
    """In which offices whoever has this confirmed address speaks for an organisation today."""
    owners = EmailAddress.objects.filter(email__iexact=email, verified=True).values("user")
    return set(people_of(organisation).filter(user__in=owners).values_list("office", flat=True))


def confirmed_domains(user: User) -> set[str]:
    """The parts after the @ of her confirmed addresses."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return {email.rpartition("@")[2].lower() for email in addresses.values_list("email", flat=True)}


def official_addresses(user: "Person", organisation: Organisation) -> list[str]:
    """Her confirmed addresses at one of the organisation's domains."""
    if not user.is_authenticated:
        return []
    domains = set(organisation.domains.values_list("domain", flat=True))
    if not domains:
        return []
    addresses = EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk")
    return [
        email
        for email in addresses.values_list("email", flat=True)
        if email.rpartition("@")[2].lower() in domains
    ]


def get_mandate(number: int) -> Mandate:
    """A mandate that has not ended, with whom it is for."""
    today = timezone.localdate()
    held = Mandate.objects.filter(Q(until=None) | Q(until__gte=today))
    return held.select_related("organisation__region", "user").get(pk=number)


def get_invitation(number: int) -> Invitation:
    """An invitation, with its organisation."""
    return Invitation.objects.select_related("organisation__region", "invited_by").get(pk=number)


def find_invitation(token_hash: str) -> Invitation | None:
    """The invitation that a link leads to, in whatever state."""
    found = Invitation.objects.select_related("organisation__region", "invited_by", "mandate")
    return found.filter(token_hash=token_hash).first()


def get_request(number: int) -> MandateRequest:
    """Somebody's request for a mandate."""
    return MandateRequest.objects.select_related("organisation__region", "user").get(pk=number)


def open_requests(organisation: Organisation) -> QuerySet[MandateRequest]:
    """Requests that wait for a decision, the oldest first."""
    return MandateRequest.objects.filter(organisation=organisation, decided_at=None).select_related(
        "user"
    )


def ending_soon(mandates: MandateQuerySet) -> MandateQuerySet:
    """Those that end within 60 days."""
    today = timezone.localdate()
    return mandates.filter(until__range=(today, today + ENDS_SOON))


def has_account(email: str) -> bool:
    """Whether somebody can sign in with this address; who has merely begun an account cannot."""
    address = email.lower()  # as it is stored and indexed: comparing without case reads everybody
    if EmailAddress.objects.filter(email=address, verified=True).exists():
        return True
    users = list(User.objects.filter(Exact(Lower("email"), address)).values_list("pk", flat=True))
    return bool(users) and not never_confirmed().filter(pk__in=users).exists()


def proposed_end(mandate: Mandate) -> date | None:
    """Until when to extend a mandate that ends soon: for as long again. Else, until when it holds."""
    if mandate.until is None or mandate.until > timezone.localdate() + ENDS_SOON:
        return mandate.until
    return mandate.until + max(mandate.until - mandate.since, timedelta(days=365))
