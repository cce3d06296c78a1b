"""Of which topics and regions people want to hear. It concerns nobody else: the audit log does not
tell of it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from ..models import Interest, Region, Topic

if TYPE_CHECKING:
    from allmende.accounts.models import User


@transaction.atomic
def choose_interests(*, user: "User", topics: Iterable[Topic], regions: Iterable[Region]) -> None:
    """Keep these in place of what she had chosen before; pressed twice at once, each is kept once."""
    Interest.objects.filter(user=user).delete()
    Interest.objects.bulk_create(
        [Interest(user=user, topic=topic) for topic in topics]
        + [Interest(user=user, region=region) for region in regions],
        ignore_conflicts=True,
    )
