"""The register's totals as rows of a table: by service, class or rate code, beside last cycle and last year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.register.totals import totals_of
from meterbook.web.kit import figures, words

GROUPS: dict[str, str | Promise] = {"service": _("By service"), "class": _("By class"), "rate": _("By rate code")}


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One row: what it is of, and its sums with the differences as shown."""

    title: str
    link: str
    points: int
    units: str
    cents: int
    changes: list[tuple[int, str, str]]


def totals_shown(run: Any, group: str) -> dict[str, object]:
    """The totals of a run in one grouping, for the page."""
    found = totals_of(run)
    chosen = group if group in GROUPS else "service"
    beside = [name for name, run in (("last", found.last), ("year", found.year)) if run is not None]
    return {
        "groups": [(code, title, code == chosen) for code, title in GROUPS.items()],
        "before": [run for run in (found.last, found.year) if run is not None],
        "rows": [_row(row, beside) for row in found.rows[chosen]],
        "whole": [_row(row, beside) for row in found.rows["all"]],
    }  # fmt: skip


def _row(row: dict[str, Any], beside: list[str]) -> TotalRow:
    title = words.say("commodity", row["commodity"]) if "commodity" in row else ""
    if "premise_class" in row:
        title = f"{title}, {words.say('premise_class', row['premise_class'])}"
    if "schedule" in row:
        title = row["schedule"]
    units = figures.quantity(row["units"], row["unit"]) if row["unit"] and "commodity" in row else ""
    changes = [
        (row[f"{before}_cents"], signed(row[f"{before}_difference"]), percent(row[f"{before}_permille"]))
        for before in beside
    ]
    return TotalRow(title, row.get("schedule", ""), row["points"], units, row["cents"], changes)


def signed(cents: int) -> str:
    """A difference in dollars with its sign: +12.30."""
    return ("+" if cents > 0 else "") + figures.amount(cents)


def percent(permille: int | None) -> str:
    """Tenths of a percent with their sign; nothing where there was nothing."""
    if permille is None:
        return ""
    return ("+" if permille > 0 else "") + figures.decimal_number(Decimal(permille).scaleb(-1)) + " %"
