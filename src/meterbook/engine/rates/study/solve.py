"""Prices that raise what is wanted: every step is priced exactly, nothing is guessed in proportion.

The movable numbers follow one unknown, a percent or an amount, each rounded half-up to its own step. Revenue then is
a staircase in that unknown; the two steps on either side of what is wanted are found between prices that were really
charged, and the nearer one that keeps every limit is the answer.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from meterbook.engine.rates.drafts.edits import edit_numbers, numbers
from meterbook.engine.rates.study.keeping import DOUBLINGS, FINENESS, FIRST, Point, Priced, nearest_kept
from meterbook.engine.rates.study.limits import limits, refuse_unknown
from meterbook.engine.rates.study.prepared import Study
from meterbook.engine.rates.study.report import Impact
from meterbook.engine.rates.study.wish import CannotSolve, Edit, Movable, Solution, Wish
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.engine.rates.terms import PRICE_LIMIT
from meterbook.engine.trace import N_, Step

_ZERO = Decimal(0)
_WHOLE = Decimal(100)


class _Search:
    """The staircase of one wish: where the unknown leads, and what it raises."""

    def __init__(self, study: Study, text: str, wish: Wish, *, file: str, version: str | None) -> None:
        self.study, self.text, self.wish, self.file, self.version = study, text, wish, file, version
        written = numbers(text, file=file)
        for movable in wish.movables:
            if movable.path not in written or movable.step <= 0:
                raise CannotSolve(Step(N_("{path} is no number of the draft that could move."), {"path": movable.path}))
            if movable.lowest is not None and movable.highest is not None and movable.lowest > movable.highest:
                raise CannotSolve(Step(N_("The lowest value of {path} is above its highest."), {"path": movable.path}))
        if not wish.movables:
            raise CannotSolve(Step(N_("Nothing may move.")))
        self.start: Point = tuple(written[movable.path] for movable in wish.movables)
        self.priced: dict[Point, Priced] = {}
        self.tried: set[int] = set()
        self.wanted = 0

    def point(self, unknown: int) -> Point:
        """The values of the movables at an unknown, each on its step and within its bounds."""
        return tuple(
            _moved(movable, start, Fraction(unknown, FINENESS), by=self.wish.by)
            for movable, start in zip(self.wish.movables, self.start, strict=True)
        )

    def at(self, unknown: int) -> Priced:
        """The prices at an unknown, charged; each choice of prices only once. Raises `TariffError`."""
        priced = self.charge(self.point(unknown))
        self.tried.add(unknown)
        return priced

    def charge(self, point: Point) -> Priced:
        """Charge these prices."""
        if point not in self.priced:
            edits = {movable.path: value for movable, value in zip(self.wish.movables, point, strict=True)}
            changed = {
                path: value for (path, value), was in zip(edits.items(), self.start, strict=True) if value != was
            }
            text = edit_numbers(self.text, changed, file=self.file)
            impact = self.study.impact(parse_tariff(text, file=self.file), version=self.version)
            reached = counted(impact, self.wish, new=True)
            room = limits(impact, self.wish, numbers(text, file=self.file))
            self.priced[point] = Priced(point, text, impact, reached, room)
        return self.priced[point]

    def bracket(self) -> tuple[int, int]:
        """Unknowns on either side of what is wanted, or as far as the bounds go; they may be the same."""
        best: tuple[int, int] | None = None
        for sign in (1, -1):
            last, step = 0, FIRST
            for _ in range(DOUBLINGS):
                ahead = last + sign * step
                if self.point(ahead) == self.point(last):
                    if self.point(ahead) == self.point(last + sign * step * FINENESS):
                        break  # every movable stands at its bound
                elif self._crosses(last, ahead):
                    return last, ahead
                elif self._further(last, ahead):
                    break
                last, step = ahead, step * 2
            if best is None or self._distance(last) < self._distance(best[0]):
                best = (last, last)
        assert best is not None
        return best

    def _distance(self, unknown: int) -> int:
        return abs(self.at(unknown).reached - self.wanted)

    def _crosses(self, one: int, other: int) -> bool:
        low, high = sorted((self.at(one).reached, self.at(other).reached))
        return low <= self.wanted <= high

    def _further(self, one: int, other: int) -> bool:
        return self._distance(other) > self._distance(one)

    def narrow(self, one: int, other: int) -> tuple[int, int]:
        """Unknowns of the two neighbouring steps on either side of what is wanted, the lower revenue first."""
        low, high = sorted((one, other), key=lambda unknown: self.at(unknown).reached)
        turn = 0
        while abs(high - low) > 1 and not self.beside(low, high):
            middle = self._between(low, high, halved=turn % 3 == 2)
            turn += 1
            if self.point(middle) == self.point(low):
                low = middle
            elif self.point(middle) == self.point(high):
                high = middle
            elif self.at(middle).reached <= self.wanted:
                low = middle
            else:
                high = middle
        return low, high

    def _between(self, low: int, high: int, *, halved: bool) -> int:
        """An unknown strictly between two: where a straight line would meet what is wanted, or the middle."""
        under, over = self.at(low).reached, self.at(high).reached
        if halved or over == under:
            return (low + high) // 2 if abs(high - low) > 1 else low
        guess = low + (high - low) * (self.wanted - under) // (over - under)
        inside = sorted((low, high))
        return min(max(guess, inside[0] + 1), inside[1] - 1)

    def beside(self, one: int, other: int) -> bool:
        """Whether at most one number differs between two unknowns, by one step of its own."""
        pairs = zip(self.point(one), self.point(other), self.wish.movables, strict=True)
        return sum(abs(low - high) / movable.step for low, high, movable in pairs) <= 1


def _moved(movable: Movable, start: Decimal, unknown: Fraction, *, by: str) -> Decimal:
    """One number moved, on its step, within its bounds; without bounds it keeps its sign."""
    exact = Fraction(start) * (1 + unknown) if by == "percent" and start else Fraction(start) + unknown
    steps = exact / Fraction(movable.step)
    whole = (abs(steps.numerator) * 2 + steps.denominator) // (steps.denominator * 2)
    value = movable.step * (whole if steps >= 0 else -whole)
    lowest = movable.lowest if movable.lowest is not None else (_ZERO if start >= 0 else -PRICE_LIMIT)
    top = _WHOLE if movable.path.endswith("percent") else PRICE_LIMIT
    highest = movable.highest if movable.highest is not None else (top if start >= 0 else _ZERO)
    return min(max(value, lowest), highest)


def counted(impact: Impact, wish: Wish, *, new: bool) -> int:
    """The revenue that counts, in cents: what the wish's components charge its classes."""
    total = 0
    for one in impact.classes:
        if wish.classes and one.name not in wish.classes:
            continue
        for component in one.components:
            if not wish.components or component.component in wish.components:
                total += component.revenue.new if new else component.revenue.old
    return total


