"""What the audit log offers to the frame."""

from allmende.portal.offers import DeskEntry, Offer

from . import services
from .anchors import note_head

offer = Offer(
    record=services.record,
    tick=note_head,
    deeds={"audit.export_log": "Protokoll exportiert."},
    desk=(
        DeskEntry(
            label="Protokoll",
            note="Wer was getan hat, in welchem Mandat, wann und warum",
            url_name="audit:log",
            order=90,
        ),
    ),
)
