"""Files that go with injects: kept with the draft, and with each exercise that is prepared from it."""

from django.db import models

from allmende.portal.models import Upload

from .drafts import ScriptDraft
from .exercises import Exercise


class ScriptFile(models.Model):
    """A file of a draft, under the name by which its injects call it."""

    draft = models.ForeignKey(ScriptDraft, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("draft", "name"), name="script_file_once"),)

    def __str__(self) -> str:
        return self.name


class ExerciseFile(models.Model):
    """The same of an exercise: it stays when the draft goes or changes."""

    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("exercise", "name"), name="exercise_file_once"),
        )

    def __str__(self) -> str:
        return self.name
