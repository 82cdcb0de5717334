"""From what somebody types to what it names: a bill's number, an adjustment, a correction; and back to its page."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from meterbook.records.cases import screens
from meterbook.web.kit import words

#: The page of each kind of link.
PAGES = {
    "bill": "bill", "adjustment": "adjustment", "correction": "correction", "payment": "payment",
    "fee": "service_charge", "order": "service_order", "case": "case",
}  # fmt: skip


class NotFound(ValueError):
    """What was typed names nothing of this account."""


def linked_to(kind: str, typed: str, case: Any) -> tuple[int, str]:
    """The id and label of what was typed. Raises `NotFound`."""
    text = typed.strip()
    found = screens.named(kind, text, case)
    if found is None:
        what = words.say("case_link", kind).lower()
        raise NotFound(gettext("There is no %(what)s %(text)s here.") % {"what": what, "text": text[:30]})
    return found


def page_of(kind: str, ref: int) -> str:
    """The address of what is linked; empty where it has no page of its own."""
    try:
        return reverse(PAGES[kind], args=[ref]) if kind in PAGES else ""
    except NoReverseMatch:
        return ""
