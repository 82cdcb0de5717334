"""Plans of instalments: to the cent, kept or missed, and who may have one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from meterbook.engine.billing.adjusting.fields import WrongSetting
from meterbook.engine.collections.arrangements.eligible import Record, against_extension, against_plan, second_person
from meterbook.engine.collections.arrangements.rules import EXAMPLE, parse_arrangements
from meterbook.engine.collections.arrangements.schedule import Part, WrongParts, schedule
from meterbook.engine.collections.arrangements.standing import Paid, stands

TODAY = date(2026, 9, 8)
RULES = parse_arrangements(EXAMPLE)


@given(
    cents=some.integers(1, 10**9), share=some.integers(0, 99), count=some.integers(1, 53),
    first=some.dates(date(2020, 1, 1), date(2040, 1, 1)), every=some.sampled_from(["month", "two_weeks", "week"]),
)  # fmt: skip
def test_parts_make_the_amount_and_differ_by_a_cent(
    cents: int, share: int, count: int, first: date, every: str
) -> None:  # fmt: skip
    down = cents * share // 100
    if cents - down < count:
        with pytest.raises(WrongParts):
            schedule(cents=cents, down=down, down_due=first, count=count, first_due=first, every=every)
        return
    parts = schedule(cents=cents, down=down, down_due=first, count=count, first_due=first, every=every)
    ordinary = [part.cents for part in parts if part.number]
    assert sum(part.cents for part in parts) == cents and len(ordinary) == count
    assert max(ordinary) - min(ordinary) <= 1
    days = [part.due_on for part in parts if part.number]
    assert days == sorted(set(days))


@given(some.lists(some.tuples(some.integers(0, 100), some.integers(-5_000, 9_000)), max_size=8), some.integers(0, 120))
def test_what_is_paid_and_open_is_the_plan(payments: list[tuple[int, int]], after: int) -> None:
    plan = [Part(number, TODAY + timedelta(days=30 * number), 3_000) for number in range(1, 4)]
    day = TODAY + timedelta(days=after)
    found = stands(plan, [Paid(TODAY + timedelta(days=on), cents) for on, cents in payments], day, grace_days=5)
    assert found.paid_cents + found.open_cents == 9_000
    assert sum(each.paid_cents for each in found.parts) == max(min(found.paid_cents, 9_000), 0)
    assert (found.behind_cents > 0) == (found.state == "behind") == (found.missed > 0)


def test_money_that_comes_back_makes_a_part_missed_again() -> None:
    plan = [Part(1, TODAY, 5_000)]
    paid = [Paid(TODAY, 5_000), Paid(TODAY + timedelta(days=20), -5_000)]
    assert stands(plan, paid, TODAY + timedelta(days=10), grace_days=5).state == "paid"
    assert stands(plan, paid, TODAY + timedelta(days=21), grace_days=5).missed == 1


def test_more_time_has_its_limits() -> None:
    def against(record: Record = Record(), *, days: int = 14, cents: int = 5_000, role: str = "csr") -> list[str]:
        until = TODAY + timedelta(days=days)
        found = against_extension(
            RULES.extension, record, open_cents=cents, until=until, day=TODAY, roles={role}
        )  # fmt: skip
        return [step.message for step in found]

    assert against() == []
    assert "not later than" in against(days=15)[0] and against(days=30, role="supervisor") == []
    assert "could wait" in against(cents=0)[0]
    assert "already" in against(Record(extended_until=TODAY))[0]
    assert "broken" in against(Record(extensions_broken=(date(2026, 5, 1),)))[0]
    assert against(Record(extensions_broken=(date(2026, 2, 1),))) == []
    assert "that is the most" in against(Record(extensions=(date(2026, 1, 1),) * 3))[0]


def test_a_plan_has_its_limits_and_its_second_person() -> None:
    def judged(
        *, cents: int = 20_000, down: int = 4_000, count: int = 6, record: Record = Record()
    ) -> tuple[int, int]:  # fmt: skip
        first = date(2026, 10, 8)
        parts = schedule(cents=cents, down=down, down_due=TODAY, count=count, first_due=first, every="month")
        rules = RULES.arrangement
        no = against_plan(rules, record, cents=cents, down=down, parts=parts, every="month", day=TODAY)
        yes = second_person(
            rules, record, cents=cents, down=down, asked_down=cents // 5, parts=parts, day=TODAY, roles={"csr"}
        )  # fmt: skip
        return len(no), len(yes)

    assert judged() == (0, 0)
    assert judged(cents=4_999, down=1_000) == (1, 0)
    assert judged(count=12) == (0, 1) and judged(count=13) == (1, 1)
    assert judged(cents=60_000, down=12_000) == (0, 1) and judged(down=0) == (0, 1)
    assert judged(record=Record(plan_stands=True)) == (1, 0)
    assert judged(record=Record(plans_broken=(date(2026, 1, 2),))) == (0, 1)
    assert judged(record=Record(plans_broken=(date(2025, 1, 2),))) == (0, 0)


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [("extension", "days", {"csr": -1}), ("arrangement", "every", ["year"]), ("arrangement", "least", 50),
     ("arrangement", "down", {"percent": "120", "within_days": 3, "waived_for": []})],
)  # fmt: skip
def test_a_wrong_policy_is_refused_where_it_is_wrong(part: str, key: str, value: object) -> None:
    with pytest.raises(WrongSetting, match=f"{part}.{key}"):
        parse_arrangements(EXAMPLE | {part: EXAMPLE[part] | {key: value}})
