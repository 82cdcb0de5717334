"""The billing technician's desk: each cycle's reading is closed, and what the rules question is decided with a reason.

The reads of Alder Bend are true unless a fault was planned, so that the office finds what a real one would find out by
looking at photos and asking: a second value of a day is refused, a digit too many is put right, a read that did not
come is estimated, an unusual month is accepted. In the current month what holds no bill stays in the queue, and so
do the reads of the residents whose story it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from meterbook.demo import sources
from meterbook.demo.calendar import CURRENT, read_on
from meterbook.records.metering.models import Finding, Read, ReadException
from meterbook.records.metering.queue.operations.accept import accept_read, needs_approval, request_acceptance
from meterbook.records.metering.queue.operations.change import correct_read, estimate_read, reject_read
from meterbook.records.metering.queue.refusals import CannotDecide
from meterbook.records.metering.validation.operations.close_reading import close_reading
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.approvals import decide_approval

#: Features of residents whose read goes wrong in the current month: the visitor decides.
TOLD = ("missing_now", "bad_now")
_BY_DIGITS = ("dial_count", "transposed_digits")
Acts = Callable[[str, str], Act]


@dataclass
class Desk:
    """What was closed and decided so far; ``act`` gives an act of a member of staff today, for a reason."""

    act: Acts
    asked: int = 0
    decided: int = 0

    def close(self, cycle: str, month: int) -> None:
        """Close a cycle's reading of ``month`` and work what it left in the queue."""
        day = sources.document("city")["cycles"][cycle]
        first, last = read_on(month - 1, day) + timedelta(days=1), read_on(month, day)
        act = self.act("billing", f"reading of cycle {cycle} closed")
        self.asked += close_reading(act, cycle=cycle_named(cycle), first=first, last=last)
        for item in self._waiting(cycle, last):
            if month == CURRENT and not self._holds_a_bill_untold(item):
                continue
            self._decide(item)
            self.decided += 1

    def _waiting(self, cycle: str, last: date) -> list[ReadException]:
        """Open items of the cycle's registers, in the order of their days: later reads are judged by earlier ones."""
        rows = ReadException.objects.filter(
            state=ReadException.OPEN, service_point__route__cycle__code=cycle, register__isnull=False,
            channel__isnull=True, on__lte=last,
        )  # fmt: skip
        return list(rows.select_related("read", "service_point__premise").order_by("on", "pk"))

    def _holds_a_bill_untold(self, item: ReadException) -> bool:
        """Whether a bill waits for it that nobody tells a story about."""
        premise = item.service_point.premise
        address = f"{premise.street_number} {premise.street}"
        told = {one.address for one in sources.residents() if set(one.features) & set(TOLD)}
        return address not in told and not _stands_otherwise(item)

    def _decide(self, item: ReadException) -> None:
        if item.read is None:
            estimate_read(self.act("billing", "no access to the meter; read next month"), item=item)
        elif _stands_otherwise(item):
            reject_read(self.act("billing", "second value of the day; the first one fits the season"), item=item)
        elif (proposed := _proposed(item)) is not None:
            correct_read(self.act("billing", "as the photo shows"), item=item, value=proposed)
        else:
            self._accept(item)

    def _accept(self, item: ReadException) -> None:
        """Accept what is true; what cannot make believable usage is estimated."""
        why = "read again by the reader: the register shows it"
        try:
            if needs_approval(item, self.act("billing", why).business_date):
                request = request_acceptance(self.act("billing", why), item=item)
                decide_approval(self.act("supervisor", "photo seen"), request=request, approve=True)
            accept_read(self.act("billing", why), item=item)
        except CannotDecide:
            estimate_read(self.act("billing", "the register cannot show this; read next month"), item=item)


def _stands_otherwise(item: ReadException) -> bool:
    """Whether another read of the register's day is accepted."""
    rows = Read.objects.filter(register=item.register_id, read_on=item.on, superseded=False, status=Read.ACCEPTED)
    return item.read is not None and rows.exists()


def _proposed(item: ReadException) -> Decimal | None:
    """The value a rule about digits proposes."""
    found = Finding.objects.filter(exception=item, rule__in=_BY_DIGITS).order_by("pk")
    figures = [one.figures.get("proposed") for one in found]
    return next((Decimal(value) for value in figures if value), None)
