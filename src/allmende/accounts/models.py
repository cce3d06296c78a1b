"""People who sign in."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import all_offers

Found = TypeVar("Found")


class Scope(models.TextChoices):
    """What a program may do with somebody's token. Everything else it can only read."""

    READ = "lesen", _("Lesen, was ich lesen darf")
    CONTRIBUTE = "beitragen", _("Aussagen, Beiträge und Entwürfe schreiben")
    VOTE = "abstimmen", _("Abstimmen, mitzeichnen, mittragen und bewerten")
    RELEASE = "freigeben", _("Im Namen der Organisation freigeben, versiegeln und veröffentlichen")
    MANAGE = "verwalten", _("Benachrichtigungen an andere Programme verwalten")
    OPERATE = "betreiben", _("Was dem Betrieb der Plattform vorbehalten ist")


# As with the rights of the same names: worth stealing, so only with a second factor.
GUARDED_SCOPES = (Scope.RELEASE, Scope.MANAGE, Scope.OPERATE)


class UserManager(BaseUserManager["User"]):
    """Makes people; the address is their name for signing in."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; without a password nobody can sign in until one is set by mail."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def with_second_factor(self) -> models.QuerySet["User"]:
        """People with ``found_second_factor``: whether an app or a passkey is set up."""
        from allauth.mfa.models import Authenticator  # its app is loaded after ours

        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        factors = Authenticator.objects.filter(user=models.OuterRef("pk"), type__in=kinds)
        return self.annotate(**{"found_second_factor": models.Exists(factors)})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What she may do follows from her mandates (``registry``), not from here."""

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    name = models.CharField(_("Name"), max_length=150)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(
        default=False, help_text="Runs this installation: imports registers, moderates"
    )
    language = models.CharField(
        max_length=10, blank=True, help_text="What she reads; empty: she has never chosen"
    )
    date_joined = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(
        null=True, blank=True, help_text="She has left; what stays has no name"
    )

    # What was looked up about her; only people behind a request have it (see backends.py).
    memory: dict[str, Any] | None = None

    # What the token allows with which a program changes something; None: she is here herself, or reads.
    scopes: frozenset[str] | None = None

    # Added by UserManager.with_second_factor.
    found_second_factor: bool

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="one_person_per_address"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: an account can be deleted, an entry cannot."""
        return f"Konto {self.pk}"

    def get_full_name(self) -> str:
        return self.name

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in takes more than a password: a code from an app, or a passkey."""
        return self.remember("has_second_factor", self._look_for_second_factor)

    def _look_for_second_factor(self) -> bool:
        return User.objects.with_second_factor().get(pk=self.pk).found_second_factor

    @property
    def needs_second_factor(self) -> bool:
        """Whether what she may do is worth stealing: then it counts only with a second factor."""
        return self.remember(
            "needs_second_factor",
            lambda: any(offer.needs_second_factor(self) for offer in all_offers()),
        )

    def allows(self, scope: str) -> bool:
        """Whether what is being done may use this part of her rights; always, if she does it herself."""
        return self.scopes is None or scope in self.scopes

    def consents_to(self, kind: "ConsentKind") -> bool:
        """Whether she has allowed this and not taken it back."""
        return self.consents.filter(kind=kind, withdrawn_at=None).exists()

    def remember(self, what: str, find: Callable[[], Found]) -> Found:
        """Look something up once a request, such as her mandates, which every rule asks for.

        Outside of requests it is looked up each time: nothing there says when it gets stale.
        """
        if self.memory is None:
            return find()
        if what not in self.memory:
            self.memory[what] = find()
        found: Found = self.memory[what]
        return found

    def forget_remembered(self) -> None:
        """Look everything up anew: something about her has just changed within her request."""
        if self.memory is not None:
            self.memory.clear()


class ConsentKind(models.TextChoices):
    """What a person can allow, and take back at any time."""

    PUBLIC_NAME = "public_name", _("Mein Name auf öffentlichen Seiten")


class Consent(models.Model):
    """Somebody has allowed something; taken back, the row stays as its history (Einwilligung)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=30, choices=ConsentKind)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-given_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind"),
                condition=models.Q(withdrawn_at=None),
                name="one_consent_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()


class TokenQuerySet(models.QuerySet["Token"]):
    def current(self) -> "TokenQuerySet":
        """Those that open something now."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class Token(models.Model):
    """With it, a program acts for a person, within its scopes (Schlüssel). Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Wofür"), max_length=80)
    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    hint = models.CharField(max_length=8, help_text="Its last characters, to tell it from others")
    scopes = models.JSONField(default=list)
    has_second_factor = models.BooleanField(
        default=False, help_text="Made by somebody who had signed in with one"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, help_text="To the hour")
    revoked_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_current(self) -> bool:
        """Whether it opens something now."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def scope_names(self) -> list[str]:
        """Its scopes in words."""
        return [str(Scope(scope).label) for scope in self.scopes]
