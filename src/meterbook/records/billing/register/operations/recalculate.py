"""One account of a calculated run calculated again: its bill, holds and marks go, and what is true now comes."""

from __future__ import annotations

import hashlib

from django.db import connection

from meterbook.engine.billing.sealed import canonical
from meterbook.records.billing.calculate import calculate_accounts
from meterbook.records.billing.models import BillRun, RunChunk
from meterbook.records.billing.operations.calculate_run import (
    RatesChanged,
    WrongStage,
    check_rates,
    code_sha256,
    control_totals,
)
from meterbook.records.billing.partitions import LINE, SEGMENT, table_of
from meterbook.records.billing.register.looking import forget_marks
from meterbook.records.billing.stages.take_back import locked_whole
from meterbook.records.customers.models import Account
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.rates.queries import current_tariffs


class NotInRun(ValueError):
    """The account is none of those the run is about."""


@operation("billing.recalculate_account", roles={BILLING, SUPERVISOR})
def recalculate_account(deed: Deed, *, account: Account, run: BillRun) -> BillRun:
    """Gather, price and store one account of a calculated run again; its chunk, the seal and the totals follow.

    No other bill of the run changes. An approval that was asked for, or given, was for other totals: it is taken off.
    Raises `WrongStage`, `NotInRun`, and `RatesChanged` where the run was priced by rates or an engine of before.
    """
    locked = locked_whole(run)
    if locked.status != BillRun.CALCULATED or locked.kind == BillRun.CORRECTION:
        raise WrongStage(f"run {locked.number} is {locked.status}; only a calculated run has accounts done again")
    if locked.code_sha256 != code_sha256():
        raise RatesChanged(f"run {locked.number} was calculated by another version of the engine: calculate it anew")
    chunk = locked.chunks.filter(first_account__lte=account.pk, last_account__gte=account.pk).first()
    if chunk is None or not _is_about(locked, account):
        raise NotInRun(f"run {locked.number} is not about account {account.number}")
    _take_out(locked, account)
    calculate_accounts(locked, account.pk, account.pk, current_tariffs())
    check_rates(locked)
    _recount(locked, chunk)
    _reseal(locked)
    tell(deed, "billing.account_recalculated", run=locked.pk, account=account.pk)
    return locked


def _is_about(run: BillRun, account: Account) -> bool:
    if run.cycle_id is not None:
        return account.cycle_id == run.cycle_id
    return run.named_accounts.filter(account=account).exists()


def _take_out(run: BillRun, account: Account) -> None:
    segment, line = table_of(SEGMENT, run.pk), table_of(LINE, run.pk)
    own = "SELECT s.id FROM billing_bill b JOIN {} s ON s.bill_id = b.id WHERE b.run_id = %s AND b.account_id = %s"
    with connection.cursor() as cursor:
        asked = [run.pk, account.pk]
        cursor.execute(f"DELETE FROM {line} WHERE segment_id IN ({own.format(segment)})", asked)
        cursor.execute(f"DELETE FROM {segment} WHERE id IN ({own.format(segment)})", asked)
        cursor.execute("DELETE FROM billing_bill WHERE run_id = %s AND account_id = %s", asked)
        cursor.execute("DELETE FROM billing_hold WHERE run_id = %s AND account_id = %s", asked)
    forget_marks(run, account.pk)


def _recount(run: BillRun, chunk: RunChunk) -> None:
    """The chunk's counts and the hash of its inputs, from the rows as they stand now, in order of segment."""
    segment, line = table_of(SEGMENT, run.pk), table_of(LINE, run.pk)
    asked = [run.pk, chunk.first_account, chunk.last_account]
    bills = "SELECT id FROM billing_bill WHERE run_id = %s AND account_id BETWEEN %s AND %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({bills}) b", asked)
        chunk.bills = int(cursor.fetchone()[0])
        cursor.execute(
            f"SELECT count(*) FROM {line} l JOIN {segment} s ON s.id = l.segment_id WHERE s.bill_id IN ({bills})", asked
        )
        chunk.lines = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT inputs::text FROM {segment} WHERE bill_id IN ({bills}) ORDER BY id", asked)
        digest = hashlib.sha256()
        for (inputs,) in cursor.fetchall():
            digest.update(canonical(inputs).encode())
        chunk.inputs_sha256 = digest.hexdigest()
    chunk.save()


def _reseal(run: BillRun) -> None:
    digest = hashlib.sha256()
    for chunk in run.chunks.order_by("number"):
        digest.update(chunk.inputs_sha256.encode())
    run.inputs_sha256 = digest.hexdigest()
    run.totals = control_totals(run)
    if run.approval is not None:
        Approval.objects.filter(pk=run.approval.pk, status=Approval.PENDING).update(status=Approval.WITHDRAWN)
        run.approval = None
    run.save()
