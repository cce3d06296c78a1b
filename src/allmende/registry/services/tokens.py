"""The token in an invitation's link.

It is derived from the invitation and the installation's key, so that the mail can be written later,
by a worker; the database holds only its hash. Another day of expiry makes another token: what was sent
before stops to open the door.
"""

import hashlib
from base64 import urlsafe_b64encode
from datetime import UTC

from django.utils.crypto import salted_hmac

from ..models import Invitation


def token_of(invitation: Invitation) -> str:
    """43 characters that fit an address."""
    about = "\n".join(
        (
            str(invitation.organisation_id),
            invitation.email,
            invitation.office,
            invitation.expires_at.astimezone(UTC).isoformat(),
        )
    )
    digest = salted_hmac("allmende.registry.invitation", about, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What the database holds of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
