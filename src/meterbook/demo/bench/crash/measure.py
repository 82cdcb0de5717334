"""`meterbook bench crash`: an undisturbed run, then as many broken ones, each compared with it."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection, connections

from meterbook.demo.bench import cities
from meterbook.demo.bench.crash.arena import Arena, arena
from meterbook.demo.bench.crash.counting import compared, left_in
from meterbook.demo.bench.crash.trial import DISK, SERVER, WORKER, Job, NotResumed, broken, finish, least_free
from meterbook.demo.bench.payments.deposits import long_deposit
from meterbook.demo.bench.payments.owing import owing_city
from meterbook.demo.calendar import CITY_ON, bill_on, first_of
from meterbook.demo.sources import document
from meterbook.records.metering.operations.load_reads import derive_all_usage
from meterbook.records.platform.operations.business_date import advance_business_date

_CHUNKS = 8
#: Room of the file system beside what the city itself takes.
_SIZE_MIB = 3072
#: Undisturbed runs that are timed; the first is not, as it warms the machine up.
_TIMED = 3
#: A name that our fonts cannot print would keep every run open, for a person to decide.
_PRINTABLE = "UPDATE customers_person SET name = 'Lin Xiuying' WHERE name ~ '[^\\u0001-\\u024f]'"
Say = Callable[[str], None]


def measure_crashes(
    *, trials: int, accounts: int, seed: int, say: Say, minutes: float | None = None, what: str = "bill-run"
) -> dict[str, Any]:
    """Break ``trials`` runs, by turns the worker, the server and the disk; the figures by name.

    ``what`` is broken: a bill run, or the posting of a lockbox file (``payments``).

    ``minutes`` ends it earlier: as many trials as fit are counted.
    """
    began = time.monotonic()
    dice = random.Random(seed)
    counts = Counter[str]()
    stages = Counter[str]()
    told: list[str] = []
    with arena(_SIZE_MIB) as place:
        place.start()
        job = PREPARED[what](place, accounts, seed, say=say)
        seconds, taken, undisturbed = _undisturbed(place, job)
        say(f"undisturbed: {seconds:.2f} s, {taken >> 20} MiB of disk, {len(undisturbed):,} things counted")
        kinds = [WORKER, SERVER, DISK] if place.limited else [WORKER, SERVER]
        for number in range(trials):
            if minutes is not None and time.monotonic() - began > minutes * 60:
                break
            kind = kinds[number % len(kinds)]
            at = dice.uniform(0, taken if kind == DISK else seconds)
            found = _tried(place, job, kind, at, undisturbed, counts, stages)
            told += [f"trial {number}, {kind} at {at:.3f}: {line}" for line in found]
            for line in found:
                say(f"trial {number}, {kind}: {line}")
            if (number + 1) % 10 == 0:
                say(f"{number + 1} of {trials}: {dict(counts)}")
    return {
        "what": what,
        "trials": counts["trials"],
        "duplicates": counts["duplicates"],
        "gaps": counts["gaps"],
        "cents_off": counts["cents_off"],
        "not_resumed": counts["not_resumed"],
        "other_faults": counts["other_faults"],
        "interrupted": counts["interrupted"],
        "of_worker": counts[WORKER],
        "of_server": counts[SERVER],
        "of_full_disk": counts[DISK],
        "stages": dict(sorted(stages.items())),
        "accounts": accounts,
        "seed": seed,
        "things_compared": len(undisturbed),
        "run_seconds": round(seconds, 3),
        "run_disk_mib": taken >> 20,
        "seconds": round(time.monotonic() - began, 1),
        "told": told[:20],
    }


def prepare(place: Arena, accounts: int, seed: int, *, say: Say) -> Job:
    """The city with its month read and its usage made, as the template ``ready``; what is to be billed."""
    place.files.mkdir(exist_ok=True)
    os.environ["METERBOOK_DATA_DIR"] = str(place.files)
    os.environ.setdefault("METERBOOK_SECRET_KEY", "of a place that is gone soon")
    _, _, life = cities.working_copy(accounts, 1, seed, say=say)
    code, day = next(iter(document("city")["cycles"].items()))
    life.today = max(CITY_ON, first_of(1))
    derive_all_usage(life.act("billing", "crash trials"), since=CITY_ON)
    bill_date = bill_on(1, day)
    advance_business_date(life.act("system", "crash trials"), to=bill_date)
    with connection.cursor() as cursor:
        cursor.execute(_PRINTABLE)
    connections.close_all()
    place.run("ALTER DATABASE work RENAME TO ready")
    return Job("meterbook.cli.bill_day", (code, bill_date.isoformat(), str(max(accounts // _CHUNKS, 1))))


def prepare_payments(place: Arena, accounts: int, seed: int, *, say: Say) -> Job:
    """Accounts that owe, and a lockbox file with two checks of each, posted in eight pieces."""
    kept = Path(os.environ["METERBOOK_DATA_DIR"])
    place.files.mkdir(exist_ok=True)
    os.environ["METERBOOK_DATA_DIR"] = str(place.files)
    os.environ.setdefault("METERBOOK_SECRET_KEY", "of a place that is gone soon")
    life = owing_city(accounts, say=say, kept=kept)
    life.today = first_of(2)
    advance_business_date(life.act("system", "crash trials"), to=life.today)
    file = place.files / "lockbox.txt"
    file.write_bytes(long_deposit(2 * accounts, seed=seed, on=life.today))
    connections.close_all()
    place.run("ALTER DATABASE work RENAME TO ready")
    return Job("meterbook.cli.deposit_day", (str(file), str(max(2 * accounts // _CHUNKS, 1))))


#: What can be broken, each with how it is made ready.
PREPARED: dict[str, Callable[..., Job]] = {"bill-run": prepare, "payments": prepare_payments}


def _undisturbed(place: Arena, job: Job) -> tuple[float, int, Any]:
    """How long the run takes, how much disk, and what it leaves."""
    place.restore()
    taken = least_free(job, place)
    seconds = []
    for _ in range(_TIMED):
        place.restore()
        seconds.append(finish(job, place.url("work")))
    return sorted(seconds)[_TIMED // 2], taken, left_in(place.url("work"))


def _tried(
    place: Arena, job: Job, what: str, at: float, undisturbed: Any, counts: Counter[str], stages: Counter[str]
) -> list[str]:
    """One trial, counted; what was wrong, in words."""
    place.restore()
    found = broken(job, place, what, at)
    counts["trials"] += 1
    counts[what] += 1
    counts["interrupted"] += found.interrupted
    stages[found.stage if found.interrupted else "after the last command"] += 1
    try:
        finish(job, place.url("work"))
    except NotResumed as problem:
        counts["not_resumed"] += 1
        return [f"at {found.stage}: not resumed: {problem}"]
    verdict = compared(place.url("work"), undisturbed)
    counts["duplicates"] += verdict.duplicates
    counts["gaps"] += verdict.gaps
    counts["cents_off"] += verdict.cents_off
    counts["other_faults"] += bool(verdict.told and not (verdict.duplicates or verdict.gaps or verdict.cents_off))
    return [f"at {found.stage}: {line}" for line in verdict.told]
