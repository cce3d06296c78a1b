"""What allauth asks us: whom a directory may vouch for, how secrets are kept, which browsers are new."""

import base64
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from allmende.portal import languages

from . import browsers, services
from .middleware import FACTOR_OF_DIRECTORY
from .models import User

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialAccount, SocialLogin


def drop_claims(addresses: Iterable[str]) -> None:
    """Take unconfirmed addresses away from accounts that have a confirmed one.

    Allauth finds accounts by them, too. Whoever adds somebody else's address to her own account would
    keep that person from making one, or wait for her in hers; whoever mistypes her address would give
    a stranger a link for a new password. If it is hers after all, she adds it again and confirms it.
    """
    named = [address.lower() for address in addresses]
    confirmed = EmailAddress.objects.filter(verified=True).values("user")
    EmailAddress.objects.filter(email__in=named, verified=False, user__in=confirmed).delete()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in."""

    def clean_email(self, email: str) -> str:
        """Called where somebody signs up, adds an address or wants a new password."""
        drop_claims([email])
        return email

    def login(self, request: HttpRequest, user: User) -> None:
        """Remember whether she has ever been here: the first browser of all is no news."""
        self.has_been_here = user.last_login is not None
        super().login(request, user)

    def post_login(
        self, request: HttpRequest, user: User, *, signal_kwargs: Any, **more: Any
    ) -> HttpResponse:
        """After signing in: tell her of a new browser, and keep what a directory has asked for."""
        response: HttpResponse = super().post_login(
            request, user, signal_kwargs=signal_kwargs, **more
        )
        login = (signal_kwargs or {}).get("sociallogin")
        request.session[FACTOR_OF_DIRECTORY] = bool(login and has_second_factor(login))
        if not browsers.is_known(request, user):
            if self.has_been_here:
                agent = self.get_http_user_agent(request)
                self.send_notification_mail(
                    "account/email/new_browser", user, {"browser": browsers.family(agent)}
                )
            browsers.remember(request, response, user)
        self._agree_on_language(request, response, user)
        return response

    def _agree_on_language(self, request: HttpRequest, response: HttpResponse, user: User) -> None:
        """A new browser speaks her language; who has none yet takes the one she signs in in."""
        now = get_language() or settings.LANGUAGE_CODE
        if user.language and not languages.has_chosen(request):
            languages.keep_choice(response, user.language)
        elif not user.language and now != settings.LANGUAGE_CODE:
            services.choose_language(user=user, language=now)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of who has an account, wherever the request comes from."""
        user = context.get("user")
        said = user.language if isinstance(user, User) else ""
        with override(said or get_language()):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Name the browser in words; the address it came from is nobody's business afterwards."""
        browser = browsers.family(self.get_http_user_agent(self.request))
        super().send_notification_mail(
            template_prefix, user, {"browser": browser, **(context or {}), "ip": ""}, email
        )


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor: its secrets are of no use to who gets hold of a copy of the database."""

    def encrypt(self, text: str) -> str:
        sealed: bytes = _box().encrypt(text.encode())
        return sealed.decode()

    def decrypt(self, encrypted_text: str) -> str:
        opened: bytes = _box().decrypt(encrypted_text.encode())
        return opened.decode()


def _box() -> Any:
    """Encrypts with the key of the installation; decrypts with that and with its former ones."""
    from cryptography.fernet import Fernet, MultiFernet

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"allmende second factor:{key!s}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class DirectoryAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in with a directory (OpenID Connect): docs/decisions/0017-directories.md."""

    def populate_user(
        self, request: HttpRequest, sociallogin: "SocialLogin", data: dict[str, Any]
    ) -> User:
        """Take over the name; believe an address only within the directory's own domains.

        Called before anything is looked up or stored. What else the directory tells, such as
        groups and photographs, is dropped here.
        """
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(filter(None, parts)) or user.email.partition("@")[0]
        user.name = name[:150]
        domains = sociallogin.provider.app.settings["email_domains"]
        for address in sociallogin.email_addresses:
            address.verified = bool(address.verified) and _domain_of(address.email) in domains
        told = sociallogin.account.extra_data
        sociallogin.account.extra_data = {
            "userinfo": _only(told.get("userinfo", {}), "sub", "name", "email"),
            "id_token": _only(told.get("id_token", {}), "sub", "acr", "amr"),
        }
        return user

    def can_authenticate_by_email(self, login: "SocialLogin", email: str) -> bool:
        """Whether an existing account may be found by its address: in the directory's domains."""
        return _domain_of(email) in login.provider.app.settings["email_domains"]

    def authenticate_by_email(self, sociallogin: "SocialLogin") -> tuple[User, str] | None:
        """The account with an address that the directory has checked."""
        drop_claims(each.email for each in sociallogin.email_addresses if each.verified)
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        return found

    def validate_disconnect(self, account: "SocialAccount", accounts: Any) -> None:
        """A directory that the operator has taken away knows nothing to disconnect from."""
        if account.provider not in {app.provider_id for app in self.list_apps(self.request)}:
            raise ValidationError(_("Dieses Verzeichnis ist nicht mehr angeschlossen."))

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Never by its domain alone: the directory itself must say that it has checked it."""
        return False


def has_second_factor(login: "SocialLogin") -> bool:
    """Whether the directory says that it asked for more than a password.

    By ``amr`` (RFC 8176) or by one of the values of ``acr`` that the operator has named.
    """
    token = login.account.extra_data.get("id_token", {})
    named = login.account.get_provider().app.settings["factor_acr"]
    return "mfa" in (token.get("amr") or ()) or token.get("acr") in named


def _domain_of(email: str) -> str:
    return email.rpartition("@")[2].lower()


def _only(told: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: told[name] for name in names if name in told}
