"""What stands out: each test of the register on a few points, in the office's words."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from meterbook.engine.billing.register import BEFORE, BILLS, Cycle, WrongRegister, marked, parse_register
from meterbook.engine.billing.register.figures import MISSING, PEERS, POINTS
from meterbook.engine.billing.register.mark import CLEARED, sentence
from meterbook.engine.billing.register.totals import SUMS, compared

HOME: dict[str, Any] = {
    "account": 1, "service_point": 10, "commodity": "water", "premise_class": "residential", "meter_size": "5/8",
    "unit": "ccf", "days": 30, "usage": 7_000_000, "cents": 3_500, "estimated": False, "first": False,
    "exports": False, "line": 1,
}  # fmt: skip
LAST: dict[str, Any] = {
    "account": 1, "service_point": 10, "commodity": "water", "days": 30, "usage": 7_000_000, "cents": 3_500,
}  # fmt: skip


def marks(
    point: dict[str, Any] | None = None, *, last: dict[str, Any] | None = None, year: dict[str, Any] | None = None,
    bill: dict[str, Any] | None = None, missing: list[dict[str, Any]] | None = None,
    around: list[dict[str, Any]] | None = None, seen: list[dict[str, Any]] | None = None, **tests: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    points = [{**HOME, **(point or {})}]
    current = {"account": 1, "premise_class": "residential", "current": points[0]["cents"], "due": 0, "settles": False}
    cycle = Cycle(
        points=pl.DataFrame(points, schema=POINTS),
        last=pl.DataFrame([] if last is None else [{**LAST, **last}], schema=BEFORE),
        year=pl.DataFrame([] if year is None else [{**LAST, **year}], schema=BEFORE),
        bills=pl.DataFrame([{**current, **(bill or {})}], schema=BILLS),
        missing=pl.DataFrame(missing or [], schema=MISSING),
        peers=pl.DataFrame(around or [], schema=PEERS),
    )
    found = marked(cycle, parse_register({"tests": tests}), pl.DataFrame(seen or [], schema=CLEARED))
    return found.to_dicts()


def said(mark: dict[str, Any]) -> str:
    return sentence(mark, json.loads(mark["details"]), str, lambda kind, value, unit: f"{value}{unit and ' ' + unit}")


AMOUNT = {"effect": "show", "up": "2", "down": "0.5", "least": "40.00"}


def test_twice_as_much_and_forty_dollars_more_stands_out() -> None:
    [found] = marks({"cents": 9_000}, last={}, amount=AMOUNT)
    assert (found["figure"], found["compared"], found["cents"], found["against"]) == (9_000, 3_500, 5_500, "last")
    assert said(found).startswith("water: 9000 for 30 days. The last bill was 3500 for 30 days")


@pytest.mark.parametrize("cents", [7_000, 7_400, 3_500, 1_000])
def test_a_factor_without_the_dollars_or_dollars_without_the_factor_do_not(cents: int) -> None:
    """Twice, to the cent, is not more than twice; three times less is only $25."""
    assert marks({"cents": cents}, last={}, amount=AMOUNT) == []


def test_a_summer_like_last_summer_is_no_outlier() -> None:
    assert marks({"cents": 20_000}, last={}, year={"cents": 19_000}, amount=AMOUNT) == []
    [found] = marks({"cents": 20_000}, last={}, year={"cents": 4_000}, amount=AMOUNT)
    assert found["against"] == "last"


def test_sixty_days_may_cost_what_sixty_days_cost() -> None:
    assert marks({"cents": 14_000, "days": 60}, last={"cents": 7_000}, amount=AMOUNT) == []


def test_usage_needs_the_least_of_its_service() -> None:
    usage = {"effect": "show", "up": "2", "down": "0.5", "least": {"water": "6"}}
    assert marks({"usage": 12_000_000}, last={"usage": 5_000_000}, usage={**usage, "least": {"water": "8"}}) == []
    [found] = marks({"usage": 14_000_000, "cents": 7_000}, last={"usage": 5_000_000}, usage=usage)
    assert (found["figure"], found["compared"], found["unit"]) == (14_000_000, 5_000_000, "ccf")
    assert found["cents"] == 4_500, "nine of fourteen ccf, of $70"
    assert marks({"usage": 14_000_000}, last={"usage": 5_000_000}, usage={**usage, "least": {"sewer": "1"}}) == []


def test_short_and_long_periods() -> None:
    days = {"effect": "show", "shortest": 27, "longest": 34}
    assert [one["against"] for one in marks({"days": 26}, days=days)] == ["short"]
    assert [one["against"] for one in marks({"days": 35}, days=days)] == ["long"]
    assert marks({"days": 27}, days=days) == marks({"days": 34}, days=days) == []


def test_nothing_where_something_was() -> None:
    [idle] = marks({"usage": 0, "cents": 2_094}, last={}, zero_usage={"effect": "show"})
    assert (idle["compared"], idle["cents"]) == (7_000_000, 1_406)
    [free] = marks({"cents": 0}, last={}, zero_bill={"effect": "show"})
    assert (free["figure"], free["compared"], free["service_point"]) == (0, 3_500, None)
    [below] = marks({"cents": -10}, last={}, negative={"effect": "hold"})
    assert (below["effect"], below["cents"]) == ("hold", 10)
    assert marks({"cents": -10, "exports": True}, negative={"effect": "hold"}) == [], "the sun may pay for a bill"


def test_what_every_register_shows() -> None:
    first = marks({"first": True}, first_bill={"effect": "show"}, amount=AMOUNT)
    assert [one["test"] for one in first] == ["first_bill"]
    [estimated] = marks({"estimated": True}, last={}, estimated={"effect": "show"})
    assert estimated["compared"] == 7_000_000
    credit = {"effect": "show", "least": "1.00"}
    assert marks(bill={"due": -99}, credit_balance=credit) == []
    assert marks(bill={"due": -100}, credit_balance=credit)[0]["cents"] == 100
    assert marks(bill={"settles": True, "due": 5}, level_pay_settle={"effect": "show"})[0]["test"] == "level_pay_settle"


CAP = {"effect": "hold", "caps": [
    {"commodity": "water", "classes": ["residential"], "sizes": ["5/8"], "most": "1200.00"},
    {"commodity": "water", "most": "400000.00"},
]}  # fmt: skip


def test_the_bill_that_was_nine_dollars() -> None:
    """$795,458 through a 5/8" meter is impossible, whatever was billed before; through a city's main it is not."""
    [found] = marks({"cents": 79_545_800}, cap=CAP)
    assert (found["effect"], found["compared"], found["cents"]) == ("hold", 120_000, 79_545_800)
    assert "5/8 (residential) no bill is above 120000" in said(found)
    assert marks({"cents": 30_000_000, "premise_class": "municipal", "meter_size": "8"}, cap=CAP) == []
    assert marks({"cents": 120_000}, cap=CAP) == [] and marks({"cents": 240_000, "days": 60}, cap=CAP) == []
    assert len(marks({"cents": 120_001}, cap=CAP)) == 1


