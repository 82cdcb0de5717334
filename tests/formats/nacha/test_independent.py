"""Files we write, before a library this project did not write (achkit, as a process of its own)."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.formats.nacha.invented import ANA, BALANCED, BEN, CHIDI, CITY, DAY, DEE, MADE_AT, file_of

from meterbook.formats.nacha import AchFile, CompanySettings, Draft, make_batches, make_file, reversal_of, write
from meterbook.formats.nacha.codes import check_digit

pytestmark = pytest.mark.skipif(importlib.util.find_spec("achkit") is None, reason="achkit is not installed")
SCRIPT = Path(__file__).with_name("achkit_verdict.py")


def verdict(data: bytes) -> Any:
    done = subprocess.run([sys.executable, str(SCRIPT)], input=data, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def month(city: CompanySettings, count: int) -> AchFile:
    """A month's drafts, refunds and prenotes of several classes, with a batch of reversals."""
    chance = random.Random(7)
    drafts = []
    for number in range(count):
        eight = f"{chance.randrange(1_000_000, 33_000_000):08}"
        prenote = number % 19 == 0
        drafts.append(
            Draft(
                f"10{number:06}", f"CUSTOMER {number}", f"{eight}{check_digit(eight)}", f"{chance.randrange(10**12)}",
                "savings" if number % 5 == 0 else "checking", "credit" if number % 23 == 1 else "debit",
                0 if prenote else chance.randrange(1, 90_000), prenote=prenote, payment_type="R",
            )
        )  # fmt: skip
    batches = make_batches(city, drafts, sec="PPD", description="UTIL BILL", effective_on=DAY, together=False)
    following = 1 + sum(len(each.entries) for each in batches)
    web = make_batches(
        city, drafts[:50], sec="WEB", description="UTIL BILL", effective_on=DAY, first_sequence=following
    )
    following += len(web[0].entries)
    money = [each for each in web[0].entries if not each.is_prenote]
    back = reversal_of(web[0], money, effective_on=DAY, first_sequence=following)
    return make_file(city, [*batches, *web, back], created_at=MADE_AT)


@pytest.mark.parametrize("city", [CITY, BALANCED], ids=["not balanced", "balanced"])
def test_a_month_of_drafts_is_accepted_and_read_alike(city: CompanySettings) -> None:
    file = month(city, 2_000)
    said = verdict(write(file))
    assert (said["ok"], said["errors"]) == (True, [])
    assert said["entries"] == [
        [
            batch.sec, entry.transaction_code, entry.routing, entry.account, entry.amount_cents, entry.identification,
            entry.name, entry.trace,
        ]
        for batch, entry in file
    ]  # fmt: skip


@pytest.mark.parametrize("sec", ["PPD", "CCD", "WEB", "TEL"])
def test_each_class_is_accepted(sec: str) -> None:
    drafts = [ANA, BEN, DEE] if sec == "TEL" else [dataclasses.replace(ANA, memo="JUNE BILL"), BEN, CHIDI, DEE]
    if sec == "TEL":
        drafts = [dataclasses.replace(each, memo="") for each in drafts]
    assert verdict(write(file_of(*drafts, sec=sec)))["errors"] == []


def test_it_does_refuse_what_is_wrong() -> None:
    """So that its acceptance means something."""
    data = write(file_of(ANA, BEN))
    for old, new, code in ((b"0000004510", b"0000004511", "BAD_BATCH_DEBIT"), (b"\n627091000019", b"\n627091000018",
                           "BAD_ROUTING_CHECKSUM")):  # fmt: skip
        said = verdict(data.replace(old, new, 1))
        assert code in {each["code"] for each in said["errors"]}
