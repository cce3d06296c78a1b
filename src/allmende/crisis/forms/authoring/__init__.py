"""What people type in while they write a script."""

from .injects import InjectForm
from .options import OptionForm
from .parts import AnnounceForm, BeginForm, HeadForm, ShiftForm
from .rows import RowForm

__all__ = [
    "AnnounceForm",
    "BeginForm",
    "HeadForm",
    "InjectForm",
    "OptionForm",
    "RowForm",
    "ShiftForm",
]
