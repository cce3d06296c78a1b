"""What Django's own German formats leave out: „22. November 2026, 10:05 Uhr“."""

DATETIME_FORMAT = "j. F Y, H:i \\U\\h\\r"
