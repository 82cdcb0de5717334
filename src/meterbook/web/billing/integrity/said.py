"""Findings in the reader's words: titles of checks, sentences with their figures, ages, severities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.integrity import screens
from meterbook.records.billing.integrity.checks import all_checks
from meterbook.web.kit import figures, words

AGES: dict[str, str | Promise] = {
    "new": _("Up to 7 days"), "month": _("8 to 30 days"), "old": _("31 days or more"),
}  # fmt: skip
STATES: dict[str, str | Promise] = {
    "open": pgettext_lazy("finding", "Open"),
    "explained": pgettext_lazy("finding", "Explained"),
    "resolved": pgettext_lazy("finding", "Resolved"),
}
_VOCABULARY = {
    "commodity": "commodity", "service": "commodity", "priced": "commodity", "class": "premise_class",
    "state": "meter_state", "channel": "register",
}  # fmt: skip
_DATES = frozenset({"since", "until", "upto", "set", "effective"})
_NUMBERS = frozenset({"usage", "area", "multiplier", "exactly", "at_least"})


def title_of(kind: str) -> str:
    """A check's title."""
    return gettext(screens.title(kind))


def says(kind: str, found: dict[str, Any]) -> str:
    """What a finding says."""
    return screens.sentence(kind, found, gettext, _shown)


def titles() -> list[tuple[str, str]]:
    """Every check by its title, in the order of the alphabet."""
    return sorted(((name, title_of(name)) for name in all_checks()), key=lambda pair: pair[1])


def _shown(name: str, value: Any) -> str:
    if name in _VOCABULARY:
        return words.say(_VOCABULARY[name], str(value))
    if name == "channels":
        return ", ".join(words.say("register", each) for each in str(value).split(", "))
    if name in _DATES:
        return figures.day(date.fromisoformat(str(value)))
    if name in _NUMBERS:
        try:
            return figures.decimal_number(Decimal(str(value)))
        except InvalidOperation:
            return str(value)
    return str(value)
