"""Loading the person behind a request."""

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend

from .models import User


class AuthenticationBackend(AllauthBackend):  # type: ignore[misc]
    """Allauth's, whose people remember for as long as their request lasts; see ``User.remember``."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, loaded anew for each request, with what every request asks."""
        user = User.objects.with_second_factor().filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.memory = {"has_second_factor": user.found_second_factor}
        return user
