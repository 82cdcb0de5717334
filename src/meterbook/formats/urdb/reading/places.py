"""A place in a rate record: readers that give a typed value or refuse with the path, and gather what is lacking."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb.record import Lack

#: Larger numbers than this are the database's ways of writing "without end" (1e38, 1e+38, 10**38).
ENDLESS = Decimal(10**9)


class Findings:
    """What was noticed while reading one record: ``lacks`` cannot be priced, ``notes`` were understood somehow."""

    def __init__(self) -> None:
        self.lacks: list[Lack] = []
        self.notes: list[Lack] = []

    def lack(self, path: str, words: str) -> None:
        """Note something that no bill can be made of."""
        self.lacks.append(Lack(path, words))

    def note(self, path: str, words: str) -> None:
        """Note a reading that had to be chosen; the same words once."""
        if Lack(path, words) not in self.notes:
            self.notes.append(Lack(path, words))


class Place:
    """One value of a record with its path."""

    def __init__(self, value: Any, path: str, findings: Findings) -> None:
        self.value, self.path, self.findings = value, path, findings

    def refuse(self, reason: str, *, expected: str) -> NoReturn:
        """Refuse the file for what stands here."""
        raise WrongFormat(reason, line=0, field=self.path, found=self.shown(), expected=expected)

    def shown(self) -> str:
        """What stands here, for a message."""
        if isinstance(self.value, list):
            return f"a list of {len(self.value)}"
        return "an object" if isinstance(self.value, dict) else str(self.value)

    def child(self, key: str | int) -> Place:
        """One step deeper; an absent key is ``None``."""
        if isinstance(key, int):
            return Place(self.value[key], f"{self.path}[{key}]", self.findings)
        return Place(self.value.get(key), f"{self.path}.{key}" if self.path else key, self.findings)

    def has(self, key: str) -> bool:
        """Whether an object holds a key that is not null."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def items(self, *, of: str) -> Iterator[Place]:
        """The places of a list."""
        if not isinstance(self.value, list):
            self.refuse("not a list", expected=f"a list of {of}")
        return (self.child(at) for at in range(len(self.value)))

    def number(self) -> Decimal:
        """An exact finite number; digits in quotes count."""
        value = self.value
        if isinstance(value, str):
            try:
                value = Decimal(value.strip())
            except ArithmeticError:
                self.refuse("not a number", expected="a number")
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            self.refuse("not a number", expected="a number")
        return Decimal(value)

    def whole(self, *, low: int, high: int, of: str) -> int:
        """A whole number from ``low`` to ``high``; 3.0 is 3."""
        number = self.number()
        if number != number.to_integral_value() or not low <= number <= high:
            self.refuse(f"not {of}", expected=f"a whole number from {low} to {high}")
        return int(number)

    def months(self, *, of: str) -> list[Place]:
        """Twelve places, one per month."""
        found = list(self.items(of=f"twelve {of}"))
        if len(found) != 12:
            self.refuse("not one per month", expected=f"twelve {of}")
        return found
