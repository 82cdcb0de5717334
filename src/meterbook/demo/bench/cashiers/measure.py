"""Forty cashiers for a minute: what they took, what was lost or doubled, whether every drawer balances."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections

from meterbook.demo.bench.cashiers.window import Seen
from meterbook.demo.bench.cashiers.worker import work
from meterbook.demo.bench.payments.owing import owing_city
from meterbook.demo.life import Life
from meterbook.demo.sources import POLICY_DIR
from meterbook.engine.cashiering.counting import DENOMINATIONS
from meterbook.records.cashiering.operations.close_drawer import close_drawer, count_drawer
from meterbook.records.cashiering.operations.drawers import open_drawer
from meterbook.records.cashiering.operations.make_deposit import make_deposit
from meterbook.records.cashiering.queries import drawer_with_id
from meterbook.records.ledger.check import check_laws
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy
from meterbook.records.platform.operations.users import add_user
from meterbook.records.platform.queries import user_named

Say = Callable[[str], None]
_ACCOUNTS, _FLOAT, _PROCESSES = 2_000, 20_000, 4
#: What is in the books, by SQL that shares nothing with the operations: receipts by key, and what came of them.
_BOOKED = """
SELECT r.key, r.id, r.total_cents,
       coalesce((SELECT sum(e.amount_cents) FROM ledger_entry e WHERE e.deed_id = r.deed_id AND e.run_id = 0
                   AND e.source_kind IN ('payment', 'sale', 'deposit')), 0)
  FROM cashiering_receipt r WHERE r.key LIKE 'bench-%'
"""
_GAPS = """
SELECT count(*) FROM (SELECT d.id FROM cashiering_drawer d LEFT JOIN cashiering_receipt r ON r.drawer_id = d.id
 GROUP BY d.id HAVING d.receipts <> count(r.id) OR d.receipts <> coalesce(max(r.number), 0)) t
"""
_LEFT = """
SELECT coalesce(sum(l.cents), 0) FROM ledger_leg l JOIN ledger_ledgeraccount a ON a.id = l.chart_id
 WHERE a.role = 'drawer'
