"""Words as people type them: folded so that umlauts, ß, case and hyphens do not matter.

>>> fold("Straßenbäume"), fold("Strassenbaeume"), fold("strassenbaume")
('strassenbaume', 'strassenbaume', 'strassenbaume')
>>> fold("Mühlhausen/Thüringen, Stadt")
'muhlhausen thuringen stadt'
>>> stem(fold("Übergriffe")) in fold("ein Uebergriff")
True
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Written-out umlauts count as the plain vowel, as an umlaut without its dots does. That also folds
# „Soest“ to „sost“; since both sides are folded alike, nothing is lost but a little precision.
WRITTEN_OUT = re.compile("([aou])e")
NOT_A_WORD = re.compile(r"[^0-9a-z]+")
SAME_WORDS = {"sankt": "st"}
# Endings of plurals and cases; without them a word still stands in all its other forms.
ENDINGS = ("ern", "en", "er", "em", "es", "e")
SHORT_ENDING = re.compile("(?<=[elr])n$|(?<=[bdfghklmnrtao])s$")
SHORTEST_STEM = 4
# A trigram index cannot look for less; shorter words are looked for as whole ones.
SHORTEST_PART = 3
MOST_WORDS = 8
PHRASE_OR_WORD = re.compile(r"[\"„“”»«]([^\"„“”»«]+)[\"„“”»«]|(\S+)")
# Words that are in every text. Written as they are folded.
TOO_COMMON = frozenset(
    [
        "aber",
        "als",
        "am",
        "an",
        "auch",
        "auf",
        "aus",
        "bei",
        "bis",
        "das",
        "dass",
        "dem",
        "den",
        "der",
        "des",
        "die",
        "durch",
        "ein",
        "eine",
        "einem",
        "einen",
        "einer",
        "eines",
        "er",
        "es",
        "fur",
        "haben",
        "hat",
        "ihr",
        "ihre",
        "im",
        "in",
        "ist",
        "kann",
        "konnen",
        "mehr",
        "mit",
        "nach",
        "nicht",
        "noch",
        "nur",
        "ob",
        "oder",
        "sich",
        "sie",
        "sind",
        "sollen",
        "soll",
        "uber",
        "um",
        "und",
        "uns",
        "unsere",
        "vom",
        "von",
        "vor",
        "was",
        "wenn",
        "wer",
        "werden",
        "wie",
        "wir",
        "wird",
        "zu",
        "zum",
        "zur",
    ]
)


def fold(text: str) -> str:
    """Fold a text or a query to words of plain small letters and digits.

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


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The same letter by letter, with the place in ``text`` that each of them comes from.

    >>> fold_with_places("Größe!")
    ('grosse ', [0, 1, 2, 3, 3, 4, 5])
    """
    letters: list[str] = []
    places: list[int] = []
    swallowed = False
    for place, character in enumerate(text):
        for letter in _letters(character):
            if letter == "e" and letters and letters[-1] in "aou" and not swallowed:
                swallowed = True
                continue
            swallowed = False
            if letter == " " and letters and letters[-1] == " ":
                continue
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


@lru_cache(maxsize=1_000)
def _letters(character: str) -> str:
    """A character in plain small letters; a space for what stands in no word."""
    return "".join(
        letter if NOT_A_WORD.match(letter) is None else " "
        for letter in unicodedata.normalize("NFKD", character.casefold())
        if not unicodedata.combining(letter)
    )


def stem(word: str) -> str:
    """A folded word without its ending, so that it stands in its plural and in its cases, too.

    >>> stem("kommunen"), stem("gewerbesteurn"), stem("kreis"), stem("kitas")
    ('kommun', 'gewerbesteur', 'kreis', 'kita')
    """
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    shorter = SHORT_ENDING.sub("", word)
    return shorter if len(shorter) >= SHORTEST_STEM else word


@dataclass(frozen=True)
class Wanted:
    """One word of a query, or several in quotation marks: as they are, and what has to occur."""

    whole: str
    part: str

    @property
    def is_short(self) -> bool:
        """Too short to be looked for within words."""
        return len(self.part) < SHORTEST_PART


def wanted(query: str) -> list[Wanted]:
    """What a query asks for; words in quotation marks stay together and keep their endings.

    >>> [each.part for each in wanted("die Übergriffe auf „kleine Gemeinden“")]
    ['ubergriff', 'kleine gemeinden']
    """
    found: dict[str, Wanted] = {}
    for phrase, word in PHRASE_OR_WORD.findall(query):
        if folded := fold(phrase):
            found[folded] = Wanted(folded, folded)
        for each in fold(word).split():
            found.setdefault(each, Wanted(each, stem(each)))
    telling = [each for each in found.values() if each.whole not in TOO_COMMON]
    return (telling or list(found.values()))[:MOST_WORDS]