def _target(wish: Wish, today: int) -> int:
    """The counted revenue wanted, in cents."""
    given = [wish.more_cents is not None, wish.more_percent is not None, wish.total_cents is not None]
    if sum(given) != 1:
        raise CannotSolve(Step(N_("Say one thing: how much more, how many percent more, or how much in all.")))
    if wish.total_cents is not None:
        return wish.total_cents
    if wish.more_cents is not None:
        return today + wish.more_cents
    more = today * (wish.more_percent or _ZERO) / 100
    return today + int(more.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def solve(study: Study, text: str, wish: Wish, *, file: str, version: str | None = None) -> Solution:
    """The numbers of the draft ``text`` that raise what ``wish`` asks, as near as its steps and limits allow.

    ``version`` is the draft's version that is priced (the last, unless named); the movables should lie in it. Raises
    `CannotSolve` if the wish contradicts itself, names what is not there, or moves what raises nothing, and
    `TariffError` if the document is refused.
    """
    search = _Search(study, text, wish, file=file, version=version)
    first = search.at(0)
    refuse_unknown(
        wish,
        classes=[name for name, *_ in study.bills.ranges],
        components=[one.component for one in first.impact.components],
        numbers=numbers(text, file=file),
    )
    search.wanted = _target(wish, counted(first.impact, wish, new=False))
    one, other = search.bracket()
    if first.reached != search.wanted and len({priced.reached for priced in search.priced.values()}) == 1:
        raise CannotSolve(Step(N_("What may move raises nothing from these customers.")))
    return _answer(search, *search.narrow(one, other))


def _answer(search: _Search, under: int, over: int) -> Solution:
    """The nearer of two steps that keeps the limits; failing both, the nearest one that does."""
    low, high = search.at(under), search.at(over)
    aim = min((under, over), key=lambda unknown: abs(search.at(unknown).reached - search.wanted))
    chosen = next((priced for priced in (search.at(aim), low, high) if not priced.broken), None)
    binding = {limit.key: limit for limit in search.at(aim).broken}
    if chosen is None:
        kept, further = nearest_kept(search, aim, tuple(search.tried))
        chosen = search.at(kept)
        binding = {limit.key: binding.get(limit.key, limit) for limit in further} | binding
    said = tuple(limit.words for limit in binding.values())
    if low.point == high.point and chosen.reached != search.wanted and not said:
        said = (Step(N_("Every number that may move stands at its bound.")),)
    wish = search.wish
    edits = tuple(
        Edit(movable.path, was, value)
        for movable, was, value in zip(wish.movables, search.start, chosen.point, strict=True)
        if value != was
    )
    return Solution(
        edits=edits,
        text=chosen.text,
        impact=chosen.impact,
        wanted=search.wanted,
        reached=chosen.reached,
        below=low.reached if low.reached <= search.wanted else None,
        above=high.reached if high.reached >= search.wanted else None,
        limited_by=said,
        pricings=len(search.priced),
    )
