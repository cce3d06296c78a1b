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


class RetentionRun(models.Model):
    """One kind of data was cleared on one day; the constraint keeps a second ``tick`` from doing it too."""

    key = models.CharField(max_length=60, help_text="app.kind")
    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    removed = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("key", "day"), name="retention_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.key} {self.day}"


class PageVersion(models.Model):
    """A legal page as somebody saved it. The highest number is what the page says.

    Who saves writes the number after the one she saw. If somebody else was quicker, the constraint
    says so, and nobody's text is lost.
    """

    slug = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(help_text="Markdown")
    saved_at = models.DateTimeField(auto_now_add=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("slug", "-number")
        constraints = (
            models.UniqueConstraint(fields=("slug", "number"), name="one_text_per_page_version"),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class BarrierReport(models.Model):
    """Somebody could not use a page, and says where and why; she need not say who she is."""

    page = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    email = models.EmailField(blank=True, help_text="Where she wants an answer")
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-sent_at", "-pk")

    def __str__(self) -> str:
        return f"Rückmeldung {self.pk}"


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


class RepeatableRequest(models.Model):
    """A request to the interface that carried a key of its own, and how it was answered.

    Without ``status`` it is being answered, or the program that answered it has died.
    """

    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, address and body")
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.BinaryField(default=bytes)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("sent_by", "key"), name="one_request_per_key"),
        )

    def __str__(self) -> str:
        return f"{self.key}: {self.status or '…'}"


class SearchEntry(models.Model):
    """One thing that can be found; ``portal/search`` writes and reads it.

    Its words are folded, with a space before and behind each. A migration adds what models cannot say: on
    SQLite an FTS5 table of trigrams that triggers keep; on PostgreSQL trigram indexes and two columns of
    whole words. Who alters this table on SQLite makes it anew, without its triggers: add them again.
    """

    kind = models.CharField(max_length=30, help_text="Of a findable: app.word")
    key = models.BigIntegerField(help_text="The thing's own key")
    about = models.BigIntegerField(
        default=0, help_text="The key of what decides who may see it, such as its concern; or 0"
    )
    is_public = models.BooleanField(default=True)
    title_key = models.TextField(blank=True)
    text_key = models.TextField(blank=True, help_text="The title and all else")
    ars = models.CharField(max_length=12, blank=True)
    topic = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(null=True)
    weight = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "search entries"
        constraints = (models.UniqueConstraint(fields=("kind", "key"), name="entry_once"),)
        indexes = (
            models.Index(fields=("kind", "about"), name="portal_searchentry_about"),
            models.Index(fields=("ars",), name="portal_searchentry_ars"),
            models.Index(fields=("at",), name="portal_searchentry_at"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
