"""Who calls the tests' office: Ben's power is off, two addresses stand empty with meters that hang there."""

from __future__ import annotations

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from tests.web.office import BEGAN, BILL_2, _meter, _point, _premise

from meterbook.records.customers.models import Account
from meterbook.records.places.models import Route
from meterbook.records.platform.models import Deed, User
from meterbook.records.service_orders.models import ServiceStatus


def found_callers() -> tuple[int, int]:
    """Found them in the office there is; the premises that stand empty."""
    deed = Deed.objects.create(kind="test.called", actor=User.objects.get(username="system"), business_date=BILL_2)
    off = Account.objects.get(number="1000025").agreements.get().service_point
    ServiceStatus.objects.create(
        service_point=off, state="off", cause="nonpayment", validity=DateRange(BILL_2 - timedelta(days=2), None),
        deed=deed,
    )  # fmt: skip
    route, empty = Route.objects.get(code="R1"), []
    for number in ("31", "33"):
        home = _premise(number, "Sluice Lane")
        _meter(f"E-90{number}", _point(f"E-90{number}", home, "electricity", route, int(number)), "kWh", deed)
        empty.append(home.pk)
    assert deed.business_date > BEGAN
    return empty[0], empty[1]
