"""Which municipality somebody means: the same names work in a form and in a file."""

import re
from collections import defaultdict

from allmende.registry.models import RegionQuerySet

# What municipalities call themselves. People say it first, the register puts it behind the name, „Altenbrück,
# Stadt“, if at all; some are called so, „Stadt Wehlen, Stadt“.
TITLED = re.compile(r"(stadt|gemeinde|markt|flecken|kreisstadt|hansestadt) (.+)")


def folded(name: str) -> str:
    """A name without what people write now this way, now that way.

    >>> folded("  Altenbrück,  STADT ")
    'altenbrück, stadt'
    """
    return " ".join(name.split()).casefold()


class Towns:
    """Municipalities by key and by name, looked up together: one query, however many are asked for."""

    def __init__(self, regions: RegionQuerySet) -> None:
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        self._by_name: defaultdict[str, list[int]] = defaultdict(list)
        self._by_short_name: defaultdict[str, list[int]] = defaultdict(list)
        for pk, ags, ars, name in regions.order_by("pk").values_list("pk", "ags", "ars", "name"):
            for key in {ags, ars} - {""}:
                self._by_key[key].append(pk)
            called = folded(name)
            short_name, comma, _title = called.partition(",")
            self._by_name[called].append(pk)
            if comma:
                self._by_short_name[short_name].append(pk)

    def find(self, words: str) -> list[int]:
        """Numbers of those that are meant: by key, called so, or else so without a title, theirs or the typed one."""
        said = folded(words)
        ways = [(self._by_key, said), (self._by_name, said)]
        titled = TITLED.fullmatch(said)
        if titled:
            ways.append((self._by_name, f"{titled[2]}, {titled[1]}"))
        ways.append((self._by_short_name, said))
        if titled:
            ways += [(self._by_name, titled[2]), (self._by_short_name, titled[2])]
        return next((there[name] for there, name in ways if name in there), [])
