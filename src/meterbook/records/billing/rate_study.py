"""Bills already issued, ready to be priced again: what a study of a draft tariff rests on.

The facts are the sealed ones of each bill's last day: what was otherwise before it, inside the bill, is left out under
today's rates and under the draft's. A fact only the draft asks for is the one on record on the bill's last day.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from threading import Lock
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Count, Max

from meterbook.engine.rates.study.prepared import Study, prepare
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Determinant
from meterbook.records.billing.models import BillRun
from meterbook.records.platform.copying import copy_out
from meterbook.records.rates.models import Schedule
from meterbook.records.rates.queries import tariff_of

#: How far back a study may look, in months.
MONTHS = (12, 24, 36)
_BILLED = """
SELECT a.number, p.premise_class, s.starts, s.ends {values}
  FROM billing_segment s
  JOIN billing_billrun r ON r.id = s.run_id AND r.status = 'posted'
  JOIN billing_bill b ON b.id = s.bill_id
  JOIN customers_account a ON a.id = b.account_id
  JOIN places_servicepoint sp ON sp.id = s.service_point_id
  JOIN places_premise p ON p.id = sp.premise_id
  {facts}
 WHERE s.schedule_id = %s AND s.ends > %s AND s.kind = 'charge'
   AND NOT EXISTS (SELECT FROM billing_billedperiod t
                    WHERE t.released_id IS NOT NULL AND t.bill_id = s.bill_id AND t.agreement_id = s.agreement_id
                      AND t.period = daterange(s.starts, s.ends))
"""
_SEALED = "(s.inputs->'determinants'->>%s)"
_FACT = """
  LEFT JOIN LATERAL (
       SELECT d.number_e6, nullif(d.key, '') AS key FROM places_determinant d
         JOIN places_determinantkind k ON k.id = d.kind_id
        WHERE k.name = %s AND d.service_point_id = s.service_point_id AND d.validity @> s.ends - 1
        LIMIT 1) f{at} ON true
"""
_FEW = """
SELECT count(*) FROM (SELECT FROM billing_segment s WHERE s.schedule_id = %s AND s.ends > %s LIMIT %s) few
"""
#: Bills that are made ready faster than anybody waits.
_FEW_BILLS = 50_000
_KEPT = 4
_studies: OrderedDict[tuple[Any, ...], Study] = OrderedDict()
_preparing: dict[tuple[Any, ...], Lock] = {}


class NothingBilled(LookupError):
    """No bill was issued under the schedule in the months asked for, so there is nothing to price again."""


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier, or that month's 28th where it has no such day.

    >>> months_before(date(2026, 3, 31), 13)
    datetime.date(2025, 2, 28)
    """
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def billed_usage(schedule: Schedule, since: date, determinants: Sequence[Determinant]) -> pl.DataFrame:
    """Every bill issued under ``schedule`` that ends after ``since``, as `engine.rates.study` takes them.

    Columns: account, class (of the premise), starts, ends, and ``det.<name>`` for each determinant.
    """
    columns: dict[str, Any] = {"account": pl.String, "class": pl.String, "starts": pl.Date, "ends": pl.Date}
    values, facts, named, joined = "", "", [], []
    for at, each in enumerate(determinants):
        fact = f"f{at}.key" if each.kind == "key" else f"f{at}.number_e6"
        sealed = _SEALED if each.kind == "key" else f"{_SEALED}::bigint"
        values += f", coalesce({sealed}, {fact})"
        facts += _FACT.replace("{at}", str(at))
        named.append(each.name)
        joined.append(each.name)
        columns[f"det.{each.name}"] = pl.String if each.kind == "key" else pl.Int64
    sql = _BILLED.format(values=values, facts=facts)
    return copy_out(sql, [*named, *joined, schedule.pk, since], columns)


def is_quick(schedule: Schedule, *, months: int, on: date, draft: Tariff | None = None) -> bool:
    """Whether `study_of` answers at once: it is kept already, or there are few bills to make ready."""
    key, _facts = _key(schedule, months, on, draft)
    if key in _studies:
        return True
    with connection.cursor() as cursor:
        cursor.execute(_FEW, [schedule.pk, months_before(on, months), _FEW_BILLS])
        row = cursor.fetchone()
    return int(row[0]) < _FEW_BILLS


def _key(
    schedule: Schedule, months: int, on: date, draft: Tariff | None
) -> tuple[tuple[Any, ...], dict[str, Determinant]]:
    """What a kept study is known by, and the facts it tells bills apart by."""
    today = tariff_of(schedule.document)
    facts = {each.name: each for tariff in filter(None, (draft, today)) for each in tariff.required_determinants()}
    posted = BillRun.objects.filter(status=BillRun.POSTED).aggregate(Count("pk"), Max("posted_by_id"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(pgh_id) FROM places_determinantevent")
        known = (*posted.values(), *cursor.fetchone())
    return (connection.settings_dict["NAME"], schedule.document_id, months, on, known, *sorted(facts)), facts


def study_of(schedule: Schedule, *, months: int, on: date, draft: Tariff | None = None) -> Study:
    """The study of a schedule's bills of the last ``months`` before ``on``, kept in this process once it is made.

    Making it takes seconds for a million bills; the next call is answered at once, until another run is posted or
    another document released. Raises `NothingBilled`.
    """
    key, facts = _key(schedule, months, on, draft)
    with _preparing.setdefault(key, Lock()):
        if key in _studies:
            _studies.move_to_end(key)
            return _studies[key]
        usage = billed_usage(schedule, months_before(on, months), list(facts.values()))
        if usage.is_empty():
            raise NothingBilled(f"no bill was issued under {schedule.code} in the {months} months before {on}")
        study = _studies[key] = prepare(tariff_of(schedule.document), usage)
    while len(_studies) > _KEPT:
        _preparing.pop(_studies.popitem(last=False)[0], None)
    return study
