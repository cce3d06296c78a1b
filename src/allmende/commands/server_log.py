"""The log of gunicorn, masked like ours: it names addresses of computers where a request is broken."""

from typing import Any

from gunicorn.glogging import Logger

from allmende.portal.logs import MaskingFormatter


class MaskingLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """What ``allmende serve`` passes as ``--logger-class``; there is no access log."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(MaskingFormatter(self.error_fmt, self.datefmt))
