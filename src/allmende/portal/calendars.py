"""Files that people read into their calendars."""

from django.http import HttpResponse


def calendar_response(name: str, text: str) -> HttpResponse:
    """Answer with an iCalendar file to be saved, of which nobody on the way keeps a copy."""
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
