"""What the audit log offers to the frame."""

from allmende.portal.offers import Offer

from .anchors import note_head

offer = Offer(tick=note_head)
