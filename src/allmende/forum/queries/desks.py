"""What people of ministries keep for their work: text blocks and saved filters."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from allmende.registry.models import Organisation

from ..models import Boilerplate, SavedFilter

if TYPE_CHECKING:
    from allmende.accounts.models import User


def listed_boilerplates(
    ministries: Iterable[Organisation], *, words: str = ""
) -> QuerySet[Boilerplate]:
    """The text blocks of these ministries with all of these words in name or text, by name."""
    found = Boilerplate.objects.filter(organisation__in=ministries).select_related("organisation")
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(text__icontains=word))
    return found


def get_boilerplate(number: int) -> Boilerplate:
    """A text block, with the ministry that keeps it."""
    return Boilerplate.objects.select_related("organisation").get(pk=number)


def filters_of(user: "User") -> list[SavedFilter]:
    """The filters that a person has saved, by name."""
    return list(SavedFilter.objects.filter(user=user))


def get_filter(number: int) -> SavedFilter:
    """A saved filter, by the number in its address."""
    return SavedFilter.objects.get(pk=number)
