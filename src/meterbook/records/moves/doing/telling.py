"""What a move does in sentences, under headings: shown before it is saved, and kept with it afterwards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from meterbook.engine.trace import Step
from meterbook.records.tasks.saying import heard, kept

#: Headings in the order they are read.
HEADINGS = ("people", "agreements", "reads", "deposit", "documents", "autopay", "orders", "bills", "tasks")


@dataclass
class Told:
    """Collects sentences while a move is made; a sentence may open a page (the name of an address, its arguments)."""

    lines: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def say(self, heading: str, message: str, /, **values: Any) -> None:
        """Write one sentence with its values; ``href`` among them is the page it opens."""
        href = values.pop("href", None)
        self.lines[heading].append({**kept(Step(message, dict(values))), "href": list(href) if href else None})

    def as_json(self) -> dict[str, Any]:
        """Everything said, in the headings' order."""
        return {name: self.lines[name] for name in HEADINGS if self.lines.get(name)}


def sentences(told: dict[str, Any]) -> list[tuple[str, list[tuple[Step, Any]]]]:
    """What was said: heading, then each sentence with the page it opens."""
    return [
        (name, [(heard({"message": one["message"], "values": one["values"]}), one.get("href")) for one in told[name]])
        for name in HEADINGS if told.get(name)
    ]  # fmt: skip
