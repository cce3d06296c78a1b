"""What the apps above call to tell people something."""

from ..letters import absolute
from .choices import choose_frequencies, unsubscribe
from .delivery import deliver_due
from .digests import gather_digests
from .log import Conflict, give_up_message, retry_message
from .notices import notify, notify_many
from .queue import deliver_soon, new_message, queue_message, queue_messages

__all__ = [
    "Conflict",
    "absolute",
    "choose_frequencies",
    "deliver_due",
    "deliver_soon",
    "gather_digests",
    "give_up_message",
    "new_message",
    "notify",
    "notify_many",
    "queue_message",
    "queue_messages",
    "retry_message",
    "unsubscribe",
]
