"""Files with facilities or generators, and what they would change."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

# More rows than that take longer than somebody waits for a page.
MOST_AT_ONCE = 2_000
CHANGES = (
    *("new", "changed", "new_needs", "changed_needs", "disputed_rows"),
    *("new_generators", "changed_generators"),
)


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
    wanted_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody said that a worker is to carry it out"
    )
    started_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker began, the last time"
    )
    problem = models.CharField(
        max_length=500, blank=True, help_text="Why a worker has not carried it out"
    )

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: a file's name may tell too much."""
        return gettext("Datei mit Einrichtungen %(number)s") % {"number": self.pk}

    @property
    def changes(self) -> int:
        """How many rows would change something."""
        return sum(self.counts.get(kind, 0) for kind in CHANGES)

    @property
    def disputed(self) -> int:
        """How many facilities somebody has changed since the file was written, and the file would, too."""
        return int(self.counts.get("disputed", 0))

    @property
    def has_facilities(self) -> bool:
        """Whether it has rows of facilities or what they need."""
        return "new" in self.counts

    @property
    def has_generators(self) -> bool:
        return "new_generators" in self.counts

    @property
    def changes_something(self) -> bool:
        return self.changes > 0

    @property
    def is_large(self) -> bool:
        """Whether nobody should wait for it in front of a page."""
        return self.changes > MOST_AT_ONCE

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it, or will have it."""
        return self.wanted_at is not None and self.carried_out_at is None and not self.problem
