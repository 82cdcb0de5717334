"""How far back a correction reaches: each period's difference against the limit of its direction, class and cause."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from meterbook.engine.billing.corrections.policy import NET, OVER, UNDER, BackBilling, Limit


@dataclass(frozen=True, slots=True)
class Difference:
    """What correcting one period would change: cents above 0 are a charge, below 0 a refund.

    ``unit`` is what is netted where the policy takes one direction for all periods: an account's service point.
    """

    key: int
    unit: tuple[int, int]
    premise_class: str
    starts: date
    ends: date
    cents: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a period is corrected, by which limit; ``since`` is the first day within it, None without a limit."""

    inside: bool
    direction: str
    limit: Limit | None
    since: date | None


def months_before(day: date, months: int) -> date:
    """The same day of the month some months earlier, or the month's last day.

    >>> months_before(date(2026, 5, 31), 3), months_before(date(2026, 1, 15), 36)
    (datetime.date(2026, 2, 28), datetime.date(2023, 1, 15))
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def judged(
    differences: Iterable[Difference], rules: BackBilling, *, cause: str, discovered_on: date
) -> dict[int, Verdict]:
    """A verdict for each difference by its key.

    Where the policy nets, all periods of an account's service share the direction of their sum; a period that goes the
    other way is then judged by that direction too, so that nobody is charged old months and refused older refunds.
    """
    known = list(differences)
    sums: dict[tuple[int, int], int] = defaultdict(int)
    last_wrong: dict[tuple[int, int], date] = {}
    for each in known:
        sums[each.unit] += each.cents
        last_wrong[each.unit] = max(each.ends, last_wrong.get(each.unit, each.ends))
    found = {}
    for each in known:
        decides = sums[each.unit] if rules.direction == NET else each.cents
        direction = UNDER if decides > 0 else OVER
        limit = rules.limit_for(direction, each.premise_class, cause)
        since = _since(limit, discovered_on, last_wrong[each.unit])
        found[each.key] = _judged(each, direction, limit, since, rules)
    return found


def _since(limit: Limit | None, discovered_on: date, last_wrong: date) -> date | None:
    """The first day within a limit, or None without one; ``last_wrong`` is the end of the last wrong period."""
    if limit is None:
        return None
    days = [months_before(discovered_on, limit.months)] if limit.months is not None else []
    days += [months_before(last_wrong, limit.window)] if limit.window is not None else []
    return max(days, default=None)


def _judged(each: Difference, direction: str, limit: Limit | None, since: date | None, rules: BackBilling) -> Verdict:
    if since is None:
        return Verdict(True, direction, limit, None)
    inside = each.ends > since if rules.takes_straddling(direction) else each.starts >= since
    return Verdict(inside, direction, limit, since)
