"""Who stands behind what was said officially: one person, an office, or a decision."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import HEADS, Mandate


class VoiceLevel(models.TextChoices):
    """Who stands behind a voice; the empty value means that nobody has said."""

    PERSONAL = "personal", _("eine Person für sich")
    ADMINISTRATION = "administration", _("Verwaltung")
    MAYOR = "mayor", _("Bürgermeisterin oder Bürgermeister")
    COMMITTEE = "committee", _("Ausschuss (Beschluss)")
    COUNCIL = "council", _("Rat (Beschluss)")

    @classmethod
    def of(cls, mandate: Mandate | None) -> "VoiceLevel":
        """What an office by itself stands for; a decision of the council needs evidence."""
        if mandate is None:
            return cls.PERSONAL
        return cls.MAYOR if mandate.office in HEADS else cls.ADMINISTRATION


# These rest on evidence, not on the office of whoever speaks.
DECISIONS = frozenset({VoiceLevel.COMMITTEE, VoiceLevel.COUNCIL})


def level_field() -> "models.CharField[str, str]":
    """A level, or nothing where none is known: in older data and in imported conversations."""
    return models.CharField(
        _("Getragen von"), max_length=20, choices=VoiceLevel, blank=True, default=""
    )
