"""Changing things in the forum, atomically. What changes a concern or a statement leaves an entry in
the audit log; votes have a log of their own, ``Ballot``, and so has what is shown, ``Presentation``.

They take for granted that the caller has asked the rules; what can still be wrong by then (a
deadline that has just passed, somebody else who was quicker) they answer with ``Conflict``.
"""

from .ballots import set_level
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
from .drafts import withdraw_draft
from .errors import Conflict, Overtaken
from .evidence import (
    add_evidence,
    add_oparl_server,
    read_address,
    remove_oparl_server,
    withdraw_evidence,
)
from .imports import ImportedConversation, import_conversation
from .leaving import forget_person
from .notices import tell_of_concerns
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
from .statements import add_statement, decide_statement
from .summaries import write_summary
from .votes import cast_vote, join_concern, present_statement

__all__ = [
    "REVOKED",
    "Conflict",
    "DecideOnAnswers",
    "Decided",
    "ImportedConversation",
    "Overtaken",
    "Stored",
    "add_contribution",
    "add_evidence",
    "add_oparl_server",
    "add_statement",
    "answer_for_members",
    "cast_vote",
    "change_concern",
    "change_contribution",
    "close_concern",
    "compute_now",
    "compute_result",
    "decide_statement",
    "delete_files",
    "draft_concern",
    "forget_person",
    "import_conversation",
    "join_concern",
    "keep_contribution",
    "keep_file",
    "open_concern",
    "present_statement",
    "read_address",
    "release_drafts",
    "remove_contribution",
    "remove_oparl_server",
    "repair_results",
    "report_contribution",
    "request_result",
    "restore_contribution",
    "return_drafts",
    "set_level",
    "take_back_contribution",
    "take_over_answers",
    "tell_of_concerns",
    "withdraw_answers",
    "withdraw_draft",
    "withdraw_evidence",
    "withdraw_revoked",
    "write_summary",
]
