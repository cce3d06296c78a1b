"""The federal answer to a concern as a document."""

from .pages import write_answer

__all__ = ["write_answer"]
