"""Closed minutes as a PDF."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.formats.minutes import Addendum, Item, Minutes, Promise, write_minutes
from allmende.mail.services import absolute

from ...models import AgendaItem, Sitting
from ...queries.sittings import minutes_of, upcoming_of


def write_pdf(sitting: Sitting) -> bytes:
    """The minutes with their addenda, PDF/UA-1."""
    said = minutes_of(sitting)
    coming = upcoming_of(sitting.series)
    excused = ngettext(
        "%(count)d Organisation hatte abgesagt.",
        "%(count)d Organisationen hatten abgesagt.",
        said.excused,
    )
    return write_minutes(
        Minutes(
            title=sitting.title,
            series=sitting.series.name,
            host=sitting.series.host.name,
            when=_when(sitting),
            place=sitting.place or _("Videokonferenz"),
            closed_on=date_format(localtime(sitting.minutes_at)),
            address=absolute(f"{sitting.get_absolute_url()}protokoll/"),
            present=tuple(said.present),
            excused=excused % {"count": said.excused} if said.excused else "",
            items=tuple(map(_item, said.items)),
            next_date=f"{coming.title}: {_when(coming)}" if coming else "",
            is_example=sitting.series.is_example,
            addenda=tuple(
                Addendum(
                    at=_("Nachtrag vom %(day)s") % {"day": date_format(localtime(addendum.at))},
                    by=addendum.mandate.capacity if addendum.mandate else "",
                    text=addendum.text,
                )
                for addendum in said.addenda
            ),
        )
    )


def _item(item: AgendaItem) -> Item:
    return Item(
        title=item.title,
        minutes=item.minutes,
        decision=item.decision,
        promises=tuple(
            Promise(
                what=commitment.what,
                who=f"{commitment.organisation}, {commitment.who}",
                until=date_format(commitment.due_on),
            )
            for commitment in item.commitments.all()
        ),
    )


def _when(sitting: Sitting) -> str:
    begins, ends = localtime(sitting.starts_at), localtime(sitting.ends_at)
    return _("%(day)s, %(begins)s bis %(ends)s Uhr") % {
        "day": date_format(begins, "l, j. F Y"),
        "begins": date_format(begins, "H:i"),
        "ends": date_format(ends, "H:i"),
    }
