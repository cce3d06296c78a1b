"""The published answer as plain data, for the PDF and for machines: docs/reference/answer-json.md."""

from collections.abc import Callable
from typing import Any

from ..models import Commitment
from .answers import AnsweredSection, AnswerState

FORMAT = "allmende-answer/1"


def answer_document(state: AnswerState, *, absolute: Callable[[str], str]) -> dict[str, Any]:
    """All that a published answer says; ``absolute`` makes addresses whole."""
    answer, concern = state.answer, state.concern
    if answer is None or answer.published_at is None:
        raise ValueError("the answer is not published")
    position = answer.position
    return {
        "format": FORMAT,
        "concern": {
            "question": concern.question,
            "address": absolute(concern.get_absolute_url()),
            "topic": concern.get_topic_display(),
            "owner": str(concern.owner or ""),
            "is_example": concern.is_example,
        },
        "position": {"edition": position.number, "sha256": position.hash},
        "ministry": answer.ministry.name,
        "office": answer.mandate.get_office_display() if answer.mandate else "",
        "sent_at": concern.sent_at.isoformat() if concern.sent_at else None,
        "answer_due": concern.answer_due.isoformat() if concern.answer_due else None,
        "published_at": answer.published_at.isoformat(),
        "days_late": concern.days_late,
        "summary": answer.summary,
        "sections": [_section(row, absolute) for row in state.rows],
    }


def _section(row: AnsweredSection, absolute: Callable[[str], str]) -> dict[str, Any]:
    said = row.answer
    return {
        "number": row.section.number,
        "title": row.section.title,
        "text": row.section.text,
        "disposition": said.disposition if said else "",
        "disposition_label": said.get_disposition_display() if said else "",
        "reason": said.reason if said else "",
        "commitments": [_commitment(each, absolute) for each in row.commitments],
    }


def _commitment(commitment: Commitment, absolute: Callable[[str], str]) -> dict[str, Any]:
    return {
        "address": absolute(commitment.get_absolute_url()),
        "what": commitment.what,
        "organisation": commitment.organisation.name,
        "who": commitment.who,
        "due_on": commitment.due_on.isoformat(),
        "sign": commitment.sign,
        "milestones": [
            {"title": step.title, "due_on": step.due_on.isoformat()}
            for step in commitment.milestones.all()
        ],
    }
