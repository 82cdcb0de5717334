"""The counter of Alder Bend on the demo's last day: one drawer counted and on its way to the bank, one still open."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from meterbook.demo.stories import STORIES
from meterbook.engine.cashiering.check_line import read_check_line
from meterbook.records.cashiering.operations.close_drawer import close_drawer, count_drawer
from meterbook.records.cashiering.operations.drawers import drop, open_drawer
from meterbook.records.cashiering.operations.make_deposit import make_deposit
from meterbook.records.cashiering.operations.take_receipt import taken
from meterbook.records.cashiering.operations.void_receipt import void_receipt
from meterbook.records.cashiering.queries import open_drawer_of
from meterbook.records.cashiering.slips import Given, Slip, Wanted
from meterbook.records.customers.queries import account_numbered
from meterbook.records.platform.deeds import Act

if TYPE_CHECKING:
    from meterbook.demo.stories import Staff
    from meterbook.records.cashiering.models import Drawer, Receipt

_FLOAT, _OWES, _NEEDED = 15_000, 10_000, 6
_CHECK = Given("check", 8_450, check=read_check_line("T122000661T 0071234500U 1042"))
_HELD = {2000: 9, 1000: 2, 500: 2}  # the float and sixty dollars


def counter_day(staff: Staff, *, today: date, numbers: list[str]) -> int:
    """Two windows take money of accounts that owe, ``numbers`` (six); returns how many receipts they wrote.

    Nothing happens with fewer accounts, or where an interrupted demo did it before.
    """
    if len(numbers) < _NEEDED or open_drawer_of(staff["cashier"]) is not None:
        return 0
    with transaction.atomic():
        return _day(staff, today, numbers)


def _day(staff: Staff, today: date, numbers: list[str]) -> int:
    first, now = _Window(staff, "csr", today), _Window(staff, "cashier", today)
    boss = Act(actor=staff["supervisor"], business_date=today, reason="paid on a neighbour's account")
    morning = first.opened("Window 2")
    first.pay(morning, [(numbers[0], 6_000)], Given("cash", 6_000))
    first.pay(morning, [(numbers[1], 8_450)], _CHECK)
    for act in (first.act, boss):
        count_drawer(act, drawer=morning, pieces=_HELD, noncash_count=1, noncash_cents=8_450)
    close_drawer(boss, drawer=morning)
    make_deposit(boss, drawers=[morning], bag=f"AB-{today:%y%m%d}-1")
    drawer = now.opened("Window 1")
    now.pay(drawer, [(numbers[2], 4_275)], Given("cash", 5_000))
    now.pay(drawer, [(numbers[3], 6_200), (numbers[4], 4_800)], _CHECK, Given("cash", 4_000))
    wrong = now.pay(drawer, [(numbers[5], 9_900)], Given("cash", 10_000))
    void_receipt(boss, receipt=wrong, asked_by=staff["cashier"], reason="wrong_acct", note=boss.reason)
    now.pay(drawer, [(numbers[2], 9_900)], Given("money_order", 9_900, "88-10243"))
    drop(now.act, drawer=drawer, amount_cents=5_000, bag="D-2201")
    return first.count + now.count


class _Window:
    """A cashier at work on a day."""

    def __init__(self, staff: Staff, who: str, today: date) -> None:
        self.act = Act(actor=staff[who], business_date=today, reason="at the counter")
        self.count = 0

    def opened(self, station: str) -> Drawer:
        """The cashier's drawer, opened."""
        return open_drawer(self.act, station=station, float_cents=_FLOAT)

    def pay(self, drawer: Drawer, bills: list[tuple[str, int]], *tenders: Given) -> Receipt:
        """Bills by account number and cents, on one receipt."""
        self.count += 1
        lines = tuple(Wanted("payment", cents, account_numbered(number)) for number, cents in bills)
        return taken(self.act, drawer=drawer, slip=Slip(lines, tenders), key=f"demo-{drawer.pk}-{self.count}")


def untold(owed: list[dict[str, object]]) -> list[str]:
    """Six accounts that owe more than a hundred dollars and that nobody tells a story about, by number."""
    told = {str(one.account) for one in STORIES.values()}
    numbers = {str(row["number"]) for row in owed if int(str(row["amount_due_cents"])) > _OWES}
    return sorted(numbers - told)[:_NEEDED]
