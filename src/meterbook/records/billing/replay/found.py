"""What a replay returns: what was compared, and where it differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

#: Differences told one by one; the rest is counted.
TOLD = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where what is stored is not what the stored inputs make.

    ``what``: line, segment, bill, reversal, explanation, inputs, document or totals. ``line`` is its place and
    component; empty where the difference is not about one line. Values as text.
    """

    what: str
    stored: str
    recomputed: str
    account: str = ""
    bill: str = ""
    segment: int | None = None
    service: str = ""
    line: str = ""

    def __str__(self) -> str:
        segment = f"segment {self.segment} ({self.service})" if self.segment is not None else ""
        places = (self.account and f"account {self.account}", self.bill and f"bill {self.bill}", segment,
                  self.line and f"line {self.line}")  # fmt: skip
        where = ", ".join(place for place in places if place)
        return f"{self.what}{f' at {where}' if where else ''}: stored {self.stored}, recomputed {self.recomputed}"


@dataclass(slots=True)
class Replayed:
    """How much was compared, and what differed: ``differences`` counts, ``where`` tells the first of them."""

    bills: int = 0
    segments: int = 0
    reversals: int = 0
    lines: int = 0
    differences: int = 0
    where: list[Difference] = field(default_factory=list)

    def tell(self, found: Iterable[Difference]) -> None:
        """Count differences, and keep the first."""
        for difference in found:
            self.differences += 1
            if len(self.where) < TOLD:
                self.where.append(difference)

    def add(self, part: Replayed) -> None:
        """Take in what another part of the run showed."""
        self.bills += part.bills
        self.segments += part.segments
        self.reversals += part.reversals
        self.lines += part.lines
        self.differences += part.differences
        self.where += part.where[: TOLD - len(self.where)]


@dataclass(frozen=True, slots=True)
class Replay:
    """A whole run replayed. ``code_changed`` since it was sealed is said, not counted as a difference."""

    run: str
    compared: Replayed
    inputs_sha256: str
    code_sha256: str
    code_now: str

    @property
    def code_changed(self) -> bool:
        """Whether the engine is not the one that calculated the run."""
        return self.code_sha256 != self.code_now

    def as_json(self) -> dict[str, Any]:
        """Plain values: counts, seals, and where the first differences are."""
        plain = {name: value for name, value in asdict(self.compared).items() if name != "where"}
        return {
            "run": self.run,
            **plain,
            "inputs_sha256": self.inputs_sha256,
            "code_sha256": self.code_sha256,
            "code_now": self.code_now,
            "code_changed": self.code_changed,
            "where": [asdict(difference) for difference in self.compared.where],
        }
