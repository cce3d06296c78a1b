"""Reading what people have allowed, and what the house knows of them."""

from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import QuerySet

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
        "Konto",
        [
            {
                "Name": user.name,
                "E-Mail-Adresse": user.email,
                "Sprache": dict(settings.LANGUAGES).get(user.language, ""),
                "Angelegt": user.date_joined,
                "Zuletzt angemeldet": user.last_login,
                "Gehört zum Betrieb": user.is_operator,
            }
        ],
    )
    yield PersonalData(
        "E-Mail-Adressen",
        [
            {"Adresse": each.email, "Bestätigt": each.verified, "Hauptadresse": each.primary}
            for each in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
    )
    yield PersonalData(
        "Zweiter Faktor",
        [
            {
                "Art": str(each),
                "Eingerichtet": each.created_at,
                "Zuletzt benutzt": each.last_used_at,
            }
            for each in Authenticator.objects.filter(user=user).order_by("pk")
        ],
    )
    yield PersonalData(
        "Sitzungen",
        [
            {"Browser": family(each.user_agent), "IP-Adresse": each.ip, "Seit": each.created_at}
            for each in UserSession.objects.filter(user=user).order_by("pk")
        ],
    )
    yield PersonalData(
        "Anmeldung über Verzeichnisse",
        [
            {
                "Verzeichnis": each.provider,
                "Kennung": each.uid,
                "Seit": each.date_joined,
                "Was es uns gesagt hat": each.extra_data,
            }
            for each in SocialAccount.objects.filter(user=user).order_by("pk")
        ],
    )
    yield PersonalData(
        "Schlüssel für Programme",
        [
            {
                "Wofür": each.name,
                "Darf": ", ".join(each.scope_names),
                "Seit": each.created_at,
                "Bis": each.expires_at,
                "Zuletzt benutzt": each.used_at,
                "Widerrufen": each.revoked_at,
            }
            for each in user.tokens.all()
        ],
    )
    yield PersonalData(
        "Einwilligungen",
        [
            {"Wozu": str(each), "Gegeben": each.given_at, "Zurückgenommen": each.withdrawn_at}
            for each in user.consents.all()
        ],
    )
    yield PersonalData(
        "Hochgeladene Dateien",
        [
            {"Name": each.name, "Art": each.media_type, "Bytes": each.size, "Am": each.uploaded_at}
            for each in Upload.objects.filter(uploaded_by=user).order_by("pk")
        ],
    )
    yield PersonalData("Protokoll", list(_deeds(user)))


def _deeds(user: User) -> Iterator[dict[str, object]]:
    words = {deed: text for offer in all_offers() for deed, text in offer.deeds.items()}
    for entry in Entry.objects.filter(actor=user).order_by("number"):
        yield {
            "Am": entry.at,
            "Was": words.get(entry.deed, entry.deed),
            "Woran": entry.object_name,
            "Als": entry.capacity,
            "Begründung": entry.reason,
        }
