"""A run against the cycle's run before and the one a year ago, by service and class of premises."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.models import BillRun
from meterbook.reports.contract import Column, Row
from meterbook.reports.runs import Source, before, run_report, year_before

_SQL = """
SELECT s.commodity, m.premise_class, count(*) FILTER (WHERE s.kind = 'charge') AS services,
       (sum((s.inputs->'determinants'->>'usage')::bigint) FILTER (WHERE s.kind = 'charge'))::bigint AS used,
       sum(s.amount_cents)::bigint AS cents
  FROM {segment} s
  JOIN places_servicepoint p ON p.id = s.service_point_id
  JOIN places_premise m ON m.id = p.premise_id
 WHERE s.run_id = %(run)s GROUP BY 1, 2 ORDER BY 1, 2
"""
Key = tuple[str, str]


def rows(source: Source) -> list[Row]:
    """One row a service and class that any of the three runs bills."""
    now = {_key(row): row for row in source.fetch(_SQL)}
    last, year = _of(before(source.run)), _of(year_before(source.run))
    return [_row(key, now.get(key), last, year) for key in sorted({*now, *(last or {}), *(year or {})})]


def _key(row: Row) -> Key:
    return row["commodity"], row["premise_class"]


def _of(run: BillRun | None) -> dict[Key, Row] | None:
    if run is None:
        return None
    return {_key(row): row for row in Source(run, "billing_segment", "billing_line").fetch(_SQL)}


def _row(key: Key, now: Row | None, last: dict[Key, Row] | None, year: dict[Key, Row] | None) -> Row:
    found: Row = {"commodity": key[0], "premise_class": key[1]}
    for name, of in (("now", now), ("last", _in(last, key)), ("year", _in(year, key))):
        known = {"now": True, "last": last is not None, "year": year is not None}[name]
        for figure in ("services", "used", "cents"):
            found[f"{figure}_{name}"] = (of[figure] if of else 0) if known else None
    found["percent_last"] = percent(found["cents_now"], found["cents_last"])
    found["percent_year"] = percent(found["cents_now"], found["cents_year"])
    return found


def _in(rows: dict[Key, Row] | None, key: Key) -> Row | None:
    return rows.get(key) if rows is not None else None


def percent(now: int, then: int | None) -> Decimal | None:
    """The change in percent to a tenth, half up; nothing where there was nothing before.

    >>> percent(115, 100), percent(100, 0)
    (Decimal('15.0'), None)
    """
    if not then:
        return None
    return (Decimal(now - then) * 100 / abs(then)).quantize(Decimal("0.1"), ROUND_HALF_UP)


REPORT = run_report(
    name="run_comparison",
    title=_("Comparison of runs"),
    says=_("A run beside the cycle's run before and the one a year ago: services, usage, charges, and the change."),
    columns=(
        Column("commodity", _("Service"), "words", "commodity"),
        Column("premise_class", _("Class"), "words", "premise_class"),
        Column("services_now", _("Services"), "count", total=True),
        Column("services_last", _("Run before"), "count", total=True, spare=True),
        Column("services_year", _("Year before"), "count", total=True, spare=True),
        Column("used_now", _("Usage"), "quantity", spare=True),
        Column("used_last", _("Usage, run before"), "quantity", spare=True),
        Column("used_year", _("Usage, year before"), "quantity", spare=True),
        Column("cents_now", _("Charges, $"), "money", total=True),
        Column("cents_last", _("Run before, $"), "money", total=True),
        Column("percent_last", _("Change, %"), "number", spare=True),
        Column("cents_year", _("Year before, $"), "money", total=True),
        Column("percent_year", _("Change on the year, %"), "number", spare=True),
    ),
    rows=rows,
    empty=_("This run bills nothing."),
)
