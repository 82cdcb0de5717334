"""A policy that is no calendar is refused with every problem by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.engine.billing.calendar import rules_made as made

from meterbook.engine.billing.calendar import WrongCalendar, parse_rules


def problems(policy: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(WrongCalendar) as refused:
        parse_rules(policy)
    told: dict[str, str] = {}
    for path, found, expected in refused.value.problems:
        told[path] = f"{told.get(path, '')} found {found}, expected {expected}"
    return told


def test_alder_bend_s_is_read_whole() -> None:
    rules = parse_rules(made.document())
    assert [rule.kind for rule in rules.dates][:5] == ["read_opens", "read", "read_closes", "bill", "due"]
    assert rules.rule("shutoff").minimums[1].count == "business" and rules.effective == date(2024, 1, 1)
    with pytest.raises(KeyError):
        rules.rule("tea")


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        (lambda p: p.update(effective="soon"), "effective", "found 'soon', expected a date"),
        (lambda p: p.update(colour="red"), "colour", "found 'colour', expected one of policy"),
        (lambda p: p.update(billing={"every_months": 5}), "billing.every_months", "found 5, expected a part of a year"),
        (lambda p: p.update(billing=[]), "billing", "found [], expected a mapping"),
        (lambda p: p.update(business_days=["funday"]), "business_days[0]", "found 'funday', expected one of monday"),
        (lambda p: p.update(dates=None), "dates", "found [], expected a date due"),
        (lambda p: p.update(cycles=[{"cycle": "A"}, {"cycle": "A"}]), "cycles[1].cycle", "expected a cycle named once"),
        (lambda p: p["holidays"].update(not_kept=["Sunday"]), "holidays.not_kept[0]", "expected one of New Year's Day"),
        (lambda p: p["holidays"]["own"].append({}), "holidays.own[3]", "expected exactly one of month"),
        (lambda p: p["holidays"]["own"][0].update(month=2, day=30), "holidays.own[0].day", "found 30"),
        (lambda p: p["holidays"]["own"][0]["name"].pop("es"), "holidays.own[0].name.es", "found nothing"),
        (lambda p: made.entry(p, "due").update(days=900), "dates[4].days", "expected a whole number from -366 to 366"),
        (lambda p: made.entry(p, "due").update(days=True), "dates[4].days", "found True"),
        (lambda p: made.entry(p, "due").update(at_least=[]), "dates.due.at_least", "a minimum of days after the bill"),
        (lambda p: made.entry(p, "due").update({"from": "shutoff"}), "dates[4].from", "listed before it: cycle"),
        (lambda p: made.entry(p, "due").update(avoid=["blue"]), "dates[4].avoid[0]", "expected one of weekend"),
        (lambda p: made.entry(p, "due").update(move="up"), "dates[4].move", "expected one of later, earlier"),
        (lambda p: made.entry(p, "penalty")["at_least"][0].pop("citation"), "dates[6].at_least[0].citation", "words"),
        (lambda p: made.entry(p, "penalty")["at_least"][0].update(after="call"), "dates[6].at_least[0].after", "read"),
        (lambda p: p["dates"].append({"date": "bill", "from": "read"}), "dates", "each kind of date once"),
        (lambda p: made.entry(p, "read").update({"from": "bill", "days": -2}), "dates", "from the cycle"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(change: Any, path: str, expected: str) -> None:
    policy = made.document()
    change(policy)
    assert expected in problems(policy)[path]


def test_every_problem_is_told_at_once() -> None:
    assert len(problems(made.document() | {"effective": 1, "citation": "", "business_days": "all"})) == 3
