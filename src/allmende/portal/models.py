"""What the frame itself keeps: the cache that all processes share."""

from django.db import models


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
