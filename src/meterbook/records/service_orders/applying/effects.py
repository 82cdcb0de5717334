"""What a visit changed, each a sentence with the page it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from meterbook.engine.trace import Step
from meterbook.records.platform.models import Deed
from meterbook.records.platform.queries import utility
from meterbook.records.service_orders.models import Order, OrderVisit
from meterbook.records.service_orders.outcome import Outcome
from meterbook.records.tasks.saying import kept


@dataclass(slots=True)
class Work:
    """An outcome that is being put on record: the order, what came, the day it counts from, what it changed so far."""

    deed: Deed
    order: Order
    visit: OrderVisit
    outcome: Outcome
    on: date
    effects: list[dict[str, Any]] = field(default_factory=list)
    stands_out: bool = False

    def changed(self, step: Step, name: str = "", args: Sequence[str | int] = ()) -> None:
        """Write down one thing that changed."""
        self.effects.append({**kept(step), "href": [name, list(args)]})

    @property
    def by(self) -> str:
        """Who read."""
        return str(self.visit.by.username)


def day_of(outcome: Outcome) -> date:
    """The local day the work counts from."""
    return outcome.done_on or local_day(outcome.done_at)


def local_day(moment: datetime) -> date:
    """The day of a moment where the utility is."""
    return moment.astimezone(ZoneInfo(utility().timezone)).date()
