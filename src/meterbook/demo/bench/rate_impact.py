"""`meterbook bench rate-impact`: how long a draft's revenue impact takes after one price was changed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from meterbook.demo.bench.households import monthly_bills, twelve_charges
from meterbook.engine.rates.drafts.edits import edit_numbers, numbers
from meterbook.engine.rates.study.prepared import Study, prepare
from meterbook.engine.rates.study.solve import solve
from meterbook.engine.rates.study.wish import Movable, Wish
from meterbook.engine.rates.tariff import parse_tariff

_TIERS = "versions[0].components[2].tiers"
#: What is changed, one after the other; each change is new to the study.
_CHANGES = (f"{_TIERS}[1].price", f"{_TIERS}[0].up_to", "versions[0].components[0].price", f"{_TIERS}[2].price")
_STEPS = 3


def measure_rate_impact(*, accounts: int, months: int, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure what the workbench does on each change: edit the text, read it, price what changed, add everything up.

    Returns ``seconds`` (the slowest change), the median, the study's preparation, and a solve for five percent more.
    """
    usage = monthly_bills(accounts, months, seed=seed)
    today, text = twelve_charges()
    say(f"{usage.height:,} bills; preparing the study")
    began = time.perf_counter()
    study = prepare(today, usage)
    prepared = time.perf_counter() - began
    spent = {path: _changed(study, text, path) for path in _CHANGES}
    every = [seconds for one in spent.values() for seconds in one]
    prices = tuple(Movable(f"{_TIERS}[{at}].price", Decimal("0.0001")) for at in range(3))
    began = time.perf_counter()
    solution = solve(study, text, Wish(prices, more_percent=Decimal(5)), file="draft.yaml")
    solved = time.perf_counter() - began
    return {
        "accounts": accounts,
        "months": months,
        "bills": usage.height,
        "distinct_bills": study.bills.frame.height,
        "seconds": round(max(every), 3),
        "median_seconds": round(statistics.median(every), 3),
        "seconds_by_change": {path: round(max(one), 3) for path, one in spent.items()},
        "prepare_seconds": round(prepared, 3),
        "solve_seconds": round(solved, 3),
        "solve_pricings": solution.pricings,
        "unpriced": sum(one.bills for one in solution.impact.unpriced),
    }


def _changed(study: Study, text: str, path: str) -> list[float]:
    """Seconds of some different changes of one number."""
    value = numbers(text, file="draft.yaml")[path]
    spent = []
    for step in range(1, _STEPS + 1):
        began = time.perf_counter()
        draft = edit_numbers(text, {path: value * (100 + step) / 100}, file="draft.yaml")
        study.impact(parse_tariff(draft, file="draft.yaml"))
        spent.append(time.perf_counter() - began)
    return spent
