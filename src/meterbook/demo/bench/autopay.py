"""`meterbook bench autopay`: a city's drafts from selection to the bank's returns, each stage timed."""

from __future__ import annotations

import time
from datetime import datetime
from datetime import time as clock
from pathlib import Path
from typing import Any

from meterbook.demo.bench.cities import Say, working_copy
from meterbook.demo.bench.measure import bill_city
from meterbook.demo.life import Life
from meterbook.engine.autopay.banking_days import add_banking_days
from meterbook.formats.nacha import Batch, answer_batch, answer_file, parse, returned, write
from meterbook.jobs.bill_run import stopwatch
from meterbook.records.autopay import screens
from meterbook.records.autopay.operations.approve import decide_run, request_run
from meterbook.records.autopay.operations.file_run import file_run, hand_over
from meterbook.records.autopay.operations.load_enrolments import TakenOver, load_enrolments
from meterbook.records.autopay.operations.select import select_drafts
from meterbook.records.autopay.operations.settle import settle
from meterbook.records.autopay.operations.take_bank_file import take_bank_file
from meterbook.records.autopay.settings import company_of, rules_on
from meterbook.records.billing.queries import owed
from meterbook.records.ledger.check import check_laws
from meterbook.records.platform.copying import refresh_statistics
from meterbook.records.platform.operations.business_date import advance_business_date

_BANK = "122999992"
#: More accounts than drafts: some owe nothing, some are held.
_SPARE = 1.06
_CODES = ("R01", "R01", "R01", "R09", "R02", "R03", "R04", "R10")


def measure_autopay(data_dir: Path, *, drafts: int, returns: int, seed: int, say: Say) -> dict[str, Any]:
    """Draw ``drafts`` bills and take back ``returns`` of them; returns seconds and rows a second by stage."""
    _, _, life = working_copy(int(drafts * _SPARE), 1, seed, say=say)
    say("billing the city")
    runs = bill_city(life, 1, 1, {}, {})
    rows = [row for run in runs for row in owed(run) if row["amount_due_cents"] > 0][:drafts]
    say(f"enrolling {len(rows):,} payers")
    _enrol(life, rows)
    refresh_statistics()
    _go(life, add_banking_days(max(row["due_on"] for row in rows), -2))
    say("drawing")
    stages: dict[str, float] = {}
    lap, began = stopwatch(stages), time.perf_counter()
    run = select_drafts(life.act("billing", "benchmark"))
    lap("select and breaker")
    request_run(life.act("billing", "benchmark"), run=run)
    run = decide_run(life.act("supervisor", "benchmark"), run=run, approve=True)
    lap("ask and approve")
    file = file_run(life.act("billing", "benchmark"), run=run)
    assert file is not None
    lap("file")
    _go(life, max(one.settle_on for one in screens.match_of(file.pk)))
    lap("the days until it settles")
    batches = settle(life.act("billing", "benchmark"))
    lap("settle: payments, ledger, allocation")
    drawn = time.perf_counter() - began
    content = _answers(life, file, returns)
    again = time.perf_counter()
    kept = take_bank_file(life.act("billing", "benchmark"), file_name="returns.ach", content=content)
    back = time.perf_counter() - again
    take_bank_file(life.act("billing", "benchmark"), file_name="returns.ach", content=content)
    broken = [law.name for law in check_laws() if not law.holds]
    paid = sum(batch.count for batch in batches)
    return {
        "drafts": paid, "cents": sum(batch.total_cents for batch in batches), "file_entries": file.entries,
        "seconds": round(drawn, 3), "drafts_per_s": round(paid / drawn, 1), "returns": kept.returns,
        "returned_cents": kept.cents, "unmatched": kept.unmatched, "returns_seconds": round(back, 3),
        "returns_per_s": round(kept.returns / back, 1), "broken_laws": broken,
        "stages": {name: round(spent, 3) for name, spent in stages.items()},
    }  # fmt: skip


def _go(life: Life, day: Any) -> None:
    life.today = max(life.today, day)
    advance_business_date(life.act("system", "benchmark"), to=life.today)


def _enrol(life: Life, rows: list[dict[str, Any]]) -> None:
    """Everybody who owes something is drawn on, each from a bank account of their own."""
    taken = [
        TakenOver(row["number"], f"Payer {row['number']}", _BANK, f"{4_000_000_000 + at}", "checking", life.today)
        for at, row in enumerate(rows)
    ]
    load_enrolments(life.act("supervisor", "benchmark"), rows=taken, drafts_from=life.today)


def _answers(life: Life, file: Any, returns: int) -> bytes:
    """What the bank sends back: every so-maniest entry, by turns of codes."""
    sent = parse(hand_over(life.act("billing", "benchmark"), file=file))
    _, rules = rules_on(life.today)
    step, at, batches = max(1, len(sent) // max(1, returns)), 0, list[Batch]()
    left = returns
    for batch in sent.batches:
        back = []
        for entry in batch.entries:
            at += 1
            if left and at % step == 0:
                left -= 1
                back.append(returned(entry, _CODES[at // step % len(_CODES)], bank=_BANK, sequence=at))
        if back:
            batches.append(answer_batch(batch, back, bank=_BANK, number=len(batches) + 1, effective_on=life.today))
    return write(answer_file(company_of(rules), batches, created_at=datetime.combine(life.today, clock(12))))
