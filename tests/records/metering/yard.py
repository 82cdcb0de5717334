"""A small office for the tests of reads coming in: one cycle, two routes, eight meters read once in July 2026.

R1 has six water meters of 12 to 17 ccf a month (W-1 … W-6), R2 an electric one (E-1) and one whose numbers stand for
forty times as much (E-40).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from meterbook.demo.founding import found_office
from meterbook.demo.policies import enact_policies
from meterbook.records.metering.models import Installation, Meter, Read, Register
from meterbook.records.places.models import Cycle, Parcel, Premise, Route, ServicePoint
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Deed, User
from meterbook.records.platform.operations.business_date import advance_business_date

HUNG, FIRST, TODAY = date(2026, 6, 5), date(2026, 7, 6), date(2026, 8, 5)
HEAD = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"


@dataclass
class Yard:
    """What the tests speak of."""

    staff: dict[str, User]
    cycle: Cycle
    routes: dict[str, Route]
    meters: dict[str, Meter]
    today: date = TODAY

    def act(self, who: str = "billing", reason: str = "test") -> Act:
        """An act of somebody today."""
        return Act(self.staff[who], self.today, reason)

    def advance(self, to: date) -> None:
        """Let the business date move on."""
        self.today = to
        advance_business_date(self.act("system"), to=to)

    def deed(self) -> Deed:
        """A deed to hang rows on."""
        return Deed.objects.create(kind="test.yard", actor=self.staff["billing"], business_date=self.today)

    def register(self, serial: str) -> Register:
        """A meter's delivering register."""
        return Register.objects.get(meter=self.meters[serial], channel="delivered")

    def reads(self, serial: str) -> list[tuple[date, Decimal, str]]:
        """What is on record of a meter: day, value, status."""
        found = Read.objects.filter(register__meter__serial=serial, superseded=False).order_by("read_on", "version")
        return [(each.read_on, each.value.normalize(), each.status) for each in found]


def file_of(*rows: tuple[str, date, str]) -> bytes:
    """A plain reads file of meter, day and value."""
    units = {"W": "ccf", "E": "kWh"}
    lines = [f"{serial},,{day},09:15,{value},{units[serial[0]]},actual,R. Soto,\n" for serial, day, value in rows]
    return f"{HEAD}{''.join(lines)}#END,{len(lines)}\n".encode()


def build_yard() -> Yard:
    """Found the office in an empty, migrated database."""
    staff = dict(found_office(password="correct-horse-battery"))
    enact_policies(staff)
    advance_business_date(Act(staff["system"], HUNG, "test"), to=TODAY)
    deed = Deed.objects.create(kind="test.yard", actor=staff["system"], business_date=HUNG)
    cycle = Cycle.objects.create(code="C1", read_day=5)
    routes = {code: Route.objects.create(code=code, cycle=cycle, title=f"Route {code}") for code in ("R1", "R2")}
    parcel = Parcel.objects.create(number="118-04", owner_name="Marguerite Vance", impervious_sqft=3000)
    serials = [*(("R1", f"W-{at}") for at in range(1, 7)), ("R2", "E-1"), ("R2", "E-40")]
    meters = {serial: _meter(deed, parcel, routes[route], at, serial) for at, (route, serial) in enumerate(serials, 1)}
    return Yard(staff, cycle, routes, meters)


def _meter(deed: Deed, parcel: Parcel, route: Route, at: int, serial: str) -> Meter:
    water = serial[0] == "W"
    home = Premise.objects.create(
        parcel=parcel, street_number=str(100 + at), street="Mill Street", unit="", city="Alder Bend", state="CA",
        postal_code="92990", premise_class="residential",
    )  # fmt: skip
    point = ServicePoint.objects.create(
        premise=home, code=f"SP-{serial}", commodity="water" if water else "electricity", connection="metered",
        route=route, sequence=at * 10, validity=(HUNG, None),
    )  # fmt: skip
    meter = Meter.objects.create(
        serial=serial, commodity=point.commodity, size="3/4" if water else "2S", manufacturer="Badger", model="M35"
    )
    register = Register.objects.create(
        meter=meter, channel="delivered", dials=5, decimals=0, multiplier=40 if serial == "E-40" else 1,
        unit="ccf" if water else "kWh",
    )  # fmt: skip
    Installation.objects.create(meter=meter, service_point=point, validity=(HUNG, None), deed=deed)
    for day, value in ((HUNG, 100 * at), (FIRST, 100 * at + (11 + at if water else 300 // (40 if at == 8 else 1)))):
        Read.objects.create(
            register=register, read_on=day, read_at=datetime(day.year, day.month, day.day, 16, tzinfo=UTC), value=value,
            starts_chain=day == HUNG, deed=deed,
        )  # fmt: skip
    return meter
