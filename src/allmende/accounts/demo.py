"""People of the example data: they can sign in at once, with a second factor where they need one."""

import time

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.core.cache import cache

from .models import User

PASSWORD = "gemeinsamer-grund"  # noqa: S105  printed at every start of the demo
# Nobody can own addresses of these domains (RFC 2606).
DOMAINS = (".example", "@example.org")


def create_demo_person(
    *, email: str, name: str, is_operator: bool = False, with_factor: bool = False
) -> User:
    """Make a person with the password that everybody knows; who is there already stays as she is.

    Her second factor is real. Where to read its code: see ``settings.DEMO``.
    """
    if user := User.objects.filter(email=email).first():
        return user
    user = User.objects.create_user(email, PASSWORD, name=name, is_operator=is_operator)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if with_factor or is_operator:
        TOTP.activate(user, generate_totp_secret())
    return user


def code_of(user: User) -> str | None:
    """A code that signs an invented person in now; empty for everybody else.

    Each code counts once, and in the example data many share an account: what is used already is passed over. None
    if all that count now are used; half a minute later there are others.
    """
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if app is None or not user.email.endswith(DOMAINS):
        return ""
    totp = TOTP(app)
    secret, now = decrypt(app.data["secret"]), int(time.time()) // app_settings.TOTP_PERIOD
    steps = range(app_settings.TOTP_TOLERANCE + 1)
    # What comes next counts longest, what was before is soon over.
    counters = dict.fromkeys(now + sign * step for sign in (1, -1) for step in steps)
    codes = [str(format_hotp_value(hotp_value(secret, counter))) for counter in counters]
    used = {code: totp._get_used_cache_key(code) for code in codes}
    there = cache.get_many(used.values())
    return next((code for code, key in used.items() if key not in there), None)
