"""Forms of moves: one page each, in sections; what stands at the premise decides which fields there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from meterbook.engine.moves.rules import ESTIMATE, OFF, ORDER, OWNER, MoveRules
from meterbook.records.moves.looking.standing import Dial, Point
from meterbook.records.security.words import SECURITY
from meterbook.web.kit import words
from meterbook.web.kit.figures import day as said_day
from meterbook.web.kit.forms import DayField
from meterbook.web.kit.language import bilingual

_NO_READ = [(ESTIMATE, _("Estimate it for the day")), (ORDER, _("Send somebody to read"))]
_UNSERVED = [(OWNER, _("Leave it on and ask the owner who pays")), (OFF, _("Turn it off"))]


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the page: its title, and its fields."""

    title: str | Promise
    names: tuple[str, ...]


class Sectioned(forms.Form):
    """A form shown in sections."""

    parts: tuple[Part, ...] = ()

    def sections(self) -> list[tuple[str, list[Any]]]:
        """Every section with the fields it has here."""
        found = [(str(part.title), [self[name] for name in self._named(part.names)]) for part in self.parts]
        return [(title, fields) for title, fields in found if fields]

    def _named(self, patterns: Sequence[str]) -> list[str]:
        return [name for pattern in patterns for name in self.fields
                if name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1]))]  # fmt: skip

    def with_reads(self, dials: Sequence[Dial], rules: MoveRules | None) -> None:
        """A field for each register that hangs where somebody moves, and what is done where it is left empty."""
        for dial in dials:
            last = gettext("last %(value)s on %(day)s") % {
                "value": f"{dial.last.normalize():f}" if dial.last is not None else "–",
                "day": said_day(dial.last_on) if dial.last_on else "–",
            }  # fmt: skip
            channel = "" if dial.channel == "delivered" else f" {words.say('register', dial.channel)}"
            self.fields[f"read_{dial.register}"] = forms.DecimalField(
                label=f"{words.say('commodity', dial.commodity)} {dial.serial}{channel}, {dial.unit}",
                required=False, min_value=0, max_digits=15, decimal_places=dial.decimals, help_text=last,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"}),
            )  # fmt: skip
        if dials:
            self.fields["no_read"] = forms.ChoiceField(
                label=_("Where no read is typed"), choices=_NO_READ, widget=forms.RadioSelect,
                initial=rules.no_read if rules else ESTIMATE,
            )  # fmt: skip

    def with_documents(self, kind: str, premise_class: str, rules: MoveRules | None) -> None:
        """The documents the policy asks for."""
        asked = rules.asked_for(kind, premise_class) if rules else []
        if asked:
            self.fields["documents"] = forms.MultipleChoiceField(
                label=_("Seen"), required=False, widget=forms.CheckboxSelectMultiple,
                choices=[(one.code, one.words[bilingual()] + (f" ({gettext('required')})" if one.required else ""))
                         for one in asked],
            )  # fmt: skip

    def reads(self) -> dict[int, Any]:
        """What was typed for registers."""
        return {int(name.removeprefix("read_")): value for name, value in self.cleaned_data.items()
                if name.startswith("read_") and value is not None}  # fmt: skip


