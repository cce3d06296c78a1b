"""What an app says of one kind of thing that can be found."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar

from django.db.models import Q, QuerySet

from .. import offers

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person: TypeAlias = User | AnonymousUser

Row = TypeVar("Row", bound=Any)


@dataclass(frozen=True)
class Description:
    """What the index keeps of a thing.

    ``about`` is the key of what decides who may see it, such as a statement's concern; 0 where nothing does. What is not
    public only those find whom ``Findable.own`` names. The heavier stands before the lighter; without
    weight, the newer before the older.
    """

    title: str
    text: str
    at: datetime | None = None
    about: int = 0
    is_public: bool = True
    ars: str = ""
    topic: str = ""
    state: str = ""
    weight: int = 0


def everybody(user: "Person") -> Q:
    """Public things are for everybody."""
    return Q(is_public=True)


class Findable(Generic[Row]):
    """One kind of thing. Apps make a class of each and offer an instance.

    ``touched_by`` says by which lookup a thing hangs together with an object about which a deed was
    recorded: ``{"forum.Statement": "pk", "forum.Concern": "concern"}``.
    """

    kind: ClassVar[str]  # app.word
    name: ClassVar[Any]  # one of them in German, lazily translated
    label: ClassVar[Any]  # all of them
    about: ClassVar[str] = ""  # app.Model of ``Description.about``
    newness: ClassVar[str] = ""  # the column that says when a thing came to be
    touched_by: ClassVar[Mapping[str, str]] = {}

    def rows(self) -> QuerySet[Any, Any]:
        """All things of this kind, with what ``describe`` and ``hit`` read."""
        raise NotImplementedError

    def describe(self, row: Row) -> Description:
        """What the index keeps of it."""
        raise NotImplementedError

    def hit(self, row: Row) -> offers.Hit:
        """How it appears among what was found."""
        raise NotImplementedError

    # Findables with one and the same function share its subquery.
    audience = staticmethod(everybody)

    def own(self, user: "Person") -> Q | None:
        """Which entries a person finds although they are not public."""
        return None

    def things(self) -> list[tuple[datetime | None, int]]:
        """When each thing came to be, and its key."""
        if not self.newness:
            return [(None, key) for key in self.rows().order_by("pk").values_list("pk", flat=True)]
        return list(self.rows().order_by(self.newness, "pk").values_list(self.newness, "pk"))

    def load(self, keys: Collection[int]) -> dict[int, Row]:
        """Those of these things that exist."""
        return {row.pk: row for row in self.rows().filter(pk__in=keys)}

    def touched(self, model: str, keys: Collection[Any]) -> Iterable[int]:
        """The keys of things of which deeds about objects (app.Model) may have changed the description."""
        lookup = self.touched_by.get(model)
        if lookup is None:
            return ()
        rows = self.rows().filter(**{f"{lookup}__in": keys} if lookup else {})
        found = set(rows.order_by().values_list("pk", flat=True))
        return found.union(keys) if lookup == "pk" else found


def findables() -> list[Findable[Any]]:
    """All kinds, in the order of the apps."""
    return [findable for offer in offers.all_offers() for findable in offer.findable]
