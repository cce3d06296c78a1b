"""Figures and names of a joint position."""

from django import template

from ..models import Word
from ..queries import printed_name

register = template.Library()

NARROW_SPACE = "\u202f"


@register.filter
def bare_permille(share: int) -> str:
    """``914`` as ``91``."""
    return str(round(share / 10))


@register.filter
def permille(share: int) -> str:
    """``914`` as ``91 %``."""
    return f"{round(share / 10)}{NARROW_SPACE}%"


@register.filter
def permille_down(share: int) -> str:
    """``819`` as ``81 %``: what is surely reached is never rounded up."""
    return f"{share // 10}{NARROW_SPACE}%"


@register.filter
def named(word: Word, lands: dict[str, str]) -> str:
    """Whose word it is: „Neustadt (Bayern)“."""
    return printed_name(word, lands)
