"""What the registry offers to the frame."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allmende.portal.offers import Hit, MenuEntry, Offer

from . import queries
from .demo import fill_demo
from .services.leaving import forget_person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

MOST_HITS = 10


def search(words: str, user: "User | AnonymousUser") -> Iterator[Hit]:
    """Regions by name, postcode or key."""
    for region in queries.search_regions(words).select_related("parent")[:MOST_HITS]:
        yield Hit(title=region.name, note=region.describe(), url=region.get_absolute_url())


def needs_second_factor(user: "User") -> bool:
    """Whoever releases in the name of others or manages their people."""
    return any(mandate.may_release or mandate.may_manage for mandate in queries.mandates_of(user))


offer = Offer(
    menu=MenuEntry(label="Verzeichnis", url_name="registry:search", order=90),
    search=search,
    deeds={
        "registry.import_register": "Register eingelesen.",
        "registry.create_organisation": "Organisation angelegt.",
        "registry.grant_mandate": "Mandat erteilt.",
        "registry.end_mandate": "Mandat beendet.",
        "registry.grant_proxy": "Vollmacht erteilt.",
        "registry.revoke_proxy": "Vollmacht widerrufen.",
    },
    kinds={
        "registry.RegisterImport": "Register",
        "registry.Organisation": "Organisation",
        "registry.Mandate": "Mandat",
    },
    knows=queries.colleagues_of,
    notices={"registry.proxies": "Vollmachten: wer für wen antworten darf"},
    demo=fill_demo,
    needs_second_factor=needs_second_factor,
    personal_data=queries.personal_data,
    forget=forget_person,
)