class Comes(Sectioned):
    """Who comes, on which schedules, with which deposit: what starts and transfers share."""

    def with_schedules(self, points: Sequence[Point]) -> None:
        """A schedule for each service point; the proposed one is chosen, with the reason."""
        for point in points:
            titles = [(code, f"{code} – {es if bilingual() == 'es' else en}") for code, en, es in point.choices]
            self.fields[f"schedule_{point.code}"] = forms.ChoiceField(
                label=f"{words.say('commodity', point.commodity)} {point.code}", required=False,
                choices=titles if point.schedule else [("", "–"), *titles], initial=point.schedule,
                help_text=point.why.words(gettext),
            )  # fmt: skip

    def with_deposit(self, *, ask: bool) -> None:
        """Whether a deposit is asked, and how."""
        self.fields["ask_deposit"] = forms.BooleanField(label=_("Ask for a deposit"), required=False, initial=ask)
        self.fields["standing"] = forms.ChoiceField(
            label=_("Credit standing"), choices=list(SECURITY["credit_standing"].items()), initial="unknown"
        )
        self.fields["instalments"] = forms.TypedChoiceField(
            label=_("Instalments"), choices=[(n, str(n)) for n in range(1, 13)], coerce=int, initial=1
        )

    def with_way(self, occupant: str, *, may_waive: bool) -> None:
        """Who is in the way, and whose old debt may be let pass."""
        if occupant:
            self.fields["occupant_leaves"] = forms.BooleanField(
                label=gettext("%(who)s moves out the same day") % {"who": occupant}, required=False
            )
        self.fields["household"] = forms.BooleanField(
            label=_("They lived here with the customer before"), required=False
        )
        if may_waive:
            self.fields["debt_waived"] = forms.CharField(
                label=_("Let old debt pass because"), required=False, max_length=300
            )

    def schedules(self) -> dict[str, str]:
        """The schedules chosen, by service point."""
        return {name.removeprefix("schedule_"): value for name, value in self.cleaned_data.items()
                if name.startswith("schedule_") and value}  # fmt: skip


