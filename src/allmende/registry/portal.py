"""What the registry offers to the frame."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse

from allmende.portal.offers import DeskEntry, Hit, MenuEntry, Offer, Task

from . import queries, services
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


def tasks(user: "User") -> Iterator[Task]:
    """Somebody without a mandate may hold a letter."""
    if not queries.mandates_of(user) and not user.is_operator:
        yield Task(
            title="Ich habe einen Brief mit Code",
            note="Mit dem Code sprechen Sie für Ihre Organisation",
            url=reverse("registry:letter"),
            due=None,
        )


def tick() -> None:
    """Take up letters whose worker was lost; remove what shows their codes."""
    services.repair_batches()
    services.remove_documents()


offer = Offer(
    menu=MenuEntry(label="Verzeichnis", url_name="registry:search", order=90),
    tasks=tasks,
    search=search,
    tick=tick,
    desk=(
        DeskEntry(
            label="Briefe mit Code",
            note="Wie eine Organisation zu ihrem ersten Mandat kommt",
            url_name="letters:batches",
            order=40,
        ),
    ),
    notices={"registry.letter_redeemed": "Jemand löst einen Brief mit Code ein"},
    deeds={
        "registry.import_register": "Register eingelesen.",
        "registry.create_organisation": "Organisation angelegt.",
        "registry.grant_mandate": "Mandat erteilt.",
        "registry.end_mandate": "Mandat beendet.",
        "registry.make_letters": "Briefe angelegt.",
        "registry.print_letters": "Briefe erstellt.",
        "registry.fetch_letters": "Datei mit den Briefen heruntergeladen.",
        "registry.revoke_letters": "Briefe widerrufen.",
        "registry.redeem_letter": "Code aus einem Brief eingelöst.",
    },
    kinds={
        "registry.RegisterImport": "Register",
        "registry.Organisation": "Organisation",
        "registry.Mandate": "Mandat",
    },
    knows=queries.colleagues_of,
    demo=fill_demo,
    needs_second_factor=needs_second_factor,
    personal_data=queries.personal_data,
    forget=forget_person,
)
