"""People of the example data: they can sign in at once, with a second factor where they need one."""

import time

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt

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


def code_of(user: User) -> str:
    """What the app of an invented person would show now; empty for everybody else."""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if app is None or not user.email.endswith(DOMAINS):
        return ""
    return str(format_hotp_value(hotp_value(decrypt(app.data["secret"]), int(time.time()) // 30)))
