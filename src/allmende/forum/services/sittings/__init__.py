"""Changing sittings: series and their members, dates and invitations, agendas, minutes."""

from .agenda import add_item, decide_item, move_item, propose_item, remove_item
from .document import write_pdf
from .meetings import (
    add_sitting,
    answer_invitation,
    begin_sitting,
    cancel_sitting,
    change_sitting,
    invite_members,
    invite_more,
)
from .minutes import add_addendum, close_minutes, note_attendance, write_minutes
from .series import add_members, add_series, change_series, remove_member
from .telling import feed_of, meeting_of, send_invitations, tell_of_minutes

__all__ = [
    "add_addendum",
    "add_item",
    "add_members",
    "add_series",
    "add_sitting",
    "answer_invitation",
    "begin_sitting",
    "cancel_sitting",
    "change_series",
    "change_sitting",
    "close_minutes",
    "decide_item",
    "feed_of",
    "invite_members",
    "invite_more",
    "meeting_of",
    "move_item",
    "note_attendance",
    "propose_item",
    "remove_item",
    "remove_member",
    "send_invitations",
    "tell_of_minutes",
    "write_minutes",
    "write_pdf",
]
