"""The web server: ``python -m allmende.server PORT PROCESSES``, as ``allmende serve`` and the demo start it.

Each process answers one request after the other. Several threads in one would only wait for each other: for
Python's lock, and on SQLite to write (docs/decisions/0032-granian.md).
"""

import copy
import os
import signal
import sys
import time
from collections import deque
from functools import partial
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LOGGING_CONFIG, LogLevels

from allmende.commands.serve import ADDRESS, die_with_parent
from allmende.wsgi import application

GRACE = 5  # seconds that a process has to answer what it has begun, once it shall end
PAUSE = 0.5  # seconds
# So often within so many seconds it begins anew before it gives up, for somebody else to see.
MOST_STARTS, WITHIN = 5, 60


def masked_log() -> dict[str, Any]:
    """The server's own log without addresses: it names those of computers where a request is broken."""
    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    config["formatters"]["generic"]["()"] = "allmende.portal.logs.MaskingFormatter"
    config["handlers"]["console"]["stream"] = "ext://sys.stderr"
    return config


def make_server(port: int, processes: int) -> Any:
    """A server that has not begun; a process of its that dies is replaced."""
    return Granian(
        "allmende.wsgi:application",
        address=ADDRESS,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=processes,
        blocking_threads=1,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
        log_level=LogLevels.error,
        log_dictconfig=masked_log(),
    )


def main() -> None:
    """Serve until somebody ends it."""
    port, processes = (int(word) for word in sys.argv[1:])
    # SIGTERM would be lost on a process that is still beginning, and it would stay.
    end = partial(die_with_parent, os.getpid(), by=signal.SIGKILL)
    os.register_at_fork(after_in_child=end)
    starts: deque[float] = deque(maxlen=MOST_STARTS)
    while True:
        starts.append(time.monotonic())
        server = make_server(port, processes)
        try:
            # Loaded here, before there are processes: they share its memory.
            server.serve(target_loader=lambda: application, wrap_loader=False)
        except (
            SystemExit
        ):  # a process died twice within seconds, by which it judges that none can live
            if len(starts) == MOST_STARTS and starts[-1] - starts[0] < WITHIN:
                raise
            time.sleep(PAUSE)
        if server.interrupt_signal:
            return


if __name__ == "__main__":
    main()
