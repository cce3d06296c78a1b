"""Sessions in the database, as Django keeps them, found without writing the SQL anew for each request."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from allmende.portal.prepared import Prepared, slot

session_by_key = Prepared(
    lambda: Session.objects.filter(
        session_key=slot("key", CharField()), expire_date__gt=slot("now", DateTimeField())
    )
)


class SessionStore(DatabaseSessions):
    """Django's; see ``SESSION_ENGINE``."""

    def _get_session_from_db(self) -> Session | None:
        for session in session_by_key(key=self.session_key, now=timezone.now()):
            return session
        self._session_key = None
        return None
