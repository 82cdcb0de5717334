"""Why something cannot be put into a register or an article, in the reader's language."""

from __future__ import annotations

from meterbook.engine.trace import Step


class RegisterRefused(ValueError):
    """What cannot be done and why; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))
