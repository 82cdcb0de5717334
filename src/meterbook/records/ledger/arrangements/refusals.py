"""Why there is no more time or no plan, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from meterbook.engine.trace import Step


class ArrangementRefused(ValueError):
    """What cannot be agreed; ``step`` is the first reason, ``reasons`` are all."""

    def __init__(self, *reasons: Step) -> None:
        self.reasons: Sequence[Step] = reasons
        self.step = reasons[0]
        super().__init__(" ".join(step.words(str) for step in reasons))
