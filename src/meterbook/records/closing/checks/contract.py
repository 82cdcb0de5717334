"""What a check is given and what it finds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from meterbook.engine.ledger.closing.month_end import MonthEnd
from meterbook.engine.trace import Step
from meterbook.records.closing.months import Span


@dataclass(frozen=True, slots=True)
class Found:
    """One thing in the way: the sentence, cents if it is about money, and the page it is put right on.

    ``page`` is the name of a page and ``key`` what it needs, both empty where there is none.
    """

    step: Step
    cents: int = 0
    page: str = ""
    key: str = ""

    def kept(self) -> dict[str, Any]:
        """As plain values."""
        values = {name: str(value) for name, value in self.step.values.items()}
        return {"says": self.step.message, "values": values, "cents": self.cents, "page": self.page, "key": self.key}


Check = Callable[[Span, MonthEnd], list[Found]]


def fingerprint(found: Sequence[Found]) -> str:
    """What was found, as one hash: an exception holds for exactly this."""
    text = json.dumps([one.kept() for one in found], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
