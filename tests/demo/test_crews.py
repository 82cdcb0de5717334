"""The demo's crews: work for today on the phone, the emergency first; some for tomorrow, some to be planned."""

from __future__ import annotations

import pytest

from meterbook.demo.calendar import CITY_ON
from meterbook.demo.crews import send_crews
from meterbook.demo.stories import Staff
from meterbook.records.service_orders.models import CrewMember, Order

pytestmark = pytest.mark.django_db


def test_the_crews_have_work(staff: Staff) -> None:
    assert send_crews(staff, CITY_ON) == Order.objects.count() == 8
    today = Order.objects.filter(state=Order.DISPATCHED, scheduled_on=CITY_ON).order_by("sequence")
    assert next(iter(today)).kind == "leak_check" and today.count() == 4
    assert (
        Order.objects.filter(state=Order.SCHEDULED).count() == Order.objects.filter(state=Order.APPROVED).count() == 2
    )
    assert CrewMember.objects.get(user=staff["crew"]).crew.code == "A"
