"""When the queue is cleared at this pace, and the policy that says what pace counts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from meterbook.records.metering.queue.forecast import business_days, forecast
from meterbook.records.metering.queue.settings import WrongQueuePolicy, is_business_day, parse

TODAY = date(2026, 11, 25)


def said(open_items: int, decided: list[int], raised: list[int]) -> date | None:
    return forecast(
        open_items=open_items, decided=decided, raised=raised, today=TODAY, works=is_business_day
    ).cleared_on


def test_thanksgiving_and_the_weekend_are_no_pace() -> None:
    assert said(8, [5, 3], [0, 0]) == date(2026, 11, 30)
    assert business_days(date(2026, 11, 27), 2, is_business_day) == [TODAY, date(2026, 11, 27)]


def test_a_queue_that_does_not_shrink_is_never_cleared() -> None:
    assert said(8, [4, 4], [5, 3]) is None
    assert said(8, [], []) is None
    assert said(0, [0], [3]) == TODAY
    assert said(1000, [1] * 10, [0] * 10) is None


def test_pace_is_exact() -> None:
    found = forecast(open_items=7, decided=[1, 0, 0], raised=[0, 0, 0], today=TODAY, works=is_business_day)
    assert found.pace == Fraction(1, 3) and found.cleared_on is not None


@pytest.mark.parametrize(
    "document",
    [{"approval_above": 12.5}, {"approval_above": "a lot"}, {"field_days": {"dig": 1}}, {"pace_days": 0},
     {"field_days": {"re_read": "soon"}}],
)  # fmt: skip
def test_a_policy_that_cannot_be_read_names_its_key(document: dict[str, object]) -> None:
    with pytest.raises(WrongQueuePolicy, match=next(iter(document))):
        parse(document)
