"""Bills from the records, set-wise: a handful of queries for a batch, none per bill."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from meterbook.engine.quantity import UNITS
from meterbook.engine.rates.tariff import Component, Tariff
from meterbook.notices.bill.document import BillDocument, Booking, Charge, Issuer, Per, Reading, Service
from meterbook.notices.bill.history import histories
from meterbook.notices.bill.programs.gather import level_months, solar_statements
from meterbook.notices.bill.words import COMMODITIES
from meterbook.records.adjustments.on_bills import Since, since_last_bill
from meterbook.records.billing.kinds.delivered import check_pieces, delivery_notes
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.customers.queries import mail_lines
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Document, Utility
from meterbook.records.rates.queries import tariff_of

_ORDER = {commodity: place for place, commodity in enumerate(COMMODITIES)}
_SEGMENTS = """
SELECT id, bill_id, service_point_id, document_id, commodity, starts, ends, estimated, inputs, amount_cents, kind
  FROM {segment} WHERE run_id = %s AND bill_id = ANY(%s)
"""
_LINES = """
SELECT l.segment_id, l.component, l.part, l.version, l.starts, l.ends, l.quantity_e6, l.price_e8, l.amount_cents
  FROM {line} l JOIN {segment} s ON s.run_id = l.run_id AND s.id = l.segment_id
 WHERE l.run_id = %s AND s.bill_id = ANY(%s) ORDER BY l.segment_id, l.seq
"""


class NoSuchBill(LookupError):
    """A bill was asked for that is not on record."""


def bill_documents(bill_ids: Sequence[int], language: str | None = None) -> list[BillDocument]:
    """The bills in the order asked for, each in ``language`` or in its holder's; raises `NoSuchBill`."""
    bills = Bill.objects.select_related("account__holder", "run").in_bulk(list(bill_ids))
    if missing := [number for number in bill_ids if number not in bills]:
        raise NoSuchBill(f"no bill with id {', '.join(map(str, missing[:5]))}")
    by_run: dict[int, list[Bill]] = defaultdict(list)
    for bill in bills.values():
        by_run[bill.run_id].append(bill)
    issuer = _issuer()
    made: dict[int, BillDocument] = {}
    for found in by_run.values():
        services = _services(found)
        used = histories([bill.pk for bill in found], segment=_tables(found[0].run)["segment"])
        booked = since_last_bill(found)
        levels, solar = level_months(found), solar_statements(found)
        forwarded = mail_lines({bill.account_id: bill.bill_date for bill in found})
        for bill in found:
            mail = forwarded.get(bill.account_id)
            document = _document(bill, issuer, services.get(bill.pk, []), language, used.get(bill.pk, ()), mail)
            made[bill.pk] = replace(
                document,
                bookings=tuple(_booking(one) for one in booked.get(bill.pk, ())),
                level=levels.get(bill.pk),
                solar=solar.get(bill.pk, ()),
            )
    return [made[number] for number in bill_ids]


def _tables(run: BillRun) -> dict[str, str]:
    """Where the rows stand: in the books once the run is posted, in the run's own tables before."""
    own = "" if run.status == BillRun.POSTED else f"_run_{run.pk}"
    return {"segment": f"billing_segment{own}", "line": f"billing_line{own}"}


def _issuer() -> Issuer:
    utility = Utility.objects.order_by("pk").first()
    if utility is None:
        raise NoSuchBill("no utility is founded yet, so nobody can send a bill")
    return Issuer(
        name=utility.name,
        department=utility.department,
        address_lines=tuple(utility.address_lines),
        remit_lines=tuple(utility.remit_lines),
        phone=utility.phone,
        email=utility.email,
        website=utility.website,
        office_hours=dict(utility.office_hours),
    )


def _document(
    bill: Bill,
    issuer: Issuer,
    services: list[Service],
    language: str | None,
    used: tuple[Any, ...],
    mail: Sequence[str] | None = None,
) -> BillDocument:
    holder = bill.account.holder
    return BillDocument(
        bill_id=bill.pk,
        language=language or holder.language,
        number=bill.number,
        account_number=bill.account.number,
        holder=holder.name,
        mail_lines=tuple(mail if mail else bill.account.mail_lines),
        issuer=issuer,
        bill_date=bill.bill_date,
        due_date=bill.due_date,
        starts=bill.starts,
        ends=bill.ends,
        previous_cents=bill.previous_cents,
        payments_cents=bill.payments_cents,
        adjustments_cents=bill.adjustments_cents,
        current_cents=bill.current_cents,
        services=tuple(services),
        histories=used,
        kind=bill.kind,
        messages=tuple(delivery_notes(bill)) if bill.kind == "wholesale" else (),
        preview=bill.run.status != BillRun.POSTED,
    )


