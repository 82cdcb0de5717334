"""Figures that are added to the rows of one page only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from meterbook.records.metering.hub.not_read import REASONS, reasons_on
from meterbook.records.metering.hub.sources import queued_by_source
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.cells import Row
from meterbook.web.kit.words import days_old
from meterbook.web.metering.hub.vias import VIA

if TYPE_CHECKING:
    from meterbook.records.metering.hub.expected import Window


def with_share(rows: list[Row]) -> None:
    """Add the share of loaded rows that went to the exception queue, and for how long nothing came."""
    queued, today = queued_by_source([row["id"] for row in rows]), business_date()
    for row in rows:
        count, loaded = queued.get(row["id"], 0), row["loaded"]
        tenths = (2000 * count + loaded) // (2 * loaded) if loaded else 0  # tenths of a percent, half up
        row["comes_by"] = str(VIA[row["via"]])
        row["queued_share"] = f"{tenths // 10}.{tenths % 10} %" if loaded else ""
        row["silent"] = days_old((today - row["last_on"]).days) if row["last_on"] else gettext("nothing came yet")


def with_reasons(window: Window) -> Callable[[list[Row]], None]:
    """Add why a register was not read, where somebody said so in the window."""

    def add(rows: list[Row]) -> None:
        found = reasons_on([row["point"] for row in rows], window.since, window.until)
        for row in rows:
            reason = found.get(row["point"])
            words, _ = REASONS[reason] if reason else ("", "")
            row["reason"] = gettext(words) if words else ""

    return add
