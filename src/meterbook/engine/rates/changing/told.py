"""One bill's facts day by day, in Decimal: the stretches that changes cut it into, and what was used by when.

Written for `explain` from the rule itself, apart from the columns of ``stretches``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from meterbook.engine.rates.spans import Facts, Reads, Span, plain, say
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import SERVICE, STRETCHES_LIMIT, SUSPENDED, Change, OutOfRange
from meterbook.engine.trace import N_, Step, Value

_DAY = timedelta(days=1)
_MILLIONTH = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Served days ``starts`` to ``ends`` (out) on which the same facts hold.

    ``opens`` to ``closes`` are the bill's served days laid end to end, so that this stretch keeps its dates.
    ``facts`` are those of its days where they differ from the bill's last; ``reads`` stand on the same laid-out days.
    """

    number: int
    starts: date
    ends: date
    opens: date
    closes: date
    facts: Facts
    reads: Reads


def stretches(tariff: Tariff, starts: date, ends: date, facts: Facts, changes: Sequence[Change]) -> list[Stretch]:
    """The bill's served stretches, in order; raise `OutOfRange` where there is no service or no end of changes."""
    kinds = {each.name: each.kind for each in tariff.required_determinants()}
    inside = sorted((one for one in changes if starts < one.before <= ends), key=lambda one: one.before)
    told = [one for one in inside if kinds.get(one.name) not in (None, "usage") or one.name == SERVICE]
    read = [one for one in inside if kinds.get(one.name) == "usage" and isinstance(one.value, Decimal)]
    runs: list[tuple[date, date, dict[str, Decimal | str | None]]] = []
    cuts = sorted({starts, ends, *(one.before for one in told)})
    for first, after in pairwise(cuts):
        here = _on(first, told)
        if here.pop(SERVICE, None) == SUSPENDED:
            continue
        if runs and runs[-1][1] == first and _same(runs[-1][2], here, facts):
            runs[-1] = (runs[-1][0], after, runs[-1][2])
        else:
            runs.append((first, after, here))
    if not runs:
        raise OutOfRange(schedule=tariff.schedule, what="service is suspended on every day")
    if len(runs) > STRETCHES_LIMIT:
        raise OutOfRange(schedule=tariff.schedule, what=f"facts change more than {STRETCHES_LIMIT} times")
    served = sum((after - first).days for first, after, _ in runs)
    used = _used(read, [(first, after) for first, after, _ in runs], served)
    found, passed = [], 0
    for number, (first, after, here) in enumerate(runs):
        opens = first - passed * _DAY
        reads = {name: tuple((opens + at * _DAY, value, on) for at, value, on in known) for name, known in used.items()}
        found.append(Stretch(number, first, after, opens, opens + served * _DAY, here, reads))
        passed += (after - first).days
    return found


def _on(day: date, told: Sequence[Change]) -> dict[str, Decimal | str | None]:
    """What differed from the bill's last day on this one: of each fact, the next change tells what was before it."""
    found: dict[str, Decimal | str | None] = {}
    for one in told:
        if one.before > day:
            found.setdefault(one.name, one.value)
    return found


def _same(before: Facts, here: Facts, facts: Facts) -> bool:
    return all(
        (before[name] if name in before else facts.get(name)) == (here[name] if name in here else facts.get(name))
        for name in {*before, *here}
    )


def _used(
    read: Sequence[Change], runs: Sequence[tuple[date, date]], served: int
) -> dict[str, list[tuple[int, Decimal, date]]]:
    """What was used after so many served days; the least where suspended days lie between two reads."""
    found: dict[str, dict[int, tuple[int, Decimal, date]]] = {}
    for one in read:
        at = sum((min(max(one.before, first), after) - first).days for first, after in runs)
        if 0 < at < served and isinstance(one.value, Decimal):
            known, mine = found.setdefault(one.name, {}), (at, one.value, one.before)
            known[at] = min(known.get(at, mine), mine)
    return {name: sorted(known.values()) for name, known in found.items()}


def changes_of(listed: Iterable[Mapping[str, Any]] | None) -> tuple[Change, ...]:
    """The ``changes`` of a bill, from the entries of a frame or of sealed inputs, as `amounts` takes them."""
    return tuple(
        Change(
            before=day if isinstance(day := one["before"], date) else date.fromisoformat(day),
            name=one["name"],
            value=one["key"] if one["number"] is None else Decimal(one["number"]).scaleb(-6),
        )
        for one in listed or ()
    )


def with_usage(changes: Sequence[Change], name: str, was: Decimal, becomes: Decimal) -> tuple[Change, ...]:
    """The changes of a bill whose usage ``name`` is ``becomes`` instead of ``was``: it was used at the same pace.

    What had been used by a day keeps its share of the whole, to the millionth, half-up; of nothing there is no share.
    """
    kept = [one for one in changes if one.name != name or was]
    return tuple(
        replace(one, value=(one.value * becomes / was).quantize(_MILLIONTH, rounding=ROUND_HALF_UP))
        if one.name == name and isinstance(one.value, Decimal)
        else one
        for one in kept
    )


def story(tariff: Tariff, starts: date, ends: date, facts: Facts, changes: Sequence[Change]) -> list[Step]:
    """What changed inside the bill, and when, in words: one sentence for each day and fact."""
    kinds = {each.name: each.kind for each in tariff.required_determinants()}
    told = sorted((one for one in changes if starts < one.before <= ends), key=lambda one: (one.before, one.name))
    steps: list[Step] = []
    for one in told:
        after = _on(one.before, [each for each in told if each.name == one.name]).get(one.name, facts.get(one.name))
        if one.name == SERVICE:
            steps += _suspension(one, told, starts)
        elif kinds.get(one.name) in (None, "usage") or after == one.value:
            continue
        else:
            words = N_("{name} changed on {day}, from {before} to {after}; the days before and since are charged "
                       "apart, each at what held on them.")  # fmt: skip
            steps.append(say(words, name=one.name, day=one.before, before=_shown(one.value), after=_shown(after)))
    return steps


def _suspension(one: Change, told: Sequence[Change], starts: date) -> list[Step]:
    if one.value != SUSPENDED:
        return []
    earlier = [each.before for each in told if each.name == SERVICE and each.before < one.before]
    first, last = max([starts, *earlier]), one.before - _DAY
    return [
        say(N_("Service was suspended from {first} to {last}; these days are not charged."), first=first, last=last)
    ]


def read_steps(reads: Reads, name: str, span: Span, unit: str) -> list[Step]:
    """Which reads inside the bill split the usage at or beside the days of a span, in words."""
    known = reads.get(name, ())
    before = [one for one in known if one[0] <= span.starts][-1:]
    after = [one for one in known if one[0] >= span.ends][:1]
    inside = [one for one in known if span.starts < one[0] < span.ends]
    words = N_("Reads inside the bill tell that {used} {unit} ({name}) were used before {day}; usage is split there.")
    return [say(words, used=plain(used), unit=unit, name=name, day=day) for _, used, day in (*before, *inside, *after)]


def _shown(value: Decimal | str | None) -> Value:
    if value is None:
        return say(N_("nothing on record"))
    return plain(value) if isinstance(value, Decimal) else value
