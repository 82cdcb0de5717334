"""The morning's work: done once, whatever the city has policies for."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.engine.trace import Step
from meterbook.jobs.daily.morning import DONE, morning
from meterbook.records.platform.models import Deed
from meterbook.records.tasks.models import Notification
from meterbook.records.tasks.opening import open_task


def test_who_has_a_task_due_is_told_once_and_nothing_else_happens_twice(office: Office) -> None:
    deed = Deed.objects.create(kind="test.morning", actor=office.staff["csr"], business_date=BILL_2)
    open_task(
        deed, kind="test", subject="account:1", title=Step("Call back"), due_on=BILL_2, user=office.staff["billing"]
    )
    before = Notification.objects.filter(user=office.staff["billing"]).count()
    system = act(office.staff["system"], BILL_2)
    assert set(morning(system)) == set(DONE)
    told = Notification.objects.filter(user=office.staff["billing"]).count()
    assert told > before
    assert set(morning(system).values()) == {0}
    assert Notification.objects.filter(user=office.staff["billing"]).count() == told
