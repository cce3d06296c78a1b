"""Changing things in the forum, atomically. What changes a concern or a statement leaves an entry in
the audit log; votes have a log of their own, ``Ballot``, and so has what is shown, ``Presentation``.

They take for granted that the caller has asked the rules; what can still be wrong by then (a
deadline that has just passed, somebody else who was quicker) they answer with ``Conflict``.
"""

from .answer_notices import tell_of_answers
from .answers import answer_section, publish_answer, write_summary
from .assignments import Assigned, Undone, assign_official, assign_officials, undo_assignments
from .ballots import set_level
from .closing import finish_concern
from .commitments import (
    add_report,
    change_commitment,
    judge_commitment,
    make_commitment,
    postpone_commitment,
    reach_milestone,
    remove_commitment,
    set_outcome,
)
from .complaints import (
    keep_contribution,
    remove_contribution,
    report_contribution,
    restore_contribution,
)
from .concerns import change_concern, close_concern, draft_concern, open_concern
from .contributions import (
    add_contribution,
    change_contribution,
    delete_files,
    keep_file,
    take_back_contribution,
)
from .desks import (
    MOST_FILTERS,
    add_boilerplate,
    change_boilerplate,
    choose_first_filter,
    remove_boilerplate,
    remove_filter,
    rename_filter,
    save_filter,
)
from .drafts import withdraw_draft
from .errors import Conflict, Overtaken
from .evidence import (
    add_evidence,
    add_oparl_server,
    read_address,
    remove_oparl_server,
    withdraw_evidence,
)
from .extensions import extend_answers
from .imports import ImportedConversation, import_conversation
from .leaving import forget_person
from .merging import merge_concern
from .ministries import hand_over_concern, set_ministry
from .notices import tell_of_concerns
from .positions import (
    add_rapporteur,
    add_section,
    draft_sections,
    move_section,
    put_back_section,
    remove_rapporteur,
    remove_section,
    restore_section,
    statements_to_take,
    write_section,
)
from .proxies import (
    REVOKED,
    DecideOnAnswers,
    Stored,
    answer_for_members,
    take_over_answers,
    withdraw_answers,
    withdraw_revoked,
)
from .releases import Decided, release_drafts, return_drafts
from .results import compute_now, compute_result, repair_results, request_result
from .sealing import give_word, seal_position, withdraw_word
from .sending import choose_ministry, reach_quorum, send_if_ready, send_what_waited
from .statements import add_statement, decide_statement
from .summaries import summarise_concern
from .supports import sign_concern, withdraw_support
from .terms import change_terms
from .votes import Turn, cast_vote, go_on, join_concern, vote_and_go_on
from .way_notices import tell_ministries_late, tell_of_extensions, tell_of_steps

__all__ = [
    "MOST_FILTERS",
    "REVOKED",
    "Assigned",
    "Conflict",
    "DecideOnAnswers",
    "Decided",
    "ImportedConversation",
    "Overtaken",
    "Stored",
    "Turn",
    "Undone",
    "add_boilerplate",
    "add_contribution",
    "add_evidence",
    "add_oparl_server",
    "add_rapporteur",
    "add_report",
    "add_section",
    "add_statement",
    "answer_for_members",
    "answer_section",
    "assign_official",
    "assign_officials",
    "cast_vote",
    "change_boilerplate",
    "change_commitment",
    "change_concern",
    "change_contribution",
    "change_terms",
    "choose_first_filter",
    "choose_ministry",
    "close_concern",
    "compute_now",
    "compute_result",
    "decide_statement",
    "delete_files",
    "draft_concern",
    "draft_sections",
    "extend_answers",
    "finish_concern",
    "forget_person",
    "give_word",
    "go_on",
    "hand_over_concern",
    "import_conversation",
    "join_concern",
    "judge_commitment",
    "keep_contribution",
    "keep_file",
    "make_commitment",
    "merge_concern",
    "move_section",
    "open_concern",
    "postpone_commitment",
    "publish_answer",
    "put_back_section",
    "reach_milestone",
    "reach_quorum",
    "read_address",
    "release_drafts",
    "remove_boilerplate",
    "remove_commitment",
    "remove_contribution",
    "remove_filter",
    "remove_oparl_server",
    "remove_rapporteur",
    "remove_section",
    "rename_filter",
    "repair_results",
    "report_contribution",
    "request_result",
    "restore_contribution",
    "restore_section",
    "return_drafts",
    "save_filter",
    "seal_position",
    "send_if_ready",
    "send_what_waited",
    "set_level",
    "set_ministry",
    "set_outcome",
    "sign_concern",
    "statements_to_take",
    "summarise_concern",
    "take_back_contribution",
    "take_over_answers",
    "tell_ministries_late",
    "tell_of_answers",
    "tell_of_concerns",
    "tell_of_extensions",
    "tell_of_steps",
    "undo_assignments",
    "vote_and_go_on",
    "withdraw_answers",
    "withdraw_draft",
    "withdraw_evidence",
    "withdraw_revoked",
    "withdraw_support",
    "withdraw_word",
    "write_section",
    "write_summary",
]
