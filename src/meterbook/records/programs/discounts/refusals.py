"""Why somebody is not enrolled, in the reader's language."""

from __future__ import annotations

from meterbook.engine.trace import Step


class DiscountRefused(ValueError):
    """What cannot be done; ``step`` is the first reason, ``reasons`` are all."""

    def __init__(self, *reasons: Step) -> None:
        self.reasons = reasons
        self.step = reasons[0]
        super().__init__(" ".join(step.words(str) for step in reasons))
