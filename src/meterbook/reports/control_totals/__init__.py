"""A run's control totals: bills, lines, what is asked for, what was booked, and the completeness equation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from meterbook.reports.contract import Column, Row
from meterbook.reports.runs import Source, run_report

_SQL = """
SELECT (SELECT count(*) FROM billing_bill WHERE run_id = %(run)s) AS bills,
       (SELECT coalesce(sum(previous_cents), 0)::bigint FROM billing_bill WHERE run_id = %(run)s) AS previous,
       (SELECT coalesce(sum(payments_cents), 0)::bigint FROM billing_bill WHERE run_id = %(run)s) AS payments,
       (SELECT coalesce(sum(adjustments_cents), 0)::bigint FROM billing_bill WHERE run_id = %(run)s) AS adjustments,
       (SELECT coalesce(sum(current_cents), 0)::bigint FROM billing_bill WHERE run_id = %(run)s) AS current,
       (SELECT count(*) FROM {segment} WHERE run_id = %(run)s) AS segments,
       (SELECT coalesce(sum(amount_cents), 0)::bigint FROM {segment} WHERE run_id = %(run)s) AS segments_cents,
       (SELECT count(*) FROM {line} WHERE run_id = %(run)s) AS lines,
       (SELECT coalesce(sum(amount_cents), 0)::bigint FROM {line} WHERE run_id = %(run)s) AS lines_cents,
       (SELECT count(*) FROM billing_hold WHERE run_id = %(run)s) AS held_points,
       (SELECT count(DISTINCT account_id) FROM billing_hold WHERE run_id = %(run)s) AS held_accounts,
       (SELECT count(*) FROM ledger_entry WHERE run_id = %(run)s) AS entries,
       (SELECT coalesce(sum(CASE d.role WHEN 'receivable' THEN e.amount_cents ELSE -e.amount_cents END), 0)::bigint
          FROM ledger_entry e JOIN ledger_ledgeraccount d ON d.id = e.debit_id
         WHERE e.run_id = %(run)s AND e.source_kind = 'bill') AS entries_cents
"""
_BY_SERVICE = """
SELECT commodity, count(*) AS count, sum(amount_cents)::bigint AS cents FROM {segment} WHERE run_id = %(run)s
 GROUP BY 1 ORDER BY 1
"""
#: Each total with the columns its count and its cents come from; one without cents counts only.
_TOTALS = (
    ("bills", "bills", "current"), ("segments", "segments", "segments_cents"), ("lines", "lines", "lines_cents"),
    ("entries", "entries", "entries_cents"), ("previous", "", "previous"), ("payments", "", "payments"),
    ("adjustments", "", "adjustments"), ("due", "", "due"), ("held_points", "held_points", ""),
    ("held_accounts", "held_accounts", ""),
)  # fmt: skip


def rows(source: Source) -> list[Row]:
    """One row a total: what is counted, how many, how much."""
    (found,) = source.fetch(_SQL)
    found["due"] = found["previous"] + found["payments"] + found["adjustments"] + found["current"]
    made = [
        {"what": what, "commodity": None, "count": found[count] if count else None,
         "cents": found[cents] if cents else None}
        for what, count, cents in _TOTALS
    ]  # fmt: skip
    made += [{"what": "service", **row} for row in source.fetch(_BY_SERVICE)]
    equation = source.run.totals.get("completeness", {})
    return made + [
        {"what": f"points_{term}", "commodity": None, "count": equation[key], "cents": None}
        for term, key in (("all", "points"), ("billed", "billed"), ("held", "held"), ("not_due", "not_due"),
                          ("inactive", "inactive"))
        if key in equation
    ]  # fmt: skip


REPORT = run_report(
    name="control_totals",
    title=_("Control totals"),
    says=_("What a run bills, asks for and books, counted from its rows, and the terms of its completeness equation."),
    columns=(
        Column("what", _("Total"), "words", "run_total"),
        Column("commodity", _("Service"), "words", "commodity"),
        Column("count", _("Count"), "count"),
        Column("cents", _("Amount, $"), "money"),
    ),
    rows=rows,
    empty=_("This run bills nothing."),
)
