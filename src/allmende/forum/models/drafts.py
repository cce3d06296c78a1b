"""What staff wants to say officially and the office holder has to release first."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Mandate, Organisation

from .concerns import Concern
from .participants import Participant
from .statements import Statement
from .votes import Stand


class DraftKind(models.TextChoices):
    """What a draft becomes once it is released."""

    VOTE = "vote", _("Stimme")
    STATEMENT = "statement", _("Aussage")
    OPENING = "opening", _("Öffnen des Anliegens")


class DraftState(models.TextChoices):
    """What became of a draft."""

    WAITING = "waiting", _("Entwurf, wartet auf Freigabe")
    RETURNED = "returned", _("Kam zurück")
    RELEASED = "released", _("Freigegeben")
    WITHDRAWN = "withdrawn", _("Zurückgezogen")


# A draft that somebody still has to do something about.
CURRENT = (DraftState.WAITING, DraftState.RETURNED)


class DraftQuerySet(models.QuerySet["Draft"]):
    def waiting(self) -> "DraftQuerySet":
        """Drafts about which nobody has decided."""
        return self.filter(state=DraftState.WAITING)

    def current(self) -> "DraftQuerySet":
        """Drafts that wait for a decision or came back from one."""
        return self.filter(state__in=CURRENT)


class Draft(models.Model):
    """A vote, a statement or an opening that counts once somebody releases it (Entwurf).

    Its content never changes: who changes her mind withdraws it and writes a new one. So nobody
    releases anything other than what she has read.
    """

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="drafts")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="drafts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text="Who may release it"
    )
    kind = models.CharField(max_length=10, choices=DraftKind)
    statement = models.ForeignKey(
        Statement,
        on_delete=models.CASCADE,
        null=True,
        related_name="drafts",
        help_text="On which it votes, or which it became",
    )
    stand = models.SmallIntegerField(choices=Stand, null=True)
    text = models.TextField(blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, max_length=1_000)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("participant", "statement"),
                condition=Q(kind=DraftKind.VOTE, state__in=CURRENT),
                name="one_current_draft_per_statement",
            ),
            models.UniqueConstraint(
                fields=("concern",),
                condition=Q(kind=DraftKind.OPENING, state__in=CURRENT),
                name="one_current_draft_to_open",
            ),
            models.CheckConstraint(
                name="draft_has_what_its_kind_needs",
                condition=Q(kind=DraftKind.VOTE, statement__isnull=False, stand__in=(-1, 0, 1))
                | (Q(kind=DraftKind.STATEMENT, stand__isnull=True) & ~Q(text=""))
                | Q(kind=DraftKind.OPENING, stand__isnull=True, statement__isnull=True),
            ),
        )
        indexes = (models.Index(fields=("organisation", "state")),)

    def __str__(self) -> str:
        return f"Entwurf {self.pk}: {self.get_kind_display()} · {self.organisation}"
