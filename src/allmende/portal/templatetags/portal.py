"""Template tags that all apps use: KERN form fields, figures, pages of a list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, RadioSelect, Select, Textarea
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

register = template.Library()

NARROW_SPACE = "\u202f"


@register.inclusion_tag("portal/_field.html")
def kern_field(field: BoundField) -> dict[str, Any]:
    """A field with label, hint and error, as KERN draws it."""
    described = [f"{field.auto_id}_hint"] if field.help_text else []
    attrs: dict[str, Any] = {}
    if field.errors:
        described.append(f"{field.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    widget = field.field.widget
    said = str(widget.attrs.get("placeholder", ""))
    if said and said in str(field.label):
        del widget.attrs["placeholder"]  # allauth's: it says the label again, with less contrast
    error = " kern-form-input__input--error" if field.errors else ""
    if isinstance(widget, CheckboxInput):
        kind, attrs["class"] = "check", "kern-form-check__checkbox"
    elif isinstance(widget, RadioSelect):
        kind = "radio"
    elif isinstance(widget, Select):
        kind, attrs["class"] = "select", "kern-form-input__select"
    else:
        kind, attrs["class"] = "input", f"kern-form-input__input{error}"
        if isinstance(widget, Textarea):
            attrs.setdefault("rows", widget.attrs.get("rows", 5))
    # What other answers can make necessary is not called optional; its hint says when it is needed.
    at_times = getattr(field.form, "needed_at_times", ())
    optional = not field.field.required and field.name not in at_times
    rendered: SafeString | str = "" if kind == "radio" else field.as_widget(attrs=attrs)
    return {"field": field, "kind": kind, "widget": rendered, "optional": optional}


@register.filter
def number(value: float | None, digits: int = 0) -> str:
    """``10754`` as ``10.754``; nothing known as a dash."""
    return (
        "–"
        if value is None
        # Django's number_format cuts digits off instead of rounding.
        else number_format(
            round(value, digits), decimal_pos=digits, use_l10n=True, force_grouping=True
        )
    )


@register.filter
def hours(value: float) -> str:
    """``1.5`` as ``1,5`` and ``72.0`` as ``72``, to be read in a sentence; columns keep their digits."""
    return number(value, 0 if round(float(value), 1).is_integer() else 1)


def enumerated(names: Sequence[str]) -> str:
    """``["A", "B", "C"]`` as „A, B und C“, in a sentence."""
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s und %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


@register.filter
def percent(share: float | None) -> str:
    """``0.914`` as ``91 %``, with the narrow space that German typography asks for; in English ``91%``."""
    return "–" if share is None else _percent(number_format(round(100 * share), 0))


@register.filter
def percent_range(bounds: tuple[float, float] | None) -> str:
    """``(0.87, 0.94)`` as ``87–94 %``."""
    if bounds is None:
        return "–"
    low, high = (number_format(round(100 * bound), 0) for bound in bounds)
    return _percent(f"{low}–{high}")


def _percent(number: str) -> str:
    return f"{number}%" if get_language() == "en" else f"{number}{NARROW_SPACE}%"


@register.filter
def time_left(until: datetime | None) -> str:
    """How long until then, in the words of a task list."""
    if until is None:
        return _("offen")
    days = (timezone.localdate(until) - timezone.localdate()).days
    if days < 0 or until < timezone.now():
        return _("vorbei")
    if days <= 1:
        return _("morgen") if days else _("heute")
    return _("%(number)s Tage") % {"number": days}


@register.filter
def is_past(due: datetime | None) -> bool:
    """Whether the day on which something was due is over."""
    return days_past(due) > 0


@register.filter
def days_past(due: datetime | None) -> int:
    """For how many days something has been due; not above 0 if it is not."""
    return (timezone.localdate() - timezone.localdate(due)).days if due else 0


@register.filter
def urgency(until: datetime | None) -> str:
    """KERN's colour for how soon that is: red today, yellow within two weeks, blue later."""
    if until is None:
        return "info"
    days = (timezone.localdate(until) - timezone.localdate()).days
    return "danger" if days <= 0 else "warning" if days <= 14 else "info"


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The address's query with changes; an empty value removes its key."""
    parameters: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            parameters.pop(key, None)
        else:
            parameters[key] = value
    return f"?{parameters.urlencode()}"


@register.inclusion_tag("portal/_pages.html", takes_context=True)
def pages(context: dict[str, Any], page: Page[Any]) -> dict[str, Any]:
    """Links to the other pages of a long list."""
    return {"page": page, "request": context["request"]}
