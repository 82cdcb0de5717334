"""Forms of the library: an article, a register with its fields, an entry of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.cases.screens import workers
from meterbook.records.registers import screens
from meterbook.records.registers.typed import TYPES, Field
from meterbook.web.kit import words
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Write(forms.Form):
    """What an article says from a day on, in both languages, and where it stands."""

    code = forms.SlugField(label=_("Code"), max_length=60, help_text=_("For its address: letters, digits, hyphens."))
    kind = forms.ChoiceField(label=_("About"))
    title_en = forms.CharField(label=_("Title in English"), max_length=120)
    body_en = forms.CharField(label=_("Text in English"), max_length=20_000, widget=_area(8))
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=120)
    body_es = forms.CharField(label=_("Text in Spanish"), max_length=20_000, widget=_area(8))
    citation = forms.CharField(label=_("Where it stands"), max_length=300)
    starts = DayField(label=_("Holds from"))
    second = forms.BooleanField(label=_("A second person releases it"), required=False)

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (one, words.say("article_kind", one)) for one in screens.article_kinds()
        ]
        if fixed:
            for name in ("code", "kind"):
                self.fields[name].disabled = True


class Define(forms.Form):
    """A register: its names and its fields, one a line."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Small letters, digits and underscores."))
    title_en = forms.CharField(label=_("Name in English"), max_length=80)
    title_es = forms.CharField(label=_("Name in Spanish"), max_length=80)
    fields_typed = forms.CharField(label=_("Fields"), max_length=6000, required=False, widget=_area(8))
    closed = forms.BooleanField(label=_("Takes no new entries"), required=False)

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].disabled = fixed
        if not fixed:
            del self.fields["closed"]
        self.fields["fields_typed"].help_text = gettext(
            "One a line: code; English; Spanish; type; “needed” or nothing; choices apart by a bar. Types: %(types)s."
        ) % {"types": ", ".join(TYPES)}

    def clean_fields_typed(self) -> list[dict[str, Any]]:
        """The lines as fields; what cannot be read is said with its line."""
        made = []
        for line in filter(str.strip, self.cleaned_data["fields_typed"].splitlines()):
            parts = [part.strip() for part in line.split(";")] + ["", ""]
            if len(parts) < 6 or len(parts) > 8:
                raise forms.ValidationError(gettext("“%(line)s”: code; English; Spanish; type.") % {"line": line[:80]})
            choices = [one.strip() for one in parts[5].split("|") if one.strip()]
            made.append({"code": parts[0], "en": parts[1], "es": parts[2], "type": parts[3],
                         "required": parts[4] in ("needed", "required"), "choices": choices})  # fmt: skip
        return made


def lines_of(fields: list[dict[str, Any]]) -> str:
    """Fields as they are typed, one a line."""
    return "\n".join(
        "; ".join((one["code"], one["en"], one["es"], one["type"], "needed" if one["required"] else "",
                   "|".join(one["choices"]))).rstrip("; ")
        for one in fields
    )  # fmt: skip


class Entry(forms.Form):
    """An entry: its name, the register's fields, when somebody is reminded."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Name"), max_length=160)

    def __init__(self, *args: Any, fields: list[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed = fields
        for one in fields:
            self.fields[f"f_{one.code}"] = _field(one)
        self.fields["remind_on"] = DayField(label=_("Remind on"), required=False)
        people = [("", gettext("Me")), *((str(user.pk), str(user)) for user in workers())]
        self.fields["remind"] = forms.ChoiceField(label=_("Remind whom"), required=False, choices=people)

    def values(self) -> dict[str, Any]:
        """What was typed, by field."""
        given = {one.code: self.cleaned_data.get(f"f_{one.code}") for one in self.typed}
        return {code: value for code, value in given.items() if value not in (None, "")}


def _field(one: Field) -> forms.Field:
    label = one.es if bilingual() == "es" else one.en
    if one.type == "choice":
        blank = [] if one.required else [("", "")]
        return forms.ChoiceField(label=label, required=one.required, choices=[*blank, *((c, c) for c in one.choices)])
    if one.type == "yes_no":
        return forms.BooleanField(label=label, required=False)
    if one.type == "date":
        return DayField(label=label, required=one.required)
    widget: forms.Widget = _area(4) if one.type == "long_text" else forms.TextInput()
    if one.type in ("number", "money"):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"})
    return forms.CharField(label=label, required=one.required, max_length=4000, widget=widget)


class File(forms.Form):
    """A file to keep."""

    file = forms.FileField(label=_("File"))