"""


def measure_cashiers(*, users: int, seconds: float, pause: float, seed: int, say: Say) -> dict[str, Any]:
    """Let ``users`` cashiers work at once for ``seconds``, each waiting ``pause`` between customers.

    Returns the figures by name: receipts, lost, doubled, sent_again, p50_ms, p95_ms, drawers_off, laws_broken, ….
    """
    life = owing_city(_ACCOUNTS, say=say, kept=Path(os.environ["METERBOOK_DATA_DIR"]))
    names, drawers = _windows(life, users)
    say(f"{users} drawers open; taking money for {seconds:.0f} s")
    seen = _work(names, drawers, seconds, pause, seed)
    figures = _judged(seen, seconds)
    say("closing and depositing")
    figures |= _closed(life, names, seen)
    figures["broken_laws"] = [f"{law.name}: {law.offences[:2]}" for law in check_laws() if not law.holds]
    return figures


def _windows(life: Life, users: int) -> tuple[list[str], list[int]]:
    """As many windows by policy, cashiers with a sign-in of their own, and their drawers, opened."""
    stations = [f"Bench {at}" for at in range(1, users + 1)]
    text = (POLICY_DIR / "counter-rules.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^stations:.*$", f"stations: [{', '.join(stations)}]", text)
    text = text.replace("effective: 2024-01-01", f"effective: {life.today - timedelta(days=1)}")
    finance = Act(actor=user_named("finance"), business_date=life.today, reason="benchmark")
    request = propose_policy(life.act("supervisor", "benchmark"), text=text, file="counter-rules.yaml")
    approval = decide_approval(finance, request=request, approve=True)
    release_policy(finance, text=text, file="counter-rules.yaml", approval=approval)
    names, drawers = [], []
    for at, station in enumerate(stations, 1):
        user = add_user(
            life.act("supervisor", "benchmark"), username=f"window{at}", name=f"Cashier {at}", email="",
            roles=["cashier"], password=f"bench-of-windows-{at}",
        )  # fmt: skip
        act = Act(actor=user, business_date=life.today, reason="benchmark")
        names.append(user.username)
        drawers.append(open_drawer(act, station=station, float_cents=_FLOAT).pk)
    return names, drawers


def _work(names: list[str], drawers: list[int], seconds: float, pause: float, seed: int) -> list[Seen]:
    """The cashiers in some processes at once; what each saw."""
    connections.close_all()
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    processes = [
        spawn.Process(
            target=work,
            args=(names[at::_PROCESSES], drawers[at::_PROCESSES], seconds, pause, seed, answers),
        )
        for at in range(min(_PROCESSES, len(names)))
    ]
    for process in processes:
        process.start()
    seen = [each for _ in processes for each in answers.get(timeout=seconds + 180)]
    for process in processes:
        process.join()
    return sorted(seen, key=lambda each: each.drawer)


def _judged(seen: list[Seen], seconds: float) -> dict[str, Any]:
    """What the cashiers were told against what the books hold."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED)
        booked = {row[0]: (row[1], int(row[2]), int(row[3])) for row in cursor.fetchall()}
        cursor.execute(_GAPS)
        gaps = int(cursor.fetchone()[0])
    told = {key: answer for each in seen for key, answer in each.receipts.items()}
    lost = [key for key, (pk, cents) in told.items() if booked.get(key, (0, 0, 0))[:2] != (pk, cents)]
    lost += [key for key, (_, cents, moved) in booked.items() if moved < cents]
    doubled = [key for key, (_, cents, moved) in booked.items() if moved > cents]
    every = sorted(taken for each in seen for taken in each.seconds) or [0.0]
    return {
        "users": len(seen), "seconds": seconds, "receipts": len(told),
        "receipts_per_s": round(len(told) / seconds, 1),
        "lost": len(lost), "doubled": len(doubled) + sum(each.other_receipt for each in seen),
        "not_told": len(set(booked) - set(told)), "sent_again": sum(each.sent_again for each in seen),
        "numbering_gaps": gaps, "p50_ms": _ms(every, 50), "p95_ms": _ms(every, 95), "max_ms": round(every[-1] * 1000),
        "errors": [error for each in seen for error in each.errors][:5],
    }  # fmt: skip


def _ms(every: list[float], percent: int) -> int:
    return round(every[min(len(every) - 1, len(every) * percent // 100)] * 1000)


def _closed(life: Life, names: list[str], seen: list[Seen]) -> dict[str, Any]:
    """Every drawer counted by its cashier from her own tally and by the supervisor, closed, and all in one bag."""
    boss = life.act("supervisor", "benchmark")
    off = 0
    for name, each in zip(names, seen, strict=True):
        drawer = drawer_with_id(each.drawer)
        cashier = Act(actor=user_named(drawer.cashier.username), business_date=life.today, reason="benchmark")
        pieces = _pieces(_FLOAT + each.cash_cents)
        for act in (cashier, boss):
            count_drawer(
                act, drawer=drawer, pieces=pieces, noncash_count=each.noncash_count, noncash_cents=each.noncash_cents
            )
        off += close_drawer(boss, drawer=drawer, reason="not_explained", note=name).over_short_cents != 0
    bag = make_deposit(boss, drawers=[drawer_with_id(each.drawer) for each in seen], bag="BENCH-1")
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        left = int(cursor.fetchone()[0])
    return {"drawers_off": off, "deposited_cents": bag.amount_cents, "left_in_drawers_cents": left}


def _pieces(cents: int) -> dict[int, int]:
    """An amount as pieces of each denomination, the largest first."""
    found = {}
    for denomination in DENOMINATIONS:
        found[denomination], cents = divmod(cents, denomination)
    return found
