"""A small founded city with one calculated run, and a printed page as text."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pypdf
import pytest
from django.db import connection, transaction

from meterbook.demo.city import City
from meterbook.demo.founding import found
from meterbook.records.billing import partitions
from meterbook.records.billing.models import Bill, BillRun
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.metering.models import Read, Register, Usage
from meterbook.records.platform.models import Deed

STARTS, ENDS = date(2026, 9, 3), date(2026, 10, 3)


@pytest.fixture
def page_texts() -> Callable[[bytes], list[str]]:
    """The text of every page of a PDF, blanks made single."""
    return lambda pdf: [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@dataclass
class Office:
    """The run and the bills made for it, by account number."""

    run: BillRun
    bills: dict[str, Bill]


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[Office]:
    """Twelve water accounts billed 7.5 ccf each; nothing outlives the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        found(City(accounts=60, seed=7), password="correct-horse-battery")
        yield _billed()
        transaction.set_rollback(True)


def _billed() -> Office:
    deed = Deed.objects.order_by("pk").first()
    assert deed is not None
    agreements = ServiceAgreement.objects.filter(schedule__code="W-RES", validity__contains=STARTS).select_related(
        "account__cycle", "service_point", "schedule"
    )
    agreements = list({one.account_id: one for one in agreements.order_by("-account__number")}.values())[:12]
    run = BillRun.objects.create(
        number="2026-10-05/C1",
        cycle=agreements[0].account.cycle,
        read_from=ENDS,
        read_to=ENDS,
        service_to=ENDS,
        bill_date=date(2026, 10, 5),
        due_date=date(2026, 10, 26),
        status="calculated",
        planned_by=deed,
    )
    partitions.create(run.pk)
    bills = {}
    for agreement in agreements:
        bill = _bill(run, agreement.account)
        bills[agreement.account.number] = bill
        _segment(bill, agreement, _read(agreement, deed))
    return Office(run, bills)


def _bill(run: BillRun, account: Account) -> Bill:
    return Bill.objects.create(
        run=run,
        account=account,
        number=f"{account.number}-20261005",
        bill_date=run.bill_date,
        due_date=run.due_date,
        starts=STARTS,
        ends=ENDS,
        previous_cents=5000,
        payments_cents=-5000,
        adjustments_cents=0,
        current_cents=3613,
    )


def _read(agreement: ServiceAgreement, deed: Deed) -> dict[str, Any]:
    """Two months of use, the second estimated, and the second's sealed piece."""
    register = Register.objects.filter(meter__installations__service_point=agreement.service_point).first()
    assert register is not None
    days = [date(2026, 8, 4), STARTS, ENDS]
    reads = [
        Read.objects.create(register=register, read_on=day, read_at=f"{day}T12:00Z", value=value, deed=deed)
        for day, value in zip(days, ("990.5", "999.25", "6.75"), strict=True)
    ]
    for before, after, quantity in ((0, 1, 8_750_000), (1, 2, 7_500_000)):
        Usage.objects.create(
            register=register,
            service_point=agreement.service_point,
            from_read=reads[before],
            to_read=reads[after],
            starts=days[before],
            ends=days[after],
            quantity_e6=quantity,
            rollover=before == 1,
            estimated=before == 1,
        )
    return {
        "register": register.pk, "meter": register.meter.serial, "channel": "delivered", "from_read": reads[1].pk,
        "to_read": reads[2].pk, "from_on": str(STARTS), "from_value": "999.250000", "to_on": str(ENDS),
        "to_value": "6.750000", "dials": 3, "multiplier": "1.000000", "quantity_e6": 7_500_000, "unit": "ccf",
        "estimated": True, "rollover": True,
    }  # fmt: skip


def _segment(bill: Bill, agreement: ServiceAgreement, piece: dict[str, Any]) -> None:
    run, inputs = bill.run_id, json.dumps({"determinants": {}, "pieces": [piece]})
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO billing_segment_run_{run} VALUES"
            " (%s, nextval('billing_segment_id_seq'), %s, %s, %s, %s, %s, 'water', %s, %s, true, %s, 3613)"
            " RETURNING id",
            [run, bill.pk, agreement.pk, agreement.service_point_id, agreement.schedule_id,
             agreement.schedule.document_id, STARTS, ENDS, inputs],
        )  # fmt: skip
        segment = cursor.fetchone()[0]
        for seq, component, part, quantity, price, cents in (
            (1, "service", 0, 1_000_000, 2_178_000_000, 2178),
            (2, "water", 1, 7_500_000, 191_333_333, 1435),
        ):
            cursor.execute(
                f"INSERT INTO billing_line_run_{run} VALUES"
                " (%s, nextval('billing_line_id_seq'), %s, %s, %s, %s, '2026-03', %s, %s, %s, %s, %s)",
                [run, segment, seq, component, part, STARTS, ENDS, quantity, price, cents],
            )
