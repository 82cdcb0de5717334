"""One cashier at the window: customers one after another, what she was told of each, and now and then sent again.

She keeps her own tally of the cash in her drawer, from what she was handed and the change she gave.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connections

from meterbook.records.cashiering.operations.take_receipt import taken
from meterbook.records.cashiering.queries import drawer_with_id
from meterbook.records.cashiering.slips import Given, Slip, Wanted
from meterbook.records.customers.queries import account_numbered
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.queries import business_date, user_named

if TYPE_CHECKING:
    from meterbook.records.cashiering.models import Drawer

_FIRST_ACCOUNT, _ACCOUNTS = 70_000_001, 2_000
_AGAIN, _AT_ONCE = 0.10, 0.05


@dataclass
class Seen:
    """What a cashier saw: receipts by key (id, cents paid), seconds of each, what she sent again, her drawer."""

    drawer: int
    cash_cents: int = 0
    noncash_count: int = 0
    noncash_cents: int = 0
    receipts: dict[str, tuple[int, int]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    sent_again: int = 0
    other_receipt: int = 0
    errors: list[str] = field(default_factory=list)


def sit_all(names: list[str], drawers: list[int], *, seconds: float, pause: float, seed: int) -> list[Seen]:
    """Sit cashiers at their drawers until the time is over, one thread each."""
    seen = [Seen(drawer) for drawer in drawers]
    ends = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_sit, args=(name, each, ends, pause, random.Random(f"{seed} {name}")))
        for name, each in zip(names, seen, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def _sit(name: str, seen: Seen, ends: float, pause: float, draw: random.Random) -> None:
    act = Act(actor=user_named(name), business_date=business_date(), reason="benchmark")
    drawer = drawer_with_id(seen.drawer)
    try:
        while time.perf_counter() < ends:
            _customer(act, drawer, seen, draw)
            time.sleep(pause)
    except Exception as error:  # a window that fails is a figure of the benchmark
        seen.errors.append(f"{type(error).__name__}: {error}")
    finally:
        connections.close_all()


def _customer(act: Act, drawer: Drawer, seen: Seen, draw: random.Random) -> None:
    """One customer: taken once, sometimes sent again after the answer, sometimes twice at the same moment."""
    slip, key = _slip(draw), f"bench-{drawer.pk}-{draw.getrandbits(64):016x}"
    answers: list[int] = []
    twice = draw.random() < _AT_ONCE
    other = threading.Thread(target=_beside, args=(act, drawer, slip, key, answers)) if twice else None
    began = time.perf_counter()
    if other is not None:
        other.start()
    receipt = taken(act, drawer=drawer, slip=slip, key=key)
    seen.seconds.append(time.perf_counter() - began)
    if other is not None:
        other.join()
    if draw.random() < _AGAIN:
        answers.append(taken(act, drawer=drawer, slip=slip, key=key).pk)
    seen.sent_again += len(answers)
    seen.other_receipt += sum(pk != receipt.pk for pk in answers)
    seen.receipts[key] = (receipt.pk, receipt.total_cents)
    for tender in slip.tenders:
        if tender.kind == "cash":
            seen.cash_cents += tender.cents
        elif tender.kind != "card":
            seen.noncash_count += 1
            seen.noncash_cents += tender.cents
    seen.cash_cents -= receipt.change_cents


def _beside(act: Act, drawer: Drawer, slip: Slip, key: str, answers: list[int]) -> None:
    """The same slip once more, from another connection at the same moment."""
    try:
        answers.append(taken(act, drawer=drawer, slip=slip, key=key).pk)
    finally:
        connections.close_all()


def _slip(draw: random.Random) -> Slip:
    """A customer's slip: one to three accounts, now and then a sale or a deposit; every tender there is."""
    numbers = draw.sample(range(_FIRST_ACCOUNT, _FIRST_ACCOUNT + _ACCOUNTS), draw.choice((1, 1, 1, 2, 3)))
    lines = [
        Wanted("deposit" if draw.random() < 0.03 else "payment", draw.randint(500, 15_000), account_numbered(str(each)))
        for each in numbers
    ]
    if draw.random() < 0.10:
        lines.append(Wanted("sale", 500, code="bill_copy"))
    total, kind = (
        sum(line.cents for line in lines),
        draw.choice(("cash", "cash", "check", "money_order", "card", "both")),
    )
    if kind == "cash":
        return Slip(tuple(lines), (Given("cash", -(-total // 2_000) * 2_000),))
    if kind == "both":
        part = draw.randint(1, total - 1)
        return Slip(tuple(lines), (Given("check", part, "1042"), Given("cash", total - part + draw.randint(0, 500))))
    return Slip(tuple(lines), (Given(kind, total, f"N{draw.randint(1, 99_999)}"),))
