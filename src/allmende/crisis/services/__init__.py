"""Changing the register."""

from allmende.forum.services import Conflict, Overtaken

from .contacts import (
    MOST_CONTACTS,
    MOST_DOCUMENTS,
    add_contact,
    add_document,
    change_contact,
    clear_contacts,
    fetch_document,
    remove_contact,
    remove_document,
)
from .duties import export_paper, fulfil_duty, volunteer, withdraw_fulfilment
from .exports import (
    export_facilities,
    export_generators,
    export_of_exercise,
    export_terms,
)
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
from .generators import add_generator, change_generator, clear_releases, remove_generator
from .imports import (
    carry_out_import,
    carry_out_wanted,
    clear_imports,
    discard_import,
    keep_import,
    note_problem,
    pick_up_imports,
    request_import,
)
from .incidents import (
    add_incident,
    change_incident,
    clear_incident_contacts,
    discard_incident,
    export_incident,
    hand_in,
)
from .kritis import (
    add_threshold,
    load_thresholds,
    remove_measure,
    set_measure,
    set_reporting_office,
)
from .providers import clear_provider_contacts, set_particulars
from .staff import appoint, dismiss, give_insight, revoke_insight

__all__ = [
    "MOST_CONTACTS",
    "MOST_DOCUMENTS",
    "Conflict",
    "Overtaken",
    "add_contact",
    "add_document",
    "add_facility",
    "add_generator",
    "add_incident",
    "add_supply",
    "add_threshold",
    "appoint",
    "carry_out_import",
    "carry_out_wanted",
    "change_contact",
    "change_facility",
    "change_generator",
    "change_incident",
    "change_supply",
    "clear_contacts",
    "clear_imports",
    "clear_incident_contacts",
    "clear_provider_contacts",
    "clear_releases",
    "close_facility",
    "confirm_suppliers",
    "discard_import",
    "discard_incident",
    "dismiss",
    "export_facilities",
    "export_generators",
    "export_incident",
    "export_of_exercise",
    "export_paper",
    "export_terms",
    "fetch_document",
    "fulfil_duty",
    "give_insight",
    "hand_in",
    "keep_import",
    "load_thresholds",
    "note_problem",
    "pick_up_imports",
    "remove_contact",
    "remove_document",
    "remove_generator",
    "remove_measure",
    "remove_supply",
    "reopen_facility",
    "request_import",
    "revoke_insight",
    "set_measure",
    "set_particulars",
    "set_reporting_office",
    "volunteer",
    "withdraw_fulfilment",
]
