"""Calendars for the tests: Alder Bend's own, and any a generator can think of."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from meterbook.engine.billing.calendar import KINDS
from meterbook.engine.billing.calendar.rules import (
    BUSINESS,
    CALENDAR,
    CLOSED,
    CYCLE,
    EARLIER,
    LATER,
    WEEKDAYS,
    Cadence,
    DateRule,
    Minimum,
    Rules,
)

POLICY = Path(__file__).resolve().parents[4] / "policies" / "alder-bend" / "billing-calendar.yaml"


def document() -> dict[str, Any]:
    """Alder Bend's policy, to change."""
    return deepcopy(yaml.safe_load(POLICY.read_text(encoding="utf-8")))


def entry(policy: dict[str, Any], kind: str) -> dict[str, Any]:
    """The rule of one kind of date, to change."""
    return next(each for each in policy["dates"] if each["date"] == kind)


def _minimums(earlier: list[str]) -> st.SearchStrategy[tuple[Minimum, ...]]:
    if not earlier:
        return st.just(())
    one = st.builds(Minimum, days=st.integers(0, 45), count=st.sampled_from([CALENDAR, BUSINESS]),
                    after=st.sampled_from(earlier), citation=st.just("Code 1"))  # fmt: skip
    return st.lists(one, max_size=3).map(tuple)


_AVOIDED = st.lists(st.sampled_from([*CLOSED, *WEEKDAYS[2:]]), unique=True, max_size=4).map(tuple)


@st.composite
def ladders(draw: st.DrawFn) -> Rules:
    """Rules of any shape the policy can say: forward, backward, business days, closed days, minimums."""
    rules: list[DateRule] = []
    backward = draw(st.lists(st.sampled_from(KINDS[8:11]), unique=True, max_size=3))
    for at, kind in enumerate(KINDS):
        earlier, rule_move = [each.kind for each in rules], draw(st.sampled_from([LATER, EARLIER]))
        if kind in backward:
            start, days = "shutoff", -draw(st.integers(1, 40))
        else:
            known = [each for each in earlier if each not in backward]
            start, days = draw(st.sampled_from(known[-3:] or [CYCLE])), draw(st.integers(0, 70)) if at else 0
        rules.append(DateRule(kind, start, days, draw(st.sampled_from([CALENDAR, BUSINESS])), draw(_AVOIDED), rule_move,
                              draw(_minimums(earlier))))  # fmt: skip
    week = draw(st.sets(st.integers(0, 4), min_size=2))
    cadence = Cadence(*draw(st.sampled_from([(1, 1), (2, 1), (2, 2), (3, 2)])))
    return Rules(date(1990, 1, 1), "any", tuple(rules), cadence, business_days=frozenset(week))
