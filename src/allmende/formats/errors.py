"""The one exception of this package: what is wrong with a file, and where."""


class FormatError(ValueError):
    """A file cannot be read. The message is German and meant for the person who chose the file.

    >>> str(FormatError("Die Datei ist leer.", file="votes.csv"))
    'votes.csv: Die Datei ist leer.'
    >>> str(FormatError("Schlüssel fehlt.", file="gv.xlsx", sheet="Onlineprodukt", line=7))
    'gv.xlsx, Blatt „Onlineprodukt“, Zeile 7: Schlüssel fehlt.'
    """

    def __init__(
        self, message: str, *, file: str = "", sheet: str = "", line: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.sheet = sheet
        self.line = line

    def __str__(self) -> str:
        place = [
            self.file,
            f"Blatt „{self.sheet}“" if self.sheet else "",
            "" if self.line is None else f"Zeile {self.line}",
        ]
        where = ", ".join(part for part in place if part)
        return f"{where}: {self.message}" if where else self.message
