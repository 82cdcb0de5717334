"""One period's dates from its rules: each counted from another, moved off closed days, pushed by minimums.

Dates only ever move later to keep a minimum. A date counted backward from the one that moves (a notice fifteen days
before the shutoff) stays where it was, so that the days between grow. The first round counts everything as the rules
say; each later round starts from what had to move, until nothing is broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from meterbook.engine.billing.calendar.days import Days
from meterbook.engine.billing.calendar.rules import CYCLE, EARLIER, DateRule, Minimum, Rules
from meterbook.engine.billing.calendar.words import AFTER, BEFORE, TITLE, days_said
from meterbook.engine.trace import N_, Step, Value

#: Moves tried before the rules are called impossible; a real ladder settles in fewer than ten.
_ROUNDS = 400
#: Days looked at for one that is not closed: longer than any holiday season.
_REACH = 60


class NoSuchDay(ValueError):
    """The rules cannot all be kept: they ask for a day that never comes. ``step`` says which date."""

    def __init__(self, kind: str, day: date) -> None:
        self.step = Step(
            N_("No day keeps the rules of {title} from {day} on."), {"title": Step(TITLE[kind]), "day": day}
        )
        super().__init__(f"no day keeps the rules of {kind} from {day} on")


@dataclass(frozen=True, slots=True)
class Kept:
    """A minimum and how many days it found: ``minimum.days`` or more, unless somebody set a date by hand."""

    minimum: Minimum
    days: int
    since: date


@dataclass(frozen=True, slots=True)
class Derived:
    """One date with its derivation: what it was counted from, why it moved, which minimums it keeps."""

    kind: str
    day: date
    steps: tuple[Step, ...]
    kept: tuple[Kept, ...]
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class _Floor:
    """The earliest day a date may have, and the sentence that says why; ``values`` lack the day moved from."""

    day: date
    message: str
    values: dict[str, Value]


@dataclass
class _Search:
    """What was found so far about one period."""

    rules: Rules
    days: Days
    anchor: date
    fixed: Mapping[str, date]
    floors: dict[str, _Floor] = field(default_factory=dict)
    holds: dict[str, date] = field(default_factory=dict)
    found: dict[str, date] = field(default_factory=dict)
    steps: dict[str, list[Step]] = field(default_factory=dict)

    def round(self) -> None:
        """Count every date anew from the floors and holds known by now."""
        self.found, self.steps = {}, {}
        for rule in evaluated(self.rules.dates):
            self.steps[rule.kind] = said = [self._counted(rule)]
            if rule.kind in self.fixed:
                self.found[rule.kind] = self.fixed[rule.kind]
                continue
            start = self.anchor if rule.start == CYCLE else self.found[rule.start]
            day = self.days.added(start, rule.days, rule.count)
            hold = self.holds.get(rule.kind)
            if hold is not None and day > hold:
                said.append(Step(N_("Stays on {day}, although what it is counted from moved later."), {"day": hold}))
                day = hold
            self.found[rule.kind] = self._opened(rule, self._raised(rule, day, said), said)

    def _counted(self, rule: DateRule) -> Step:
        if rule.start == CYCLE:
            values: dict[str, Value] = {
                "number": self.anchor.day,
                "day": self.anchor,
                "span": days_said(abs(rule.days), rule.count),
            }
            if not rule.days:
                return Step(N_("The cycle is read on day {number} of the month: {day}."), values)
            message = N_("{span} after the cycle's read day, {day}.") if rule.days > 0 else N_(
                "{span} before the cycle's read day, {day}.")  # fmt: skip
            return Step(message, values)
        other = self.found[rule.start]
        if not rule.days:
            return Step(N_("The same day as: {title}, {day}."), {"title": Step(TITLE[rule.start]), "day": other})
        where = AFTER if rule.days > 0 else BEFORE
        values = {"span": days_said(abs(rule.days), rule.count), "where": Step(where[rule.start]), "day": other}
        return Step(N_("{span} {where}, {day}."), values)

    def _raised(self, rule: DateRule, day: date, said: list[Step]) -> date:
        floor = self.floors.get(rule.kind)
        if floor is None or day >= floor.day:
            return day
        said.append(Step(floor.message, {**floor.values, "from_day": day}))
        return floor.day

    def _opened(self, rule: DateRule, day: date, said: list[Step]) -> date:
        """The nearest day that may be used, in the rule's direction, and never below its floor."""
        first, step = day, timedelta(days=-1 if rule.move == EARLIER else 1)
        floor = self.floors.get(rule.kind)
        closed: list[Step] = []
        for _ in range(_REACH):
            because = self.days.because(day, rule.avoid)
            if because is None:
                said += closed
                return day
            message = N_("Moved from {day}: {because}.") if day == first else N_("Not on {day}: {because}.")
            closed.append(Step(message, {"day": day, "because": because}))
            day += step
            if floor is not None and day < floor.day:
                day, step, closed = first, timedelta(days=1), []
        raise NoSuchDay(rule.kind, first)

    def mend(self) -> bool:
        """Raise the floor of the first date that comes too early; False when none does."""
        before = ""
        for rule in self.rules.dates:
            if rule.kind not in self.fixed:
                for floor, other in self._asked(rule, before):
                    if self.found[rule.kind] < floor.day:
                        self._raise(rule.kind, floor, other)
                        return True
            before = rule.kind
        return False

    def _asked(self, rule: DateRule, before: str) -> list[tuple[_Floor, str]]:
        """What a date has to wait for: its minimums, and the date before it in the order."""
        asked = []
        for minimum in rule.minimums:
            since = self.found[minimum.after]
            values: dict[str, Value] = {
                "span": days_said(minimum.days, minimum.count), "where": Step(AFTER[minimum.after]), "day": since,
                "citation": minimum.citation,
            }  # fmt: skip
            earliest = self.days.added(since, minimum.days, minimum.count)
            message = N_("Moved from {from_day}: at least {span} {where}, {day}. {citation}")
            asked.append((_Floor(earliest, message, values), minimum.after))
        if before:
            day = self.found[before]
            asked.append((_Floor(day, N_("Moved from {from_day}: not {where}, {day}."),
                                 {"where": Step(BEFORE[before]), "day": day}), before))  # fmt: skip
        return asked

    def _raise(self, kind: str, floor: _Floor, other: str) -> None:
        """Let a date move later; what is counted backward from it, and is waited for, stays."""
        self.floors[kind] = floor
        if kind in ancestors(self.rules, other) and other not in self.fixed:
            self.holds[other] = self.found[other]


