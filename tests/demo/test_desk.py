"""The technician's desk: every reading is closed, every question of the history has an answer with a reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from meterbook.demo.ami.sending import send_intervals
from meterbook.demo.calendar import read_on
from meterbook.demo.city import City
from meterbook.demo.desk import Desk
from meterbook.demo.policies import enact_policies
from meterbook.demo.reads import ReadFile
from meterbook.demo.sources import document
from meterbook.demo.stories import Staff
from meterbook.records.metering.models import Finding, IntervalChannel, Read, ReadException
from meterbook.records.metering.operations.import_reads import import_reads
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.business_date import advance_business_date

pytestmark = pytest.mark.django_db
C2 = document("city")["cycles"]["C2"]


def take_in(staff: Staff, file: ReadFile, *, without: str = "") -> None:
    lines = file.path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not without or without not in line]
    if kept[-1].startswith("#END"):
        kept[-1] = f"#END,{len(kept) - 2}\n"
    act = Act(actor=staff["billing"], business_date=file.read_on)
    import_reads(act, format=file.format, file_name=file.path.name, content="".join(kept).encode())


def test_questions_of_the_history_are_answered(city: City, staff: Staff, tmp_path: Path) -> None:
    enact_policies(staff)
    today = [date(2024, 9, 8)]
    desk = Desk(lambda who, why: Act(actor=staff[who], business_date=today[0], reason=why))
    homes = (pl.col("cycle") == "C2") & (pl.col("letter") == "E") & (pl.col("form") == "plain") & (pl.col("base") > 0)
    missed = city.registers.filter(homes)["serial"][0]
    for month in (1, 2, 3, 4):
        today[0] = read_on(month, C2)
        for file in city.write_reads(month, tmp_path):
            if file.cycle == "C2" and file.read_on == today[0]:
                take_in(staff, file, without=missed if month == 4 else "")
        desk.close("C2", month)
    items = ReadException.objects.all()
    assert items and all(item.state == ReadException.RESOLVED and item.resolved_by is not None for item in items)
    outcomes = list(items.order_by("on").values_list("resolution", flat=True))
    # a digit too many, another value of the day, a read that did not come
    assert outcomes == ["rejected", "rejected", "estimated"]
    assert (desk.asked, desk.decided) == (1, 3)
    estimate = Read.objects.get(register__meter__serial=missed, read_on=today[0])
    assert (estimate.estimated, estimate.status) == (True, Read.ACCEPTED)


def test_head_ends_send_five_weeks_with_a_few_faults(
    city: City, staff: Staff, tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    enact_policies(staff)

    def act(who: str, why: str) -> Act:
        return Act(actor=staff[who], business_date=date(2026, 10, 25), reason=why)

    advance_business_date(act("system", "a new business day"), to=date(2026, 10, 25))
    assert send_intervals(city, tmp_path, act) > 500
    assert IntervalChannel.objects.count() >= 15
    rules = set(Finding.objects.filter(channel__isnull=False, holds=True).values_list("rule", flat=True))
    assert {"missing_intervals", "duplicate_intervals", "negative_intervals", "clock_drift"} <= rules
    waiting = ReadException.objects.filter(channel__isnull=False).count()
    assert 6 <= waiting <= 20
    assert send_intervals(city, tmp_path, act) > 500
    assert ReadException.objects.filter(channel__isnull=False).count() == waiting
