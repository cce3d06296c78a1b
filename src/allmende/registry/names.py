"""Names as people type them, see ``portal/search/folding.py``."""

from collections.abc import Iterable

from allmende.portal.search.folding import fold

__all__ = ["fold", "search_key"]


def search_key(names: Iterable[str]) -> str:
    """Make the text in which a search looks: every name folded, with and without its spaces.

    >>> search_key(["Bad Homburg v.d. Höhe, Stadt"])
    ' bad homburg v d hohe stadt ;badhomburgvdhohestadt;'
    """
    folded = [fold(name) for name in names]
    return "".join(f" {name} ;{name.replace(' ', '')};" for name in folded if name)
