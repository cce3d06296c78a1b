"""What services say when the world has moved on since the page was shown."""


class Conflict(Exception):  # noqa: N818
    """The change no longer fits; the German message says why and what to do."""


class Overtaken(Conflict):
    """Somebody else has changed the same thing meanwhile; said once more, the change is taken."""
