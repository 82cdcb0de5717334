"""Which deposits a line of the bank's may be: the same cents, near the same day, named by its number where it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from meterbook.records.banking.deposits import InTransit

#: Days a deposit may take to the bank, and a day it may be booked ahead of ours.
DAYS, AHEAD = 7, 1


@dataclass(frozen=True, slots=True)
class Line:
    """What matching looks at in a line of a statement."""

    id: int
    cents: int
    on: date
    words: str


def automatic(lines: Sequence[Line], waiting: Iterable[InTransit]) -> list[tuple[Line, list[InTransit]]]:
    """Lines and the deposits they certainly are; a doubt leaves both to a person.

    A line is the one deposit of its cents within `DAYS`; where there are several, the one whose number the line names.
    Else all deposits of one day and kind that together make its cents (two lockbox batches booked as one).
    """
    left = {each.key: each for each in waiting if each.cents}
    found = []
    for line in sorted(lines, key=lambda each: (each.on, each.id)):
        near = [each for each in left.values() if _near(line, each)]
        chosen = _one(line, [each for each in near if each.cents == line.cents], lines) or _together(line, near)
        if chosen:
            found.append((line, chosen))
            for each in chosen:
                del left[each.key]
    return found


def candidates(line: Line, waiting: Iterable[InTransit]) -> list[InTransit]:
    """Deposits a person may mean, the likeliest first: the same cents, then the nearest days."""
    return sorted(
        (each for each in waiting if (each.cents > 0) == (line.cents > 0)),
        key=lambda each: (each.cents != line.cents, abs((each.on - line.on).days), each.key),
    )


def _near(line: Line, each: InTransit) -> bool:
    return line.on - timedelta(days=DAYS) <= each.on <= line.on + timedelta(days=AHEAD)


def _one(line: Line, same: list[InTransit], lines: Sequence[Line]) -> list[InTransit]:
    named = [each for each in same if each.reference and each.reference in line.words]
    if len(named) == 1:
        return named
    rivals = [each for each in lines if each.cents == line.cents and each.id != line.id]
    if len(same) == 1 and not any(_near(rival, same[0]) for rival in rivals):
        return same
    # As many lines as deposits of the same cents: day by day, each the oldest that is left.
    if len(same) > 1 and len(same) == len(rivals) + 1:
        return [min(same, key=lambda each: (each.on, each.key))]
    return []


def _together(line: Line, near: list[InTransit]) -> list[InTransit]:
    groups: dict[tuple[date, str], list[InTransit]] = defaultdict(list)
    for each in near:
        groups[each.on, each.what].append(each)
    fitting = [group for group in groups.values() if len(group) > 1 and sum(one.cents for one in group) == line.cents]
    return fitting[0] if len(fitting) == 1 else []
