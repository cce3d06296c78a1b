"""To whom a member grants a power to answer, and for what; which of them it takes back."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Topic


class TopicsField(forms.TypedMultipleChoiceField):
    """Several topic areas; its value is a list of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            coerce=Topic,
            choices=Topic.choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext("Bitte wählen Sie mindestens ein Themenfeld.")},
            **kwargs,
        )


def _only(form: forms.Form, topics: Collection[Topic]) -> None:
    field = form.fields["topics"]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
    field.choices = [(topic.value, topic.label) for topic in Topic if topic in topics]


class AgentSearchForm(forms.Form):
    """Who is looked for, if not one of those that are proposed."""

    q = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=100,
        help_text=_("Landkreis, Gemeindeverband oder kommunaler Verband"),
    )


class GrantForm(forms.Form):
    """For what an agent may answer, of what it may not yet."""

    topics = TopicsField(label=_("In welchen Themenfeldern?"))

    def __init__(self, *args: Any, topics: Collection[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only(self, topics)


class RevokeForm(forms.Form):
    """Which powers end, and what becomes of the answers."""

    KEEP, WITHDRAW = "behalten", "zurueckziehen"

    topics = TopicsField(label=_("Welche Vollmachten enden?"))
    answers = forms.ChoiceField(
        label=_("Was wird aus den Antworten, die damit gegeben wurden?"),
        choices=[
            (KEEP, _("Sie bleiben und bleiben gekennzeichnet")),
            (WITHDRAW, _("Sie werden zurückgezogen, wo noch abgestimmt wird")),
        ],
        initial=KEEP,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, topics: Collection[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only(self, topics)
        self.fields["topics"].initial = list(topics)


class MemberFilterForm(forms.Form):
    """In which topic area an agent may answer for the members that are shown."""

    thema = forms.ChoiceField(
        label=_("Themenfeld"), required=False, choices=[("", _("Alle")), *Topic.choices]
    )

    def topic(self) -> str:
        """The chosen topic area; empty for all, and for one that does not exist."""
        return str(self.cleaned_data.get("thema", "")) if self.is_valid() else ""