def test_what_a_person_let_through_goes_out_up_to_what_was_seen() -> None:
    seen = {"account": 1, "service_point": 10, "test": "cap", "seen": 150_000}
    assert marks({"cents": 150_000}, cap=CAP, seen=[seen])[0]["effect"] == "cleared"
    assert marks({"cents": 150_001}, cap=CAP, seen=[seen])[0]["effect"] == "hold"
    assert marks({"cents": 150_000}, cap=CAP, seen=[{**seen, "service_point": 11}])[0]["effect"] == "hold"


def test_water_without_sewer() -> None:
    gone = {"account": 1, "service_point": 11, "commodity": "sewer", "why": "last", "cents": 4_410}
    [found] = marks(missing=[gone], missing_service={"effect": "show"})
    assert said(found) == "sewer is not on this bill (0); the last bill charged 4410 for it."


PEER = {"commodity": "water", "premise_class": "residential", "meter_size": "5/8", "median": 3_600, "points": 40}
PEERS_TEST = {"effect": "show", "low": "0.2", "high": "10", "least_points": 8, "days": 40}


def test_a_multiplier_wrong_by_ten_for_a_decade() -> None:
    """Its own history is as low as this bill, so only its peers show it; one empty month does not."""
    [found] = marks({"cents": 360}, last={"cents": 350}, year={"cents": 340}, around=[PEER], peers=PEERS_TEST)
    assert (found["against"], found["figure"], found["compared"], found["cents"]) == ("low", 360, 3_600, 3_240)
    assert marks({"cents": 360}, last={"cents": 3_500}, around=[PEER], peers=PEERS_TEST) == []
    assert marks({"cents": 360}, last={"cents": 350}, around=[{**PEER, "points": 7}], peers=PEERS_TEST) == []
    assert marks({"cents": 36_100}, last={"cents": 36_500}, around=[PEER], peers=PEERS_TEST)[0]["against"] == "high"


def test_dearest_first() -> None:
    found = marks({"cents": 9_000, "days": 26, "first": True, "estimated": True}, last={},
                  days={"effect": "show", "shortest": 27, "longest": 34}, amount=AMOUNT, estimated={"effect": "show"},
                  missing=[{"account": 1, "service_point": 11, "commodity": "sewer", "why": "last", "cents": 20_000}],
                  missing_service={"effect": "show"})  # fmt: skip
    assert [one["cents"] for one in found] == sorted((one["cents"] for one in found), reverse=True)
    assert found[0]["test"] == "missing_service"


@pytest.mark.parametrize(("tests", "says"), [
    ({"amounts": {}}, "tests.amounts: expected one of"),
    ({"zero_bill": {"effect": "block"}}, "tests.zero_bill.effect: found 'block', expected show or hold"),
    ({"amount": {**AMOUNT, "least": 40}}, "tests.amount.least: found 40, expected a number in quotes"),
    ({"amount": {**AMOUNT, "least": "40.001"}}, "tests.amount.least"),
    ({"credit_balance": {"effect": "hold", "least": "1.00"}}, "can only show"),
    ({"cap": {"effect": "hold", "caps": []}}, "tests.cap.caps: found [], expected a list"),
    ({"cap": {"effect": "hold", "caps": [{"commodity": "water", "size": "5/8", "most": "1.00"}]}}, "caps[0].size"),
])  # fmt: skip
def test_a_policy_that_cannot_be_read_says_where(tests: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongRegister) as refused:
        parse_register({"tests": tests})
    assert says in str(refused.value)


def test_totals_beside_last_cycle_and_last_year() -> None:
    def sums(*rows: tuple[str, int, int, int]) -> pl.DataFrame:
        made = [(commodity, "residential", commodity[:1], "ccf", *rest) for commodity, *rest in rows]
        return pl.DataFrame(made, schema=SUMS, orient="row")

    now, last, year = sums(("water", 10, 70, 3_005)), sums(("water", 9, 60, 2_000), ("sewer", 9, 0, 500)), sums()
    found = {row["commodity"]: row for row in compared(now, last, year, ("commodity",)).to_dicts()}
    water, sewer = found["water"], found["sewer"]
    assert (water["last_difference"], water["last_permille"], water["year_permille"]) == (1_005, 503, None)
    assert (sewer["cents"], sewer["points"], sewer["last_difference"], sewer["last_permille"]) == (0, 0, -500, -1_000)
    assert sum(row["cents"] for row in found.values()) == now["cents"].sum()
