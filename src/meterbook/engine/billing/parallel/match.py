"""Lines side by side: theirs joined with the components of ours that they stand for, each joint a group of two sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from meterbook.engine.billing.parallel.sides import OurLine, TheirLine

if TYPE_CHECKING:
    from meterbook.engine.billing.parallel.causes import Cause


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that stand for each other: components of ours, labels of theirs, and what each side charges.

    ``price`` is theirs, where the group is one line of theirs that names one.
    """

    components: tuple[str, ...]
    theirs: tuple[str, ...]
    ours_cents: int
    theirs_cents: int
    price: Decimal | None = None

    @property
    def equal(self) -> bool:
        """Whether both sides charge the same."""
        return self.ours_cents == self.theirs_cents


@dataclass(frozen=True, slots=True)
class Compared:
    """A part compared: ``equal``, ``explained`` or ``unexplained``, with every group and what explains it."""

    outcome: str
    groups: tuple[Group, ...]
    causes: tuple[Cause, ...] = ()


def grouped(ours: Sequence[OurLine], theirs: Sequence[TheirLine]) -> tuple[Group, ...]:
    """Join the lines of both sides; the sums over all groups are the sums of both sides.

    A line of theirs stands for the components it names, or else for the component whose label it bears. Lines that
    say neither are one group, together with the components of ours nobody named: their sums are compared.

    >>> mine = [OurLine("base", ("Service charge",), 1000), OurLine("tier", ("Water",), 250)]
    >>> [group.equal for group in grouped(mine, [TheirLine(frozenset(), "service charge", None, 1000),
    ...     TheirLine(frozenset(), "W1", None, 250)])]
    [True, True]
    """
    labelled = {label.casefold().strip(): line.component for line in ours for label in line.labels}
    joined: list[tuple[set[str], list[TheirLine]]] = []
    unnamed: list[TheirLine] = []
    for line in theirs:
        named = set(line.components)
        if not named and line.label.casefold().strip() in labelled:
            named = {labelled[line.label.casefold().strip()]}
        if not named:
            unnamed.append(line)
            continue
        members = [line]
        for other in [each for each in joined if each[0] & named]:
            named |= other[0]
            members = other[1] + members
            joined.remove(other)
        joined.append((named, members))
    taken = set().union(*(named for named, _ in joined))
    left = [line.component for line in ours if line.component not in taken]
    if unnamed:
        joined.append((set(left), unnamed))
    else:
        joined += [({component}, []) for component in dict.fromkeys(left)]
    sums = summed((line.component, line.amount_cents) for line in ours)
    found = [_group(components, lines, sums) for components, lines in joined]
    return tuple(sorted(found, key=lambda group: (group.components, group.theirs)))


def summed(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Cents by component of pairs (component, cents)."""
    sums: dict[str, int] = {}
    for component, cents in lines:
        sums[component] = sums.get(component, 0) + cents
    return sums


def _group(components: set[str], lines: list[TheirLine], sums: Mapping[str, int]) -> Group:
    return Group(
        components=tuple(sorted(components)),
        theirs=tuple(line.label for line in lines),
        ours_cents=sum(sums.get(component, 0) for component in components),
        theirs_cents=sum(line.amount_cents for line in lines),
        price=lines[0].price if len(lines) == 1 else None,
    )
