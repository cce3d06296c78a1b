"""The second factor of invented people, whose codes ``allmende demo`` tells everybody."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt

from .models import User

# Nobody can own addresses of these domains (RFC 2606).
DOMAINS = (".example", "@example.org")


def is_invented(user: User) -> bool:
    """Whether the demo has made this person."""
    return user.email.endswith(DOMAINS)


def protect_invented_people() -> None:
    """Set up an app for everybody of the demo whose rights would not count without one."""
    for user in User.objects.filter(is_active=True):
        if is_invented(user) and user.needs_second_factor and not user.has_second_factor:
            TOTP.activate(user, generate_totp_secret())


def code_of(user: User) -> str:
    """What the app of a person would show now; empty where she has none."""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if app is None:
        return ""
    return str(format_hotp_value(hotp_value(decrypt(app.data["secret"]), int(time.time()) // 30)))
