"""Thirteen months of use as bars: heights, labels, and the same in words for those who do not see them."""

from __future__ import annotations

from typing import Any

from meterbook.notices.bill import figures
from meterbook.notices.bill.document import BillDocument, History, MonthUsage
from meterbook.notices.bill.words import COMMODITIES, UNITS, translator, words

#: Heights are sent in thousandths of the chart's height.
HEIGHT = 1000


def chart(history: History, document: BillDocument) -> dict[str, Any]:
    """One commodity's chart: title, bars oldest first, and its alternative text."""
    language, w, tr = document.language, words(document.language), translator(document.language)
    service = tr(COMMODITIES[history.commodity])
    if history.received:
        service = w["received"].format(service=service)
    unit = tr(UNITS[history.unit])
    top = max((month.quantity_e6 or 0 for month in history.months), default=0)
    return {
        "title": f"{service}, {unit}",
        "bars": [_bar(month, top, language) for month in history.months],
        "value": figures.rounded(history.months[-1].quantity_e6 or 0),
        "before": _before(history.months[0]),
        "average": _average(history, document, unit),
        "alt": w["chart_alt"].format(
            service=service, unit=unit, months=", ".join(_spoken(month, document.language) for month in history.months)
        ),
    }


def _bar(month: MonthUsage, top: int, language: str) -> dict[str, Any]:
    used = month.quantity_e6
    return {
        "label": figures.month(month.year, month.month, language, "MMMMM").upper(),
        "height": 0 if not used or not top else max(1, used * HEIGHT // top),
        "estimated": month.estimated,
    }


def _before(month: MonthUsage) -> str:
    """What stands over the bar of the same month a year ago; empty where there was no service."""
    return "" if month.quantity_e6 is None else figures.rounded(month.quantity_e6)


def _average(history: History, document: BillDocument, unit: str) -> str:
    """Use per day in this bill's period."""
    days = max((s.days for s in document.services if s.commodity == history.commodity), default=0)
    used = history.months[-1].quantity_e6
    if not days or used is None:
        return ""
    pattern = words(document.language)["per_day_average"]
    return pattern.format(quantity=figures.rounded(used // days), unit=unit)


def _spoken(month: MonthUsage, language: str) -> str:
    w = words(language)
    name = figures.month(month.year, month.month, language)
    if month.quantity_e6 is None:
        return w["chart_none"].format(month=name)
    pattern = w["chart_estimated"] if month.estimated else w["chart_month"]
    return pattern.format(month=name, quantity=figures.rounded(month.quantity_e6))
