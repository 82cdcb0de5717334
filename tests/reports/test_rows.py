"""Every report on known rows: the town's stories, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.reports.conftest import Made
from tests.reports.town import STOOD, TODAY, Town, put

from meterbook import reports
from meterbook.records.metering.models import FieldRequest, FieldRequestStep, Meter, MeterTest, Seal
from meterbook.records.places.models import ServicePoint
from meterbook.reports.asking import asked
from meterbook.reports.contract import CannotReport, WrongParameter


def column(rows: list[dict[str, Any]], key: str) -> list[Any]:
    return [row[key] for row in rows]


def test_misread_shows_what_was_expected_and_why(made: Made, town: Town) -> None:
    (row,) = made("misread_meters")
    assert (row["account"], row["meter"], row["address"]) == (town.accounts["W-5"], "W-5", "105 Mill Street")
    assert (row["previous_on"], row["previous"], row["current"]) == (date(2026, 7, 5), 660, 960)
    assert row["used"] == 300_000_000
    assert 660 <= row["low"] < row["high"] < 960
    assert "High or low usage" in row["reason"] and "300 ccf" in row["reason"]
    assert (row["action"], row["photo"], row["file_name"]) == ("open", False, "august.csv")
    assert made("misread_meters", state="decided") == []
    assert made("misread_meters", route="R2") == []
    assert made("misread_meters", since="2026-01-01", until="2026-07-31") == []


def test_missing_reads_stand_in_the_order_of_the_walk_with_their_reason(made: Made, town: Town) -> None:
    point = ServicePoint.objects.get(code="SP-W-4")
    request = FieldRequest.objects.create(
        kind="re_read", service_point=point, reason="x", raised_on=TODAY, due_on=TODAY, deed=town.deed
    )
    FieldRequestStep.objects.create(
        request=request, state="flagged", on=TODAY, note="Not read: Locked gate (R. Soto)", deed=town.deed
    )
    rows = made("missing_reads", cycle="C1")
    assert column(rows, "meter") == ["W-3", "W-4", "W-6"]
    assert column(rows, "reason") == ["", "Locked gate", ""]
    assert column(rows, "account") == [town.accounts["W-3"], None, town.accounts["W-6"]]
    assert (rows[1]["last_on"], rows[1]["last_value"], rows[1]["days"]) == (date(2026, 7, 5), 530, 31)
    assert (rows[1]["field_request"], rows[1]["field_request_id"]) == ("re_read", request.pk)
    assert column(made("missing_reads", route="R2"), "meter") == ["W-6"]
    assert made("missing_reads", cycle="C1", as_of="2026-07-10") == []


def test_estimated_accounts_count_what_stands_in_a_row(made: Made, town: Town) -> None:
    july, june = made("estimated_accounts", since="2026-06-01")
    assert (july["meter"], july["read_on"], july["in_a_row"]) == ("W-3", date(2026, 7, 5), 2)
    assert (july["method"], july["confidence"], july["used"]) == ("The period before", 80, 10_000_000)
    assert (june["in_a_row"], june["method"], june["confidence"]) == (1, "Stated by the sender", None)
    assert column(made("estimated_accounts", since="2026-06-01", in_a_row="2"), "read_on") == [date(2026, 7, 5)]
    assert made("estimated_accounts", since="2026-07-06") == []


def test_an_actual_read_between_ends_the_row_of_estimates(made: Made, town: Town) -> None:
    put(town, town.register("W-3"), date(2026, 6, 20), 425)
    assert column(made("estimated_accounts", since="2026-06-01"), "in_a_row") == [1, 1]


def test_zero_usage_says_since_when(made: Made, town: Town) -> None:
    (row,) = made("zero_usage", since="2026-08-01")
    assert (row["account"], row["periods"]) == (town.accounts["W-2"], 3)
    assert (row["zero_since"], row["last_used_on"], row["lock"]) == (STOOD, STOOD, None)
    assert made("zero_usage", since="2026-08-01", periods="4") == []
    assert made("zero_usage", since="2026-04-01", until="2026-05-05") == []


def test_vacant_usage_names_the_account_before(made: Made, town: Town) -> None:
    july, june = made("vacant_usage", since="2026-06-01")
    assert {july["ends"], june["ends"]} == {date(2026, 6, 5), date(2026, 7, 5)}
    assert (june["meter"], june["used"], june["last_account"]) == ("W-4", 10_000_000, town.accounts["W-4"])
    assert june["until"] == STOOD and june["vacant_days"] == june["days"] == (june["ends"] - june["starts"]).days
    assert made("vacant_usage", since="2026-01-01", until="2026-05-05") == []


def test_high_low_compares_with_last_year_day_for_day(made: Made, town: Town) -> None:
    (row,) = made("high_low", since="2026-07-01", until="2026-07-31", low="0")
    assert (row["meter"], row["used"], row["last_year"], row["percent"]) == ("W-5", 40_000_000, 10_000_000, 400)
    low = made("high_low", since="2026-07-01", until="2026-07-31", high="500")
    assert (column(low, "meter"), column(low, "percent")) == (["W-2"], [0])
    assert made("high_low", since="2026-07-01", until="2026-07-31", least="31") == []


def test_a_meter_that_stands_still_is_found_unless_locked(made: Made, town: Town) -> None:
    (row,) = made("non_registering")
    assert (row["meter"], row["value"], row["since"], row["reads"]) == ("W-2", 310, STOOD, 4)
    assert (row["days"], row["used"]) == (92, 110_000_000)
    assert made("non_registering", reads="5") == []
    point = ServicePoint.objects.get(code="SP-W-2")
    Seal.objects.create(number="L-1", kind="lock", service_point=point, validity=(STOOD, None), deed=town.deed)
    assert made("non_registering") == []
    assert made("zero_usage", since="2026-08-01")[0]["lock"] == "L-1"


def test_history_runs_two_years_back_with_last_year_beside(made: Made, town: Town) -> None:
    rows = made("consumption_history", account=town.accounts["W-5"])
    assert len(rows) == 13 and column(rows, "ends") == sorted(column(rows, "ends"), reverse=True)
    assert (rows[0]["used"], rows[0]["last_year"], rows[0]["days"]) == (40_000_000, 10_000_000, 30)
    assert rows[0]["a_day"] == 1_333_000
    assert (rows[0]["from_value"], rows[0]["to_value"]) == (620, 660)
    assert len(made("consumption_history", meter="W-5", months="3")) == 2
    assert made("consumption_history", point="SP-W-5") == made("consumption_history", meter="W-5")


def test_history_of_an_account_ends_with_its_agreement(made: Made, town: Town) -> None:
    assert made("consumption_history", account=town.accounts["W-4"])[0]["ends"] == STOOD
    assert made("consumption_history", meter="W-4")[0]["ends"] == date(2026, 7, 5)
    with pytest.raises(CannotReport, match="Type an account"):
        made("consumption_history")
    with pytest.raises(WrongParameter, match="account: found '999'"):
        made("consumption_history", account="999")


def test_route_summary_counts_each_route(made: Made, town: Town) -> None:
    first, second = made("route_summary", cycle="C1")
    counted = ("route", "expected", "received", "missing", "queued", "estimated", "skipped", "reader", "hours")
    assert [first[key] for key in counted] == ["R1", 5, 3, 2, 1, 0, 0, "R. Soto", Decimal("2.0")]
    assert [second[key] for key in counted] == ["R2", 1, 0, 1, 0, 0, 0, "R. Soto", None]


def test_inventory_counts_and_lists_by_age(made: Made, town: Town) -> None:
    Meter.objects.create(
        serial="N-1", commodity="water", size="1", manufacturer="Badger", model="M70", state="in_stock",
        received_on=date(2010, 3, 1),
    )  # fmt: skip
    stock, hung = sorted(made("meter_inventory"), key=lambda row: row["state"])
    assert (hung["meters"], hung["band"], hung["oldest"], hung["mean_age"]) == (6, "0-4", date(2025, 6, 5), 1)
    assert (stock["meters"], stock["band"], stock["mean_age"]) == (1, "15-19", 16)
    listed = made("meter_inventory", detail="meters", state="installed")
    assert column(listed, "meter") == [f"W-{at}" for at in range(1, 7)] and listed[0]["address"] == "101 Mill Street"
    assert column(made("meter_inventory", detail="meters", band="15-19"), "meter") == ["N-1"]


def test_tests_due_follow_the_policy(made: Made, town: Town) -> None:
    assert made("tests_due") == []
    rows = made("tests_due", due_by="2100-01-01")
    assert column(rows, "meter") == [f"W-{at}" for at in range(1, 7)]
    (due,) = set(column(rows, "due_on"))
    assert (due.month, due.day) == (6, 5) and rows[0]["overdue"] == 0
    MeterTest.objects.create(
        meter=town.meters["W-1"], tested_on=TODAY, kind="as_left", points=[], passed=True, tester="x",
        limits_citation="x", deed=town.deed,
    )  # fmt: skip
    after = made("tests_due", due_by=due.isoformat())
    assert column(after, "meter") == [f"W-{at}" for at in range(2, 7)]
    late = made("tests_due", due_by="2200-01-01", as_of=date(due.year, due.month, due.day + 3).isoformat())
    assert [row["overdue"] for row in late if row["meter"] == "W-2"] == [3]


def test_without_limits_the_report_says_so(made: Made, town: Town) -> None:
    with pytest.raises(CannotReport, match="meter-accuracy"):
        made("tests_due", as_of="1990-01-01", due_by="1991-01-01")


#: Reports on runs have a city with runs to speak of: tests/records/billing/stages; late orders: tests/web/test_orders.
OF_READS = [name for name in reports.names() if reports.report(name).area != "billing" and name != "order_aging"]


@pytest.mark.parametrize("name", OF_READS)
def test_rows_hold_every_column_and_its_origin(made: Made, town: Town, name: str) -> None:
    given = {"consumption_history": {"account": town.accounts["W-5"]}, "tests_due": {"due_by": "2100-01-01"},
             "estimated_accounts": {"since": "2026-06-01"}, "vacant_usage": {"since": "2026-06-01"},
             "high_low": {"since": "2026-07-01"}}.get(name, {})  # fmt: skip
    rows = made(name, **given)
    assert rows
    found = reports.report(name)
    for column in found.columns(asked(found, given, TODAY)):
        assert column.key in rows[0]
        assert not column.origin or column.origin_key in rows[0]
        assert column.kind != "words" or column.vocabulary
        assert column.filter != "choice" or column.choices
        assert not column.total or column.kind == "count"


@pytest.mark.parametrize("name", OF_READS)
def test_more_rows_ask_no_more_questions(made: Made, town: Town, name: str) -> None:
    """Set-wise: the same number of statements for one meter as for all of them."""

    def asks(**given: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            made(name, **given)
        return len([each for each in seen.captured_queries if "SAVEPOINT" not in each["sql"]])

    if name == "consumption_history":
        assert asks(account=town.accounts["W-5"]) == asks(meter="W-1", months="1")
    elif name in ("meter_inventory",):
        assert asks(detail="meters") == asks(detail="meters", size="none")
    else:
        assert asks(route="R1") == asks(route="R2") or name in ("misread_meters", "tests_due")


def test_what_is_typed_wrong_is_named(made: Made, town: Town) -> None:
    wrong = [
        ("zero_usage", {"since": "soon"}, "since: found 'soon', expected a date"),
        ("zero_usage", {"since": "2026-08-06"}, "until: found '2026-08-05', expected a day not before"),
        ("zero_usage", {"cycle": "C9"}, "cycle: found 'C9', expected C1, C2"),
        ("zero_usage", {"route": "R9"}, "route: found 'R9', expected R1, R2"),
        ("zero_usage", {"periods": "0"}, "periods: found '0', expected a whole number from 1"),
        ("zero_usage", {"colour": "red"}, "colour: found 'red', expected cycle, route"),
        ("meter_inventory", {"detail": "all"}, "detail: found 'all', expected counts, meters"),
    ]
    for name, given, words in wrong:
        with pytest.raises(WrongParameter) as error:
            made(name, **given)
        assert words in str(error.value)
    assert made("zero_usage", since="8/1/2026") == made("zero_usage", since="2026-08-01")
