"""A bill as values: everything a printed bill says, and no word of any language of its own.

Texts that come from records (a tariff's labels, office hours) are carried in every language they exist in; the
fixed words are in `words.py`. Periods are half-open; amounts are cents, quantities millionths, prices 10**-8 dollars.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from meterbook.notices.bill.programs.values import LevelMonth, SolarStatement

#: A text in each language it exists in: ``{"en": …, "es": …}``.
Text = dict[str, str]
#: What a line's price is per: a unit of its quantity, a billing period, a day, a year, or a share of its base.
Per = Literal["unit", "period", "day", "year", "percent"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """The utility as its paper shows it."""

    name: str
    department: str
    address_lines: tuple[str, ...]
    remit_lines: tuple[str, ...]
    phone: str
    email: str
    website: str
    office_hours: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """One register between two reads: the proof of a metered quantity; or who ``decided`` it and why.

    Of a quantity shared by days, ``share`` says how many of the days between the reads count here, and how many are.
    """

    meter: str
    channel: str
    from_on: date
    from_value: str
    to_on: date
    to_value: str
    multiplier: str
    quantity_e6: int
    unit: str
    estimated: bool
    rollover: bool
    decided: str = ""
    share: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """One line: ``quantity_e6`` of ``unit`` at ``price_e8`` ``per``; of a percentage the quantity is dollars."""

    label: Text
    quantity_e6: int
    unit: str
    price_e8: int
    per: Per
    starts: date
    ends: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Service:
    """One service point's part of the bill; ``taken_back`` of an earlier bill: all its figures are negated."""

    commodity: str
    schedule: Text
    address: str
    starts: date
    ends: date
    estimated: bool
    readings: tuple[Reading, ...]
    charges: tuple[Charge, ...]
    amount_cents: int
    taken_back: bool = False

    @property
    def days(self) -> int:
        """Days of service charged."""
        return (self.ends - self.starts).days


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """What was used in the periods that ended in one month; ``None`` where there was no service."""

    year: int
    month: int
    quantity_e6: int | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class History:
    """Thirteen months of one commodity, oldest first; the last is this bill's. ``received`` flows to the grid."""

    commodity: str
    unit: str
    received: bool
    months: tuple[MonthUsage, ...]


@dataclass(frozen=True, slots=True)
class Booking:
    """One adjustment since the bill before: its words, the service (or none), its day where it has one."""

    label: Text
    commodity: str
    on: date | None
    amount_cents: int


@dataclass(frozen=True, slots=True)
class BillDocument:
    """One bill, ready to be put into words and printed."""

    bill_id: int
    language: str
    number: str
    account_number: str
    holder: str
    mail_lines: tuple[str, ...]
    issuer: Issuer
    bill_date: date
    due_date: date
    starts: date
    ends: date
    previous_cents: int
    payments_cents: int
    adjustments_cents: int
    current_cents: int
    services: tuple[Service, ...]
    histories: tuple[History, ...]
    messages: tuple[Text, ...] = ()
    preview: bool = False
    #: What ``adjustments_cents`` is made of, to the cent.
    bookings: tuple[Booking, ...] = ()
    #: Which bill it is, as `words.TITLES` names it.
    kind: str = "cycle"
    level: LevelMonth | None = None
    solar: tuple[SolarStatement, ...] = ()

    @property
    def amount_due_cents(self) -> int:
        """What the resident is asked to pay; negative is a credit."""
        return self.previous_cents + self.payments_cents + self.adjustments_cents + self.current_cents

    @property
    def pay_cents(self) -> int:
        """What to pay now: the amount due, but on a level payment plan what the plan asks for."""
        return self.amount_due_cents if self.level is None else self.level.pay_cents

    @property
    def addresses(self) -> tuple[str, ...]:
        """The service addresses, each once, in order of print."""
        return tuple(dict.fromkeys(service.address for service in self.services))


def last_day(ends: date) -> date:
    """The last day inside a half-open period, as people read it."""
    return ends - timedelta(days=1)
