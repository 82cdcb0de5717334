"""A posted run counted again from the books, in SQL of its own: what keeps it from closing, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from meterbook.engine.trace import N_, Step, Value
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.stages.handoff import broken_at, handed
from meterbook.records.billing.stages.kept import KEPT, Altered, kept

Values = dict[str, Value]
#: Nothing here is shared with what calculated, posted or reported the run.
_BOOKS = """
WITH bills AS (SELECT id, current_cents FROM billing_bill WHERE run_id = %(run)s),
segments AS (SELECT id, bill_id, service_point_id, amount_cents FROM billing_segment WHERE run_id = %(run)s),
lines AS (
  SELECT segment_id, sum(amount_cents) AS cents, count(*) AS n FROM billing_line WHERE run_id = %(run)s GROUP BY 1),
booked AS (
  SELECT e.source_id, sum(CASE WHEN d.role = 'receivable' THEN e.amount_cents ELSE -e.amount_cents END) AS cents
    FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id
   WHERE e.run_id = %(run)s AND e.source_kind = 'bill' GROUP BY 1)
SELECT (SELECT count(*) FROM bills) AS bills,
       (SELECT coalesce(sum(current_cents), 0) FROM bills)::bigint AS cents,
       (SELECT coalesce(sum(n), 0) FROM lines)::bigint AS lines,
       (SELECT coalesce(sum(cents), 0) FROM lines)::bigint AS lines_cents,
       (SELECT coalesce(sum(amount_cents), 0) FROM segments)::bigint AS segments_cents,
       (SELECT coalesce(sum(cents), 0) FROM booked)::bigint AS booked_cents,
       (SELECT count(*) FROM bills b LEFT JOIN booked k ON k.source_id = b.id
         WHERE b.current_cents <> coalesce(k.cents, 0)) AS bills_booked_wrong,
       (SELECT count(*) FROM (SELECT s.id FROM segments s LEFT JOIN lines l ON l.segment_id = s.id
                               WHERE s.amount_cents <> coalesce(l.cents, 0)) x) AS segments_wrong
"""
_EQUATION = """
WITH billed AS (SELECT DISTINCT service_point_id AS id FROM billing_segment WHERE run_id = %(run)s),
unbilled AS (SELECT service_point_id AS id, outcome FROM billing_unbilled WHERE run_id = %(run)s)
SELECT (SELECT count(*) FROM billed) AS billed,
       (SELECT count(*) FROM unbilled WHERE outcome = 'held') AS held,
       (SELECT count(*) FROM unbilled WHERE outcome = 'not_due') AS not_due,
       (SELECT count(*) FROM unbilled WHERE outcome = 'inactive') AS inactive,
       (SELECT count(*) FROM billed b JOIN unbilled u ON u.id = b.id) AS twice
"""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that keeps a run from closing: its name, and the sentence that says what differs."""

    name: str
    step: Step


def recount(run: BillRun) -> dict[str, int]:
    """A run's totals from the books alone: bills, lines and four sums of cents that must be the same."""
    return _one(_BOOKS, run)


def obstacles(run: BillRun) -> list[Obstacle]:
    """Everything that keeps a posted run from closing, in the order it is worked; empty when it can close."""
    if run.status != BillRun.POSTED:
        return [Obstacle("not_posted", Step(N_("The run is not posted.")))]
    return [*_money(run), *_equation(run), *_reports(run), *_mail(run)]


def _money(run: BillRun) -> list[Obstacle]:
    found, known = recount(run), run.totals
    differing = [
        (N_("The books hold {found} bills; {known} were posted."), found["bills"], known.get("bills")),
        (N_("The books hold {found} lines; {known} were posted."), found["lines"], known.get("lines")),
        (N_("The bills add up to {found} cents; {known} were posted."), found["cents"], known.get("cents")),
        (N_("The lines add up to {found} cents, the bills to {known}."), found["lines_cents"], found["cents"]),
        (N_("The segments add up to {found} cents, the bills to {known}."), found["segments_cents"], found["cents"]),
        (N_("The ledger has {found} cents from this run, the bills {known}."), found["booked_cents"], found["cents"]),
        (N_("Of {known} bills {found} are booked with another amount."), found["bills_booked_wrong"], 0),
        (N_("{found} segments differ from their lines."), found["segments_wrong"], 0),
    ]
    return [
        Obstacle("totals", Step(words, {"found": f"{is_now}", "known": f"{was if was else found['bills']}"}))
        for words, is_now, was in differing
        if is_now != was
    ]


def _equation(run: BillRun) -> list[Obstacle]:
    found, known = _one(_EQUATION, run), run.totals.get("completeness")
    if known is None:
        return [Obstacle("equation", Step(N_("The run was posted without a completeness equation.")))]
    terms = {term: found[term] for term in ("billed", "held", "not_due", "inactive")}
    stands = {term: known[term] for term in terms}
    if found["twice"]:
        return [Obstacle("equation", Step(N_("{n} points are billed and left out."), {"n": f"{found['twice']}"}))]
    if terms == stands and sum(terms.values()) == known["points"]:
        return []
    values: Values = {"found": f"{sum(terms.values())}", "known": f"{known['points']}"}
    return [Obstacle("equation", Step(N_("The equation places {found} service points of {known}."), values))]


def _reports(run: BillRun) -> list[Obstacle]:
    lacking, altered = [], []
    for name in KEPT:
        try:
            if kept(run, name) is None:
                lacking.append(name)
        except Altered:
            altered.append(name)
    found = []
    if lacking:
        values: Values = {"names": ", ".join(lacking), "n": f"{len(lacking)}"}
        found.append(Obstacle("reports", Step(N_("{n} reports are not kept yet: {names}."), values)))
    if altered:
        found.append(
            Obstacle("reports", Step(N_("Kept reports were altered: {names}."), {"names": ", ".join(altered)}))
        )
    return found


def _mail(run: BillRun) -> list[Obstacle]:
    mail = handed(run)
    if not mail.begun and mail.bills:
        return [Obstacle("pieces", Step(N_("The bills were not handed to the printer yet.")))]
    if mail.pieces != mail.bills:
        values: Values = {"pieces": f"{mail.pieces}", "bills": f"{mail.bills}"}
        return [Obstacle("pieces", Step(N_("{pieces} pieces were handed off for {bills} bills."), values))]
    if at := broken_at(mail.files):
        return [Obstacle("pieces", Step(N_("Piece {at} is in no file, or in two."), {"at": f"{at}"}))]
    return []


def _one(sql: str, run: BillRun) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"run": run.pk})
        row = cursor.fetchone()
        return dict(zip([each.name for each in cursor.description], map(int, row), strict=True))
