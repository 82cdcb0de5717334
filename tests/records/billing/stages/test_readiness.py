"""Is the run ready? What the office would want to know before it calculates, counted with the rows behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import yaml

from meterbook.demo.sources import POLICY_DIR
from meterbook.records.billing.models import BillRun
from meterbook.records.billing.operations.calculate_run import start_calculation
from meterbook.records.billing.readiness.checks import all_checks
from meterbook.records.billing.readiness.contract import Line, Readiness
from meterbook.records.billing.readiness.gauge import readiness, rows_of
from meterbook.records.billing.readiness.settings import WrongReadinessPolicy, parse
from meterbook.records.metering.models import Installation
from meterbook.records.platform.models import Event

pytestmark = pytest.mark.django_db


def line(found: Readiness, name: str) -> Line:
    return next(each for each in found.lines if each.name == name)


def test_nothing_was_read_yet_so_the_run_is_not_ready(office: Any) -> None:
    run = office.plan("C1", 3)
    found = readiness(run)
    missing = line(found, "reads_missing")
    assert found.expected == missing.count == missing.of > 10
    assert missing.state == found.state == "stop"
    assert found.received == 0
    assert sum(route.missing for route in found.routes) == missing.count
    assert found.since == office.read_day("C1", 2)


def test_every_read_is_in_but_one_meter_and_the_click_names_it(office: Any) -> None:
    meter = office.city.meters.filter(commodity="water", key="late_payer")["serial"][0]
    office.read("C1", 3, without=meter)
    run = office.plan("C1", 3)
    found = readiness(run)
    missing = line(found, "reads_missing")
    assert missing.count == 1 and found.received == found.expected - 1
    (row,) = rows_of(run, all_checks()["reads_missing"])
    assert row["detail"].startswith(meter) and row["what"] == "no_read" and row["account"]
    assert (missing.owner, missing.state) in {("billing_technician", "look"), ("billing_technician", "stop")}


def test_what_the_count_says_is_what_will_be_held(office: Any) -> None:
    meter = office.city.meters.filter(commodity="water", key="late_payer")["serial"][0]
    office.read("C1", 3, without=meter)
    run = office.plan("C1", 3)
    (row,) = rows_of(run, all_checks()["reads_missing"])
    made = office.calculate(run)
    held = made.holds.filter(reason="missing_read").values_list("account__number", flat=True)
    assert set(held) == {row["account"]}


def test_a_meter_hung_inside_the_window_is_known(office: Any) -> None:
    office.read("C1", 3)
    run = office.plan("C1", 3)
    before = line(readiness(run), "meters_exchanged").count
    agreement = run.cycle.accounts.first().agreements.filter(service_point__connection="metered").first()  # type: ignore[union-attr]
    hanging = Installation.objects.get(service_point=agreement.service_point, validity__contains=run.service_to)  # type: ignore[union-attr]
    hanging.validity = (run.service_to - timedelta(days=9), None)
    hanging.save()
    found = line(readiness(run), "meters_exchanged")
    assert found.count == before + 1 and found.state == "ready" and found.owner == "meter_shop"
    assert hanging.meter.serial in {row["detail"] for row in rows_of(run, all_checks()["meters_exchanged"])}


def test_held_points_are_carried_to_the_next_run(office: Any) -> None:
    meter = office.city.meters.filter(commodity="water", key="late_payer")["serial"][0]
    office.read("C1", 3, without=meter)
    first = office.post(office.calculate(office.plan("C1", 3)))
    office.read("C1", 4)
    second = office.plan("C1", 4)
    carried = rows_of(second, all_checks()["holds_carried"])
    assert len(carried) == line(readiness(second), "holds_carried").count == first.holds.count() > 0


def test_each_check_counts_what_it_lists(office: Any) -> None:
    run = office.plan("C2", 3)
    found = readiness(run)
    assert [each.name for each in found.lines] == list(all_checks())
    for each in found.lines:
        assert each.count == len(rows_of(run, all_checks()[each.name])), each.name


def test_what_was_known_stays_with_the_deed(office: Any) -> None:
    office.read("C1", 3)
    run = office.plan("C1", 3)
    start_calculation(office.act("billing"), run=run)
    kept = Event.objects.get(kind="billing.calculation_started", payload__run=run.pk).payload["readiness"]
    assert kept == readiness(BillRun.objects.get(pk=run.pk)).evidence()
    assert kept["received"] == kept["expected"] > 0


def test_the_policy_is_read_whole_or_refused() -> None:
    shipped = yaml.safe_load((POLICY_DIR / "run-readiness.yaml").read_text(encoding="utf-8"))
    bounds = parse(shipped, all_checks())
    assert bounds["reads_missing"].judge(5, 100) == "stop"
    assert bounds["reads_missing"].judge(4, 100) == "look"
    assert bounds["meters_exchanged"].judge(900, 1000) == "ready"
    for wrong in ({"no_such": {}}, {"reads_missing": {"look": 0}}, {"reads_missing": {"stop_percent": "a lot"}},
                  {"reads_missing": {"owner": "nobody"}}, {"reads_missing": {"red": 1}}):  # fmt: skip
        with pytest.raises(WrongReadinessPolicy, match=r"checks\."):
            parse({"checks": wrong}, all_checks())