class Start(Comes):
    """Somebody moves in."""

    who = forms.ChoiceField(label=_("Who is it"), required=False, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), required=False, max_length=160)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=30)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=[("en", _("English")), ("es", _("Spanish"))])
    is_organisation = forms.BooleanField(label=_("A business or organisation"), required=False)
    on = DayField(label=_("First day"))
    account = forms.ChoiceField(label=_("Account"), required=False)
    cycle = forms.ChoiceField(label=_("Cycle"), required=False)
    mail = forms.CharField(
        label=_("Mail goes to"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The service address if left empty; one line of the envelope on each line."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    parts = (
        Part(_("Who"), ("who", "name", "phone", "email", "language", "is_organisation")),
        Part(_("When and where"), ("on", "occupant_leaves", "account", "cycle", "mail")),
        Part(_("Reads of the day"), ("read_*", "no_read")),
        Part(_("Rates"), ("schedule_*",)),
        Part(_("Documents"), ("documents",)),
        Part(_("Deposit and old debt"), ("ask_deposit", "standing", "instalments", "household", "debt_waived")),
        Part(_("Note"), ("note",)),
    )


class Stop(Sectioned):
    """An account moves out of one or more premises."""

    on = DayField(label=_("First day no longer paid"))
    premises = forms.MultipleChoiceField(label=_("Where"), widget=forms.CheckboxSelectMultiple)
    forwarding = forms.CharField(
        label=_("Forwarding address"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where the final bill goes; one line of the envelope on each line."),
    )  # fmt: skip
    closes = forms.BooleanField(label=_("Close the account if nothing of it goes on"), required=False, initial=True)
    unserved = forms.ChoiceField(
        label=_("Where nobody takes it over"), choices=_UNSERVED, widget=forms.RadioSelect, initial=OWNER
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    parts = (
        Part(_("When and where"), ("on", "premises")),
        Part(_("Reads of the day"), ("read_*", "no_read")),
        Part(_("Mail, account and autopay"), ("forwarding", "closes", "autopay_stops")),
        Part(_("Afterwards"), ("unserved", "note")),
    )

    def with_autopay(self, bank: str) -> None:
        """Whether drafts stop at once rather than after the last bill."""
        self.fields["autopay_stops"] = forms.BooleanField(
            label=gettext("Stop autopay from %(bank)s at once, before the last bill") % {"bank": bank}, required=False
        )


class Transfer(Comes):
    """A customer moves from one premise to another."""

    left = forms.ChoiceField(label=_("Leaves"))
    left_on = DayField(label=_("First day no longer paid there"))
    on = DayField(label=_("First day at the new address"))
    mail_moves = forms.BooleanField(label=_("Mail goes to the new address"), required=False, initial=True)
    unserved = forms.ChoiceField(
        label=_("Where nobody takes the old one over"), choices=_UNSERVED, widget=forms.RadioSelect, initial=OWNER
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    parts = (
        Part(_("When and where"), ("left", "left_on", "on", "occupant_leaves", "mail_moves")),
        Part(_("Reads of the day"), ("read_*", "no_read")),
        Part(_("Rates"), ("schedule_*",)),
        Part(_("Documents"), ("documents",)),
        Part(gettext_lazy("Deposit, autopay and old debt"),
             ("ask_deposit", "standing", "instalments", "autopay_goes_along", "household", "debt_waived")),
        Part(_("Afterwards"), ("unserved", "note")),
    )  # fmt: skip

    def with_autopay(self, bank: str) -> None:
        """Whether the payer agrees that autopay goes along."""
        self.fields["autopay_goes_along"] = forms.BooleanField(
            label=gettext("The customer agrees that autopay from %(bank)s goes along") % {"bank": bank},
            required=False,
        )  # fmt: skip


class Bankrupt(Sectioned):
    """An account is split at the day of the petition."""

    on = DayField(label=_("Day of the petition"))
    note = forms.CharField(label=_("Court, case number and chapter"), max_length=300)
    parts = (
        Part(_("Petition"), ("on", "note")), Part(_("Reads of the day"), ("read_*", "no_read")),
        Part(_("Documents"), ("documents",)),
    )  # fmt: skip


class Rename(forms.Form):
    """A holder's new name, or the estate that takes the account over."""

    why = forms.ChoiceField(label=_("What changed"), widget=forms.RadioSelect)
    name = forms.CharField(label=_("New name"), max_length=160, required=False,
                           help_text=_("For an estate it is made of the holder's name if left empty."))  # fmt: skip
    speaks = forms.CharField(
        label=_("Who speaks for the estate"), max_length=160, required=False, help_text=_("Executor or next of kin.")
    )
    phone = forms.CharField(label=_("Their phone"), max_length=30, required=False)
    evidence = forms.CharField(label=_("What proves it"), max_length=300,
                               help_text=_("Certificate, court order or licence, and its number."))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].choices = [(code, words.say("name_change", code))  # type: ignore[attr-defined]
                                      for code in ("name", "business", "estate")]  # fmt: skip


class Landlord(forms.Form):
    """An owner's agreement for some premises."""

    found = forms.CharField(
        label=_("Addresses"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One service address on each line."),
    )
    starts = DayField(label=_("From"))
    evidence = forms.CharField(label=_("What was signed"), max_length=300)
    after_cutoff = forms.BooleanField(label=_("Also after a cutoff for nonpayment"), required=False)


class EndLandlord(forms.Form):
    """The day an agreement ends."""

    ends = DayField(label=_("First day it no longer counts"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class Correct(Sectioned):
    """Another day for a move at one premise."""

    on = DayField(label=_("The right day"))
    reason = forms.CharField(label=_("What was wrong and how it was found"), max_length=300)
    parts = (Part(_("The right day"), ("on", "reason")), Part(_("Reads of the day"), ("read_*", "no_read")))


class CorrectCustomer(forms.Form):
    """Another account for the services that began."""

    number = forms.CharField(label=_("The right account"), max_length=12)
    reason = forms.CharField(label=_("What was wrong and how it was found"), max_length=300)


class Bulk(forms.Form):
    """Starts of many premises for one holder, from a file."""

    number = forms.CharField(label=_("The developer's account"), max_length=12)
    file = forms.FileField(label=_("File"), required=False, max_length=200, help_text=_(
        "CSV with the columns street_number, street, unit, postal_code, starts and schedules."))  # fmt: skip
    text = forms.CharField(widget=forms.HiddenInput, required=False)
