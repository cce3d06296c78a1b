"""Loading the person behind a request."""

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend

from .models import User


class AuthenticationBackend(AllauthBackend):  # type: ignore[misc]
    """Allauth's, whose people remember for as long as their request lasts; see ``User.remember``."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, loaded anew for each request."""
        user: User | None = super().get_user(user_id)
        if user is not None:
            user.memory = {}
        return user
