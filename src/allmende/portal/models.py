"""What the frame itself keeps."""

import secrets

from django.conf import settings
from django.db import models


def random_path(upload: models.Model, name: str) -> str:
    """Where a file lies below MEDIA_ROOT: nothing of its name, nothing that could be guessed."""
    token = secrets.token_hex(20)
    return f"uploads/{token[:2]}/{token}"


class Upload(models.Model):
    """A file that somebody sent, checked by ``portal.uploads`` and kept as it came.

    Apps point at it with a foreign key. What nothing points at after a day is removed.
    """

    file = models.FileField(upload_to=random_path, unique=True)
    name = models.CharField(max_length=120, help_text="As the sender called it, made safe")
    media_type = models.CharField(max_length=80, help_text="Found in the content")
    size = models.PositiveIntegerField(help_text="Bytes")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, help_text="Pixels, where it is an image")
    height = models.PositiveIntegerField(null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.name


class CacheEntry(models.Model):
    """A row of Django's ``DatabaseCache``, which reads and writes it by itself.

    It is a model only so that its table comes with the migrations. Limits of attempts are counted
    in it: in a cache of their own, each process would allow as many as all together should.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "portal_cache"

    def __str__(self) -> str:
        return self.cache_key
