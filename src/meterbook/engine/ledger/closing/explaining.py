"""What explains the balance of an account that should be zero: the movements nothing has answered yet."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import TypeVar

Key = TypeVar("Key")


def unanswered(moves: Sequence[tuple[Key, int]]) -> list[tuple[Key, int]]:
    """The movements (key, cents above zero debited) that no movement of the other side answers, oldest first.

    A movement is answered first by one of exactly its amount, then by whatever comes, the oldest first; what is left
    adds up to the balance.

    >>> unanswered([("Monday", 500), ("Tuesday", 300), ("Wednesday", 200), ("bank", -300)])
    [('Monday', 500), ('Wednesday', 200)]
    >>> unanswered([("Monday", 500), ("bank", -300)])
    [('Monday', 200)]
    """
    left = _without_equals(moves)
    open_: deque[list[int]] = deque()
    kept: dict[int, int] = {}
    for at, (_, cents) in left:
        rest = cents
        while rest and open_ and (open_[0][1] > 0) != (rest > 0):
            answered = min(abs(rest), abs(open_[0][1]))
            sign = 1 if rest > 0 else -1
            rest -= sign * answered
            open_[0][1] += sign * answered
            if not open_[0][1]:
                open_.popleft()
        if rest:
            open_.append([at, rest])
    for at, cents in open_:
        kept[at] = cents
    return [(moves[at][0], cents) for at, cents in sorted(kept.items())]


def _without_equals(moves: Sequence[tuple[Key, int]]) -> list[tuple[int, tuple[Key, int]]]:
    """The movements without pairs of the same amount on the two sides, each with its place."""
    waiting: dict[int, deque[int]] = defaultdict(deque)
    gone: set[int] = set()
    for at, (_, cents) in enumerate(moves):
        if not cents:
            gone.add(at)
        elif waiting[-cents]:
            gone |= {at, waiting[-cents].popleft()}
        else:
            waiting[cents].append(at)
    return [(at, move) for at, move in enumerate(moves) if at not in gone]
