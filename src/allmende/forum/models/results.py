"""What the opinion map says about the votes."""

from django.db import models

from .concerns import Concern
from .participants import Voices


class Result(models.Model):
    """What the opinion map says about one kind of voices; replaced as votes come in."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="results")
    voices = models.CharField(max_length=10, choices=Voices)
    # When set, a recomputation is on its way; cleared before it reads the votes, so that a vote
    # that comes while it runs asks for the next one.
    requested_at = models.DateTimeField(null=True, blank=True)
    # When the latest recomputation began. Later than ``computed_at``: it runs, or its worker died.
    started_at = models.DateTimeField(null=True, blank=True)
    # The moment of the votes that the document is about, not that of its completion.
    computed_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)
    input_hash = models.CharField(max_length=64, blank=True)
    seed = models.BigIntegerField(default=0)
    version = models.CharField(max_length=20, blank=True)
    is_final = models.BooleanField(default=False, help_text="Computed after the end of voting")
    document = models.BinaryField(
        default=bytes, help_text="gzipped JSON, docs/reference/opinion-json.md"
    )
    # So that a filter counts the same votes as the document, and needs no second look at them.
    counts = models.BinaryField(
        default=bytes, help_text="gzipped JSON: votes by Land, size class and statement"
    )

    routing = models.JSONField(
        default=dict,
        help_text="What the choice of the next statement needs: statements with share of agreement "
        "and loadings, spread and noise of the map",
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("concern", "voices"), name="one_result_per_voices"),
        )

    def __str__(self) -> str:
        return f"{self.concern}: {self.get_voices_display()}"

    @property
    def is_there(self) -> bool:
        """Whether anything has been computed yet."""
        return self.computed_at is not None

    @property
    def is_on_its_way(self) -> bool:
        """Whether a newer result is being computed or will be shortly."""
        running = self.started_at is not None and (
            self.computed_at is None or self.computed_at < self.started_at
        )
        return running or self.requested_at is not None
