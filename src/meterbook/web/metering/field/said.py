"""Alerts in words: their span and their figures, as the event has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from meterbook.records.metering.alerts.found import LEAK
from meterbook.web.kit import figures


def period(kind: str, payload: dict[str, Any]) -> str:
    """The days an alert is about."""
    if kind == LEAK:
        return gettext("since %(day)s") % {"day": figures.day(date.fromisoformat(payload["since"]))}
    begins, ends = (figures.day(date.fromisoformat(payload[name])) for name in ("starts", "ends"))
    return f"{begins} – {ends}"


def figure(kind: str, payload: dict[str, Any]) -> str:
    """What was seen, against what was expected."""
    if kind == LEAK:
        told = {"daily": _number(payload["daily"]), "unit": payload["unit"], "gallons": payload["gallons_a_day"]}
        if payload["gallons_a_day"] is None:
            return gettext("at least %(daily)s %(unit)s a day, all the time") % told
        told["gallons"] = _number(payload["gallons_a_day"])
        return gettext("at least %(gallons)s gallons (%(daily)s %(unit)s) a day, all the time") % told
    return gettext("%(usage)s %(unit)s; about %(expected)s was expected") % {
        "usage": _number(payload["usage"]), "unit": payload["unit"], "expected": _number(payload["expected"] or "0"),
    }  # fmt: skip


def _number(text: str) -> str:
    return figures.decimal_number(Decimal(text))
