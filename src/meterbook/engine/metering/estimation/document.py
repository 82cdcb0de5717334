"""Reading a policy's mapping place by place: what does not belong is gathered, named by path, found and expected.

Numbers with decimals stand in quotes, so that YAML makes no binary fraction of them. A refused place reads as a
harmless stand-in, so that one pass finds everything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """One thing wrong with a document: where, what stands there, and what should."""

    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path or 'document'}: found {self.found}, expected {self.expected}"


class WrongPolicy(ValueError):
    """The document is refused; ``problems`` names everything wrong with it."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True, slots=True)
class Place:
    """A value of the document with its path; readers report what does not belong to ``problems``."""

    value: object
    path: str
    problems: list[PolicyProblem]

    def refuse(self, expected: str, found: str | None = None) -> None:
        """Report this place."""
        shown = "a mapping" if isinstance(self.value, dict) else "a list" if isinstance(self.value, list) else None
        plain = "nothing" if self.value is None else repr(self.value)
        self.problems.append(PolicyProblem(self.path, found or shown or plain, expected))

    def child(self, key: str, value: object) -> Place:
        """The place one step deeper."""
        step = key if key.startswith("[") or not self.path else f".{key}"
        return Place(value, f"{self.path}{step}", self.problems)

    def pairs(self) -> dict[str, Place]:
        """Every key of a mapping with its place."""
        if not isinstance(self.value, dict) or not all(isinstance(key, str) for key in self.value):
            self.refuse("a mapping")
            return {}
        return {key: self.child(key, value) for key, value in self.value.items()}

    def entries(self, needed: Sequence[str], known: Sequence[str] = ()) -> dict[str, Place]:
        """The named places: a missing and an unknown key are problems; what is missing is not in the result."""
        found = self.pairs()
        if isinstance(self.value, dict):
            for key in needed:
                if key not in found:
                    self.child(key, None).refuse(f"the key {key!r}")
            for key, place in found.items():
                if key not in (*needed, *known):
                    place.refuse("one of " + ", ".join((*needed, *known)), f"the key {key!r}")
        return {key: place for key, place in found.items() if key in (*needed, *known)}

    def items(self) -> list[Place]:
        """The places of a list that is not empty."""
        if not isinstance(self.value, list) or not self.value:
            self.refuse("a list")
            return []
        return [self.child(f"[{at}]", value) for at, value in enumerate(self.value)]

    def text(self) -> str:
        """Text that is not empty."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self.refuse("text")
        return ""

    def choice(self, options: Sequence[str]) -> str:
        """One of the given words."""
        if isinstance(self.value, str) and self.value in options:
            return self.value
        self.refuse("one of " + ", ".join(options))
        return options[0]

    def day(self) -> date:
        """A date."""
        if isinstance(self.value, date):
            return self.value
        self.refuse("a date YYYY-MM-DD")
        return date.min

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and low <= self.value <= high:
            return self.value
        self.refuse(f"a whole number from {low} to {high}")
        return low

    def decimal(self, low: Decimal, high: Decimal) -> Decimal:
        """An exact number from ``low`` to ``high`` with at most six decimals: quoted, or whole."""
        plain = isinstance(self.value, int | str) and not isinstance(self.value, bool)
        if plain and _NUMBER.fullmatch(str(self.value)) and low <= Decimal(str(self.value)) <= high:
            return Decimal(str(self.value))
        self.refuse(f"a number from {low} to {high}, in quotes")
        return low
