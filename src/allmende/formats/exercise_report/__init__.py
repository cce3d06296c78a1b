"""The after-action report of a crisis exercise: as JSON for programs, and as a paper for people."""

from .document import FORMAT, read_json, write_json
from .model import (
    LOSSES_AWAITED,
    LOSSES_FAILED,
    LOSSES_THERE,
    Decision,
    Event,
    ExerciseReport,
    Goal,
    Improvement,
    Loss,
    Losses,
    MoreCrews,
    Place,
    Present,
    Question,
    Task,
    Text,
)
from .paper import RATINGS, foot_of, report_paper

__all__ = [
    "FORMAT",
    "LOSSES_AWAITED",
    "LOSSES_FAILED",
    "LOSSES_THERE",
    "RATINGS",
    "Decision",
    "Event",
    "ExerciseReport",
    "Goal",
    "Improvement",
    "Loss",
    "Losses",
    "MoreCrews",
    "Place",
    "Present",
    "Question",
    "Task",
    "Text",
    "foot_of",
    "read_json",
    "report_paper",
    "write_json",
]
