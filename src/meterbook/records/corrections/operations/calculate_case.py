"""Calculating a case: the days of its segments billed again, what differs, the limits, and the run that would post."""

from __future__ import annotations

import polars as pl

from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.corrections.calculating.conserve import check_conserved
from meterbook.records.corrections.calculating.outcome import Outcome, outcomes
from meterbook.records.corrections.calculating.rebill import Rebilled, bill_again
from meterbook.records.corrections.calculating.run import make_run
from meterbook.records.corrections.calculating.standing import lines_of, of_segments
from meterbook.records.corrections.models import CaseItem, CorrectionCase
from meterbook.records.corrections.refusals import CaseClosed, NoLongerStands
from meterbook.records.corrections.settings import back_billing
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("corrections.calculate_case", roles={BILLING, SUPERVISOR})
def calculate_case(deed: Deed, *, case: CorrectionCase) -> CorrectionCase:
    """Calculate a case, or calculate it again from what is known now; nothing is posted.

    Its run is made anew and sealed, and waits for a second person; where nothing changes there is no run. Raises
    `CaseClosed`, `NoLongerStands`, `DecidedUsageDoesNotFit`, `UsageNotConserved`.
    """
    locked = open_and_locked(case)
    if locked.run is not None and locked.run.status != BillRun.CANCELLED:
        cancel_run(Act(deed.actor, deed.business_date, f"{locked.number} is calculated again"), run=locked.run)
    standing = _standing(locked)
    lines = lines_of(standing)
    again = bill_again(locked, standing) if locked.rebill else Rebilled()
    check_conserved(locked, standing, again)
    rules = back_billing(deed.business_date)
    found = outcomes(locked, standing, lines, again, rules)
    run = make_run(deed, locked, standing, lines, again, found, rules)
    _keep(locked, standing, found)
    locked.run = run
    locked.save()
    if run is not None:
        run.totals = {**run.totals, "correction": totals_of(locked)}
        run.save()
    tell(deed, "corrections.case_calculated", case=locked.pk, run=run.pk if run else None)
    return locked


def open_and_locked(case: CorrectionCase) -> CorrectionCase:
    """The case, locked; raises `CaseClosed` if it is posted or withdrawn."""
    locked = CorrectionCase.objects.select_for_update(of=("self",)).select_related("run__approval").get(pk=case.pk)
    if locked.withdrawn_id is not None:
        raise CaseClosed(f"case {locked.number} is withdrawn")
    if locked.run is not None and locked.run.status == BillRun.POSTED:
        raise CaseClosed(f"case {locked.number} is posted")
    return locked


def _standing(case: CorrectionCase) -> pl.DataFrame:
    """The case's segments, every one of which must still stand."""
    pairs = case.items.order_by("pk").values_list("segment_run_id", "segment_id")
    named = [(run, segment) for run, segment in pairs if run is not None and segment is not None]
    found = of_segments(named)
    gone = set(named) - set(found.select("run", "segment").iter_rows())
    if gone:
        items = case.items.filter(segment_id__in=[segment for _, segment in gone]).select_related("bill")
        bills = sorted({item.bill.number for item in items if item.bill is not None})
        raise NoLongerStands(f"case {case.number}: another correction took back a part of {', '.join(bills[:3])}")
    return found


def _keep(case: CorrectionCase, standing: pl.DataFrame, found: list[Outcome]) -> None:
    """Write what became of each segment, and the charges to accounts that were not billed before."""
    case.items.filter(segment_id__isnull=True).delete()
    segment_of = dict(standing.select("key", pl.struct("run", "segment")).iter_rows())
    items = {(item.segment_run_id, item.segment_id): item for item in case.items.all()}
    changed = []
    for each in found:
        if each.key is None:
            CaseItem.objects.create(
                case=case, account_id=each.account, service_point_id=each.service_point, starts=each.days[0],
                ends=each.days[1], outcome=each.outcome, was_cents=0, becomes_cents=each.becomes_cents,
                detail=each.detail,
            )  # fmt: skip
            continue
        segment = segment_of[each.key]
        item = items[segment["run"], segment["segment"]]
        item.outcome, item.was_cents, item.becomes_cents = each.outcome, each.was_cents, each.becomes_cents
        item.detail = each.detail
        changed.append(item)
    CaseItem.objects.bulk_update(changed, ["outcome", "was_cents", "becomes_cents", "detail"], batch_size=2000)


def totals_of(case: CorrectionCase) -> dict[str, int]:
    """What posting the case would do, in cents, and what it leaves: counts by outcome."""
    rows = list(case.items.values_list("outcome", "was_cents", "becomes_cents"))
    moved = [(was, becomes) for outcome, was, becomes in rows if outcome in ("corrected", "cancelled", "charged")]
    left = [(was, becomes) for outcome, was, becomes in rows if outcome == "outside"]
    found = {
        "was_cents": sum(was for was, _ in moved),
        "becomes_cents": sum(becomes for _, becomes in moved),
        "charged_cents": sum(max(becomes - was, 0) for was, becomes in moved),
        "credited_cents": sum(min(becomes - was, 0) for was, becomes in moved),
        "outside_charge_cents": sum(max(becomes - was, 0) for was, becomes in left),
        "outside_credit_cents": sum(min(becomes - was, 0) for was, becomes in left),
    }
    for outcome in CaseItem.OUTCOMES:
        if count := sum(1 for each, _, _ in rows if each == outcome):
            found[outcome] = count
    return found
