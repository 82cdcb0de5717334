"""Rows into values: our bills with their sealed inputs and lines, as sides of a comparison.

A bill of a run that is not posted stands in the run's own tables; both are read alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from meterbook.engine.billing.parallel import OurLine, OurPart
from meterbook.engine.quantity import unscaled
from meterbook.engine.rates.changing.told import changes_of
from meterbook.engine.rates.tariff import Tariff
from meterbook.records.billing.models import BillRun
from meterbook.records.platform.models import Document
from meterbook.records.rates.queries import tariff_of


@dataclass(frozen=True, slots=True)
class OurBill:
    """A bill of ours: its account, its id and number, and its parts as (service, point, part)."""

    id: int
    number: str
    account_id: int
    account: str
    bill_date: date
    parts: tuple[tuple[str, str, OurPart], ...]

    @property
    def cents(self) -> int:
        """The bill's own charges."""
        return sum(line.amount_cents for _, _, part in self.parts for line in part.lines)


_OF_RUN = """
SELECT b.id, b.number, b.account_id, a.number, b.bill_date, b.run_id FROM billing_bill b
  JOIN customers_account a ON a.id = b.account_id WHERE b.run_id = %s ORDER BY a.number COLLATE "C", b.id
"""
#: The posted bill of each account that shares the most days with its period.
_OF_DAYS = """
SELECT DISTINCT ON (a.number COLLATE "C") b.id, b.number, b.account_id, a.number, b.bill_date, b.run_id
  FROM billing_bill b JOIN customers_account a ON a.id = b.account_id
  JOIN billing_billrun r ON r.id = b.run_id AND r.status = 'posted'
  LEFT JOIN unnest(%(accounts)s::text[], %(begins)s::date[], %(finishes)s::date[]) k(number, starts, ends)
    ON k.number = a.number
 CROSS JOIN LATERAL (SELECT coalesce(k.starts, %(starts)s) AS starts, coalesce(k.ends, %(ends)s) AS ends) d
 WHERE b.starts < d.ends AND b.ends > d.starts AND b.kind NOT IN ('statement', 'summary')
 ORDER BY a.number COLLATE "C", least(b.ends, d.ends) - greatest(b.starts, d.starts) DESC, b.bill_date DESC, b.id DESC
"""
_SEGMENTS = """
SELECT s.id, s.bill_id, s.commodity, p.code, s.document_id, s.starts, s.ends, s.inputs
  FROM {table} s JOIN places_servicepoint p ON p.id = s.service_point_id
 WHERE s.run_id = %s AND s.bill_id = ANY(%s) AND s.kind = 'charge' ORDER BY s.bill_id, s.id
"""
_LINES = """
SELECT l.segment_id, l.component, l.part, l.version, l.amount_cents, l.quantity_e6, l.price_e8
  FROM {table} l WHERE l.run_id = %s AND l.segment_id = ANY(%s) ORDER BY l.segment_id, l.seq
"""
_BATCH = 500


def of_run(run: BillRun) -> Iterator[OurBill]:
    """Every bill of a run, by account number."""
    yield from _filled(_rows(_OF_RUN, [run.pk]))


@dataclass(frozen=True, slots=True)
class Days:
    """The days (half-open) a file is about: of all its lines, and of each account's own where they say them."""

    starts: date
    ends: date
    of_account: Mapping[str, tuple[date, date]]


def of_days(days: Days) -> Iterator[OurBill]:
    """One posted bill of each account that has any for its days, by account number."""
    accounts = list(days.of_account)
    asked = {
        "starts": days.starts, "ends": days.ends, "accounts": accounts,
        "begins": [days.of_account[account][0] for account in accounts],
        "finishes": [days.of_account[account][1] for account in accounts],
    }  # fmt: skip
    yield from _filled(_rows(_OF_DAYS, asked))


def seal(bills: Sequence[OurBill]) -> str:
    """A hash over bills and their lines, the same whenever nothing of ours changed."""
    digest = hashlib.sha256()
    for bill in bills:
        lines = [(line.component, line.amount_cents) for _, _, part in bill.parts for line in part.lines]
        digest.update(json.dumps([bill.id, bill.account, lines]).encode())
    return digest.hexdigest()


def _filled(heads: list[tuple[Any, ...]]) -> Iterator[OurBill]:
    for at in range(0, len(heads), _BATCH):
        batch = heads[at : at + _BATCH]
        parts: dict[int, list[tuple[str, str, OurPart]]] = {}
        for run_id in sorted({head[5] for head in batch}):
            _fill(run_id, [head[0] for head in batch if head[5] == run_id], parts)
        for bill_id, number, account_id, account, bill_date, _ in batch:
            yield OurBill(bill_id, number, account_id, account, bill_date, tuple(parts.get(bill_id, ())))


def _fill(run_id: int, bills: list[int], parts: dict[int, list[tuple[str, str, OurPart]]]) -> None:
    posted = BillRun.objects.filter(pk=run_id, status=BillRun.POSTED).exists()
    own = "" if posted else f"_run_{int(run_id)}"
    segments = _rows(_SEGMENTS.format(table=f"billing_segment{own}"), [run_id, bills])
    lines: dict[int, list[tuple[Any, ...]]] = {}
    for row in _rows(_LINES.format(table=f"billing_line{own}"), [run_id, [segment[0] for segment in segments]]):
        lines.setdefault(row[0], []).append(row)
    documents = Document.objects.in_bulk({segment[4] for segment in segments})
    for segment_id, bill_id, service, point, document, starts, ends, inputs in segments:
        tariff = tariff_of(documents[document])
        sealed = inputs if isinstance(inputs, dict) else json.loads(inputs)
        facts = {
            name: unscaled(value) if isinstance(value, int) else value
            for name, value in sealed["determinants"].items()
            if value is not None
        }
        changes = changes_of(sealed.get("changes"))
        mine = tuple(_line(tariff, *row[1:]) for row in lines.get(segment_id, ()))
        parts.setdefault(bill_id, []).append((service, point, OurPart(tariff, starts, ends, facts, mine, changes)))


def _line(tariff: Tariff, component: str, part: int, version: str, cents: int, *printed: int) -> OurLine:
    found = next(each for each in tariff.versions if each.version == version).component(component)
    labels = found.settings.label_of(part) or found.label
    said = tuple(dict.fromkeys((*labels.values(), *found.label.values())))
    return OurLine(component, said, cents, unscaled(printed[0]), Decimal(printed[1]).scaleb(-8))


def _rows(sql: str, params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
