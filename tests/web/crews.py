"""A crew with a day's work in the tests' office, and what the office does with it meanwhile."""

from __future__ import annotations

from decimal import Decimal

from tests.web.office import act

from meterbook.records.metering.models import Meter, Register
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.queries import business_date
from meterbook.records.service_orders.models import Crew, Order, OrderVisit
from meterbook.records.service_orders.opening import open_order
from meterbook.records.service_orders.operations.planning import (
    dispatch_orders,
    join_crew,
    recall_orders,
    schedule_orders,
    set_crew,
)
from meterbook.records.service_orders.operations.working import decide_visit

#: Kind, service point, why, cause: what the North crew is to do on its day.
WORK = (
    ("re_read", "W-0", "The read looked high", ""),
    ("check", "E-0", "Ana says it hums", ""),
    ("off", "E-1", "Ben moves out", "requested"),
    ("lock", "E-1", "Ninety days past due", "nonpayment"),
    ("swap", "E-0", "Twenty years old", ""),
)
#: The meter the shop gives along for an exchange.
SPARE = "E-5001"


def person(username: str) -> User:
    """Somebody of the office."""
    return User.objects.get(username=username)


def north() -> Crew:
    """The crew the field worker is on."""
    found = Crew.objects.filter(code="N").first()
    if found is None:
        boss = act(person("supervisor"), business_date())
        found = set_crew(boss, code="N", title="North crew")
        join_crew(boss, crew=found, user=person("crew"))
    return found


def spare() -> str:
    """A tested meter on the shop's shelf."""
    if not Meter.objects.filter(serial=SPARE).exists():
        old = Meter.objects.get(serial="E-4471")
        made = Meter.objects.create(
            serial=SPARE, commodity=old.commodity, size=old.size, manufacturer="Badger", model="M35",
            state=Meter.IN_STOCK,
        )  # fmt: skip
        Register.objects.create(meter=made, channel="delivered", dials=6, decimals=0, multiplier=Decimal(1), unit="kWh")
    return SPARE


def days_work(*kinds: str) -> dict[str, int]:
    """Orders with the crew, by kind; opened anew every time."""
    today, crew = business_date(), north()
    boss = act(person("supervisor"), today, "the day's work")
    deed = Deed.objects.create(kind="test.work", actor=boss.actor, business_date=today)
    made = {}
    for kind, point, reason, cause in WORK:
        if kind in kinds:
            order = open_order(
                deed, kind=kind, service_point=ServicePoint.objects.get(code=point), wanted_on=today, reason=reason,
                cause=cause, details={"serial": spare()} if kind == "swap" else {},
            )  # fmt: skip
            Order.objects.filter(pk=order.pk).update(state=Order.APPROVED)
            made[kind] = order.pk
    orders = [Order.objects.get(pk=number) for number in made.values()]
    schedule_orders(boss, orders=orders, crew=crew, on=today)
    for number in made.values():
        if Order.objects.get(pk=number).cause != "nonpayment":
            dispatch_orders(boss, orders=[Order.objects.get(pk=number)])
    return made


def taken_back(number: int) -> None:
    """The office takes an order back while the crew is out of reach."""
    boss = act(person("supervisor"), business_date(), "Ana called: it stopped")
    recall_orders(boss, orders=[Order.objects.get(pk=number)])


def settled(number: int) -> None:
    """The office lets count what the crew did all the same."""
    boss = act(person("supervisor"), business_date(), "They were there already")
    decide_visit(boss, visit=OrderVisit.objects.get(order=number, state=OrderVisit.CONFLICT), accept=True)
