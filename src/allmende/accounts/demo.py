"""People of the example data: they can sign in at once, with a second factor where they need one."""

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from .models import User

PASSWORD = "gemeinsamer-grund"  # noqa: S105  printed at every start of the demo


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
