"""Preparing exercises and playing them."""

from .control import (
    change_clock,
    end_exercise,
    give_order,
    start_exercise,
)
from .observing import (
    answer_questionnaire,
    clear_remarks,
    close_questionnaire,
    mark_task,
    note_observation,
    remove_observation,
    unmark_task,
)
from .parts import change_part, join, leave
from .playing import advance, decide, deliver_due, mark_seen, microseconds, send_note
from .preparing import add_exercise, remove_exercise, replace_script

__all__ = [
    "add_exercise",
    "advance",
    "answer_questionnaire",
    "change_clock",
    "change_part",
    "clear_remarks",
    "close_questionnaire",
    "decide",
    "deliver_due",
    "end_exercise",
    "give_order",
    "join",
    "leave",
    "mark_seen",
    "mark_task",
    "microseconds",
    "note_observation",
    "remove_exercise",
    "remove_observation",
    "replace_script",
    "send_note",
    "start_exercise",
    "unmark_task",
]
