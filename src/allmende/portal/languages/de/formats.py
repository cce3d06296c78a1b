"""What Django's own German formats leave out: a comma between the day and the hour."""

DATETIME_FORMAT = "j. F Y, H:i"
