"""What a report still lacks: told before it is closed, and no hindrance."""

from dataclasses import dataclass

from ..models import Exercise, Improvement, takes_answers
from .observing import questionnaire_in
from .reports import GOAL, improvements_in, newest_passages, sections_of


@dataclass(frozen=True)
class LooseEnds:
    """Empty ``sections`` and ``goals`` without a rating by key and name, and measures that nobody answers for.

    ``answered`` is None unless the questionnaire is open.
    """

    sections: tuple[tuple[str, str], ...]
    goals: tuple[tuple[str, str], ...]
    has_improvements: bool
    ownerless: tuple[Improvement, ...]
    answered: int | None

    @property
    def is_complete(self) -> bool:
        written = not self.sections and not self.goals
        return written and self.has_improvements and not self.ownerless and self.answered is None


def loose_ends(exercise: Exercise) -> LooseEnds:
    """What is not there yet."""
    passages = newest_passages(exercise)
    names = sections_of(exercise)
    empty = [key for key in names if key not in passages or not passages[key].text]
    unrated = [key for key in names if key not in passages or not passages[key].rating]
    improvements = list(improvements_in(exercise))
    asked = questionnaire_in(exercise)
    is_open = takes_answers(exercise, asked)
    return LooseEnds(
        sections=tuple((key, names[key]) for key in empty if not key.startswith(GOAL)),
        goals=tuple((key, names[key]) for key in unrated if key.startswith(GOAL)),
        has_improvements=bool(improvements),
        # Dates are never missing; owners are when their accounts have gone.
        ownerless=tuple(each for each in improvements if not each.who),
        answered=(asked.answered if asked is not None else 0) if is_open else None,
    )
