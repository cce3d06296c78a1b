"""How often somebody may ask in a minute.

Counted in the memory of each process, so that reading writes nothing: several processes together allow
as many times more. It keeps one program from taking all for itself; it guards no secret.
"""

import time
from threading import Lock

from django.conf import settings

_lock = Lock()
_counts: dict[str, int] = {}
_minute = 0


def wait_for(who: str, *, has_token: bool) -> int:
    """Count one request; return how many seconds to wait, 0 where it may go on."""
    global _minute  # noqa: PLW0603  one count for the whole process is the point
    most: int = settings.API_LIMIT_TOKEN if has_token else settings.API_LIMIT_ANONYMOUS
    now = time.time()
    with _lock:
        if int(now // 60) != _minute:
            _minute = int(now // 60)
            _counts.clear()
        _counts[who] = _counts.get(who, 0) + 1
        return 0 if _counts[who] <= most else 60 - int(now % 60)


def forget() -> None:
    """Begin to count anew; for tests."""
    with _lock:
        _counts.clear()
