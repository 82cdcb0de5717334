"""`meterbook bench search`: how long the Find page takes to answer, by kind of question."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from meterbook.demo.bench.cities import large_city
from meterbook.demo.bench.large.questions import Question, questions
from meterbook.records.platform.queries import user_named

#: Sites lived in full in the city that search and pages share.
LIVED, MONTHS = 600, 1
_WARMING_SEED = 1_000_003


def measure_search(
    data_dir: Path, *, accounts: int, each: int, seed: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Ask the Find page ``each`` questions of every kind, one after another; the figures by name."""
    (data_dir / "files").mkdir(parents=True, exist_ok=True)
    large_city(accounts, months=MONTHS, lived=LIVED, say=say, copied=False)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user_named("csr"))
    for question in questions(2, seed + _WARMING_SEED):
        _ask(client, question)
    before = os.getloadavg()[0]
    asked = [(question, *_ask(client, question)) for question in questions(each, seed)]
    spent = [seconds for _question, seconds, _there in asked]
    kinds = {
        kind: {
            **percentiles([seconds for one, seconds, _there in asked if one.kind == kind]),
            "found": share([there for one, _seconds, there in asked if one.kind == kind]),
        }
        for kind in sorted({question.kind for question, _seconds, _there in asked})
    }
    return {"accounts": accounts, "questions": len(asked), **percentiles(spent), "load": round(before, 1),
            "kinds": kinds}  # fmt: skip


def _ask(client: Client, question: Question) -> tuple[float, bool]:
    """The seconds from the request at the application's door to the finished page; whether it names who is meant."""
    began = time.perf_counter()
    answer = client.get(reverse("find"), {"q": question.text, "stay": "1"})
    seconds = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{question.text!r} was answered with {answer.status_code}")
    return seconds, question.meant.encode() in answer.content


def percentiles(seconds: Iterable[float]) -> dict[str, float]:
    """The median, the 95th of a hundred, and the slowest, in milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {}

    def at(share: float) -> float:
        return round(1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)], 1)

    return {"p50_ms": at(0.5), "p95_ms": at(0.95), "max_ms": at(1)}


def share(there: list[bool]) -> float:
    """How many of them were there."""
    return round(sum(there) / len(there), 3)
