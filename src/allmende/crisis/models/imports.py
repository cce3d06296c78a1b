"""Files with facilities, and what they would change."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext


class ImportCheck(models.Model):
    """A file that was looked at: carried out as a whole, or not at all.

    ``plan`` holds what is confidential only until it is carried out, or for some days.
    """

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    plan = models.JSONField(default=dict, help_text="What would be done, see services.imports")
    counts = models.JSONField(default=dict, help_text="How many are new, changed, unchanged")
    shown = models.JSONField(default=list, help_text="The first changes in words")
    faults = models.JSONField(default=list, help_text="Table, line, column and reason of each")
    fault_count = models.PositiveIntegerField(default=0)
    carried_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: a file's name may tell too much."""
        return gettext("Datei mit Einrichtungen %(number)s") % {"number": self.pk}

    @property
    def changes_something(self) -> bool:
        return any(number for kind, number in self.counts.items() if kind != "unchanged")
