"""Faults of registers, as meters, readers and head-ends make them: each draw is a read other than the true one.

Nothing here looks at a rule or its settings. A draw that is not material is drawn again elsewhere, and counted.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from meterbook.demo.bench.vee.labels import Fault, Shown, effect_of, is_material, passes

Key = tuple[str, str]
#: How many of each are labelled. A swap is two faults, one at each meter.
QUOTAS = {
    "swapped": 120, "other_meter": 110, "transposed": 130, "misread_digit": 150, "extra_digit": 70,
    "missing_digit": 70, "multiplied": 50, "divided": 50, "other_unit": 40, "stopped": 120, "second_value": 90,
    "no_read": 90, "old_read": 40, "surge": 150, "squatter": 50, "used_though_locked": 40, "estimated_again": 40,
}  # fmt: skip
#: Thousandths a value is off by where units are mixed up: kgal for ccf and back, ccf for cubic metres; kWh and MJ.
_UNITS = {"water": ((748, 1_000), (1_000, 748), (2_832, 1_000)), "electricity": ((3_600, 1_000), (1_000, 3_600))}
_NEAR = 3


@dataclass
class Injected:
    """What the month's files say: ``told`` steps of a register (None: no read), a second value, an older day, an
    estimate; the labels; draws nobody could or need find."""

    told: dict[Key, int | None] = field(default_factory=dict)
    second: dict[Key, int] = field(default_factory=dict)
    old: dict[Key, int] = field(default_factory=dict)
    estimated: set[Key] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    touched: set[Key] = field(default_factory=set)
    read_twice: set[Key] = field(default_factory=set)
    immaterial: int = 0

    def label(self, one: Shown, kind: str, told: int) -> None:
        """Put a wrong value in the file, with its label."""
        self.told[one.key] = told
        effect = effect_of(one, told)
        far = effect == "soared" and not passes(one, told)
        self.faults.append(Fault(kind, one.key, effect, too_much=far, told=told))


@dataclass(frozen=True)
class Planned:
    """Registers whose history is part of the fault, chosen before the history is lived."""

    stopped: dict[Key, int]
    estimated: list[Key]
    squatters: list[Key]
    locked: list[Key]

    @property
    def keys(self) -> set[Key]:
        """All of them."""
        return {*self.stopped, *self.estimated, *self.squatters, *self.locked}


def plan(rows: dict[Key, Shown], *, seed: int) -> Planned:
    """Choose the registers that stop, are estimated, are used though nobody has an account, or though locked."""
    lots = random.Random(f"{seed}/plan")
    lived_in = [one for one in rows.values() if _lived_in(one) and is_material(one, one.before)]
    homes = [one for one in lived_in if one.kind == "house" and one.form == "plain" and not one.rolls]
    lots.shuffle(homes)
    plain = [one for one in lived_in if not one.rolls and one.form != "compound"]
    lots.shuffle(plain)
    sites: set[str] = set()
    at = iter(one for one in homes if one.serial[2:] not in sites)

    def some(count: int) -> list[Key]:
        found: list[Key] = []
        while len(found) < count:
            one = next(at)
            sites.add(one.serial[2:])
            found.append(one.key)
        return found

    squatters, locked = some(QUOTAS["squatter"]), some(QUOTAS["used_though_locked"])
    estimated = some(QUOTAS["estimated_again"])
    taken = {*squatters, *locked, *estimated}
    stopped = [one.key for one in plain if one.key not in taken and one.serial[2:] not in sites][: QUOTAS["stopped"]]
    return Planned({key: lots.randint(1, 4) for key in stopped}, estimated, squatters, locked)


def _lived_in(one: Shown) -> bool:
    return one.occupancy != "vacant" and one.channel in ("delivered", "high_flow") and one.used > 0


def inject(rows: dict[Key, Shown], planned: Planned, *, seed: int) -> Injected:
    """Put every register fault into the month's reads; ``rows`` are the true ones, in walking order."""
    lots = random.Random(f"{seed}/registers")
    into = Injected()
    _with_history(into, rows, planned, lots)
    into.touched |= planned.keys
    free = [one for one in rows.values() if _lived_in(one) and not one.rolls and one.key not in into.touched]
    order = {one.key: place for place, one in enumerate(free)}
    waiting = list(free)
    lots.shuffle(waiting)
    pool = iter(waiting)
    _swap(into, free, order, pool, lots)
    kinds = ["other_meter", "transposed", "misread_digit", "extra_digit", "missing_digit", "other_unit", "surge"]
    transformers = [one for one in waiting if one.multiplier > 1 and one.key not in into.touched]
    for kind in ("multiplied", "divided"):
        own = iter(transformers[: len(transformers) * 4 // 5][kind == "divided" :: 2])
        _fill(into, kind, QUOTAS[kind], _chained(own, pool), _factors(kind, lots))
    for kind in kinds:
        _fill(into, kind, QUOTAS[kind], pool, _ways(kind, into, free, order, lots))
    for kind in ("second_value", "no_read", "old_read"):
        _fill_absent(into, kind, pool, lots)
    return into


def _chained(*parts: Iterator[Shown]) -> Iterator[Shown]:
    for part in parts:
        yield from part


def _with_history(into: Injected, rows: dict[Key, Shown], planned: Planned, lots: random.Random) -> None:
    for key, periods in planned.stopped.items():
        into.told[key] = rows[key].before  # `before` is what it stands at by then: see `measure`
        into.faults.append(Fault("stopped_once" if periods == 1 else "stopped", key, "sank", told=rows[key].before))
    for key in planned.squatters:
        into.faults.append(Fault("squatter", key))
    for key in planned.locked:
        into.faults.append(Fault("used_though_locked", key))
    for number, key in enumerate(planned.estimated):
        into.faults.append(Fault("estimated_again", key))
        if number % 2:
            into.told[key] = None
        else:
            into.estimated.add(key)


def _swap(into: Injected, free: list[Shown], order: dict[Key, int], pool: Iterator[Shown], lots: random.Random) -> None:
    """Two meters a few doors apart, or in one box: each gets the other's read."""
    made = 0
    while made < QUOTAS["swapped"]:
        one = next(pool)
        at = order[one.key] + lots.choice([step for step in range(-_NEAR, _NEAR + 1) if step])
        other = free[at % len(free)]
        alike = (other.route, other.commodity, other.dials) == (one.route, one.commodity, one.dials)
        if not alike or {one.key, other.key} & into.touched or one.multiplier != other.multiplier:
            continue
        if not (is_material(one, other.now) and is_material(other, one.now)):
            into.immaterial += 1
            continue
        into.touched |= {one.key, other.key}
        into.label(one, "swapped", other.now)
        into.label(other, "swapped", one.now)
        made += 2


def _fill(into: Injected, kind: str, quota: int, pool: Iterator[Shown], way: Callable[[Shown], int | None]) -> None:
    """Draw until the quota of material faults of a kind is full."""
    made = 0
    while made < quota:
        one = next(pool)
        if one.key in into.touched | into.read_twice:
            continue
        told = way(one)
        if told is None:
            continue
        if told == one.now or not is_material(one, told):
            into.immaterial += 1
            continue
        into.touched.add(one.key)
        into.label(one, kind, told)
        made += 1


def _ways(
    kind: str, into: Injected, free: list[Shown], order: dict[Key, int], lots: random.Random
) -> Callable[[Shown], int | None]:
    def other_meter(one: Shown) -> int | None:
        at = order[one.key] + lots.choice([step for step in range(-8, 9) if step])
        other = free[at % len(free)]
        if (other.route, other.commodity) != (one.route, one.commodity) or other.key in into.touched:
            return None
        into.read_twice.add(other.key)  # its own read stays as it is
        return other.now

    def transposed(one: Shown) -> int:
        digits = list(_digits(one))
        at = lots.randrange(len(digits) - 1)
        digits[at], digits[at + 1] = digits[at + 1], digits[at]
        return int("".join(digits))

    def misread(one: Shown) -> int:
        digits = list(_digits(one))
        at = lots.randrange(len(digits))
        digits[at] = lots.choice([digit for digit in "0123456789" if digit != digits[at]])
        return int("".join(digits))

    def extra(one: Shown) -> int:
        digits = _digits(one)
        at = lots.randrange(len(digits))
        again = digits[at] if lots.random() < 0.5 else lots.choice("0123456789")  # a key held too long, or a slip
        return int(digits[:at] + again + digits[at:])

    def missing(one: Shown) -> int:
        digits = str(one.now)
        at = lots.randrange(len(digits))
        return int(digits[:at] + digits[at + 1 :] or "0")

    def other_unit(one: Shown) -> int:
        times, parts = lots.choice(_UNITS[one.commodity])
        return one.now * times // parts

    def surge(one: Shown) -> int | None:
        told = one.before + one.used * lots.randint(30, 80) // 10
        return told if told < one.limit and passes(one, told) else None

    return {
        "other_meter": other_meter, "transposed": transposed, "misread_digit": misread, "extra_digit": extra,
        "missing_digit": missing, "other_unit": other_unit, "surge": surge,
    }[kind]  # fmt: skip


def _factors(kind: str, lots: random.Random) -> Callable[[Shown], int | None]:
    """The head-end applied the multiplier itself, or put the decimal point elsewhere; or took it out."""

    def factored(one: Shown) -> int:
        factor = one.multiplier if one.multiplier > 1 else lots.choice([10, 10, 100])
        return one.now * factor if kind == "multiplied" else one.now // factor

    return factored


def _fill_absent(into: Injected, kind: str, pool: Iterator[Shown], lots: random.Random) -> None:
    """A second value for the day, no read, or today's read under a day before the last one."""
    made = 0
    while made < QUOTAS[kind]:
        one = next(pool)
        if one.key in into.touched | into.read_twice:
            continue
        if kind == "second_value":
            other = lots.choice([one.now + lots.randint(1, 90), _ways("misread_digit", into, [], {}, lots)(one) or 0])
            if other == one.now or other >= one.limit * 10:
                continue
            into.second[one.key] = other
        elif not is_material(one, one.before):
            into.immaterial += 1
            continue
        else:
            into.told[one.key] = None
        if kind == "old_read":
            into.old[one.key] = one.now  # the handheld's clock stood wrong: today's value on a day before the last read
        into.touched.add(one.key)
        into.faults.append(Fault(kind, one.key))
        made += 1


def _digits(one: Shown) -> str:
    """Everything the register shows, leading zeros included."""
    return str(one.now).zfill(one.dials + one.decimals)
