"""Planning an off-cycle run: named accounts, dates of its own, chunks over those accounts alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from meterbook.records.billing.kinds.deciding import due_after
from meterbook.records.billing.models import Bill, BillRun, RunAccount
from meterbook.records.billing.operations.plan_run import CHUNK_ACCOUNTS, AlreadyPlanned, WrongBillDate
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_OPEN = (BillRun.PLANNED, BillRun.CALCULATED)


class InOpenRun(AlreadyPlanned):
    """An account has a bill in a run that is not posted, or is named in one."""


class WrongDates(ValueError):
    """The dates do not make a run: reads or services end before reads begin, or the bill is due before it is sent."""


class NobodyNamed(ValueError):
    """An off-cycle run names the accounts it is about."""


@operation("billing.plan_off_cycle", roles={BILLING, SUPERVISOR})
def plan_off_cycle(
    deed: Deed,
    *,
    title: str,
    accounts: Sequence[Account],
    read_from: date,
    read_to: date,
    service_to: date,
    bill_date: date,
    due: date | None = None,
    ended_only: bool = False,
    statements: bool = False,
    chunk_accounts: int = CHUNK_ACCOUNTS,
) -> BillRun:
    """Plan bills of some accounts beside their cycles'.

    ``read_from`` and ``read_to``: between which days a closing read may be; services without a meter are billed up to
    ``service_to``. ``due``: by the billing rules if left out. ``ended_only`` bills nothing but services that ended by
    ``read_to``, to their last day; ``statements`` adds a statement for a named account with nothing to bill.
    Raises `InOpenRun`, `WrongBillDate`, `WrongDates`, `NobodyNamed`.
    """
    if not accounts:
        raise NobodyNamed("name at least one account")
    if bill_date > deed.business_date:
        raise WrongBillDate(f"bill date {bill_date} lies after the business date {deed.business_date}")
    due_date = due or due_after(bill_date, last=ended_only)
    if read_to < read_from or service_to < read_from or due_date <= bill_date:
        raise WrongDates(
            f"found reads from {read_from} to {read_to}, services up to {service_to}, bills of {bill_date} due"
            f" {due_date}"
        )
    _refuse_open(accounts)
    run = BillRun.objects.create(
        number=_number(bill_date), kind=BillRun.OFF_CYCLE, title=title, read_from=read_from, read_to=read_to,
        service_to=service_to, bill_date=bill_date, due_date=due_date, ended_only=ended_only, statements=statements,
        planned_by=deed,
    )  # fmt: skip
    named = sorted({account.pk for account in accounts})
    RunAccount.objects.bulk_create(RunAccount(run=run, account_id=account) for account in named)
    _cut(run, chunk_accounts)
    tell(deed, "billing.run_planned", run=run.pk, number=run.number)
    return run


def _refuse_open(accounts: Sequence[Account]) -> None:
    """No account may stand in two runs that are not posted: whichever posts second would bill its days again."""
    held = {"account__in": accounts, "run__status__in": _OPEN}
    bill = Bill.objects.filter(**held).select_related("run", "account").order_by("account__number").first()
    named = RunAccount.objects.filter(**held, run__kind=BillRun.OFF_CYCLE).select_related("run", "account").first()
    found = bill or named
    if found is not None:
        raise InOpenRun(
            f"account {found.account.number} is in run {found.run.number}, which is {found.run.status}: post or cancel"
            " that run, or hold the account out of it, first"
        )


def _number(bill_date: date) -> str:
    """The day's next off-cycle number, like 2026-10-05/X1."""
    day = f"{bill_date:%Y-%m-%d}/X"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(6205)")
    taken = BillRun.objects.filter(number__startswith=day).values_list("number", flat=True)
    return f"{day}{max((int(number.removeprefix(day)) for number in taken), default=0) + 1}"


def _cut(run: BillRun, chunk_accounts: int) -> None:
    """Chunks of consecutive account ids over the named accounts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO billing_runchunk (run_id, number, first_account, last_account, accounts, bills, lines,
                                          inputs_sha256)
            SELECT %s, chunk, min(account_id), max(account_id), count(*), 0, 0, '' FROM (
                SELECT account_id, (row_number() OVER (ORDER BY account_id) - 1) / %s AS chunk
                  FROM billing_runaccount WHERE run_id = %s) a
             GROUP BY chunk
            """,
            [run.pk, chunk_accounts, run.pk],
        )
