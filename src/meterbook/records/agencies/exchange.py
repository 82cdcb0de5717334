"""What is sent to an agency, and what it sends, set beside what stands here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import connection

from meterbook.engine.ledger.agencies.agreements import Agency
from meterbook.engine.quantity import unscaled
from meterbook.formats.agency_csv import AccountRow, RateRow, UsageRow
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.queries import tariff_of


def services_of(agency: Agency) -> list[str]:
    """The services an agency has a part in: those it owns, and those of the accounts it owns."""
    codes = [one.account for one in agency.owns if one.account]
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT service FROM ledger_ledgeraccount WHERE code = ANY(%s)", [codes])
        found = {row[0] for row in cursor.fetchall() if row[0]}
    return sorted(found | {one.service for one in agency.owns if one.service})


_ACCOUNTS = """
SELECT a.number, h.name, concat_ws(' ', p.street_number, p.street, nullif(p.unit, '')), sp.commodity, sp.code, s.code,
       lower(g.validity), upper(g.validity), coalesce(f.facts, '')
  FROM customers_serviceagreement g JOIN customers_account a ON a.id = g.account_id
  JOIN customers_person h ON h.id = a.holder_id JOIN places_servicepoint sp ON sp.id = g.service_point_id
  JOIN places_premise p ON p.id = sp.premise_id JOIN rates_schedule s ON s.id = g.schedule_id
  LEFT JOIN LATERAL (
       SELECT string_agg(k.name || '=' || coalesce(nullif(d.key, ''), trim_scale(d.number_e6 / 1000000.0)::text), '; '
                         ORDER BY k.name) AS facts
         FROM places_determinant d JOIN places_determinantkind k ON k.id = d.kind_id
        WHERE d.service_point_id = sp.id AND d.validity @> least(%(until)s - 1, coalesce(upper(g.validity) - 1,
              %(until)s - 1))) f ON true
 WHERE sp.commodity = ANY(%(services)s) AND g.validity && daterange(%(since)s, %(until)s)
 ORDER BY sp.commodity, a.number, sp.code, lower(g.validity)
"""


def accounts(agency: Agency, starts: date, ends: date) -> list[AccountRow]:
    """Everybody served for the agency on any day of a period: the refuse hauler's list."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, {"services": services_of(agency), "since": starts, "until": ends})
        return [AccountRow(*row) for row in cursor.fetchall()]


_USAGE = """
SELECT a.number, s.commodity, c.code, s.starts, s.ends, (s.inputs -> 'determinants' ->> 'usage')::bigint,
       (s.inputs -> 'determinants' ->> 'winter_average')::bigint, s.amount_cents
  FROM billing_segment s JOIN billing_bill b ON b.id = s.bill_id JOIN customers_account a ON a.id = b.account_id
  JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted' JOIN rates_schedule c ON c.id = s.schedule_id
 WHERE s.commodity = ANY(%(services)s) AND b.bill_date >= %(since)s AND b.bill_date < %(until)s
 ORDER BY s.commodity, a.number, s.starts, s.run_id, s.id
"""


def usage(agency: Agency, starts: date, ends: date) -> list[UsageRow]:
    """What was billed for the agency's services in a period, reversals with their sign, with what it was charged by."""
    units = {row.code: tariff_of(row.document).unit for row in Schedule.objects.select_related("document")}
    with connection.cursor() as cursor:
        cursor.execute(_USAGE, {"services": services_of(agency), "since": starts, "until": ends})
        rows = cursor.fetchall()
    return [
        UsageRow(
            row[0], row[1], row[2], row[3], row[4], _number(row[5]), units.get(row[2], ""), _number(row[6]), int(row[7])
        )
        for row in rows
    ]


def _number(value: int | None) -> Decimal | None:
    return None if value is None else unscaled(value)


_OURS = """
SELECT (s.inputs -> 'determinants' ->> %(name)s)::bigint FROM billing_segment s
  JOIN billing_bill b ON b.id = s.bill_id JOIN customers_account a ON a.id = b.account_id AND a.number = %(number)s
  JOIN billing_billedperiod p ON p.bill_id = s.bill_id AND p.agreement_id = s.agreement_id AND p.released_id IS NULL
   AND p.period = daterange(s.starts, s.ends)
 WHERE s.commodity = %(service)s AND s.kind = 'charge' AND s.starts = %(starts)s AND s.ends = %(ends)s
 ORDER BY s.id LIMIT 1
"""


def ours(row: UsageRow, name: str) -> Decimal | None:
    """What an account's service was billed by over exactly these days, or nothing."""
    asked: dict[str, str | date] = {
        "name": name, "number": row.account, "service": row.service, "starts": row.starts, "ends": row.ends,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_OURS, asked)
        found = cursor.fetchone()
    return None if found is None or found[0] is None else unscaled(int(found[0]))


def our_rate(row: RateRow) -> Decimal | None:
    """The price the schedule's component has on that day, or nothing: of its tier, or its only price."""
    schedule = Schedule.objects.select_related("document").filter(code=row.schedule).first()
    if schedule is None:
        return None
    tariff = tariff_of(schedule.document)
    try:
        component = tariff.version_at(row.effective).component(row.component)
    except (LookupError, ValueError):
        return None
    prices = [each.price for each in component.settings.rates(unit=tariff.unit)]
    at = max(row.tier - 1, 0)
    found = prices[at] if at < len(prices) else None
    return found if isinstance(found, Decimal) else None
