"""Scripts of exercises while they are written: a host's own, changed line by line."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from allmende.registry.models import Organisation


class ScriptDraft(models.Model):
    """A script that can always be read, and need not be playable yet. An exercise keeps a copy of its own."""

    host = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="script_drafts",
        verbose_name=_("Wer übt"),
    )
    title = models.CharField(_("Titel"), max_length=300)
    script: "models.JSONField[dict[str, Any]]" = models.JSONField(
        help_text="docs/reference/exercise-json.md"
    )
    replaced: "models.JSONField[dict[str, Any] | None]" = models.JSONField(
        null=True,
        blank=True,
        help_text="The network that the register's took the place of, to be put back; stand is that of the new one",
    )
    revision = models.PositiveIntegerField(default=1, help_text="Counts changes")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(_("Zuletzt geändert"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="Until it is cleared, it can be put back"
    )
    is_example = models.BooleanField(default=False, help_text="Invented for example data")

    class Meta:
        ordering = ("-changed_at", "-pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("scripts:draft", args=[self.pk])


class InjectTable(models.Model):
    """A table of injects that was sent, as it is, until somebody has said what its columns mean."""

    draft = models.ForeignKey(ScriptDraft, on_delete=models.CASCADE, related_name="tables")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    cells: "models.JSONField[dict[str, Any]]" = models.JSONField(
        help_text="headings, and rows of line and cells"
    )
    carried_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file_name
