"""A run by rate code: accounts, units, and what was charged as base, usage, tax and other, against the run before."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.models import Document
from meterbook.records.rates.queries import tariff_of
from meterbook.reports.contract import Column, Row
from meterbook.reports.runs import Source, before, run_report

#: What a component's charge is, by its kind; a kind not named here is shown under other.
CLASSES = {
    "fixed": "base", "by_size": "base", "minimum": "base", "matrix": "base", "per_lamp": "base",
    "per_unit_of_area": "base", "per_unit": "usage", "tiered": "usage", "time_of_use": "usage", "demand": "usage",
    "real_time": "usage", "net_metering": "usage", "power_factor": "usage", "percent_tax": "tax",
}  # fmt: skip
_SEGMENTS = """
SELECT c.code AS schedule, s.commodity, coalesce(max(s.inputs->'pieces'->0->>'unit'), '') AS unit,
       count(DISTINCT g.account_id) AS accounts, count(*) FILTER (WHERE s.kind = 'charge') AS services,
       (sum((s.inputs->'determinants'->>'usage')::bigint) FILTER (WHERE s.kind = 'charge'))::bigint AS used,
       coalesce(sum(s.amount_cents) FILTER (WHERE s.kind = 'reversal'), 0)::bigint AS taken_back,
       sum(s.amount_cents)::bigint AS total
  FROM {segment} s
  JOIN rates_schedule c ON c.id = s.schedule_id
  JOIN customers_serviceagreement g ON g.id = s.agreement_id
 WHERE s.run_id = %(run)s GROUP BY c.id, s.commodity ORDER BY s.commodity, c.code COLLATE "C"
"""
_CHARGES = """
SELECT c.code AS schedule, s.commodity, s.document_id, l.version, l.component, sum(l.amount_cents)::bigint AS cents
  FROM {line} l
  JOIN {segment} s ON s.run_id = l.run_id AND s.id = l.segment_id AND s.kind = 'charge'
  JOIN rates_schedule c ON c.id = s.schedule_id
 WHERE l.run_id = %(run)s GROUP BY 1, 2, 3, 4, 5
"""
_BEFORE = """
SELECT c.code AS schedule, s.commodity, sum(s.amount_cents)::bigint AS cents
  FROM billing_segment s JOIN rates_schedule c ON c.id = s.schedule_id WHERE s.run_id = %(earlier)s GROUP BY 1, 2
"""
Key = tuple[str, str]


def rows(source: Source) -> list[Row]:
    """One row a rate code; base, usage, tax, other and what was taken back add up to the total."""
    charged = _by_class(source.fetch(_CHARGES))
    earlier = before(source.run)
    known = {} if earlier is None else {_key(row): row["cents"] for row in source.fetch(_BEFORE, earlier=earlier.pk)}
    found = []
    for row in source.fetch(_SEGMENTS):
        sums = charged[_key(row)]
        last = known.pop(_key(row), 0) if earlier else None
        change = None if last is None else row["total"] - last
        parts = {name: sums.get(name, 0) for name in ("base", "usage", "tax", "other")}
        found.append({**row, **parts, "before": last, "change": change})
    return found + [_gone(key, cents) for key, cents in sorted(known.items())]


def _key(row: Row) -> Key:
    return row["commodity"], row["schedule"]


def _by_class(lines: list[Row]) -> dict[Key, dict[str, int]]:
    documents = Document.objects.in_bulk({row["document_id"] for row in lines})
    kinds = {
        (pk, version.version, component.id): component.keyword
        for pk, document in documents.items()
        for version in tariff_of(document).versions
        for component in version.components
    }
    sums: dict[Key, dict[str, int]] = defaultdict(dict)
    for row in lines:
        name = CLASSES.get(kinds[row["document_id"], row["version"], row["component"]], "other")
        of = sums[_key(row)]
        of[name] = of.get(name, 0) + row["cents"]
    return sums


def _gone(key: Key, cents: int) -> Row:
    """A rate code the run before billed and this one did not."""
    nothing = dict.fromkeys(("accounts", "services", "base", "usage", "tax", "other", "taken_back", "total"), 0)
    return {
        "commodity": key[0], "schedule": key[1], "unit": "", "used": None, **nothing, "before": cents, "change": -cents,
    }  # fmt: skip


REPORT = run_report(
    name="rate_code_summary",
    title=_("Summary by rate code"),
    says=_("What a run charges under each rate code: base, usage, tax and other, against the cycle's run before."),
    columns=(
        Column("commodity", _("Service"), "words", "commodity"),
        Column("schedule", _("Rate code"), "code", filter="text"),
        Column("accounts", _("Accounts"), "count"),
        Column("services", _("Services"), "count", total=True, spare=True),
        Column("used", _("Units"), "quantity"),
        Column("unit", _("Unit"), "text", spare=True),
        Column("base", _("Base, $"), "money", total=True, spare=True),
        Column("usage", _("By usage, $"), "money", total=True, spare=True),
        Column("tax", _("Tax, $"), "money", total=True, spare=True),
        Column("other", _("Other, $"), "money", total=True, spare=True),
        Column("taken_back", _("Taken back, $"), "money", total=True, spare=True),
        Column("total", _("Total, $"), "money", total=True),
        Column("before", _("Run before, $"), "money", total=True),
        Column("change", _("Change, $"), "money", total=True),
    ),
    rows=rows,
    empty=_("This run bills nothing."),
)
