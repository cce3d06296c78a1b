"""Letters with a code: the code itself, and the pages for the printer."""

from .code import ALPHABET, Code, CodeError, new_secret, new_serial, read_code
from .pages import Page, Sender, write_pages

__all__ = [
    "ALPHABET",
    "Code",
    "CodeError",
    "Page",
    "Sender",
    "new_secret",
    "new_serial",
    "read_code",
    "write_pages",
]
