"""Preparing exercises, playing them, and writing the report."""

from .control import (
    change_clock,
    end_exercise,
    give_order,
    start_exercise,
)
from .improvements import (
    add_improvement,
    change_improvement,
    clear_improvement_persons,
    question_of,
    raise_concern,
    remind_owners,
    settle_improvement,
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
from .parts import ask_to_join, change_part, decline, join, leave, let_in, withdraw_request
from .playing import advance, decide, deliver_due, mark_seen, microseconds, send_note
from .preparing import add_exercise, remove_exercise, replace_script
from .reports import (
    close_report,
    reopen_report,
    share_report,
    write_passage,
)
from .yardsticks import compute_yardstick, pick_up_yardsticks, want_yardstick

__all__ = [
    "add_exercise",
    "add_improvement",
    "advance",
    "answer_questionnaire",
    "ask_to_join",
    "change_clock",
    "change_improvement",
    "change_part",
    "clear_improvement_persons",
    "clear_remarks",
    "close_questionnaire",
    "close_report",
    "compute_yardstick",
    "decide",
    "decline",
    "deliver_due",
    "end_exercise",
    "give_order",
    "join",
    "leave",
    "let_in",
    "mark_seen",
    "mark_task",
    "microseconds",
    "note_observation",
    "pick_up_yardsticks",
    "question_of",
    "raise_concern",
    "remind_owners",
    "remove_exercise",
    "remove_observation",
    "reopen_report",
    "replace_script",
    "send_note",
    "settle_improvement",
    "share_report",
    "start_exercise",
    "unmark_task",
    "want_yardstick",
    "withdraw_request",
    "write_passage",
]
