"""Changing the register."""

from allmende.forum.services import Conflict, Overtaken

from .facilities import (
    add_facility,
    add_supply,
    change_facility,
    change_supply,
    close_facility,
    remove_supply,
    reopen_facility,
)
from .staff import appoint, dismiss, give_insight, revoke_insight

__all__ = [
    "Conflict",
    "Overtaken",
    "add_facility",
    "add_supply",
    "appoint",
    "change_facility",
    "change_supply",
    "close_facility",
    "dismiss",
    "give_insight",
    "remove_supply",
    "reopen_facility",
    "revoke_insight",
]
