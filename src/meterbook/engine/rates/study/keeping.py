"""The step nearest to a wanted one that keeps every limit, wherever along the way it lies.

Every limit gets easier in one direction of the unknown and harder in the other, so it is kept from some step on, or up
to one; the steps that keep them all lie between the last of the first kind and the first of the second. The draft as
it stands need not be among them: a limit that it breaks may be healed by what it is asked to raise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from meterbook.engine.rates.study.limits import Limit
from meterbook.engine.rates.study.report import Impact
from meterbook.engine.rates.study.wish import CannotSolve
from meterbook.engine.rates.tariff import TariffError
from meterbook.engine.trace import N_, Step

#: The unknown is a whole number of these: of the start value, or of a dollar. Finer than any step of a price.
FINENESS = 10**15
#: The first guess moves one percent, or this part of a dollar.
FIRST = FINENESS // 100
DOUBLINGS = 40
#: Where documents begin to be refused is closed in upon no further than this.
_NEAR = FIRST // 1000

#: Values of the movables, in order.
Point = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """One choice of prices, charged: what counts of it in cents, and how far it is from every limit."""

    point: Point
    text: str
    impact: Impact
    reached: int
    limits: tuple[Limit, ...]

    @property
    def broken(self) -> tuple[Limit, ...]:
        """The limits it breaks."""
        return tuple(limit for limit in self.limits if limit.room < 0)


class Path(Protocol):
    """The steps along one unknown."""

    def point(self, unknown: int) -> Point:
        """The values at an unknown."""

    def at(self, unknown: int) -> Priced:
        """The prices at an unknown, charged. Raises `TariffError`."""

    def beside(self, one: int, other: int) -> bool:
        """Whether no step lies between two unknowns."""


def nearest_kept(path: Path, aim: int, known: Collection[int]) -> tuple[int, tuple[Limit, ...]]:
    """The unknown nearest to ``aim``, which breaks limits, that keeps them all; and those it would break one further.

    ``known`` are unknowns that are charged already. Raises `CannotSolve` if no step keeps every limit.
    """
    whole = [unknown for unknown in known if not path.at(unknown).broken]
    kept = min(whole, key=lambda unknown: abs(unknown - aim)) if whole else _healed(path, aim, known)
    kept, lost = _closed(path, kept, aim, lambda priced: not priced.broken)
    return kept, path.at(lost).broken


def _healed(path: Path, aim: int, known: Collection[int]) -> int:
    """The first step from ``aim``, in the direction its broken limits need, that keeps them; it must keep all."""
    wrong = path.at(aim).broken
    sides = {_side(path, aim, limit, known) for limit in wrong}
    if len(sides) > 1 or 0 in sides:
        raise _impossible(wrong)
    keys = {limit.key for limit in wrong}

    def holds(priced: Priced) -> bool:
        return not any(limit.key in keys for limit in priced.broken)

    lost = aim
    for ahead in _outward(path, aim, sides.pop()):
        if holds(path.at(ahead)):
            kept, lost = _closed(path, ahead, lost, holds)
            if path.at(kept).broken:
                against = {limit.key: limit for limit in (*path.at(lost).broken, *path.at(kept).broken)}
                raise _impossible(tuple(against.values()))
            return kept
        lost = ahead
    raise _impossible(wrong)


def _side(path: Path, aim: int, limit: Limit, known: Collection[int]) -> int:
    """Where a broken limit has more room: 1 is up the unknown, -1 is down, 0 is nowhere."""

    def gained(unknown: int) -> Decimal:
        return next((one.room - limit.room for one in path.at(unknown).limits if one.key == limit.key), Decimal(0))

    def towards(unknown: int) -> int:
        return 1 if (gained(unknown) > 0) == (unknown > aim) else -1

    told = [unknown for unknown in known if unknown != aim and gained(unknown)]
    if told:
        return towards(max(told, key=gained))
    ahead = (unknown for side in (1, -1) for unknown in _outward(path, aim, side) if gained(unknown))
    return next((towards(unknown) for unknown in ahead), 0)


def _outward(path: Path, aim: int, side: int) -> Iterator[int]:
    """Unknowns further and further from ``aim``, until nothing moves any more or the prices can no longer be charged.

    Prices under which bills are refused that others price would be compared on fewer bills: they are no way out.
    """
    bills = path.at(aim).impact.bills

    def charged(unknown: int) -> bool:
        try:
            return path.at(unknown).impact.bills >= bills
        except TariffError:
            return False

    last, step, refused = aim, FIRST, False
    for _ in range(2 * DOUBLINGS):
        ahead = last + side * step
        moves = path.point(ahead) != path.point(last)
        if not moves and path.point(last + side * step * FINENESS) == path.point(last):
            return
        if moves and not charged(ahead):
            refused = True
        else:
            if moves:
                yield ahead
            last = ahead
        step = step // 2 if refused else step * 2
        if step < _NEAR:
            return


def _closed(path: Path, kept: int, lost: int, holds: Callable[[Priced], bool]) -> tuple[int, int]:
    """Two unknowns side by side, of which the first holds and the second does not, between two such."""
    while abs(lost - kept) > 1 and not path.beside(kept, lost):
        middle = (kept + lost) // 2
        point = path.point(middle)
        if point == path.point(kept) or (point != path.point(lost) and holds(path.at(middle))):
            kept = middle
        else:
            lost = middle
    return kept, lost


def _impossible(limits: tuple[Limit, ...]) -> CannotSolve:
    """What to say where limits cannot be kept, or not together."""
    return CannotSolve(Step(N_("No prices on the way keep every limit.")), *(limit.words for limit in limits))
