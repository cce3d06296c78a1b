"""When a duty of the law was done for a facility."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from allmende.portal.models import Upload

from .facilities import Facility


class Fulfilment(models.Model):
    """A duty was done on a day; ``duty`` is its key in ``formats/kritis/duties.csv``."""

    facility = models.ForeignKey(Facility, on_delete=models.CASCADE, related_name="fulfilments")
    duty = models.SlugField(max_length=40)
    done_on = models.DateField(_("Erledigt am"))
    note = models.CharField(_("Bemerkung"), max_length=300, blank=True)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-done_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("facility", "duty", "done_on"), name="one_fulfilment_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.facility}: {self.duty} {self.done_on}"
