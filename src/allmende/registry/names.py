"""Names as people type them: folded so that umlauts, ß, case and hyphens do not matter.

>>> fold("Straßenbäume"), fold("Strassenbaeume"), fold("strassenbaume")
('strassenbaume', 'strassenbaume', 'strassenbaume')
>>> fold("Mühlhausen/Thüringen, Stadt")
'muhlhausen thuringen stadt'
"""

import re
import unicodedata
from collections.abc import Iterable

# Written-out umlauts count as the plain vowel, as an umlaut without its dots does. That also folds
# „Soest“ to „sost“; since both sides are folded alike, nothing is lost but a little precision.
WRITTEN_OUT = re.compile("([aou])e")
NOT_A_WORD = re.compile(r"[^0-9a-z]+")
SAME_WORDS = {"sankt": "st"}


def fold(text: str) -> str:
    """Fold a name or a query to words of plain small letters and digits.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        Words with one space between them; empty if there is no letter or digit.
    """
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    words = NOT_A_WORD.sub(" ", WRITTEN_OUT.sub(r"\1", plain)).split()
    return " ".join(SAME_WORDS.get(word, word) for word in words)


def search_key(names: Iterable[str]) -> str:
    """Make the text in which a search looks: every name folded, with and without its spaces.

    >>> search_key(["Bad Homburg v.d. Höhe, Stadt"])
    ' bad homburg v d hohe stadt ;badhomburgvdhohestadt;'
    """
    folded = [fold(name) for name in names]
    return "".join(f" {name} ;{name.replace(' ', '')};" for name in folded if name)
