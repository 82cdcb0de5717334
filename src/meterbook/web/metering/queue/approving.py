"""What a second person signs for a read: the value, what it makes, where it is, and what made it questionable."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from meterbook.web.kit import figures, words
from meterbook.web.metering.queue.findings import title_of


def read_rows(preview: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The preview of a read to be put in force, as labels and lines of text; keys an older request lacks are left out.

    ``preview`` is what `accept.shown_to_approve` wrote.
    """
    unit = preview.get("unit", "")
    rows = [
        (gettext("Read"), _number(preview.get("value"))),
        (gettext("The read as it came"), _number(preview.get("came"))),
        (gettext("Usage found"), _usage(preview.get("found_e6"), unit)),
        (gettext("Usage expected"), _usage(preview.get("expected_e6"), unit)),
        (gettext("Money at risk"), figures.money(int(preview.get("at_risk_cents") or 0))),
        (gettext("Address"), preview.get("address") or ""),
        (gettext("Meter"), f"{preview['meter']} · {words.say('register', preview['channel'])}"),
        (gettext("Read on"), figures.day(date.fromisoformat(preview["read_on"]))),
    ]
    shown = [(label, [text]) for label, text in rows if text]
    rules = [title_of(rule) for rule in preview.get("rules", [])]
    return shown + ([(gettext("What the rules said"), rules)] if rules else [])


def _number(text: str | None) -> str:
    return "" if text is None else str(figures.decimal_number(Decimal(text)))


def _usage(millionths: int | None, unit: str) -> str:
    return "" if millionths is None else str(figures.quantity(millionths, unit))
