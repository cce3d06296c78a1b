"""Who refers to what in the document of a script."""

from typing import Any, NamedTuple


class Use(NamedTuple):
    """A row that refers to another: ``holder[place]`` is the name it uses, or ``place`` is, if it ``is_name``."""

    section: str
    key: str
    holder: Any
    place: Any
    is_name: bool = False

    def rename(self, name: str) -> None:
        """Refer to it by another name; what is told by names keeps its order."""
        if not self.is_name:
            self.holder[self.place] = name
            return
        renamed = {name if each == self.place else each: said for each, said in self.holder.items()}
        self.holder.clear()
        self.holder.update(renamed)
