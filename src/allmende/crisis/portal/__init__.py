"""What critical facilities and exercises offer to the frame."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import MenuEntry, Offer, PersonalData, Task

from . import exercises, register, reports
from .findables import findables

if TYPE_CHECKING:
    from allmende.accounts.models import User

PARTS = (exercises, register, reports)


def personal_data(user: "User") -> Iterator[PersonalData]:
    """What is kept about a person."""
    for part in PARTS:
        yield from part.personal_data(user)


def forget(user: "User") -> list[str]:
    """Take a person's traces away where that may be, and say what stays."""
    return [text for part in PARTS for text in part.forget(user)]


def known(user: "User") -> Iterator[int]:
    """Whom a person may know by name."""
    yield from exercises.known(user)
    yield from register.known(user)


def tasks(user: "User") -> Iterator[Task]:
    """What waits for a person."""
    for part in PARTS:
        yield from part.tasks(user)


def tick() -> None:
    """Go on with exercises, and remind people of what follows from them."""
    exercises.tick()
    register.tick()
    reports.tick()


def demo(seed: int) -> list[str]:
    """Fill in example data; its modules are only needed here."""
    from ..demo import fill

    return fill(seed)


offer = Offer(
    menu=(MenuEntry(label=_("Krise"), url_name="crisis:start", order=40),),
    tasks=tasks,
    demo=demo,
    findable=findables,
    tick=tick,
    personal_data=personal_data,
    forget=forget,
    desk=register.desk,
    knows=known,
    notices=reports.notices,
    deeds=exercises.deeds | register.deeds | reports.deeds,
    kinds=exercises.kinds | register.kinds | reports.kinds,
    retention=exercises.retention + register.retention + reports.retention,
)
