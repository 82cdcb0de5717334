"""Planning a run: which cycle, which dates, cut into chunks that commit by themselves."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from meterbook.engine.billing.calendar import due_date, us_holidays
from meterbook.records.billing.calendar.queries import published_dates
from meterbook.records.billing.models import BillRun
from meterbook.records.places.models import Cycle
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import policy
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: Accounts in a chunk: some thousand bills are enough to make set-wise work pay and few enough to fit in memory.
CHUNK_ACCOUNTS = 2500


class AlreadyPlanned(ValueError):
    """This cycle has a run for this bill date, or one that is not finished."""


class WrongBillDate(ValueError):
    """A run bills up to today at the most."""


def scheduled_read(cycle: Cycle, bill_date: date) -> date:
    """The cycle's newest scheduled read date on or before the bill date."""
    this_month = bill_date.replace(day=cycle.read_day)
    if this_month <= bill_date:
        return this_month
    return (bill_date.replace(day=1) - timedelta(days=1)).replace(day=cycle.read_day)


@operation("billing.plan_run", roles={BILLING, SUPERVISOR})
def plan_run(
    deed: Deed, *, cycle: Cycle, bill_date: date, statements: bool = False, chunk_accounts: int = CHUNK_ACCOUNTS
) -> BillRun:
    """Plan the billing of a cycle on a bill date; raises `AlreadyPlanned` and `WrongBillDate`.

    A bill date of the published billing calendar takes its reads and its due date from there; any other is planned
    from the cycle's read day and the billing rules. ``statements``: accounts of the cycle with a balance, or movements,
    and nothing to bill get a statement.
    """
    if bill_date > deed.business_date:
        raise WrongBillDate(f"bill date {bill_date} lies after the business date {deed.business_date}")
    number = f"{bill_date:%Y-%m-%d}/{cycle.code}"
    running = BillRun.objects.filter(cycle=cycle, status__in=[BillRun.PLANNED, BillRun.CALCULATED]).first()
    if running is not None:
        raise AlreadyPlanned(f"run {running.number} of this cycle is {running.status}; finish or cancel it")
    if BillRun.objects.filter(number=number).exclude(status=BillRun.CANCELLED).exists():
        raise AlreadyPlanned(f"run {number} exists")
    again = BillRun.objects.filter(number__startswith=number).count()
    run = BillRun.objects.create(
        number=f"{number}/{again + 1}" if again else number,
        cycle=cycle,
        bill_date=bill_date,
        **_dates(cycle, bill_date),
        statements=statements,
        planned_by=deed,
    )
    cut(run, chunk_accounts)
    tell(deed, "billing.run_planned", run=run.pk, number=run.number)
    return run


def _dates(cycle: Cycle, bill_date: date) -> dict[str, date]:
    """The run's other dates: from the published calendar, or else from the cycle's read day and the billing rules."""
    rules = policy("billing-rules", bill_date)
    published = published_dates(cycle, bill_date)
    service_to = published.get("read") or scheduled_read(cycle, bill_date)
    holidays = frozenset({**us_holidays(bill_date.year), **us_holidays(bill_date.year + 1)})
    return {
        "read_from": published.get("read_opens") or service_to - timedelta(days=int(rules["read_days_before"])),
        "read_to": published.get("read_closes") or bill_date,
        "service_to": service_to,
        "due_date": published.get("due") or due_date(bill_date, int(rules["due_days"]), holidays),
    }


def cut(run: BillRun, chunk_accounts: int) -> None:
    """Chunks of consecutive account ids over the cycle's accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO billing_runchunk (run_id, number, first_account, last_account, accounts, bills, lines,
                                          inputs_sha256)
            SELECT %s, chunk, min(id), max(id), count(*), 0, 0, '' FROM (
                SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS chunk
                  FROM customers_account WHERE cycle_id = %s) a
             GROUP BY chunk
            """,
            [run.pk, chunk_accounts, run.cycle_id],
        )
