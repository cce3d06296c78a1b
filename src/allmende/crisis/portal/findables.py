"""What can be found of exercises, by those who may see them; facilities are looked for in the register alone.

Nothing of it is public: who finds what is asked of the same queries that lists are made of, each time anew.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import Hit
from allmende.portal.search.findable import Description, Findable

from ..models import Exercise, Improvement, ScriptDraft
from ..queries.drafts import drafts_of
from ..queries.exercises import open_parts_of
from ..queries.reports import improvements_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser


def _those_of(found: QuerySet[Any]) -> Q:
    return Q(key__in=found.order_by().values("pk"))


class Exercises(Findable[Exercise]):
    """Those in which somebody takes part, as far as they are open to her."""

    kind = "crisis.exercise"
    name = _("Übung")
    label = _("Übungen")
    newness = "created_at"
    touched_by = {"crisis.Exercise": "pk"}  # noqa: RUF012

    def rows(self) -> QuerySet[Exercise]:
        return Exercise.objects.select_related("host").defer("script")

    def describe(self, row: Exercise) -> Description:
        return Description(
            title=row.title,
            text=row.host.name,
            at=row.started_at or row.created_at,
            is_public=False,
        )

    def hit(self, row: Exercise) -> Hit:
        return Hit(row.title, f"{row.get_state_display()} · {row.host}", row.get_absolute_url())

    def own(self, user: "Person") -> Q | None:
        if not user.is_authenticated:
            return None
        return Q(key__in=open_parts_of(user).order_by().values("exercise"))


class Improvements(Findable[Improvement]):
    """What follows from exercises."""

    kind = "crisis.improvement"
    name = _("Maßnahme")
    label = _("Maßnahmen")
    touched_by = {"crisis.Improvement": "pk"}  # noqa: RUF012

    def rows(self) -> QuerySet[Improvement]:
        return Improvement.objects.select_related("exercise__host").defer("exercise__script")

    def describe(self, row: Improvement) -> Description:
        return Description(
            title=row.what,
            text=f"{row.lesson} {row.organisation} {row.exercise.title}",
            at=row.state_at,
            is_public=False,
        )

    def hit(self, row: Improvement) -> Hit:
        note = f"{row.get_state_display()} · {row.exercise.title}"
        return Hit(row.what, note, row.get_absolute_url())

    def own(self, user: "Person") -> Q | None:
        return _those_of(improvements_for(user)) if user.is_authenticated else None


class Scripts(Findable[ScriptDraft]):
    """The drafts of a person's crisis staffs."""

    kind = "crisis.script"
    name = _("Drehbuch")
    label = _("Drehbücher")
    newness = "created_at"
    touched_by = {"crisis.ScriptDraft": "pk"}  # noqa: RUF012

    def rows(self) -> QuerySet[ScriptDraft]:
        return ScriptDraft.objects.select_related("host").defer("script", "replaced")

    def describe(self, row: ScriptDraft) -> Description:
        return Description(title=row.title, text=row.host.name, at=row.changed_at, is_public=False)

    def hit(self, row: ScriptDraft) -> Hit:
        return Hit(row.title, str(row.host), row.get_absolute_url())

    def own(self, user: "Person") -> Q | None:
        return _those_of(drafts_of(user)) if user.is_authenticated else None


findables = (Exercises(), Improvements(), Scripts())
