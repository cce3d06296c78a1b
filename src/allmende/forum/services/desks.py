"""What people of ministries keep for their work: text blocks for all of a ministry, filters for oneself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record
from allmende.registry.models import Mandate

from ..models import Boilerplate, SavedFilter
from .errors import Conflict, Overtaken

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_FILTERS = 20


@audited
def add_boilerplate(*, actor: "User", mandate: Mandate, title: str, text: str) -> Boilerplate:
    """Keep a text block for everybody in the ministry; where it is there already, that one.

    Raises ``Conflict`` if the name is taken by another text.
    """
    same = Boilerplate.objects.filter(organisation=mandate.organisation, title=title, text=text)
    if there := same.first():  # clicked twice
        return there
    block = Boilerplate(organisation=mandate.organisation, title=title, text=text)
    _make_sure_that_the_title_is_free(block)
    block.save()
    record(actor=actor, mandate=mandate, deed="forum.add_boilerplate", obj=block)
    return block


@audited
def change_boilerplate(
    *, actor: "User", mandate: Mandate, boilerplate: Boilerplate, title: str, text: str, seen: str
) -> None:
    """Change a text block; what was written with it stays as it is.

    Raises ``Overtaken`` if somebody has changed it since the edition ``seen``, ``Conflict`` if the name is
    taken or somebody has deleted it.
    """
    there = Boilerplate.objects.filter(pk=boilerplate.pk).first()
    if there is None:
        raise Conflict(_("Jemand hat diesen Textbaustein inzwischen gelöscht."))
    if (there.title, there.text) == (title, text):  # clicked twice
        return
    if there.edition != seen:
        raise Overtaken(
            _(
                "Jemand anderes hat diesen Textbaustein inzwischen geändert. Was Sie geschrieben haben, "
                "steht noch hier. Vergleichen Sie beides und speichern Sie dann noch einmal."
            ),
            there=there,
        )
    there.title, there.text = title, text
    _make_sure_that_the_title_is_free(there)
    there.save()
    record(actor=actor, mandate=mandate, deed="forum.change_boilerplate", obj=there)


@audited
def remove_boilerplate(*, actor: "User", mandate: Mandate, boilerplate: Boilerplate) -> None:
    """Delete a text block; what was written with it stays as it is."""
    there = Boilerplate.objects.filter(pk=boilerplate.pk).first()
    if there is None:  # clicked twice
        return
    record(actor=actor, mandate=mandate, deed="forum.remove_boilerplate", obj=there)
    there.delete()


def _make_sure_that_the_title_is_free(block: Boilerplate) -> None:
    same = Boilerplate.objects.filter(organisation=block.organisation_id, title=block.title)
    if same.exclude(pk=block.pk).exists():
        raise Conflict(
            _("Einen Textbaustein „%(title)s“ gibt es schon. Bitte wählen Sie einen anderen Namen.")
            % {"title": block.title}
        )


@transaction.atomic
def save_filter(*, user: "User", name: str, wishes: Mapping[str, str]) -> SavedFilter:
    """Keep what the queue shows under a name. Raises ``Conflict`` if it is taken, or there are too many."""
    own = _locked_filters(user.pk)
    if own.count() >= MOST_FILTERS:
        raise Conflict(
            _(
                "Sie haben schon %(most)s Ansichten gespeichert. Bitte löschen Sie zuerst eine, die Sie "
                "nicht mehr brauchen."
            )
            % {"most": MOST_FILTERS}
        )
    saved, is_new = own.get_or_create(user=user, name=name, defaults={"wishes": dict(wishes)})
    if not is_new:
        raise Conflict(_taken(name))
    return saved


@transaction.atomic
def rename_filter(*, saved: SavedFilter, name: str) -> None:
    """Give a saved filter another name. Raises ``Conflict`` if it is taken."""
    same = _locked_filters(saved.user_id).filter(name=name)
    if same.exclude(pk=saved.pk).exists():
        raise Conflict(_taken(name))
    SavedFilter.objects.filter(pk=saved.pk).update(name=name)


@transaction.atomic
def choose_first_filter(*, saved: SavedFilter, is_default: bool) -> None:
    """Show this filter when the queue is opened, in place of any other, or no longer."""
    own = _locked_filters(saved.user_id)
    if is_default:
        own.filter(is_default=True).exclude(pk=saved.pk).update(is_default=False)
    own.filter(pk=saved.pk).update(is_default=is_default)


def remove_filter(*, saved: SavedFilter) -> None:
    """Forget a saved filter."""
    saved.delete()


def _locked_filters(user: int) -> QuerySet[SavedFilter]:
    """The filters of a person (by key), of which nobody else changes or adds any until the end."""
    # Her row, not theirs: there may be none yet.
    get_user_model().objects.select_for_update(no_key=True).get(pk=user)
    return SavedFilter.objects.filter(user=user)


def _taken(name: str) -> str:
    return _("Eine Ansicht „%(name)s“ haben Sie schon. Bitte wählen Sie einen anderen Namen.") % {
        "name": name
    }
