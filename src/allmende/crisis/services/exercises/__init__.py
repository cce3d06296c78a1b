"""Preparing exercises and playing them."""

from .control import (
    change_clock,
    end_exercise,
    give_order,
    start_exercise,
)
from .parts import change_part, join, leave
from .playing import advance, decide, deliver_due, mark_seen, microseconds, send_note
from .preparing import add_exercise, remove_exercise, replace_script

__all__ = [
    "add_exercise",
    "advance",
    "change_clock",
    "change_part",
    "decide",
    "deliver_due",
    "end_exercise",
    "give_order",
    "join",
    "leave",
    "mark_seen",
    "microseconds",
    "remove_exercise",
    "replace_script",
    "send_note",
    "start_exercise",
]
