"""What a run left, counted by SQL of its own: natural keys and cents, beside those of an undisturbed run."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import psycopg

_HERE = Path(__file__).parent

#: What and natural key → how often it is there, and the cents on it.
Left = dict[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an interrupted run left beside an undisturbed one: rows too many, rows missing, cents of difference.

    ``told`` names the first of each, and every count that must be 0 by itself and is not.
    """

    duplicates: int
    gaps: int
    cents_off: int
    told: list[str]

    @property
    def right(self) -> bool:
        """Whether there is nothing to find."""
        return not (self.duplicates or self.gaps or self.cents_off or self.told)


def left_in(url: str) -> Left:
    """What is in a database's books, by natural keys."""
    counts: Counter[tuple[str, str]] = Counter()
    cents: defaultdict[tuple[str, str], int] = defaultdict(int)
    with psycopg.connect(url) as database:
        for what, key, amount in database.execute((_HERE / "counted.sql").read_text()):
            counts[what, key] += 1
            cents[what, key] += int(amount)
    return {key: (count, cents[key]) for key, count in counts.items()}


def compared(url: str, undisturbed: Left) -> Verdict:
    """Hold a database's books against those of an undisturbed run, and against themselves."""
    left = left_in(url)
    duplicates = gaps = cents_off = 0
    told: list[str] = []
    for key in left.keys() | undisturbed.keys():
        (here, cents), (there, expected) = left.get(key, (0, 0)), undisturbed.get(key, (0, 0))
        duplicates += max(0, here - there)
        gaps += max(0, there - here)
        cents_off += abs(cents - expected)
        if (here, cents) != (there, expected) and len(told) < 5:
            told.append(f"{' '.join(key)}: {here} with {cents} cents, undisturbed {there} with {expected}")
    with psycopg.connect(url) as database:
        for what, count in database.execute((_HERE / "alone.sql").read_text()):
            if count:
                told.append(f"{what}: {count}")
                duplicates += count if "twice" in what else 0
                gaps += count if "neither" in what else 0
    return Verdict(duplicates, gaps, cents_off, told)
