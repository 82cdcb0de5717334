"""Posting: one transaction that writes the books and flips the run's status; all of it or nothing."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from meterbook.records.billing import partitions
from meterbook.records.billing.completeness import Equation, settle_equation
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.calculate_run import WrongStage, check_rates, control_totals
from meterbook.records.billing.program_entries import post_programs
from meterbook.records.ledger.deposits.operations.apply_deposit import apply_all
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.settle import apply_credits, lock_accounts
from meterbook.records.ledger.transfers import NoLedgerAccount, post_charges
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import AccountingPeriod, Approval, Deed, Document
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.rates.queries import tariff_of


class NotApproved(PermissionError):
    """Nobody else approved exactly these totals."""


class AlreadyTakenBack(ValueError):
    """A segment was taken back by another correction in the meantime."""


@operation("billing.request_posting", roles={BILLING, SUPERVISOR})
def request_posting(deed: Deed, *, run: BillRun) -> Approval:
    """Ask a second person to approve a calculated run; the request shows the control totals that will post."""
    locked = BillRun.objects.select_for_update().get(pk=run.pk)
    if locked.status != BillRun.CALCULATED:
        raise WrongStage(f"run {locked.number} is {locked.status}; calculate it first")
    _not_past_its_case(deed, locked)
    if locked.approval is not None and locked.approval.status == Approval.PENDING:
        return locked.approval
    locked.approval = Approval.objects.create(
        kind="billing.post_run",
        subject=f"billrun:{locked.pk}",
        preview={"number": locked.number, "inputs_sha256": locked.inputs_sha256, **locked.totals},
        amount_cents=locked.totals["cents"],
        requested_by=deed.actor,
        reason=deed.reason,
    )
    locked.save()
    tell(deed, "billing.posting_requested", run=run.pk, approval=locked.approval.pk)
    return locked.approval


@operation("billing.post_run", roles={BILLING, SUPERVISOR})
def post_run(deed: Deed, *, run: BillRun) -> BillRun:
    """Post an approved run.

    Raises `NotApproved`, `WrongStage`, `completeness.Unaccounted`, and whatever the database's own guards refuse,
    above all a period that is already billed.
    """
    locked = BillRun.objects.select_for_update().get(pk=run.pk)
    accounts = list(locked.bills.values_list("account_id", flat=True))
    lock_accounts(accounts)
    _not_past_its_case(deed, locked)
    _check_approval(locked)
    check_rates(locked)
    partitions.create(run.pk, parents=(partitions.ENTRY,))
    partitions.analyze(run.pk)
    _charges(locked)
    period = accounting_period(locked.bill_date)
    entries, items = post_charges(
        entries=partitions.table_of(partitions.ENTRY, run.pk),
        charges="run_charges",
        run_id=run.pk,
        effective_on=locked.bill_date,
        period=period,
        deed=deed,
    )
    _guard(deed, locked)
    partitions.check_references(run.pk)
    partitions.attach(run.pk)
    deposits = _deposits(deed, locked, period)
    programs = post_programs(deed, locked)
    allocated = apply_credits(accounts, effective_on=locked.bill_date, period=period, deed=deed)
    equation = settle_equation(locked)
    _finish(
        deed,
        locked,
        equation,
        {
            "entries": entries,
            "open_items": items,
            "credits_applied": allocated[1],
            "deposits_applied": deposits,
            **{name: count for name, count in programs.items() if count},
        },
    )
    return locked


def _not_past_its_case(deed: Deed, run: BillRun) -> None:
    """A correction is asked for and posted by its case, which knows who may decide it and what it settles."""
    if run.kind == BillRun.CORRECTION and (run.approval_id is None or deed.approval_id != run.approval_id):
        raise WrongStage(f"run {run.number} is a correction: its case is decided and posted")


def _check_approval(run: BillRun) -> None:
    if run.status != BillRun.CALCULATED:
        raise WrongStage(f"run {run.number} is {run.status}; only a calculated run posts")
    approval = run.approval
    if approval is None or approval.status != Approval.APPROVED:
        raise NotApproved(f"run {run.number} is not approved")
    now = control_totals(run)
    shown = {key: approval.preview.get(key) for key in now}
    if shown != now or approval.preview.get("inputs_sha256") != run.inputs_sha256:
        raise NotApproved(f"run {run.number} changed since it was approved: approved {shown}, now {now}")
    assert run.calculated_by is not None
    if approval.decided_by_id == run.calculated_by.actor_id:
        raise NotApproved(f"run {run.number} was approved by the person who calculated it")


def _charges(run: BillRun) -> None:
    """A temporary table of what each bill charges, and takes back, per service and revenue account."""
    segment = partitions.table_of(partitions.SEGMENT, run.pk)
    line = partitions.table_of(partitions.LINE, run.pk)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS run_revenue, run_charges")
        cursor.execute(
            "CREATE TEMPORARY TABLE run_revenue (document_id bigint, version text, component text,"
            " revenue_id bigint) ON COMMIT DROP"
        )
        cursor.execute(f"SELECT DISTINCT document_id FROM {segment}")
        documents = [row[0] for row in cursor.fetchall()]
    copy_in("run_revenue", _revenue_accounts(documents))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE run_revenue")
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE run_charges ON COMMIT DROP AS
            SELECT s.bill_id, b.account_id, s.commodity AS service, v.revenue_id, b.due_date AS due_on,
                   sum(l.amount_cents)::bigint AS amount
              FROM {line} l
              JOIN {segment} s ON s.id = l.segment_id
              JOIN billing_bill b ON b.id = s.bill_id
              LEFT JOIN run_revenue v
                ON v.document_id = s.document_id AND v.version = l.version AND v.component = l.component
             GROUP BY s.bill_id, b.account_id, s.commodity, v.revenue_id, b.due_date, s.kind
            """
        )
        _every_line_has_an_account(cursor, run, segment, line)
        cursor.execute(
            "SELECT b.number FROM billing_bill b LEFT JOIN (SELECT bill_id, sum(amount) AS cents FROM run_charges"
            " GROUP BY 1) c ON c.bill_id = b.id"
            " WHERE b.run_id = %s AND b.current_cents <> coalesce(c.cents, 0) LIMIT 1",
            [run.pk],
        )
        changed = cursor.fetchone()
        if changed is not None:
            raise NotApproved(f"run {run.number}: the lines of bill {changed[0]} are not those it was approved with")


