"""Reports kept with a posted run: their text as it stood, hashed, never computed again, and checked when shown."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from meterbook.records.billing.models import BillRun, RunReport

#: Every report that stands with a posted run before it closes; each is a folder in `meterbook.reports`.
KEPT = (
    "billing_register", "control_totals", "delayed_bills", "held_accounts", "rate_code_summary", "run_comparison",
    "run_exclusions", "unbilled_connects",
)  # fmt: skip


class Altered(ValueError):
    """A kept report is not what was kept: its hash is another."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A report's content: ``columns`` as {key, title_en, title_es, kind, total}, ``rows`` one value a column.

    Values are text, whole numbers, truths or nothing; days as ISO text, decimals as text. ``count`` is the number of
    rows the report has, which for the billing register is more than is kept (see decision 18).
    """

    name: str
    columns: list[dict[str, Any]]
    rows: list[list[Any]]
    count: int

    @property
    def sha256(self) -> str:
        """The hash over columns and rows, however the database ordered their keys."""
        text = json.dumps([self.columns, self.rows], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def kept(run: BillRun, name: str) -> tuple[Kept, RunReport] | None:
    """A report as it was kept with a run, checked against its hash, or nothing. Raises `Altered`."""
    row = RunReport.objects.select_related("deed__actor").filter(run=run, name=name).first()
    if row is None:
        return None
    found = Kept(row.name, row.columns, row.rows, row.row_count)
    if found.sha256 != row.sha256:
        raise Altered(f"report {name} of run {run.number} was altered: kept {row.sha256}, found {found.sha256}")
    return found, row


def kept_names(run: BillRun) -> list[str]:
    """The reports that stand with a run."""
    return sorted(run.reports.values_list("name", flat=True))


def missing(run: BillRun) -> list[str]:
    """The reports that do not stand with a run yet."""
    return [name for name in KEPT if name not in kept_names(run)]
