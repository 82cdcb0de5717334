"""What cannot be done with a permit or a quote, and why."""

from __future__ import annotations

from meterbook.engine.trace import Step


class NewServiceRefused(ValueError):
    """What is wrong and what to do; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))
