"""What the forum offers as open data: everything public, table by table.

Every row belongs to a concern that a visitor without an account may see: no drafts, nothing that is
confidential until its deadline. Nobody is named: officially, an office or an organisation speaks. Of
personal opinions there are only counts, and small ones are hidden (``results.cells``).
"""

from .answers import datasets_of_answers
from .concerns import datasets_of_concerns
from .positions import datasets_of_positions
from .results import datasets_of_results
from .sittings import datasets_of_sittings

datasets = (
    *datasets_of_concerns,
    *datasets_of_results,
    *datasets_of_positions,
    *datasets_of_answers,
    *datasets_of_sittings,
)
