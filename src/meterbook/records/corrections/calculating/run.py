"""The run of a case: what is taken back and what is charged instead, on one bill an account, calculated and sealed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
from django.utils import timezone

from meterbook.engine.billing.calendar import due_date, us_holidays
from meterbook.engine.billing.corrections.changes import taken_back
from meterbook.engine.billing.corrections.policy import BACK_BILLED_DAYS, BackBilling
from meterbook.engine.billing.sealed import canonical
from meterbook.records.billing.models import BillRun, RunAccount, RunChunk
from meterbook.records.billing.operations.calculate_run import calculate_run, start_calculation
from meterbook.records.billing.store import write
from meterbook.records.corrections.calculating.outcome import Outcome
from meterbook.records.corrections.calculating.rebill import Rebilled
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy

_SEGMENT = [
    "account", "agreement", "service_point", "schedule", "document", "commodity", "starts", "ends", "estimated",
    "inputs", "amount", "kind", "reverses_run", "reverses", "from",
]  # fmt: skip
_LINE = ["from", "seq", "component", "part", "version", "starts", "ends", "quantity", "price", "amount"]


def make_run(
    deed: Deed, case: CorrectionCase, standing: pl.DataFrame, lines: pl.DataFrame, again: Rebilled,
    found: list[Outcome], rules: BackBilling,
) -> BillRun | None:  # fmt: skip
    """Store the reversals and charges of a case in a run of its own and seal it; nothing if nothing changes."""
    taken = [each.key for each in found if each.key is not None and each.outcome in ("corrected", "cancelled")]
    if not taken:
        return None
    segments, made = _composed(standing, lines, again, taken, [row for each in found for row in each.kept])
    run = _planned(deed, case, segments, _length_to_pay(found, rules))
    act = Act(deed.actor, deed.business_date, deed.reason)
    start_calculation(act, run=run)
    stored = write(run, segments, made)
    accounts = segments["account"].unique().sort().to_list()
    RunAccount.objects.bulk_create(RunAccount(run=run, account_id=account) for account in accounts)
    RunChunk.objects.create(
        run=run, number=0, first_account=accounts[0], last_account=accounts[-1], accounts=len(accounts),
        bills=stored.bills, lines=stored.lines, inputs_sha256=stored.inputs_sha256, done_at=timezone.now(),
    )  # fmt: skip
    return calculate_run(act, run=run)


def _composed(
    standing: pl.DataFrame, lines: pl.DataFrame, again: Rebilled, taken: list[int], kept: list[int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Segments and lines as `store.write` takes them: each period's reversal before what is charged for it."""
    back = standing.filter(pl.col("key").is_in(taken)).with_columns(
        pl.col("inputs").map_elements(canonical, return_dtype=pl.String), -pl.col("amount"),
        kind=pl.lit("reversal"), reverses_run=pl.col("run"), reverses=pl.col("segment"),
        **{"from": pl.format("was {}", "key")},
    )  # fmt: skip
    new = pl.concat(again.segments) if again.segments else back.head(0).with_columns(row=pl.lit(0, dtype=pl.Int64))
    new = new.filter(pl.col("row").is_in(kept)).with_columns(
        kind=pl.lit("charge"), reverses_run=pl.lit(None, dtype=pl.Int64), reverses=pl.lit(None, dtype=pl.Int64),
        **{"from": pl.format("becomes {}", "row")},
    )  # fmt: skip
    both = pl.concat([back.select(_SEGMENT), new.select(_SEGMENT)]).sort(
        "account", "service_point", "starts", pl.col("kind") == "charge", "agreement"
    )
    both = both.with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    old_lines = taken_back(lines.with_columns(**{"from": pl.format("was {}", "key")})).select(_LINE)
    all_lines = [old_lines]
    if again.lines:
        new_lines = pl.concat(again.lines).with_columns(**{"from": pl.format("becomes {}", "row")})
        all_lines.append(new_lines.select(_LINE))
    made = pl.concat(all_lines).join(both.select("row", "from"), on="from").drop("from")
    return both.drop("from"), made


def _length_to_pay(found: list[Outcome], rules: BackBilling) -> int:
    """Days of the back-billed period, where the policy grants as many to pay it; 0 where nobody is charged more."""
    if rules.time_to_pay != BACK_BILLED_DAYS:
        return 0
    spans: dict[int, tuple[date, date, int]] = {}
    for each in found:
        if each.outcome in ("corrected", "charged") and each.becomes_cents > each.was_cents:
            first, last, cents = spans.get(each.account, (*each.days, 0))
            more = cents + each.becomes_cents - each.was_cents
            spans[each.account] = (min(first, each.days[0]), max(last, each.days[1]), more)
    return max(((last - first).days for first, last, _ in spans.values()), default=0)


def _planned(deed: Deed, case: CorrectionCase, segments: pl.DataFrame, days_to_pay: int) -> BillRun:
    on = deed.business_date
    days = max(int(policy("billing-rules", on)["due_days"]), days_to_pay)
    years = range(on.year, (on + timedelta(days=days)).year + 2)
    holidays = frozenset(day for year in years for day in us_holidays(year))
    before = BillRun.objects.filter(number__startswith=f"{on:%Y-%m-%d}/{case.number}").count()
    dates: dict[str, Any] = {"read_from": segments["starts"].min(), "read_to": segments["ends"].max()}
    return BillRun.objects.create(
        number=f"{on:%Y-%m-%d}/{case.number}" + (f"/{before + 1}" if before else ""),
        kind=BillRun.CORRECTION, cycle=None, title=f"{case.number}: {case.cause}", bill_date=on,
        due_date=due_date(on, days, holidays), service_to=dates["read_to"], planned_by=deed, **dates,
    )  # fmt: skip
