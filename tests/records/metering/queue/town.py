"""A street with a year of reads: what the tests of the exception queue decide on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from meterbook.demo.founding import enact_tariffs, found_office
from meterbook.demo.policies import enact_policies
from meterbook.records.customers.models import Account, Person, ServiceAgreement
from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import (
    Estimate,
    Finding,
    Installation,
    Meter,
    Read,
    ReadException,
    Register,
    Usage,
)
from meterbook.records.places.models import Cycle, Parcel, Premise, Route, ServicePoint
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.rates.models import Schedule

BEGAN, TODAY = date(2025, 6, 2), date(2026, 8, 5)
ZONE = ZoneInfo("America/Los_Angeles")


@dataclass
class Town:
    """Eight houses with one electric meter each, read every thirty days up to July 2026."""

    staff: dict[str, User]
    registers: list[Register]
    deed: Deed
    days: list[date] = field(default_factory=list)

    def act(self, who: str = "billing", reason: str = "looked at it") -> Act:
        """An act of somebody today."""
        return Act(actor=self.staff[who], business_date=TODAY, reason=reason)

    def arrive(
        self, house: int, value: int | str, *, on: date = TODAY, status: str = Read.ACCEPTED, estimated: bool = False
    ) -> Read:
        """A read as it came in, without any judgement."""
        known = Read.objects.filter(register=self.registers[house], read_on=on).count()
        read = Read.objects.create(
            register=self.registers[house], read_on=on, read_at=datetime.combine(on, datetime.min.time(), ZONE),
            value=Decimal(value), status=status, estimated=estimated, version=known + 1, raw=f"house {house},{value}",
            origin=Read.ESTIMATED if estimated else Read.FILE, deed=self.deed,
        )  # fmt: skip
        if estimated:
            Estimate.objects.create(
                read=read, method="prior_period", confidence=70, inputs={}, in_a_row=1, deed=self.deed
            )
        return read

    def question(self, house: int, value: int | str, *, on: date = TODAY, cents: int = 5_000) -> ReadException:
        """A read that a rule holds back."""
        read = self.arrive(house, value, on=on, status=Read.QUEUED)
        item = self._item(house, on, read, cents)
        Finding.objects.create(
            exception=item, read=read, on=on, rule="high_low", holds=True, deed=self.deed,
            figures={"what": "high", "usage": "9000", "expected": "600", "unit": "kWh", "days": "30",
                     "basis": "season"},
        )  # fmt: skip
        return item

    def missing(self, house: int, *, on: date = TODAY) -> ReadException:
        """A read that was due and did not come."""
        return self._item(house, on, None, 6_000)

    def _item(self, house: int, on: date, read: Read | None, cents: int) -> ReadException:
        register = self.registers[house]
        return ReadException.objects.create(
            service_point=ServicePoint.objects.get(installations__meter=register.meter), register=register, read=read,
            on=on, raised_on=TODAY, at_risk_cents=cents, unit="kWh", found_e6=9_000_000_000,
            expected_e6=600_000_000, deed=self.deed,
        )  # fmt: skip

    def derive(self, house: int, since: date = BEGAN) -> None:
        """Make the usage of a house's reads."""
        store_usage(self.deed, [self.registers[house].pk], since=since)

    def usage(self, house: int, since: date = BEGAN) -> list[tuple[date, date, int]]:
        """Usage periods of a house: first day, end, whole units."""
        rows = Usage.objects.filter(register=self.registers[house], superseded=False, ends__gt=since).order_by("ends")
        return [(row.starts, row.ends, row.quantity_e6 // 10**6) for row in rows]

    def last(self, house: int) -> Read:
        """The newest read in force of a house."""
        rows = Read.objects.filter(register=self.registers[house], superseded=False, status=Read.ACCEPTED)
        return rows.order_by("-read_on")[0]


def build_town() -> Town:
    """Found the office and the street in an empty, migrated database."""
    staff = dict(found_office(password="correct-horse-battery"))
    enact_tariffs(staff)
    enact_policies(staff)
    advance_business_date(Act(actor=staff["system"], business_date=BEGAN), to=TODAY)
    deed = Deed.objects.create(kind="test.town", actor=staff["system"], business_date=TODAY)
    cycle = Cycle.objects.create(code="C1", read_day=5)
    route = Route.objects.create(code="R1", cycle=cycle, title="Riverside")
    registers = [_house(at, route, cycle, deed) for at in range(8)]
    town = Town(staff, registers, deed, [BEGAN + timedelta(days=30 * at) for at in range(14)])
    for at in range(8):
        for number, day in enumerate(town.days[1:], 1):
            town.arrive(at, number * (500 + 10 * at), on=day)
        town.derive(at)
    return town


def _house(at: int, route: Route, cycle: Cycle, deed: Deed) -> Register:
    parcel = Parcel.objects.create(number=f"0{at}-118", owner_name="Marguerite Vance", impervious_sqft=3072)
    premise = Premise.objects.create(
        parcel=parcel, street_number=str(10 + at), street="Mill Street", city="Alder Bend", state="CA",
        postal_code="92990", premise_class="residential",
    )  # fmt: skip
    point = ServicePoint.objects.create(
        premise=premise, code=f"E-{at}", commodity="electricity", connection="metered", route=route, sequence=at,
        validity=(BEGAN, None),
    )  # fmt: skip
    holder = Person.objects.create(name=f"Neighbour {at}", phone="", email="", language="en")
    account = Account.objects.create(
        number=f"10000{at}", holder=holder, cycle=cycle, mail_lines=[premise.address], opened_on=BEGAN
    )
    ServiceAgreement.objects.create(
        account=account, service_point=point, schedule=Schedule.objects.get(code="E-RES"), validity=(BEGAN, None),
        deed=deed,
    )  # fmt: skip
    meter = Meter.objects.create(
        serial=f"E-{at:04}", commodity="electricity", size="2S", manufacturer="Badger", model="M35"
    )
    register = Register.objects.create(
        meter=meter, channel="delivered", dials=5, decimals=0, multiplier=Decimal(1), unit="kWh"
    )
    Installation.objects.create(meter=meter, service_point=point, validity=(BEGAN, None), deed=deed)
    Read.objects.create(
        register=register, read_on=BEGAN, read_at=datetime.combine(BEGAN, datetime.min.time(), ZONE), value=0,
        starts_chain=True, deed=deed,
    )  # fmt: skip
    return register
