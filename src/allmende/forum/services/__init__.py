"""Changing things in the forum, atomically. What changes a concern or a statement leaves an entry in
the audit log; votes have a log of their own, ``Ballot``, and so has what is shown, ``Presentation``.

They take for granted that the caller has asked the rules; what can still be wrong by then (a
deadline that has just passed, somebody else who was quicker) they answer with ``Conflict``.
"""

from .answer_notices import tell_of_answers
from .answers import answer_section, publish_answer, write_summary
from .ballots import set_level
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
from .concerns import change_concern, close_concern, draft_concern, open_concern
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
from .votes import cast_vote, join_concern, present_statement

__all__ = [
    "REVOKED",
    "Conflict",
    "DecideOnAnswers",
    "Decided",
    "ImportedConversation",
    "Overtaken",
    "Stored",
    "add_evidence",
    "add_oparl_server",
    "add_report",
    "add_statement",
    "answer_for_members",
    "answer_section",
    "cast_vote",
    "change_commitment",
    "change_concern",
    "close_concern",
    "compute_now",
    "compute_result",
    "decide_statement",
    "draft_concern",
    "forget_person",
    "import_conversation",
    "join_concern",
    "judge_commitment",
    "make_commitment",
    "open_concern",
    "postpone_commitment",
    "present_statement",
    "publish_answer",
    "reach_milestone",
    "read_address",
    "release_drafts",
    "remove_commitment",
    "remove_oparl_server",
    "repair_results",
    "request_result",
    "return_drafts",
    "set_level",
    "set_outcome",
    "take_over_answers",
    "tell_of_answers",
    "tell_of_concerns",
    "withdraw_answers",
    "withdraw_draft",
    "withdraw_evidence",
    "withdraw_revoked",
    "write_summary",
]
