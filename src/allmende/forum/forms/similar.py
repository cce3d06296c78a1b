"""Fields that show what is there already while somebody types."""


def while_typing(address: str) -> dict[str, str]:
    """Attributes by which htmx asks ``address`` for what is like the text, and shows it below."""
    return {
        "hx-get": address,
        "hx-trigger": "input changed delay:600ms",
        "hx-target": "#aehnlich",
        "hx-sync": "this:replace",
    }
