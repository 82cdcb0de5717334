"""Months with the same prices as seasons: stretches of whole months that cover the year exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December")  # fmt: skip
_SPANISH = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre", "diciembre")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months ``first`` to ``last`` (1 to 12, both in; the last may be before the first: across the new year)."""

    first: int
    last: int

    @property
    def name(self) -> str:
        """The season's name in a document."""
        return (
            _NAMES[self.first - 1] if self.first == self.last else f"{_NAMES[self.first - 1]}_{_NAMES[self.last - 1]}"
        )

    @property
    def months(self) -> tuple[int, ...]:
        """The months, in order."""
        span = (self.last - self.first) % 12
        return tuple((self.first - 1 + step) % 12 + 1 for step in range(span + 1))

    def entry(self) -> dict[str, str]:
        """The season as a document states it."""
        return {"from": f"{self.first:02}-01", "until": f"{self.last % 12 + 1:02}-01"}

    def words(self) -> dict[str, str]:
        """The months in both languages."""
        both = {}
        for language, names in (("en", _ENGLISH), ("es", _SPANISH)):
            first, last = names[self.first - 1], names[self.last - 1]
            to = "to" if language == "en" else "a"
            both[language] = first if self.first == self.last else f"{first} {to} {last}"
        return both


def stretches(*monthly: Sequence[object]) -> list[Stretch]:
    """The longest stretches of months in which every one of the ``monthly`` lists (12 values each) stays the same.

    A single stretch means that nothing changes in the year: it is January to December.

    >>> [each.name for each in stretches([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1])]
    ['may_oct', 'nov_apr']
    """
    values = [tuple(each[at] for each in monthly) for at in range(12)]
    starts = [at for at in range(12) if values[at] != values[at - 1]]
    if not starts:
        return [Stretch(1, 12)]
    found = [Stretch(at + 1, (starts[(place + 1) % len(starts)] - 1) % 12 + 1) for place, at in enumerate(starts)]
    return sorted(found, key=lambda each: each.first)
