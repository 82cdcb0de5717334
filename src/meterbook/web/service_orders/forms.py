"""Forms of orders: asking one, its steps, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.service_orders import screens
from meterbook.records.service_orders.doubts import Doubt
from meterbook.records.service_orders.settings import order_rules
from meterbook.records.service_orders.words import ORDERS
from meterbook.web.kit import words
from meterbook.web.kit.editing.versions import VersionedForm
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual

_WORDS = forms.Textarea(attrs={"rows": 3})
_KINDS = [(code, said) for code, said in ORDERS["order_kind"].items()]


class Note(forms.Form):
    """A word that may be left out."""

    note = forms.CharField(label=_("Note"), required=False, max_length=300, widget=_WORDS)


class Why(forms.Form):
    """A word that may not."""

    note = forms.CharField(label=_("Why"), max_length=300, widget=_WORDS)


class Ask(forms.Form):
    """A new order: what, where, when, why."""

    kind = forms.ChoiceField(label=_("What is to be done"), choices=_KINDS)
    point = forms.ChoiceField(label=_("Where"), required=False)
    code = forms.CharField(
        label=_("Service point or meter"), required=False, max_length=40,
        help_text=_("Its code, or the serial of the meter that hangs there."),
    )  # fmt: skip
    place = forms.CharField(
        label=_("Or the place in words"), required=False, max_length=200,
        help_text=_("For work at no address on record."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why"), max_length=300, widget=_WORDS)
    wanted_on = DayField(label=_("Wanted on"), required=False, help_text=_("Empty: as the rules of its kind say."))
    cause = forms.ChoiceField(
        label=_("Why service goes on or off"), required=False, choices=list(ORDERS["order_cause"].items())
    )
    wish = forms.CharField(
        label=_("Which meter, route or how many carts"), required=False, max_length=40,
        help_text=_("The serial of the meter to hang, the route it moves to, or the number of carts."),
    )  # fmt: skip
    emergency = forms.BooleanField(label=_("Emergency"), required=False)

    def __init__(self, *args: Any, points: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not points:
            del self.fields["point"]
            return
        self.fields["point"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{words.say('commodity', one.commodity)}, {one.premise.address}") for one in points
        ]
        del self.fields["code"], self.fields["place"]

    def clean(self) -> dict[str, Any]:
        """Say where in one way."""
        given: dict[str, Any] = super().clean() or {}
        given["service_point"] = None
        if given.get("point"):
            given["service_point"] = screens.point(int(given["point"]))
        elif given.get("code"):
            given["service_point"] = screens.point_coded(given["code"].strip())
            if given["service_point"] is None:
                self.add_error("code", gettext("No service point and no hanging meter has this code."))
        elif not given.get("place"):
            self.add_error("code" if "code" in self.fields else None, gettext("Say where."))
        return given


class Change(VersionedForm):
    """What the office changes about an order."""

    reason = forms.CharField(label=_("What is asked"), max_length=300, widget=_WORDS)
    wanted_on = DayField(label=_("Wanted on"), required=False)
    wish = forms.CharField(label=_("Which meter, route or how many carts"), required=False, max_length=40)
    emergency = forms.BooleanField(label=_("Emergency"), required=False)
    note = forms.CharField(label=_("Why it is changed"), max_length=300, required=False)


class Plan(forms.Form):
    """Whose day."""

    crew = forms.ChoiceField(label=_("Crew"))
    on = DayField(label=_("Day"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["crew"].choices = crew_choices()  # type: ignore[attr-defined]


class Send(forms.Form):
    """Who goes."""

    crew = forms.ChoiceField(label=_("Crew"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["crew"].choices = [("", gettext("As planned")), *crew_choices()]  # type: ignore[attr-defined]


class Review(forms.Form):
    """What the office makes of it, and what goes on from there."""

    note = forms.CharField(label=_("Remark"), required=False, max_length=300, widget=_WORDS)
    follow_up = forms.ChoiceField(label=_("It goes on with"), required=False, choices=[("", _("Nothing")), *_KINDS])
    wanted_on = DayField(label=_("Wanted on"), required=False)


class Again(forms.Form):
    """What was not done right."""

    note = forms.CharField(label=_("Why"), max_length=300, widget=_WORDS)
    wanted_on = DayField(label=_("Wanted on"), required=False)


class Tie(forms.Form):
    """Another order that hangs together with this one."""

    other = forms.IntegerField(label=_("Order number"), min_value=1, max_value=2**31 - 1)
    kind = forms.ChoiceField(label=_("How"), choices=list(ORDERS["order_link"].items()))


class CrewForm(forms.Form):
    """A crew."""

    code = forms.CharField(label=_("Code"), max_length=12)
    title = forms.CharField(label=_("Name"), max_length=80)
    minutes = forms.IntegerField(
        label=_("Minutes a day"), required=False, min_value=0, max_value=1440, help_text=_("Empty: as the policy says.")
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class Member(forms.Form):
    """Somebody on a crew from today on."""

    user = forms.ChoiceField(label=_("Who"))

    def __init__(self, *args: Any, people: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [(str(one.pk), str(one)) for one in people]  # type: ignore[attr-defined]


class Complete(forms.Form):
    """What came of an order, typed at the office from the crew's sheet."""

    able = forms.ChoiceField(
        label=_("What came of it"), choices=[("yes", _("It was done")), ("no", _("It could not be done"))],
        widget=forms.RadioSelect, initial="yes",
    )  # fmt: skip
    code = forms.ChoiceField(label=_("Why it could not be done"), required=False)
    done_on = DayField(label=_("Done on"), required=False, help_text=_("If left empty: today."))
    serial = forms.CharField(label=_("Number on the meter found there"), required=False, max_length=30)
    put_up = forms.CharField(label=_("Meter hung"), required=False, max_length=30)
    in_reads = forms.CharField(
        label=_("What it showed"), required=False, max_length=60,
        help_text=_("One number for each of its registers, with spaces between."),
    )  # fmt: skip
    seals_on = forms.CharField(label=_("Seals put on"), required=False, max_length=200)
    seals_off = forms.CharField(label=_("Seals taken off"), required=False, max_length=200)
    locks_on = forms.CharField(label=_("Locks put on"), required=False, max_length=200)
    locks_off = forms.CharField(label=_("Locks taken off"), required=False, max_length=200)
    finding = forms.ChoiceField(label=_("Found besides"), required=False)
    part = forms.ChoiceField(label=_("Part used"), required=False)
    quantity = forms.IntegerField(label=_("How many"), required=False, min_value=1, max_value=999)
    danger = forms.ChoiceField(label=_("Danger for the next one"), required=False)
    signer = forms.CharField(label=_("Signed by"), required=False, max_length=120)
    note = forms.CharField(label=_("Note"), required=False, max_length=1000, widget=_WORDS)
    photo = forms.FileField(label=_("Photo"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, order: Any, hung: Sequence[Any], day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order, self.rules, self.hung = order, order_rules(day), hung
        self.doubts: list[Doubt] = []
        for name, found in (
            ("code", self.rules.no_access), ("danger", self.rules.danger), ("finding", self.rules.findings),
            ("part", self.rules.parts),
        ):  # fmt: skip
            self.fields[name].choices = [("", "–"), *((k, v.words(bilingual())) for k, v in found.items())]  # type: ignore[attr-defined]
        if order.kind not in ("set", "swap"):
            del self.fields["put_up"], self.fields["in_reads"]
        self._registers()
        self._checklist()
        asked = [name for name in self.fields if name.startswith(("read-", "item-"))]
        self.order_fields(["able", "code", "done_on", "serial", *asked, "put_up", "in_reads"])

    def _registers(self) -> None:
        for installation in self.hung:
            for register in installation.meter.registers.all():
                name = f"read-{installation.meter.serial}-{register.channel}"
                self.fields[name] = forms.DecimalField(
                    label=gettext("Read of %(serial)s, %(channel)s, %(unit)s") % {
                        "serial": installation.meter.serial, "channel": words.say("register", register.channel),
                        "unit": register.unit,
                    },
                    required=False, min_value=Decimal(0), max_digits=15, decimal_places=register.decimals,
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"}),
                )  # fmt: skip

    def _checklist(self) -> None:
        for code, item in self.rules.items(self.order.kind).items():
            label = item.words.words(bilingual())
            if item.answer == "yes_no":
                self.fields[f"item-{code}"] = forms.ChoiceField(
                    label=label, required=False, choices=[("", "–"), ("yes", _("Yes")), ("no", _("No"))]
                )
            else:
                self.fields[f"item-{code}"] = forms.CharField(label=label, required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """A reason where nothing could be done; first reads that are numbers."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("able") == "no" and not given.get("code"):
            self.add_error("code", gettext("Say why it could not be done."))
        try:
            given["first"] = [Decimal(one) for one in (given.get("in_reads") or "").split()]
        except InvalidOperation:
            self.add_error("in_reads", gettext("Type numbers."))
        return given


def crew_choices() -> list[tuple[str, str]]:
    """The crews in use."""
    return [(str(each.pk), f"{each.code} {each.title}") for each in screens.crews()]


def wish_of(kind: str, said: str) -> dict[str, Any]:
    """What the kind asks for, out of one field: a meter, a route, a number of carts."""
    if not said.strip():
        return {}
    if kind == "route_change":
        return {"route": said.strip()}
    if kind == "cart":
        return {"carts": int(said)} if said.strip().isdecimal() and len(said.strip()) < 4 else {}
    return {"serial": said.strip()}


def wish_in(details: dict[str, Any]) -> str:
    """That one field again."""
    return str(next((details[key] for key in ("serial", "route", "carts") if key in details), ""))
