"""Changing the register."""

from allmende.forum.services import Conflict, Overtaken

from .exports import export_facilities
from .facilities import (
    add_facility,
    add_supply,
    change_facility,
    change_supply,
    close_facility,
    confirm_suppliers,
    remove_supply,
    reopen_facility,
)
from .imports import carry_out_import, clear_imports, keep_import
from .staff import appoint, dismiss, give_insight, revoke_insight

__all__ = [
    "Conflict",
    "Overtaken",
    "add_facility",
    "add_supply",
    "appoint",
    "carry_out_import",
    "change_facility",
    "change_supply",
    "clear_imports",
    "close_facility",
    "confirm_suppliers",
    "dismiss",
    "export_facilities",
    "give_insight",
    "keep_import",
    "remove_supply",
    "reopen_facility",
    "revoke_insight",
]
