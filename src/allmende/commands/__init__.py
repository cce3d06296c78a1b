"""One command per module, imported by ``cli`` when it is called for."""
