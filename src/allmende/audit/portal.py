"""What the audit log offers to the frame."""

from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import DeskEntry, Offer

from . import services
from .anchors import note_head

offer = Offer(
    record=services.record,
    tick=note_head,
    deeds={"audit.export_log": _("Protokoll exportiert.")},
    desk=(
        DeskEntry(
            label=_("Protokoll"),
            note=_("Wer was getan hat, in welchem Mandat, wann und warum"),
            url_name="audit:log",
            order=90,
        ),
    ),
)
