"""Codes on paper, such as ``K7QM-3FXA-9RTW-H2C3``: a serial, a secret and a check symbol.

=======  =======  ====================================================================
Symbols  What     For
=======  =======  ====================================================================
1–4      serial   finds the letter; no secret, 20 bits
5–15     secret   proves that somebody holds the letter; 55 bits
16       check    tells a slip of the pen from a wrong code
=======  =======  ====================================================================

The 32 symbols are Crockford's: the digits, and the letters without I, L, O and U. So no two of them
look alike, and whoever reads a one as „l“ or a zero as „O“ is understood all the same.

The check symbol makes the code, read as a polynomial over the field of 32 elements, zero at that
field's generator. It thereby notices every single wrong symbol and every two neighbours that changed
places: the weights of the places are powers of the generator, none of them zero, no two neighbouring
ones equal. It is computed from the other symbols alone. Whoever guesses can compute it, too, and learns
nothing from it; that is why a slip need not count as a wrong try.

>>> code = Code.of("K7QM", "3FXA9RTWH2C")
>>> str(code)
'K7QM-3FXA-9RTW-H2C3'
>>> read_code(" k7qm 3fxa 9rtw h2c3 ") == code
True
"""

import secrets
from dataclasses import dataclass, field

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SERIAL_LENGTH = 4
SECRET_LENGTH = 11
LENGTH = SERIAL_LENGTH + SECRET_LENGTH + 1
GROUP = 4
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
BETWEEN = str.maketrans("", "", " -‐‑‒–—.\t\r\n\u00a0\u202f")


class CodeError(ValueError):
    """What was typed is no code at all; the text is German and says what to look for."""


@dataclass(frozen=True)
class Code:
    """A code whose check symbol is right. Whether a letter of this code exists is not known here."""

    serial: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, serial: str, secret: str) -> "Code":
        """Put a code together. Raises ``CodeError`` if a part has another length or symbol."""
        if (len(serial), len(secret)) != (SERIAL_LENGTH, SECRET_LENGTH):
            raise CodeError("Der Code hat eine andere Länge.")
        _refuse_strangers(serial + secret)
        return cls(serial, secret)

    def __str__(self) -> str:
        symbols = self.serial + self.secret
        symbols += ALPHABET[_remainder(symbols + "0")]
        return "-".join(symbols[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def new_serial() -> str:
    """A serial at random; whoever keeps letters sees to it that it is new."""
    return _random(SERIAL_LENGTH)


def new_secret() -> str:
    """A secret that nobody can guess."""
    return _random(SECRET_LENGTH)


def read_code(text: str) -> Code:
    """Read what somebody typed: in any case, with or without hyphens, with l for 1 and O for 0.

    Raises
    ------
    CodeError
        If it has another length, a symbol that no code has, or the check symbol is not right.
    """
    symbols = text.translate(BETWEEN).upper().translate(READ_AS)
    if len(symbols) != LENGTH:
        raise CodeError(
            f"Der Code hat {LENGTH} Zeichen, Ihre Eingabe hat {len(symbols)}. "
            "Bitte vergleichen Sie sie mit dem Brief."
        )
    _refuse_strangers(symbols)
    if _remainder(symbols):
        raise CodeError(
            "Der Code enthält einen Tippfehler: Ein Zeichen ist falsch, oder zwei sind vertauscht. "
            "Bitte vergleichen Sie ihn mit dem Brief."
        )
    return Code(symbols[:SERIAL_LENGTH], symbols[SERIAL_LENGTH:-1])


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _refuse_strangers(symbols: str) -> None:
    strangers = [symbol for symbol in symbols if symbol not in ALPHABET]
    if strangers:
        raise CodeError(
            f"Das Zeichen „{strangers[0]}“ kommt in keinem Code vor. "
            "Bitte vergleichen Sie Ihre Eingabe mit dem Brief."
        )


def _remainder(symbols: str) -> int:
    """The polynomial's value at the generator; elements are polynomials modulo x⁵ + x² + 1."""
    value = 0
    for symbol in symbols:
        value <<= 1
        if value & 0b100000:
            value ^= 0b100101
        value ^= ALPHABET.index(symbol)
    return value
