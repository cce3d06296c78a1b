"""The one error that every reader raises when a file is not what it should be.

>>> str(FormatError("Der Schlüssel fehlt.", file="a.xlsx", sheet="Gemeinden", line=7))
'a.xlsx, Blatt „Gemeinden“, Zeile 7: Der Schlüssel fehlt.'
"""


class FormatError(ValueError):
    """A file cannot be read; the text is German and names the place."""

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
            f"Zeile {self.line}" if self.line is not None else "",
        ]
        where = ", ".join(part for part in place if part)
        return f"{where}: {self.message}" if where else self.message
