"""The summary of a concern: a few sentences that its rapporteurs keep."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import Concern
from ..queries import summary_edition
from .contributions import assert_discussed
from .errors import Overtaken

if TYPE_CHECKING:
    from allmende.accounts.models import User


@audited
def summarise_concern(
    *, actor: "User", mandate: Mandate | None, concern: Concern, seen: str, text: str
) -> None:
    """Say anew what a concern is about and where its discussion stands; empty, there is no summary.

    The audit log keeps every wording. Raises ``Overtaken`` if somebody else has written since the
    edition ``seen``, and ``Conflict`` once the concern is closed.
    """
    assert_discussed(concern)
    concern.refresh_from_db(fields=["summary"])
    if summary_edition(concern.summary) != seen:
        raise Overtaken(
            _(
                "Jemand anderes hat „Kurz gefasst“ inzwischen geändert. Was Sie geschrieben haben, steht "
                "noch hier. Vergleichen Sie beides und speichern Sie dann noch einmal."
            )
        )
    if concern.summary == text:
        return
    concern.summary = text
    concern.save(update_fields=["summary"])
    record(actor=actor, mandate=mandate, deed="forum.summarise_concern", obj=concern, text=text)
