"""A bill's lines as printed: grouped by service, each with its label, quantity, unit and price."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from meterbook.engine.rates.tariff import Component, Tariff
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.platform.models import Document
from meterbook.records.rates.queries import tariff_of


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One charge. ``share`` says that the price is a percentage of a quantity in dollars."""

    seq: int
    label: str
    starts: date
    ends: date
    quantity_e6: int
    unit: str
    price_e8: int
    share: bool
    amount_cents: int


@dataclass(frozen=True, slots=True)
class PrintedSegment:
    """One agreement's part of a bill: reads, days, lines and their sum."""

    id: int
    commodity: str
    schedule: str
    schedule_title: str
    point: str
    address: str
    starts: date
    ends: date
    estimated: bool
    pieces: list[dict[str, Any]]
    lines: list[PrintedLine]
    amount_cents: int
    kind: str = "charge"

    @property
    def taken_back(self) -> bool:
        """Whether it takes a segment of an earlier bill back."""
        return self.kind == "reversal"

    @property
    def days(self) -> int:
        """Days of service."""
        return (self.ends - self.starts).days


_SEGMENTS = """
SELECT id, agreement_id, document_id, commodity, starts, ends, estimated, inputs, amount_cents, kind
  FROM {segment} WHERE run_id = %s AND bill_id = %s ORDER BY id
"""
_LINES = """
SELECT segment_id, seq, component, part, version, starts, ends, quantity_e6, price_e8, amount_cents
  FROM {line} WHERE run_id = %s AND segment_id = ANY(%s) ORDER BY segment_id, seq
"""


def _tables(bill: Bill) -> dict[str, str]:
    """Where the bill's rows stand: in the books once posted, in the run's own tables before."""
    own = "" if bill.run.status == BillRun.POSTED else f"_run_{bill.run_id}"
    return {"segment": f"billing_segment{own}", "line": f"billing_line{own}"}


def _rows(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def printed(bill: Bill, language: str) -> list[PrintedSegment]:
    """The segments of a bill with their lines, in the order of services on the account."""
    tables = _tables(bill)
    segments = _rows(_SEGMENTS.format(**tables), [bill.run_id, bill.pk])
    lines = _rows(_LINES.format(**tables), [bill.run_id, [row[0] for row in segments]])
    documents = Document.objects.in_bulk({row[2] for row in segments})
    agreements = {
        agreement.pk: agreement
        for agreement in ServiceAgreement.objects.select_related("service_point__premise").filter(
            pk__in=[row[1] for row in segments]
        )
    }
    return [_segment(row, lines, tariff_of(documents[row[2]]), agreements[row[1]], language) for row in segments]


def _segment(
    row: tuple[Any, ...], lines: list[tuple[Any, ...]], tariff: Tariff, agreement: ServiceAgreement, language: str
) -> PrintedSegment:
    inputs = row[7] if isinstance(row[7], dict) else _loaded(row[7])
    return PrintedSegment(
        id=row[0],
        commodity=row[3],
        schedule=tariff.schedule,
        schedule_title=tariff.title[language],
        point=agreement.service_point.code,
        address=agreement.service_point.premise.address,
        starts=row[4],
        ends=row[5],
        estimated=row[6],
        pieces=[_dated(piece) for piece in inputs.get("pieces") or []],
        lines=[_line(line, tariff, language) for line in lines if line[0] == row[0]],
        amount_cents=row[8],
        kind=row[9],
    )


def _loaded(text: Any) -> dict[str, Any]:
    loaded = json.loads(text)
    return loaded if isinstance(loaded, dict) else {}


def _dated(piece: dict[str, Any]) -> dict[str, Any]:
    """A sealed usage piece with its dates and values as values again."""
    return {
        **piece,
        "from_on": date.fromisoformat(piece["from_on"]),
        "to_on": date.fromisoformat(piece["to_on"]),
        "from_value": Decimal(piece["from_value"]),
        "to_value": Decimal(piece["to_value"]),
        "multiplier": Decimal(piece["multiplier"]),
    }


def _line(row: tuple[Any, ...], tariff: Tariff, language: str) -> PrintedLine:
    version = next(version for version in tariff.versions if version.version == row[4])
    component = version.component(row[2])
    label = component.settings.label_of(row[3]) or component.label
    return PrintedLine(
        seq=row[1],
        label=label[language],
        starts=row[5],
        ends=row[6],
        quantity_e6=row[7],
        unit=unit_of(component, tariff),
        price_e8=row[8],
        share=_per(component, tariff) == "percent",
        amount_cents=row[9],
    )


def unit_of(component: Component, tariff: Tariff) -> str:
    """The unit a line's quantity is in; none where it counts periods or pieces, or is a share of dollars."""
    per = _per(component, tariff)
    return "" if per.partition(",")[0] in ("percent", "period", "each") else per


def _per(component: Component, tariff: Tariff) -> str:
    """What a component's price is per: a unit, the period, or percent."""
    rates = component.settings.rates(unit=tariff.unit)
    return rates[0].per if rates else ""
