"""Making accounts for others. People who come by themselves sign up through allauth's pages."""

from allauth.account.models import EmailAddress

from allmende.audit.services import audited, record

from .models import User


@audited
def invite_person(*, email: str, name: str) -> User:
    """Make an account whose password its owner sets by mail; the address counts as confirmed then."""
    user = User.objects.create_user(email, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record(actor=None, deed="accounts.invite_person", obj=user)
    return user


@audited
def make_operator(*, user: User) -> User:
    """Let a person run this installation."""
    user.is_operator = True
    user.save(update_fields=["is_operator"])
    record(actor=None, deed="accounts.make_operator", obj=user)
    return user


@audited
def end_operator(*, user: User) -> User:
    """Let a person no longer run this installation."""
    user.is_operator = False
    user.save(update_fields=["is_operator"])
    user.forget_remembered()
    record(actor=None, deed="accounts.end_operator", obj=user)
    return user
