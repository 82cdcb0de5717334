"""Service orders in the tests' office: a crew, an order in its day, one whose outcome the office must decide."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.web.office import BILL_2, Office, act

from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Attachment
from meterbook.records.service_orders.models import Crew, CrewMember, Order, OrderVisit
from meterbook.records.service_orders.operations.opening import open_an_order
from meterbook.records.service_orders.operations.planning import (
    dispatch_orders,
    join_crew,
    schedule_orders,
    set_crew,
)
from meterbook.records.service_orders.operations.working import complete_order
from meterbook.records.service_orders.outcome import Outcome, Photo

PLAIN = ("service_orders", "new_order", "plan_orders", "order_calendar", "crews")
FILES = {"order_photo", "order_sheet", "crew_day_sheets"}
PICTURE = b"\x89PNG\r\n\x1a\nlid"


def crew(office: Office) -> Crew:
    """Crew A, with the field worker on it."""
    found = Crew.objects.filter(code="A").first()
    if found is None:
        boss = office.staff["supervisor"]
        found = set_crew(act(boss, BILL_2), code="A", title="Water crew")
    if not CrewMember.objects.filter(crew=found).exists():
        join_crew(act(office.staff["supervisor"], BILL_2), crew=found, user=office.staff["crew"])
    return found


def order(office: Office, reason: str = "the lid is loose", **wanted: Any) -> Order:
    """An order in the crew's hands, once by its reason."""
    found = Order.objects.filter(reason=reason).first()
    if found is not None:
        return found
    water = ServicePoint.objects.get(code="W-0")
    made = open_an_order(
        act(office.staff["csr"], BILL_2, reason), **{"kind": "check", "service_point": water, **wanted}
    )
    boss = act(office.staff["supervisor"], BILL_2)
    schedule_orders(boss, orders=[made], crew=crew(office), on=BILL_2)
    dispatch_orders(boss, orders=[made])
    made.refresh_from_db()
    return made


def conflict(office: Office) -> OrderVisit:
    """An outcome of an order that was changed after the crew had it."""
    found = OrderVisit.objects.filter(key="test:conflict").first()
    if found is None:
        one = order(office, "the seal is broken", kind="seal")
        at = datetime(BILL_2.year, BILL_2.month, BILL_2.day, 18, tzinfo=UTC)
        sent = Outcome(key="test:conflict", version=1, done_at=at, seals_on=("S-5001",), photos=(Photo(PICTURE),))
        complete_order(act(office.staff["crew"], BILL_2), order=one, outcome=sent)
        found = OrderVisit.objects.get(key="test:conflict")
    return found


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of service orders."""
    one, visit = order(office), conflict(office)
    photo = Attachment.objects.get(subject=f"ordervisit:{visit.pk}")
    day = BILL_2.isoformat()
    return {
        "service_order": [one.pk], "order_step": [one.pk, "change"], "complete_order": [one.pk],
        "decide_visit": [visit.pk, "accept"], "order_photo": [photo.pk], "order_sheet": [one.pk],
        "crew_members": [crew(office).pk], "crew_day": [crew(office).pk, day],
        "crew_day_sheets": [crew(office).pk, day],
    }  # fmt: skip
