"""Reading what people have allowed, and what the house knows of them."""

from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from allmende.audit.models import Entry
from allmende.portal.models import Upload
from allmende.portal.offers import PersonalData, all_offers

from .browsers import family
from .models import Consent, ConsentKind, User


def consenting(kind: ConsentKind, users: Iterable[User | int]) -> frozenset[int]:
    """The keys of those among ``users`` who allow this, in one query however many there are."""
    keys = [user.pk if isinstance(user, User) else user for user in users]
    consents = Consent.objects.filter(kind=kind, withdrawn_at=None, user__in=keys)
    return frozenset(consents.values_list("user_id", flat=True))


def never_confirmed() -> QuerySet[User]:
    """Accounts that somebody has begun, and that nobody could ever sign in to."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    begun = User.objects.filter(last_login=None, deleted_at=None, is_operator=False)
    return begun.exclude(pk__in=confirmed)


def everything_about(user: User) -> list[PersonalData]:
    """What every app knows of a person, for her own copy."""
    return [part for offer in all_offers() for part in offer.personal_data(user)]


def personal_data(user: User) -> Iterator[PersonalData]:
    """What accounts know of a person; no secrets, which she could not use and others might."""
    yield PersonalData(
        _("Konto"),
        [
            {
                _("Name"): user.name,
                _("E-Mail-Adresse"): user.email,
                _("Sprache"): dict(settings.LANGUAGES).get(user.language, ""),
                _("Angelegt"): user.date_joined,
                _("Zuletzt angemeldet"): user.last_login,
                _("Gehört zum Betrieb"): user.is_operator,
            }
        ],
    )
    yield PersonalData(
        _("E-Mail-Adressen"),
        [
            {
                _("Adresse"): each.email,
                _("Bestätigt"): each.verified,
                _("Hauptadresse"): each.primary,
            }
            for each in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
    )
    yield PersonalData(
        _("Zweiter Faktor"),
        [
            {
                _("Art"): str(each),
                _("Eingerichtet"): each.created_at,
                _("Zuletzt benutzt"): each.last_used_at,
            }
            for each in Authenticator.objects.filter(user=user).order_by("pk")
        ],
    )
    yield PersonalData(
        _("Angemeldete Browser"),
        [
            {
                _("Browser"): family(each.user_agent),
                _("IP-Adresse"): each.ip,
                _("Seit"): each.created_at,
            }
            for each in UserSession.objects.filter(user=user).order_by("pk")
        ],
    )
    yield PersonalData(
        _("Anmeldung über Verzeichnisse"),
        [
            {
                _("Verzeichnisdienst"): each.provider,
                _("Kennung"): each.uid,
                _("Seit"): each.date_joined,
                _("Was es uns gesagt hat"): each.extra_data,
            }
            for each in SocialAccount.objects.filter(user=user).order_by("pk")
        ],
    )
    yield PersonalData(
        _("Schlüssel für Programme"),
        [
            {
                _("Wofür"): each.name,
                _("Darf"): ", ".join(each.scope_names),
                _("Seit"): each.created_at,
                _("Bis"): each.expires_at,
                _("Zuletzt benutzt"): each.used_at,
                _("Widerrufen am"): each.revoked_at,
            }
            for each in user.tokens.all()
        ],
    )
    yield PersonalData(
        _("Einwilligungen"),
        [
            {
                _("Wozu"): str(each),
                _("Gegeben"): each.given_at,
                _("Zurückgenommen"): each.withdrawn_at,
            }
            for each in user.consents.all()
        ],
    )
    yield PersonalData(
        _("Hochgeladene Dateien"),
        [
            {
                _("Name"): each.name,
                _("Art"): each.media_type,
                _("Bytes"): each.size,
                _("Am"): each.uploaded_at,
            }
            for each in Upload.objects.filter(uploaded_by=user).order_by("pk")
        ],
    )
    yield PersonalData(_("Protokoll"), list(_deeds(user)))


def _deeds(user: User) -> Iterator[dict[str, object]]:
    words = {deed: text for offer in all_offers() for deed, text in offer.deeds.items()}
    for entry in Entry.objects.filter(actor=user).order_by("number"):
        yield {
            _("Am"): entry.at,
            _("Was"): str(words.get(entry.deed, entry.deed)),
            _("Woran"): entry.object_name,
            _("Als"): entry.capacity,
            _("Begründung"): entry.reason,
        }
