"""Why a letter or its template is not taken, in the reader's language."""

from __future__ import annotations

from meterbook.engine.trace import Step


class LetterRefused(ValueError):
    """What is wrong and what is expected; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))
