"""The demo's crews: work for today on the phone, the emergency first; some for tomorrow, some to be planned."""

from __future__ import annotations

import pytest

from meterbook.demo.calendar import CITY_ON
from meterbook.demo.crews import send_crews
from meterbook.demo.desk.callers import take_calls
from meterbook.demo.stories import Staff
from meterbook.records.contacts.models import Contact
from meterbook.records.customers.models import Alert
from meterbook.records.service_orders.models import CrewMember, Order
from meterbook.records.tasks.models import Task

pytestmark = pytest.mark.django_db


def test_the_crews_have_work(staff: Staff) -> None:
    assert send_crews(staff, CITY_ON) == Order.objects.count() == 8
    today = Order.objects.filter(state=Order.DISPATCHED, scheduled_on=CITY_ON).order_by("sequence")
    assert next(iter(today)).kind == "leak_check" and today.count() == 4
    assert (
        Order.objects.filter(state=Order.SCHEDULED).count() == Order.objects.filter(state=Order.APPROVED).count() == 2
    )
    assert CrewMember.objects.get(user=staff["crew"]).crew.code == "A"


def test_people_called_lately(staff: Staff) -> None:
    assert take_calls(staff, CITY_ON) == Contact.objects.count() == 5
    assert Task.objects.filter(kind="contacts.follow_up").count() == 3
    assert Alert.objects.filter(kind="confidential_address").exists()
