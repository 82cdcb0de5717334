"""Starting a calculation, and sealing it when every chunk is done."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

import meterbook.engine
from meterbook.records.billing import partitions
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.readiness.gauge import readiness
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Document
from meterbook.records.platform.roles import BILLING, SUPERVISOR


class WrongStage(ValueError):
    """The run is not at the stage this step needs."""


class RatesChanged(ValueError):
    """Rates for days of the run were released after a part of it was calculated; it is cancelled and planned anew."""


class ChunksLeft(ValueError):
    """The run has chunks that are not calculated."""


@cache
def code_sha256() -> str:
    """Hash of the engine's source: together with inputs and tariff it determines every cent."""
    digest = hashlib.sha256()
    root = Path(next(iter(meterbook.engine.__path__)))
    for file in sorted(root.rglob("*.py")):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


@operation("billing.start_calculation", roles={BILLING, SUPERVISOR})
def start_calculation(deed: Deed, *, run: BillRun) -> None:
    """Make the run's tables; calculation itself commits chunk by chunk and may be interrupted and resumed.

    What its bills rest on is counted now and told with the deed, as the evidence of what was known.
    """
    if BillRun.objects.select_for_update().get(pk=run.pk).status != BillRun.PLANNED:
        raise WrongStage(f"run {run.number} is {run.status}; only a planned run is calculated")
    found = readiness(run)
    partitions.create(run.pk)
    tell(deed, "billing.calculation_started", run=run.pk, readiness=found.evidence())


@operation("billing.seal_run", roles={BILLING, SUPERVISOR})
def calculate_run(deed: Deed, *, run: BillRun) -> BillRun:
    """Seal a run whose chunks are all calculated: control totals, hash of inputs, hash of code."""
    locked = BillRun.objects.select_for_update().get(pk=run.pk)
    if locked.status != BillRun.PLANNED:
        raise WrongStage(f"run {locked.number} is {locked.status}")
    left = locked.chunks.filter(done_at__isnull=True).count()
    if left:
        raise ChunksLeft(f"run {locked.number}: {left} chunks are not calculated")
    check_rates(locked)
    digest = hashlib.sha256()
    for chunk in locked.chunks.order_by("number"):
        digest.update(chunk.inputs_sha256.encode())
    locked.status = BillRun.CALCULATED
    locked.calculated_by = deed
    locked.code_sha256 = code_sha256()
    locked.inputs_sha256 = digest.hexdigest()
    locked.totals = control_totals(locked)
    locked.save()
    tell(deed, "billing.run_calculated", run=run.pk, bills=locked.totals["bills"])
    return locked


def check_rates(run: BillRun) -> None:
    """Raise `RatesChanged` if a segment bills days of a version that is newer than the document it was priced by."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT c.code, v.version FROM (SELECT schedule_id, document_id, max(ends) AS ends
                     FROM {partitions.table_of(partitions.SEGMENT, run.pk)} WHERE kind = 'charge' GROUP BY 1, 2) s
              JOIN rates_schedule c ON c.id = s.schedule_id AND c.document_id <> s.document_id
              JOIN rates_releasedversion v ON v.schedule_id = s.schedule_id AND v.effective < s.ends
              JOIN platform_document priced ON priced.id = s.document_id
              JOIN platform_document brought ON brought.id = v.document_id AND brought.sequence > priced.sequence
             LIMIT 1
            """
        )
        changed = cursor.fetchone()
    if changed is not None:
        raise RatesChanged(f"run {run.number}: {changed[0]} {changed[1]} was released after its bills were priced")


def control_totals(run: BillRun) -> dict[str, Any]:
    """Bills, lines, holds and cents of a run, in all and by commodity, from its stored rows; the tariffs it used."""
    segment = partitions.table_of(partitions.SEGMENT, run.pk)
    line = partitions.table_of(partitions.LINE, run.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT (SELECT count(*) FROM billing_bill WHERE run_id = {run.pk}),
                   (SELECT coalesce(sum(current_cents), 0) FROM billing_bill WHERE run_id = {run.pk}),
                   (SELECT coalesce(sum(hashtextextended(number || ':' || previous_cents || ':' || payments_cents
                           || ':' || adjustments_cents || ':' || current_cents, 0)), 0)
                      FROM billing_bill WHERE run_id = {run.pk}),
                   (SELECT count(*) FROM {line}), (SELECT coalesce(sum(amount_cents), 0) FROM {line}),
                   (SELECT coalesce(sum(amount_cents), 0) FROM {segment}),
                   (SELECT count(*) FROM billing_hold WHERE run_id = {run.pk}),
                   (SELECT count(DISTINCT account_id) FROM billing_hold WHERE run_id = {run.pk})
            """
        )
        bills, billed, seal, lines, lined, segmented, held, held_accounts = map(int, cursor.fetchone())
        cursor.execute(
            f"SELECT commodity, count(*), sum(amount_cents) FROM {segment} GROUP BY commodity ORDER BY commodity"
        )
        services = {name: {"segments": int(n), "cents": int(cents)} for name, n, cents in cursor.fetchall()}
    tariffs = {f"{document.code} release {document.sequence}": document.sha256 for document in documents_of(run)}
    if not billed == lined == segmented:
        raise ValueError(f"run {run.number}: bills {billed}, segments {segmented} and lines {lined} cents differ")
    return {
        "bills": bills,
        "cents": billed,
        "seal": str(seal),
        "lines": lines,
        "held_points": held,
        "held_accounts": held_accounts,
        "services": services,
        "tariffs": tariffs,
    }


def documents_of(run: BillRun) -> list[Document]:
    """The released documents that priced a run's segments, by code and release; without their text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT document_id FROM {partitions.table_of(partitions.SEGMENT, run.pk)}")
        used = [row[0] for row in cursor.fetchall()]
    return list(Document.objects.defer("body").filter(pk__in=used).order_by("code", "sequence"))
