"""The test due list says for every meter what the engine says for one, leap days included."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from shelf import receive, water

from meterbook.engine.metering.accuracy import due
from meterbook.records.metering.shop.bench import rules_on
from meterbook.records.metering.shop.due import tests_due as due_list
from meterbook.records.metering.shop.life import MeterRefused

pytestmark = pytest.mark.django_db


def test_columns_and_one_meter_agree(office: Any) -> None:
    receive(office, water("W-LEAP", "6").replace("2024-10-01", "2024-02-29"), water("W-SLOW", minimum="90"))
    rules, rows = rules_on(office.today), list(due_list(office.today).iter_rows(named=True))
    assert len(rows) > 60
    for row in rows:
        kind = rules.type_of(row["commodity"], row["size"])
        assert kind is not None
        assert row["due_on"] == due(row["tested_on"] or row["began_on"], kind.every_years), row
    found = {row["serial"]: row for row in rows}
    assert found["W-LEAP"]["due_on"] == date(2025, 3, 1)
    assert (found["W-SLOW"]["tested_on"], found["W-SLOW"]["began_on"]) == (None, office.today)


def test_without_limits_nothing_is_due(office: Any) -> None:
    with pytest.raises(MeterRefused, match="No limits for meter tests are in force"):
        due_list(date(2001, 1, 1))
