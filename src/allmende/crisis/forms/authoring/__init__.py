"""What people type in while they write a script."""

from .facilities import FacilityRowForm
from .injects import InjectForm
from .options import OptionForm
from .parts import AnnounceForm, BeginForm, HeadForm, ShiftForm
from .rows import RowForm

__all__ = [
    "AnnounceForm",
    "BeginForm",
    "FacilityRowForm",
    "HeadForm",
    "InjectForm",
    "OptionForm",
    "RowForm",
    "ShiftForm",
]
