"""Forms of the setup pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.operations.users import GUARDED
from meterbook.records.platform.roles import TITLES
from meterbook.records.platform.staffing.people import ROLES, person
from meterbook.web.kit.forms import DayField, ReasonForm


class AddPerson(forms.Form):
    """A new colleague: sign-in, name, first roles."""

    username = forms.SlugField(label=_("Sign-in name"), max_length=40, help_text=_("Letters, digits, hyphens."))
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(label=_("Language of the screens"), choices=settings.LANGUAGES)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(role, TITLES[role]) for role in ROLES if role not in GUARDED],
        help_text=_("Supervisor and finance director are given afterwards, by two people."),
    )  # fmt: skip
    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least twelve characters. Ask them to change it under Security when they first sign in."),
    )  # fmt: skip

    def clean_username(self) -> str:
        """A name nobody has."""
        found: str = self.cleaned_data["username"]
        if person(found) is not None or found == "system":
            raise forms.ValidationError(_("Somebody signs in by this name already."))
        return found

    def clean_password(self) -> str:
        """Long and not one of those everybody tries."""
        found: str = self.cleaned_data["password"]
        validate_password(found)
        return found


class GrantRole(ReasonForm):
    """Which role, from when, to when."""

    role = forms.ChoiceField(label=_("Role"), choices=lambda: [(role, TITLES[role]) for role in ROLES])
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))
    field_order = ("role", "first", "last", "reason")

    def clean(self) -> dict[str, Any] | None:
        """The period as records keep it: the end is the first day without the role."""
        found = super().clean() or {}
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("The last day is not before the first."))
        found["ends"] = found["last"] + timedelta(days=1) if found.get("last") else None
        return found


class EndRole(ReasonForm):
    """The last day on which the role is held."""

    last = DayField(label=_("Last day"))
    field_order = ("last", "reason")