def _deposits(deed: Deed, run: BillRun, period: AccountingPeriod) -> int:
    """Apply the deposits the run's bills show, exactly those; returns the cents."""
    applied = 0
    for bill in run.bills.filter(deposits_cents__lt=0).order_by("account_id"):
        cents = apply_all(
            bill.account_id, bill=bill.number, due_on=bill.due_date, effective_on=run.bill_date, period=period,
            deed=deed,
        )  # fmt: skip
        if cents != -bill.deposits_cents:
            raise NotApproved(
                f"bill {bill.number} shows deposits of {-bill.deposits_cents} cents, {cents} are held now"
            )
        applied += cents
    return applied


def _every_line_has_an_account(cursor: CursorWrapper, run: BillRun, segment: str, line: str) -> None:
    cursor.execute("SELECT count(*) FROM run_charges WHERE revenue_id IS NULL")
    if not cursor.fetchone()[0]:
        return
    cursor.execute(
        f"""
        SELECT d.code, l.version, l.component FROM {line} l
          JOIN {segment} s ON s.id = l.segment_id JOIN platform_document d ON d.id = s.document_id
         WHERE NOT EXISTS (SELECT FROM run_revenue v WHERE v.document_id = s.document_id AND v.version = l.version
                              AND v.component = l.component)
         LIMIT 1
        """
    )
    code, version, component = cursor.fetchone()
    raise NoLedgerAccount(
        f"run {run.number}: charge {component} of {code} {version} names no account of the chart of accounts"
    )


def _revenue_accounts(documents: list[int]) -> pl.DataFrame:
    """The revenue account of every component of the tariffs in use, as far as the chart has it.

    A version that charges nothing in this run may name an account that is no longer, or not yet, in the chart.
    """
    chart = dict(LedgerAccount.objects.values_list("code", "id"))
    rows = []
    for document in Document.objects.filter(pk__in=documents):
        for version in tariff_of(document).versions:
            for component in version.components:
                if component.revenue in chart:
                    rows.append((document.pk, version.version, component.id, chart[component.revenue]))
    schema = {"document_id": pl.Int64, "version": pl.String, "component": pl.String, "revenue_id": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _guard(deed: Deed, run: BillRun) -> None:
    """Claim the billed days; the exclusion constraint refuses any day claimed before.

    Days of segments this run takes back are released first, by its own posting deed.
    """
    segment = partitions.table_of(partitions.SEGMENT, run.pk)
    with connection.cursor() as cursor:
        _release(cursor, deed, run, segment)
        cursor.execute(
            "INSERT INTO billing_billedperiod (agreement_id, service_point_id, period, bill_id)"
            f" SELECT agreement_id, service_point_id, daterange(starts, ends), bill_id FROM {segment}"
            " WHERE kind = 'charge' ORDER BY service_point_id"
        )


def _release(cursor: CursorWrapper, deed: Deed, run: BillRun, segment: str) -> None:
    """Release the days of what is taken back; each must be claimed by exactly the bill it was on."""
    cursor.execute(f"SELECT count(*) FROM {segment} WHERE kind = 'reversal'")
    reversals = cursor.fetchone()[0]
    if not reversals:
        return
    cursor.execute(
        f"""
        UPDATE billing_billedperiod p SET released_id = %s FROM {segment} n
          JOIN billing_segment o ON o.run_id = n.reverses_run_id AND o.id = n.reverses_id
         WHERE n.kind = 'reversal' AND p.bill_id = o.bill_id AND p.agreement_id = o.agreement_id
           AND p.period = daterange(o.starts, o.ends) AND p.released_id IS NULL
        """,
        [deed.pk],
    )
    if cursor.rowcount != reversals:
        raise AlreadyTakenBack(
            f"run {run.number} takes back {reversals} segments, but only {cursor.rowcount} of them still stand"
        )


def _finish(deed: Deed, run: BillRun, equation: Equation, posted: dict[str, Any]) -> None:
    run.status = BillRun.POSTED
    run.posted_by = deed
    run.totals = {**run.totals, **posted, "completeness": equation.counts()}
    with transaction.atomic():
        run.save()
    tell(deed, "billing.run_posted", run=run.pk, bills=run.totals["bills"], cents=run.totals["cents"])