def evaluated(dates: tuple[DateRule, ...]) -> list[DateRule]:
    """Rules in the order they can be worked out: each after the one it is counted from.

    Raises ``ValueError`` where dates are counted from each other in a circle.
    """
    known, left, ordered = {CYCLE}, list(dates), []
    while left:
        ready = [rule for rule in left if rule.start in known]
        if not ready:
            raise ValueError(f"counted from each other: {', '.join(rule.kind for rule in left)}")
        ordered += ready
        known |= {rule.kind for rule in ready}
        left = [rule for rule in left if rule.kind not in known]
    return ordered


def ancestors(rules: Rules, kind: str) -> set[str]:
    """What a date is counted from, and what that is counted from, up to the cycle's read day."""
    starts = {rule.kind: rule.start for rule in rules.dates}
    found: set[str] = set()
    while (kind := starts[kind]) != CYCLE:
        found.add(kind)
    return found


def derive(rules: Rules, days: Days, anchor: date, fixed: Mapping[str, date]) -> tuple[Derived, ...]:
    """A period's dates in the order of the rules; those in ``fixed`` are taken as they are, whatever they break.

    ``anchor`` is the cycle's read day in the period's month. Raises `NoSuchDay`.
    """
    search = _Search(rules, days, anchor, fixed)
    for _ in range(_ROUNDS):
        search.round()
        if not search.mend():
            return tuple(_derived(search, rule) for rule in rules.dates)
    raise NoSuchDay(rules.dates[-1].kind, search.found[rules.dates[-1].kind])


def _derived(search: _Search, rule: DateRule) -> Derived:
    day, found, days = search.found[rule.kind], search.found, search.days
    kept = tuple(Kept(each, days.between(found[each.after], day, each.count), found[each.after])
                 for each in rule.minimums)  # fmt: skip
    return Derived(rule.kind, day, tuple(search.steps[rule.kind]), kept, rule.kind in search.fixed)
