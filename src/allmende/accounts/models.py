"""People who sign in."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

Found = TypeVar("Found")


class UserManager(BaseUserManager["User"]):
    """Makes people; the address is their name for signing in."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person; without a password nobody can sign in until one is set by mail."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What she may do follows from her mandates (``registry``), not from here."""

    email = models.EmailField("E-Mail-Adresse", unique=True)
    name = models.CharField("Name", max_length=150)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(
        default=False, help_text="Runs this installation: imports registers, moderates"
    )
    date_joined = models.DateTimeField(auto_now_add=True)

    # What was looked up about her; only people behind a request have it (see backends.py).
    memory: dict[str, Any] | None = None

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
