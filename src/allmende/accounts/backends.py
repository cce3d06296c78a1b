"""Loading the person behind a request."""

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.db.models import BigIntegerField

from allmende.portal.prepared import Prepared, slot

from .models import User

user_by_number = Prepared(
    lambda: User.objects.with_second_factor().filter(pk=slot("number", BigIntegerField()))
)


class AuthenticationBackend(AllauthBackend):  # type: ignore[misc]
    """Allauth's, whose people remember for as long as their request lasts; see ``User.remember``."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, loaded anew for each request, with what every request asks."""
        for user in user_by_number(number=user_id):
            if self.user_can_authenticate(user):
                user.memory = {"has_second_factor": user.found_second_factor}
                return user
        return None
