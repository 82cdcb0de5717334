"""Forms of tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.roles import TITLES
from meterbook.records.tasks.people import STAFF
from meterbook.web.kit.forms import DayField


class _Colleague(forms.Form):
    """A form that names a colleague out of a list of people."""

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        field: Any = self.fields["to"]
        field.choices = [("", _("Choose"))] + [(key, str(one)) for key, one in self.people.items()]

    def clean_to(self) -> Any:
        """The colleague chosen."""
        return self.people.get(self.cleaned_data["to"])


class HandOver(_Colleague):
    """Who has the task from now on."""

    to = forms.ChoiceField(label=_("To"), help_text=_("Only colleagues whose roles may do it are listed."))
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class Ask(_Colleague):
    """What somebody is asked for, in words."""

    words = forms.CharField(label=_("What is to be done"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    role = forms.ChoiceField(
        label=_("Role"), required=False, help_text=_("Whoever of the role takes it first."),
        choices=[("", _("Choose")), *((role, title) for role, title in TITLES.items() if role in STAFF)],
    )  # fmt: skip
    to = forms.ChoiceField(label=_("Or a colleague"), required=False)
    due_on = DayField(label=_("Due"))


class Away(_Colleague):
    """Who is away, who stands in, and from when to when."""

    user = forms.ChoiceField(label=_("Who is away"))
    to = forms.ChoiceField(
        label=_("Who stands in"),
        help_text=_("They see the tasks and do them in their own name, with their own roles only."),
    )
    first = DayField(label=_("First day away"))
    last = DayField(label=_("Last day away"))

    def __init__(self, *args: Any, me: Any, others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [(str(me.pk), str(me))]
        field: Any = self.fields["user"]
        field.choices = [(key, str(one)) for key, one in self.people.items()] if others else mine
        field.initial = str(me.pk)
        self.people.setdefault(str(me.pk), me)

    def clean_user(self) -> Any:
        """Who is away."""
        return self.people[self.cleaned_data["user"]]


class DoneForm(forms.Form):
    """A word on what came of it."""

    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def soon(day: date) -> dict[str, date]:
    """A form's first guess at when."""
    return {"due_on": day, "first": day}


class Back(forms.Form):
    """Nothing to fill in: somebody is back."""
