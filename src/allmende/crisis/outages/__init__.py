"""What happens if: failures in the visible register, played through by ``algorithms.cascade`` and put in words.

``plan`` says what is to happen, ``hazards`` whom water, wind or an attack hits, ``play`` computes what comes of it, ``timeline`` tells it in sentences, and
``bottlenecks`` lets each facility fail alone. Nothing is stored: the address of the page says it all.
"""

from .bottlenecks import Bottleneck, Bottlenecks, find_bottlenecks
from .plan import HORIZONS, Plan
from .play import Played, play
from .timeline import Clock, Happening, tell

__all__ = [
    "HORIZONS",
    "Bottleneck",
    "Bottlenecks",
    "Clock",
    "Happening",
    "Plan",
    "Played",
    "find_bottlenecks",
    "play",
    "tell",
]
