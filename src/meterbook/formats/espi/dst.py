"""ESPI's rule for summer time: when it begins or ends each year, in 32 bits written as eight hexadecimal digits.

From the highest bit: month (4), operator (3), day of month (5), day of week (3, Monday 1 to Sunday 7), hour (5),
seconds of the hour (12). All ones: no summer time.

>>> decode("360E2000")
DstRule(month=3, operator=3, day=0, weekday=7, hour=2, seconds=0)
>>> encode(decode("B40E2000")), decode("00000000")
('B40E2000', None)
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

NONE = "FFFFFFFF"
_RULE = re.compile(r"[0-9A-Fa-f]{8}", re.ASCII)
_LAST = 7


@dataclass(frozen=True, slots=True)
class DstRule:
    """`operator`: 0 the day of month, 1 the weekday on or after it, 2 to 6 its first to fifth, 7 its last one."""

    month: int
    operator: int
    day: int
    weekday: int
    hour: int
    seconds: int


def decode(text: str) -> DstRule | None:
    """What a rule says; None when it is none (eight hexadecimal digits of a possible month, day and time)."""
    if not _RULE.fullmatch(text):
        return None
    bits = int(text, 16)
    rule = DstRule(
        bits >> 28, bits >> 25 & 0b111, bits >> 20 & 0b11111, bits >> 17 & 0b111, bits >> 12 & 0b11111, bits & 0xFFF
    )
    fits = 1 <= rule.month <= 12 and rule.hour <= 24 and rule.seconds < 3600
    placed = rule.day >= 1 if rule.operator == 0 else rule.weekday >= 1
    return rule if fits and placed else None


def encode(rule: DstRule | None) -> str:
    """The eight digits of a rule."""
    if rule is None:
        return NONE
    bits = rule.month << 28 | rule.operator << 25 | rule.day << 20 | rule.weekday << 17 | rule.hour << 12 | rule.seconds
    return f"{bits:08X}"


def rules_of(timezone: str, year: int) -> tuple[int, int, str, str]:
    """Standard offset and summer time's extra in seconds, and the rules of begin and end, as they are in `year`.

    >>> rules_of("America/Los_Angeles", 2026)
    (-28800, 3600, '360E2000', 'B40E2000')
    >>> rules_of("America/Phoenix", 2026)
    (-25200, 0, 'FFFFFFFF', 'FFFFFFFF')
    """
    zone = ZoneInfo(timezone)
    hour = dt.timedelta(hours=1)
    moment = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    offsets = [(moment + hour * at).astimezone(zone).utcoffset() or dt.timedelta() for at in range(366 * 24)]
    standard, summer = min(offsets), max(offsets)
    rules: dict[bool, DstRule] = {}
    for at in range(1, len(offsets)):
        if offsets[at] != offsets[at - 1]:
            before = (moment + hour * at + offsets[at - 1]).replace(tzinfo=None)
            rules[offsets[at] > offsets[at - 1]] = _rule_of(before)
    whole = int(standard.total_seconds())
    return whole, int((summer - standard).total_seconds()), encode(rules.get(True)), encode(rules.get(False))


def _rule_of(moment: dt.datetime) -> DstRule:
    """The yearly rule of a change at that local time: the n-th such weekday of the month, or its last."""
    number = (moment.day - 1) // 7
    last = (moment + dt.timedelta(days=7)).month != moment.month
    operator = _LAST if last and number >= 3 else 2 + number
    return DstRule(moment.month, operator, 0, moment.isoweekday(), moment.hour, moment.minute * 60)
