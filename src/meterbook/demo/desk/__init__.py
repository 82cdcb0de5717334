"""The billing technician's desk: each cycle's reading is closed, and what the rules question is decided with a reason.

The reads of Alder Bend are true unless a fault was planned, so that the office finds what a real one would find out by
looking at photos and asking: a second value of a day is refused, a digit too many is put right, a read that did not
come is estimated, an unusual month is accepted. In the current month what holds no bill stays in the queue, and so
do the reads of the residents whose story it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from meterbook.demo import sources
from meterbook.demo.calendar import CURRENT, read_on
from meterbook.records.metering.queue.operations.accept import accept_read, needs_approval, request_acceptance
from meterbook.records.metering.queue.operations.change import correct_read, estimate_read, reject_read
from meterbook.records.metering.queue.refusals import CannotDecide
from meterbook.records.metering.queue.waiting import proposed_value, stands_otherwise, waiting_of
from meterbook.records.metering.validation.operations.close_reading import close_reading
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.approvals import decide_approval

if TYPE_CHECKING:
    from decimal import Decimal

    from meterbook.records.metering.models import ReadException

#: Features of residents whose read goes wrong in the current month: the visitor decides.
TOLD = ("missing_now", "bad_now")
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
        for item in waiting_of(cycle, until=last):
            if month == CURRENT and not self._holds_a_bill_untold(item):
                continue
            self._decide(item)
            self.decided += 1

    def _holds_a_bill_untold(self, item: ReadException) -> bool:
        """Whether a bill waits for it that nobody tells a story about."""
        premise = item.service_point.premise
        address = f"{premise.street_number} {premise.street}"
        told = {one.address for one in sources.residents() if set(one.features) & set(TOLD)}
        return address not in told and not stands_otherwise(item)

    def _decide(self, item: ReadException) -> None:
        if item.read is None:
            estimate_read(self.act("billing", "no access to the meter; read next month"), item=item)
        elif stands_otherwise(item):
            reject_read(self.act("billing", "second value of the day; the first one fits the season"), item=item)
        elif (proposed := proposed_value(item)) is not None:
            why = "as the photo shows"
            self._sign(item, why, proposed)
            correct_read(self.act("billing", why), item=item, value=proposed)
        else:
            self._accept(item)

    def _sign(self, item: ReadException, why: str, value: Decimal | None = None) -> None:
        """Have a second person sign what is too dear for one."""
        if needs_approval(item, self.act("billing", why).business_date, value):
            request = request_acceptance(self.act("billing", why), item=item, value=value)
            decide_approval(self.act("supervisor", "photo seen"), request=request, approve=True)

    def _accept(self, item: ReadException) -> None:
        """Accept what is true; what cannot make believable usage is estimated."""
        why = "read again by the reader: the register shows it"
        try:
            self._sign(item, why)
            accept_read(self.act("billing", why), item=item)
        except CannotDecide:
            estimate_read(self.act("billing", "the register cannot show this; read next month"), item=item)
