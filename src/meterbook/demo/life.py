"""Living through Alder Bend's months: reads in, bills out, money back, each on its business date, by the operations
the office would use."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from django.db import transaction

from meterbook.demo import sources
from meterbook.demo.calendar import CITY_ON, CURRENT, bill_on, read_on
from meterbook.demo.city import City
from meterbook.demo.desk import Desk
from meterbook.demo.desk.autopay import autopay, drawn
from meterbook.demo.desk.programs import level_pay
from meterbook.demo.desk.sewer_year import reset_sewer_year
from meterbook.demo.payments import OWED
from meterbook.demo.policies import calendars_due, publish_next
from meterbook.demo.stories import Staff
from meterbook.engine.money import dollars
from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.operations.plan_run import plan_run
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.billing.queries import owed, run_on
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.payments.operations.post_payments import post_payments
from meterbook.records.places.queries import cycle_named
from meterbook.records.platform.copying import refresh_statistics
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.business_date import advance_business_date

if TYPE_CHECKING:
    from meterbook.records.billing.models import BillRun

#: Order of the day's work: reads first, then the questions they raise, then bills, then the mail.
_READS, _QUESTIONS, _BILLS, _MONEY = 1, 2, 3, 4
_NEW_SEWER_YEAR = (7, 1)
#: Months are lived through in seconds here, faster than autovacuum notices.
_STATISTICS_EVERY = 6
Told = Callable[[str], None]


@dataclass(order=True)
class Work:
    """Something to do on a business date."""

    on: date
    order: int
    title: str
    do: Callable[[], None] = field(compare=False)


@dataclass
class Tally:
    """What was lived through so far."""

    reads: int = 0
    corrections: int = 0
    bills: int = 0
    runs: int = 0
    payments: int = 0
    happenings: list[str] = field(default_factory=list)


class Life:
    """The city's office at work; `months` yields after each month's last run is posted."""

    def __init__(self, city: City, staff: Staff, folder: Path, *, workers: int = 1, today: date = CITY_ON) -> None:
        """``today`` is later than the founding when an interrupted life goes on: what is done is not done again."""
        self.city, self.staff, self.folder, self.workers = city, staff, folder, workers
        self.tally = Tally()
        self.desk = Desk(self.act)
        self.today = today
        self._work: list[Work] = []
        self._planned: set[int] = set()
        self._told: Told = lambda line: None

    def act(self, who: str, reason: str) -> Act:
        """An act of a member of staff today."""
        return Act(actor=self.staff[who], business_date=self.today, reason=reason)

    def months(self, first: int, last: int, *, told: Told = lambda line: None) -> Iterator[int]:
        """Live through months ``first`` to ``last``; ``told`` hears what is worth a line."""
        self._told = told
        for month in range(first, last + 1):
            ends = self._plan(month)
            if month < CURRENT:
                self._plan(month + 1)  # its files hold reads of this month too: movers' and exchanged meters'
            while self._work and self._work[0].on <= ends:
                self._go_to(heapq.heappop(self._work))
            if month % _STATISTICS_EVERY == 1:
                refresh_statistics()
            yield month

    def _plan(self, month: int) -> date:
        """Put a month's reads and runs on the list, once; returns the date of its last run."""
        last = max(bill_on(month, day) for day in sources.document("city")["cycles"].values())
        if month in self._planned:
            return last
        self._planned.add(month)
        for file in self.city.write_reads(month, self.folder):
            name = f"{file.cycle} {file.commodity}"
            self._later(file.read_on, _READS, name, partial(self._import, file.path, file.format))
        for code, day in sources.document("city")["cycles"].items():
            self._later(read_on(month, day), _QUESTIONS, code, partial(self.desk.close, code, month))
            self._later(bill_on(month, day), _BILLS, code, partial(self._bill, code, month))
        return last

    def _later(self, on: date, order: int, title: str, do: Callable[[], None]) -> None:
        heapq.heappush(self._work, Work(on, order, title, do))

    def _go_to(self, work: Work) -> None:
        """Let the days up to a piece of work pass, then do it."""
        if work.on > self.today:
            with transaction.atomic():
                self._next_day(work.on)
        elif work.on < self.today and work.order != _BILLS:
            return  # lived through before an interruption; a bill is looked up again for the payments that follow it
        work.do()

    def _next_day(self, on: date) -> None:
        """What happens until the morning of ``on``, and the new business date: all of it or nothing."""
        self.tally.happenings += self.city.happens(after=self.today, until=on, staff=self.staff)
        july = date(on.year, *_NEW_SEWER_YEAR)
        new_year = self.today < july <= on
        before, self.today = self.today, on
        advance_business_date(self.act("system", "a new business day"), to=on)
        if told := level_pay(self.act("billing", "level payment"), after=before, until=on):
            self.tally.happenings.append(told)
        if told := autopay(self.act, after=before, until=on):
            self.tally.happenings.append(told)
        for year in calendars_due(after=before, until=on):
            publish_next(year, self.act("billing", f"billing calendar of {year}"))
        if new_year:
            reset_sewer_year(self.act, july)

    def bill_month(self, month: int) -> None:
        """Bill every cycle of a month whose reads are on record, without payments."""
        for code, day in sources.document("city")["cycles"].items():
            self.today = max(self.today, bill_on(month, day))
            advance_business_date(self.act("system", "a new business day"), to=self.today)
            self.run(code)

    def _import(self, path: Path, format: str) -> None:
        act = self.act("billing", f"reads of {path.name}")
        name = "/".join(path.parts[-2:])
        batch = import_reads(act, format=format, file_name=name, content=path.read_bytes())
        self.tally.reads += batch.loaded
        self.tally.corrections += batch.rejected

    def _bill(self, cycle: str, month: int) -> None:
        on = bill_on(month, sources.document("city")["cycles"][cycle])
        known = run_on(cycle, on)
        run = known if known is not None and known.status == "posted" else self.run(cycle, known)
        self.tally.bills += run.totals["bills"]
        self.tally.runs += 1
        rows = [{key: row[key] for key in OWED} for row in owed(run)]
        frame = pl.DataFrame(rows, schema=OWED)
        by_draft = pl.Series(sorted(drawn(frame["number"].to_list(), on)), dtype=pl.String)
        frame = frame.filter(~pl.col("number").is_in(by_draft.implode()))
        for file in self.city.payments_for(month, frame, self.folder, name=cycle):
            deposited = max(file.deposit_on, on + timedelta(days=1))
            self._later(deposited, _MONEY, file.path.name, partial(self._deposit, file.path, file.format))

    def run(self, cycle: str, made: BillRun | None = None) -> BillRun:
        """Plan, calculate, approve by a second person, and post a cycle's run today; ``made`` goes on where it is."""
        act = self.act("billing", f"billing of cycle {cycle}")
        if made is None:
            made = plan_run(act, cycle=cycle_named(cycle), bill_date=self.today)
        if made.status == "planned":
            made = calculate_all(act, made, workers=self.workers)
        if made.approval is None or made.approval.status != "approved":
            request = request_posting(act, run=made)
            decide_approval(self.act("supervisor", "totals agree with the register"), request=request, approve=True)
        made = post_run(act, run=made)
        self._told(said(made))
        return made

    def _deposit(self, path: Path, format: str) -> None:
        act = self.act("cashier", f"deposit {path.name}")
        batch = post_payments(act, format=format, file_name="/".join(path.parts[-2:]), content=path.read_bytes())
        self.tally.payments += batch.count


def said(run: BillRun) -> str:
    """A posted run in one line."""
    totals = run.totals
    terms = totals["completeness"]
    return (
        f"{run.number}  {totals['bills']:>5,} bills {dollars(totals['cents']):>13,}   {terms['points']:,} points = "
        f"{terms['billed']:,} billed + {terms['held']:,} held + {terms['not_due']:,} not due + "
        f"{terms['inactive']:,} inactive"
    )