def _booking(since: Since) -> Booking:
    return Booking(label=since.words, commodity=since.service, on=since.effective_on, amount_cents=since.amount_cents)


def _rows(sql: str, run: BillRun, bills: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**_tables(run)), [run.pk, bills])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _services(bills: list[Bill]) -> dict[int, list[Service]]:
    """The services of one run's bills, by bill, in order of print."""
    run, ids = bills[0].run, [bill.pk for bill in bills]
    segments = _rows(_SEGMENTS, run, ids)
    lines: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for line in _rows(_LINES, run, ids):
        lines[line[0]].append(line)
    tariffs = {
        document.pk: tariff_of(document)
        for document in Document.objects.defer("body").filter(pk__in={row[3] for row in segments})
    }
    points = ServicePoint.objects.select_related("premise").in_bulk({row[2] for row in segments})
    found: dict[int, list[Service]] = defaultdict(list)
    for row in segments:
        found[row[1]].append(_service(row, lines[row[0]], tariffs[row[3]], points[row[2]].premise.address))
    for services in found.values():
        services.sort(
            key=lambda service: (_ORDER[service.commodity], service.address, service.starts, not service.taken_back)
        )
    return found


def _service(row: tuple[Any, ...], lines: list[tuple[Any, ...]], tariff: Tariff, address: str) -> Service:
    inputs = json.loads(row[8]) if isinstance(row[8], str) else row[8]
    return Service(
        commodity=row[4],
        schedule={language: f"{title} ({tariff.schedule})" for language, title in tariff.title.items()},
        address=address,
        starts=row[5],
        ends=row[6],
        estimated=row[7],
        readings=tuple(_reading(piece) for piece in [*(inputs.get("pieces") or []), *check_pieces(inputs)]),
        charges=tuple(_charge(line, tariff) for line in lines),
        amount_cents=row[9],
        taken_back=row[10] == "reversal",
    )


def _charge(line: tuple[Any, ...], tariff: Tariff) -> Charge:
    version = next(version for version in tariff.versions if version.version == line[3])
    component = version.component(line[1])
    unit, per = _per(component, tariff)
    return Charge(
        label=component.settings.label_of(line[2]) or component.label,
        quantity_e6=line[6],
        unit=unit,
        price_e8=line[7],
        per=per,
        starts=line[4],
        ends=line[5],
        amount_cents=line[8],
    )


def _per(component: Component, tariff: Tariff) -> tuple[str, Per]:
    """The unit of a line's quantity, and what its price is per, as the component's printed rates say."""
    rates = component.settings.rates(unit=tariff.unit)
    said = rates[0].per.split(",")[0] if rates else ""
    if said == "percent":
        return "", "percent"
    if said == "day":
        return "", "day"
    if said == "year":
        return "", "year"
    return (said, "unit") if UNITS.get(said, "time") != "time" else ("", "period")


def _reading(piece: dict[str, Any]) -> Reading:
    before, after = _shown(piece["from_value"], piece["to_value"])
    return Reading(
        meter=piece["meter"],
        channel=piece["channel"],
        from_on=date.fromisoformat(piece["from_on"]),
        from_value=before,
        to_on=date.fromisoformat(piece["to_on"]),
        to_value=after,
        multiplier=f"{Decimal(piece['multiplier']).normalize():f}",
        quantity_e6=piece["quantity_e6"],
        unit=piece["unit"],
        estimated=piece["estimated"],
        rollover=piece["rollover"],
        decided=piece.get("decided") or "",
        share=_share(piece),
    )


def _share(piece: dict[str, Any]) -> tuple[int, int] | None:
    """The days of a usage piece that count on this bill, and all of its days; `None` where all count."""
    share = piece.get("share")
    if not share:
        return None
    here, all_days = (
        (date.fromisoformat(ends) - date.fromisoformat(starts)).days
        for starts, ends in ((share["from"], share["to"]), (piece["from_on"], piece["to_on"]))
    )
    return here, all_days


def _shown(*values: str) -> list[str]:
    """Register values with as many decimals as any of them needs.

    >>> _shown("995.500000", "8.000000")
    ['995.5', '8.0']
    """
    plain = [f"{Decimal(value).normalize():f}" for value in values]
    places = max(len(value.partition(".")[2]) for value in plain)
    return [f"{Decimal(value):.{places}f}" for value in plain]
